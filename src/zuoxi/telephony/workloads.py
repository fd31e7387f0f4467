# SPDX-License-Identifier: Apache-2.0
"""What a roster asks of the telephones: how much came when, who serves which queue, where the seats are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, F, Q

from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.models import Extension, Queue, QueueMembership, QueueVisit, StateInterval, UnknownWindow

HALF_HOUR = timedelta(minutes=30)
_MOST = 1000
"""Stretches without hearing that are read at once."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Calls that entered a queue in the half hour that begins at `at`; `talk_seconds` of those that were answered."""

    queue: str
    at: datetime
    calls: int
    answered: int
    talk_seconds: int


@dataclass(frozen=True, slots=True)
class Served:
    """Callers of a queue in the half hour that begins at `at`: `offered` without those who hung up at once, answered
    within the queue's time, and gone."""

    queue: str
    at: datetime
    offered: int
    in_time: int
    gone: int


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """What a queue is meant to reach, and the mean wrap-up of its calls. `target_percent` 0 to 100."""

    code: str
    name_zh: str
    name_en: str
    project_id: int | None
    target_seconds: int
    target_percent: float
    wrap_seconds: int
    short_abandon_seconds: int = 0


def unheard_between(first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """Stretches of the time in which a switch was not heard and its logs could not tell either. One query."""
    rows = UnknownWindow.objects.filter(Q(to_at__gt=first) | Q(to_at=None), from_at__lt=last).order_by("from_at")
    found = rows.values_list("from_at", "to_at")[:_MOST]
    return [(max(begun, first), min(ended or last, last)) for begun, ended in found]


def arrivals_between(first: datetime, last: datetime) -> list[Arrivals]:
    """By queue and half hour, in order of time; half hours without a call are absent. One query."""
    counts: dict[tuple[datetime, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = QueueVisit.objects.filter(entered_at__gte=first, entered_at__lt=last)
    for queue, at, talk in rows.values_list("queue", "entered_at", "talk_seconds").iterator(chunk_size=5000):
        slot = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
        one = counts[slot, queue]
        one[0] += 1
        if talk is not None:
            one[1] += 1
            one[2] += talk
    return [Arrivals(queue, at, *counts[at, queue]) for at, queue in sorted(counts)]


def served_between(first: datetime, last: datetime, queues: Collection[QueueLoad] | None = None) -> list[Served]:
    """How the callers of each half hour fared, by queue and time; who still waits is not counted yet. Two queries, one
    where the queues are known already."""
    known = queue_loads() if queues is None else queues
    terms = {one.code: (one.target_seconds, one.short_abandon_seconds) for one in known}
    counts: dict[tuple[datetime, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = QueueVisit.objects.filter(entered_at__gte=first, entered_at__lt=last, left_at__isnull=False)
    for queue, at, wait, talk in rows.values_list("queue", "entered_at", "wait_seconds", "talk_seconds"):
        within, short = terms.get(queue, (0, 0))
        if talk is None and wait is not None and wait < short:
            continue
        one = counts[at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0), queue]
        one[0] += 1
        one[1] += talk is not None and wait is not None and wait <= within
        one[2] += talk is None
    return [Served(queue, at, *counts[at, queue]) for at, queue in sorted(counts)]


def queue_loads(project_ids: Collection[int] | None = None) -> list[QueueLoad]:
    """Every queue, or those of some projects, by code."""
    rows = Queue.objects.order_by("code")
    if project_ids is not None:
        rows = rows.filter(project_id__in=list(project_ids))
    return [
        QueueLoad(
            one.code, one.name_zh, one.name_en, one.project_id, one.target_seconds, float(one.target_percent),
            one.wrap_seconds, one.short_abandon_seconds,
        )
        for one in rows
    ]  # fmt: skip


def mean_wrap_up(first: datetime, last: datetime) -> float | None:
    """Seconds of a wrap-up on average; None when there was none."""
    rows = StateInterval.objects.filter(state=AgentState.WRAP_UP, from_at__gte=first, from_at__lt=last)
    mean = rows.filter(to_at__isnull=False).aggregate(mean=Avg(F("to_at") - F("from_at")))["mean"]
    return mean.total_seconds() if mean else None


def queues_by_staff() -> dict[int, frozenset[str]]:
    """Staff id → codes of the queues he serves."""
    found: dict[int, set[str]] = defaultdict(set)
    for staff, queue in QueueMembership.objects.values_list("staff_id", "queue__code"):
        found[staff].add(queue)
    return {staff: frozenset(queues) for staff, queues in found.items()}


def crews() -> tuple[dict[int, frozenset[str]], dict[int, date | None]]:
    """The same, and when each of them joined. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    joined: dict[int, date | None] = {}
    for staff, queue, since in QueueMembership.objects.values_list("staff_id", "queue__code", "staff__joined_on"):
        found[staff].add(queue)
        joined[staff] = since
    return {staff: frozenset(queues) for staff, queues in found.items()}, joined


def seats_by_staff() -> dict[int, str]:
    """Staff id → the seat where his telephone stands."""
    rows = Extension.objects.exclude(seat="").filter(staff__isnull=False)
    return {staff: seat for staff, seat in rows.values_list("staff_id", "seat") if staff is not None}


def seat_count() -> int:
    """How many seats have a telephone; nought when none was written down."""
    return Extension.objects.exclude(seat="").values("seat").distinct().count()


def presence_between(
    first: datetime, last: datetime, codes: Collection[str] | None = None
) -> list[tuple[str, str, datetime, datetime | None]]:
    """(staff number, state, from, to or None while it lasts) of every state but signed out that touches the stretch."""
    rows = StateInterval.objects.filter(from_at__lt=last).exclude(state=AgentState.SIGNED_OUT)
    rows = rows.filter(to_at__gt=first) | rows.filter(to_at__isnull=True)
    if codes is not None:
        rows = rows.filter(agent__in=list(codes))
    return list(rows.order_by("agent", "from_at").values_list("agent", "state", "from_at", "to_at"))


def simulated_shifts(first: date, last: date, seed: int = 7) -> list[tuple[str, date, str, datetime, datetime]]:
    """(staff number, day, name of the shift, start, end) as the simulated centre works them; for the demo's roster."""
    from zuoxi.telephony.simulator.centre import ZONE, demo_centre
    from zuoxi.telephony.simulator.day import MICRO, shift_of

    centre, made = demo_centre(seed), []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        for place, agent in enumerate(centre.agents):
            found = shift_of(centre, place, day)
            if found is not None:
                name, start, end = found
                began, ended = (datetime.fromtimestamp(at / MICRO, ZONE) for at in (start, end))
                made.append((agent.code, day, name, began, ended))
    return made
