# SPDX-License-Identifier: Apache-2.0
"""What a dialler asks of telephony: who is free, what became of its calls, who asked to be called back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Min

from zuoxi.telephony.facts import AgentState, Direction, Outcome
from zuoxi.telephony.models import Call, Command, Extension, QueueVisit, StateInterval, Switch

_STALE_WAIT = timedelta(hours=2)
"""A wait that has stood open longer than this was missed at its end: nobody waits in it."""


class Placed(NamedTuple):
    """An outbound call as the ledger tells it. `talk_seconds` None: not known (yet)."""

    call_id: int
    agent: str
    called: str
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    talk_seconds: int | None


class Wish(NamedTuple):
    """What became of a command."""

    status: str
    message: str
    asked_at: datetime


class CallbackAsked(NamedTuple):
    """A caller who pressed the key to be called back. `entered_at`: when he joined the queue ("" = none: closed)."""

    call_id: int
    queue: str
    number: str
    entered_at: datetime
    asked_at: datetime


def placed_since(agents: Collection[str], since: datetime) -> list[Placed]:
    """Outbound calls of these agents that began since then, oldest first. One query, none for no agents."""
    if not agents:
        return []
    rows = Call.objects.filter(direction=Direction.OUTBOUND, agent__in=list(agents), offered_at__gte=since)
    fields = ("id", "agent", "called", "offered_at", "answered_at", "ended_at", "talk_seconds")
    return [Placed(*row) for row in rows.order_by("offered_at", "id").values_list(*fields)]


def wishes(numbers: Iterable[int]) -> dict[int, Wish]:
    """The commands with these numbers, by number. One query."""
    rows = Command.objects.filter(pk__in=list(numbers))
    told = rows.values_list("pk", "status", "message", "asked_at")
    return {pk: Wish(status, message, asked_at) for pk, status, message, asked_at in told}


def switches_up(now: datetime, within: timedelta) -> frozenset[int]:
    """Switches whose listener was heard of lately."""
    return frozenset(Switch.objects.filter(seen_at__gte=now - within).values_list("pk", flat=True))


def switches_by_agent(agents: Collection[str]) -> dict[str, int]:
    """The switch of each agent's telephone; the centre's first for whoever has none of his own."""
    if not agents:
        return {}
    own = dict(Extension.objects.filter(staff__code__in=list(agents)).values_list("staff__code", "switch_id"))
    first = Switch.objects.order_by("pk").values_list("pk", flat=True).first()
    found = {agent: own.get(agent, first) for agent in agents}
    return {agent: switch for agent, switch in found.items() if switch is not None}


def present_of(agents: Collection[str]) -> dict[str, tuple[str, datetime, tuple[str, ...]]]:
    """(state, since, queues) of each of these agents now. One query."""
    if not agents:
        return {}
    rows = StateInterval.objects.filter(to_at=None, agent__in=list(agents))
    return {
        agent: (state, since, tuple(filter(None, queues.replace(",", " ").split())))
        for agent, state, since, queues in rows.values_list("agent", "state", "from_at", "queues")
    }


def callbacks_asked(since: datetime, known: Collection[int] = ()) -> list[CallbackAsked]:
    """Callers who asked to be called back since then, by the time they joined; `known` calls are left out."""
    rows = Call.objects.filter(
        direction=Direction.INBOUND, offered_at__gte=since, diverted_to=F("caller"), ended_at__isnull=False
    ).exclude(caller="")
    calls = {row.pk: row for row in rows.only("queue", "caller", "offered_at", "ended_at") if row.pk not in known}
    joined = dict(
        QueueVisit.objects.filter(call_id__in=list(calls))
        .order_by()
        .values_list("call_id")
        .annotate(first=Min("entered_at"))
    )
    found = [
        CallbackAsked(pk, row.queue, row.caller, joined.get(pk, row.offered_at), row.ended_at or row.offered_at)
        for pk, row in calls.items()
    ]
    return sorted(found, key=lambda one: (one.entered_at, one.call_id))


def waiting_before(queue: str, moment: datetime, now: datetime) -> int:
    """How many callers who joined before the moment still wait on the line."""
    rows = QueueVisit.objects.filter(
        queue=queue, outcome=Outcome.OPEN, left_at=None, entered_at__lt=moment, entered_at__gte=now - _STALE_WAIT
    )
    return int(rows.aggregate(waiting=Count("id"))["waiting"])


def waiting_ahead(places: Mapping[str, datetime], now: datetime) -> dict[str, int]:
    """The same of several queues, each with a moment of its own. One query, none for no queues."""
    if not places:
        return {}
    rows = QueueVisit.objects.filter(
        queue__in=list(places), outcome=Outcome.OPEN, left_at=None, entered_at__gte=now - _STALE_WAIT
    )
    ahead = dict.fromkeys(places, 0)
    for queue, entered_at in rows.values_list("queue", "entered_at"):
        ahead[queue] += entered_at < places[queue]
    return ahead


def free_in(queue: str) -> list[str]:
    """Agents who are signed in to the queue and ready, the longest ready first."""
    rows = StateInterval.objects.filter(to_at=None, state=AgentState.READY, queues__contains=queue)
    found = rows.order_by("from_at", "agent").values_list("agent", "queues")
    return [agent for agent, queues in found if queue in queues.replace(",", " ").split()]


def served_since(number: str, since: datetime) -> bool:
    """Whether whoever has the number called again since then and was answered."""
    rows = Call.objects.filter(
        direction=Direction.INBOUND, caller__in=[number, f"0{number}"], offered_at__gt=since, answered_at__isnull=False
    )
    return rows.exists()


def recent_callers(most: int) -> list[str]:
    """Numbers of the latest callers, each once, the newest first."""
    rows = Call.objects.filter(direction=Direction.INBOUND).exclude(caller="").order_by("-offered_at")
    return list(dict.fromkeys(rows.values_list("caller", flat=True)[: most * 3]))[:most]
