# SPDX-License-Identifier: Apache-2.0
"""Questions about one agent's day and the floor's own rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils import timezone

from zuoxi.floor.facts import RESTING
from zuoxi.floor.models import FloorMessage
from zuoxi.floor.reading import day_bounds
from zuoxi.telephony.models import Attempt, Leg, StateInterval, WrapUp


@dataclass(frozen=True, slots=True)
class Figures:
    """An agent's day so far. Seconds are whole; None: nothing to reckon from."""

    handled: int
    talk_seconds: int
    mean_talk: float | None
    missed: int
    succeeded: int
    judged: int
    seconds: dict[str, int]

    @property
    def success_rate(self) -> float | None:
        """Successful ÷ calls with a yes or a no in the wrap-up form; None without any."""
        return self.succeeded / self.judged if self.judged else None

    @property
    def resting(self) -> int:
        return sum(self.seconds.get(state, 0) for state in RESTING)


def figures_today(agent: str, now: datetime) -> Figures:
    """Five queries. Calls count on the day the agent's leg began; states are cut at midnight."""
    start, _end = day_bounds(timezone.localdate(now))
    legs = Leg.objects.filter(agent=agent, from_at__gte=start).aggregate(n=Count("id"), talk=Sum("talk_seconds"))
    wraps = WrapUp.objects.filter(agent=agent, saved_at__gte=start, success__isnull=False)
    judged = dict(wraps.values_list("success").annotate(n=Count("id")))
    seconds: dict[str, int] = {}
    rows = StateInterval.objects.filter(agent=agent, from_at__gte=start) | StateInterval.objects.filter(
        agent=agent, to_at__gt=start
    )
    for state, since, until in rows.values_list("state", "from_at", "to_at"):
        span = ((until or now) - max(since, start)).total_seconds()
        seconds[state] = seconds.get(state, 0) + max(0, int(span))
    handled, talk = legs["n"], legs["talk"] or 0
    return Figures(
        handled,
        talk,
        talk / handled if handled else None,
        Attempt.objects.filter(agent=agent, at__gte=start).count(),
        judged.get(True, 0),
        sum(judged.values()),
        seconds,
    )


def unread_messages(agent: str) -> list[FloorMessage]:
    rows = FloorMessage.objects.filter(agent=agent, read_at=None).select_related("sent_by")
    return list(rows.order_by("sent_at")[:5])
