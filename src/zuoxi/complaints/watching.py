# SPDX-License-Identifier: Apache-2.0
"""What time does to complaints: warnings, going up the chain, pauses that have lasted long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from zuoxi.complaints import telling
from zuoxi.complaints.choices import OPEN_STATES
from zuoxi.complaints.facts import StageFacts
from zuoxi.complaints.handling import escalate, resume
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.opening import Refused, reading_at
from zuoxi.complaints.rules import judge_escalation
from zuoxi.policy.marks import enforces

_MOST = 500
_CLOCKS = (
    ("responded_at", "response_due_at", "response"),
    ("handled_at", "handling_due_at", "handling"),
    ("answered_at", "answer_due_at", "answer"),
)


def tick(now: datetime) -> dict[str, int]:
    """One round; what was told and moved. Doing it again at once changes nothing."""
    return {"resumed": _end_pauses(now), "warned": _warn(now), "escalated": _go_up(now)}


def _end_pauses(now: datetime) -> int:
    longest = timedelta(hours=float(reading_at(now).number("complaint.pause_hours")))
    rows = Complaint.objects.filter(state__in=OPEN_STATES, paused_since__lte=now - longest)
    count = 0
    for one in rows[:_MOST]:
        try:
            resume(one.pk, by=None, now=now)
        except Refused:  # somebody let it run on, or answered, in this moment
            continue
        count += 1
    return count


@enforces("CMP-002")
def _warn(now: datetime) -> int:
    """Whoever has it, before a clock runs out; whoever answers for it too, once it has."""
    soon = now + timedelta(minutes=reading_at(now).whole("complaint.warn_minutes"))
    close = Q()
    for done, due, _name in _CLOCKS:
        close |= Q(**{f"{done}__isnull": True, f"{due}__lte": soon})
    rows = Complaint.objects.filter(close, state__in=OPEN_STATES, paused_since__isnull=True)
    count = 0
    for one in rows.select_related("handler", "responsible")[:_MOST]:
        for done, due, name in _CLOCKS:
            if getattr(one, done) is not None or getattr(one, due) > soon:
                continue
            late = getattr(one, due) < now
            for staff in {one.handler, one.responsible} if late else {one.handler or one.responsible}:
                telling.tell_due(one, staff, name, late)
        if one.warned_at is None:
            Complaint.objects.filter(pk=one.pk, warned_at__isnull=True).update(warned_at=now)
            count += 1
    return count


@enforces("CMP-003")
def _go_up(now: datetime) -> int:
    """Complaints that nobody has answered for at their step go up by themselves."""
    rows = Complaint.objects.filter(
        state__in=OPEN_STATES, paused_since__isnull=True, handled_at__isnull=True, stays__until_at__isnull=True
    ).prefetch_related("stays", "all_pauses")
    count = 0
    for one in rows[:_MOST]:
        stay = next(stay for stay in one.stays.all() if stay.until_at is None)
        stood = sum(
            ((pause.until_at or now) - max(pause.from_at, stay.from_at)).total_seconds()
            for pause in one.all_pauses.all()
            if (pause.until_at or now) > stay.from_at
        )
        found = judge_escalation(StageFacts(one.level, stay.from_at, now, int(stood // 60)), reading_at(now))
        if found.outcome != "escalate":
            continue
        try:
            escalate(one.pk, reason=found.why.zh, by=None, now=now, why=found.as_json(), seen=one.level)
            count += 1
        except Refused:
            continue
    return count
