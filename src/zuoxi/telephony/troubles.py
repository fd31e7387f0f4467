# SPDX-License-Identifier: Apache-2.0
"""What the ledger shows of troubles: calls that were cut off, callers who wait, switches that are not heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, When

from zuoxi.telephony.facts import Direction
from zuoxi.telephony.models import Call, QueueVisit, Switch, UnknownWindow

_LONGEST_WAIT = timedelta(hours=2)
_LONGEST_CALL = timedelta(hours=12)
_SILENT = timedelta(seconds=60)


def cut_off_between(since: datetime, until: datetime, again: timedelta) -> tuple[int, int]:
    """(answered calls of queues that ended then, those of them that were cut off): neither side hung up, or the same
    number called again so shortly after. A call of a time when its switch was not heard is not looked at. One query, of
    calls that were offered half a day ago at most: the ends of calls have no index.
    """
    ended = Call.objects.filter(
        direction=Direction.INBOUND, answered_at__isnull=False, ended_at__gte=since, ended_at__lt=until,
        offered_at__gte=since - _LONGEST_CALL, offered_at__lt=until,
    ).exclude(queue="")  # fmt: skip
    unheard = UnknownWindow.objects.filter(
        Q(to_at=None) | Q(to_at__gte=OuterRef("answered_at")),
        switch=OuterRef("switch"),
        from_at__lte=OuterRef("ended_at"),
    )
    redialled = Call.objects.filter(
        direction=Direction.INBOUND, caller=OuterRef("caller"), offered_at__gt=OuterRef("ended_at"),
        offered_at__lte=OuterRef("ended_at") + again,
    )  # fmt: skip
    cut_off = Case(When(Q(ended_by="") | (~Q(caller="") & Exists(redialled)), then=1), default=0)
    found = (
        ended.filter(~Exists(unheard)).annotate(cut_off=cut_off).aggregate(calls=Count("pk"), dropped=Sum("cut_off"))
    )
    return found["calls"], found["dropped"] or 0


def stays_in_queues(since: datetime, until: datetime) -> list[tuple[datetime, datetime | None]]:
    """When each caller came to a queue and left it (None: still waits), of those who waited at any time then.

    Of a switch that is not heard nobody knows who still waits: until the moment at which it was last heard he did.
    """
    rows = QueueVisit.objects.filter(
        Q(left_at=None) | Q(left_at__gt=since), entered_at__lt=until, entered_at__gt=since - _LONGEST_WAIT
    )
    unheard = {
        name: seen_at
        for name, seen_at in Switch.objects.values_list("name", "seen_at")
        if seen_at is not None and seen_at < until - _SILENT
    }
    waits = list(rows.values_list("entered_at", "left_at", "call_id"))
    if not unheard:
        return [(entered_at, left_at) for entered_at, left_at, _call in waits]
    doubtful = [call for _entered_at, left_at, call in waits if left_at is None]
    told_by = dict(Call.objects.filter(pk__in=doubtful, switch__in=unheard).values_list("pk", "switch"))
    return [
        (entered_at, max(unheard[told_by[call]], entered_at) if left_at is None and call in told_by else left_at)
        for entered_at, left_at, call in waits
    ]


def silent_switches() -> dict[str, datetime]:
    """Switches that are not heard now, with the moment they were lost."""
    return dict(UnknownWindow.objects.filter(to_at=None).order_by(F("from_at").desc()).values_list("switch", "from_at"))
