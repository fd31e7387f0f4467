# SPDX-License-Identifier: Apache-2.0
"""How callers of a past stretch waited, talked and gave up: what a play of the day is made from and held against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg

from zuoxi.telephony.facts import Outcome
from zuoxi.telephony.models import Leg, Queue, QueueVisit


@dataclass(frozen=True, slots=True)
class Waits:
    """Callers who entered a queue in the stretch that begins at `at`; sums of seconds. `in_time` were answered within
    the queue's time, `gone` gave up; who flowed over elsewhere is offered and neither. `talk_squares` of those who
    talked, `waited` of all."""

    queue: str
    at: datetime
    offered: int
    answered: int
    in_time: int
    gone: int
    waited: int
    talk: int
    talk_squares: int


def waits_between(first: datetime, last: datetime, minutes: int = 30) -> list[Waits]:
    """By queue and half hour, or so many minutes of an hour, in order of time; those without a caller are absent. Two
    queries."""
    within = dict(Queue.objects.values_list("code", "target_seconds"))
    counts: dict[tuple[datetime, str], list[int]] = defaultdict(lambda: [0] * 7)
    rows = QueueVisit.objects.filter(entered_at__gte=first, entered_at__lt=last, left_at__isnull=False)
    fields = ("queue", "entered_at", "outcome", "wait_seconds", "talk_seconds")
    for queue, at, outcome, wait, talk in rows.values_list(*fields).iterator(chunk_size=5000):
        one = counts[at.replace(minute=at.minute // minutes * minutes, second=0, microsecond=0), queue]
        one[0] += 1
        one[4] += wait or 0
        if outcome == Outcome.ANSWERED:
            one[1] += 1
            one[2] += wait is not None and wait <= within.get(queue, 0)
            one[5] += talk or 0
            one[6] += (talk or 0) ** 2
        elif outcome == Outcome.ABANDONED:
            one[3] += 1
    return [Waits(queue, at, *counts[at, queue]) for at, queue in sorted(counts)]


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller of a queue: seconds of waiting, and of talking where somebody answered."""

    queue: str
    at: datetime
    wait: int
    talk: int | None
    gone: bool


def callers_between(first: datetime, last: datetime) -> list[Caller]:
    """Everybody who entered a queue in the stretch and has left it, in order of time. One query."""
    rows = QueueVisit.objects.filter(entered_at__gte=first, entered_at__lt=last, left_at__isnull=False)
    fields = ("queue", "entered_at", "outcome", "wait_seconds", "talk_seconds")
    return [
        Caller(queue, at, wait or 0, talk if outcome == Outcome.ANSWERED else None, outcome == Outcome.ABANDONED)
        for queue, at, outcome, wait, talk in rows.order_by("entered_at", "pk").values_list(*fields)
    ]


def mean_ring(first: datetime, last: datetime) -> float | None:
    """Seconds of ringing before an agent answered, on average; None where none was written down."""
    rows = Leg.objects.filter(from_at__gte=first, from_at__lt=last, ring_seconds__isnull=False).exclude(queue="")
    mean: float | None = rows.aggregate(mean=Avg("ring_seconds"))["mean"]
    return None if mean is None else float(mean)
