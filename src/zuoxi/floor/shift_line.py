# SPDX-License-Identifier: Apache-2.0
"""The steps of a team's shift in order, with what has been done: the leader's page of the shift (annex C-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zuoxi.floor.meetings import planned_on
from zuoxi.floor.models import ExitCheck, Handover, Meeting, Patrol
from zuoxi.people.models import Team
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors as workforce
from zuoxi.workforce.facts import RosteredShift

NEAR = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class StepOfShift:
    """One step. `state`: done, due, late or ahead. `meeting_id` None: not opened yet."""

    kind: str
    label: str
    at: datetime
    state: str
    meeting_id: int | None = None
    took: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    team: Team
    shift: str
    starts_at: datetime
    ends_at: datetime
    people: int
    steps: list[StepOfShift]
    handovers: int
    rounds: int
    exit_check: ExitCheck | None


def state_of(at: datetime, now: datetime, done: bool) -> str:
    """How a step stands; one whose time came less than five minutes ago is due, after that late."""
    if done:
        return "done"
    if now < at:
        return "ahead"
    return "due" if now - at <= timedelta(minutes=5) else "late"


def _groups(shifts: list[RosteredShift], teams: set[int], now: datetime) -> dict[tuple[int, str], list[RosteredShift]]:
    found: dict[tuple[int, str], list[RosteredShift]] = {}
    for one in shifts:
        near = one.starts_at - timedelta(hours=1) <= now <= one.ends_at + timedelta(hours=1)
        if one.team_id in teams and one.kind == "work" and near:
            found.setdefault((one.team_id or 0, f"{one.day}:{one.template}"), []).append(one)
    return found


def shift_lines(teams: Sequence[Team], now: datetime) -> list[ShiftLine]:
    """The shifts around now, by team and beginning. Six queries."""
    book = site_handbook()
    day = now.astimezone(book.zone).date()
    by_id = {team.pk: team for team in teams}
    shifts = workforce.shifts_between(day - timedelta(days=1), day)
    groups = _groups(shifts, set(by_id), now)
    plans = [
        plan
        for one in (day - timedelta(days=1), day)
        for plan in planned_on(one, book, shifts, frozenset(by_id))
        if plan.team_id is not None
    ]
    held = {
        (row.kind, row.team_id, row.starts_at): row
        for row in Meeting.objects.filter(starts_at__gt=now - 3 * NEAR, team_id__in=list(by_id))
    }
    exits = {(row.team_id, row.shift): row for row in ExitCheck.objects.filter(started_at__gt=now - 3 * NEAR)}
    rounds = list(Patrol.objects.filter(started_at__gt=now - 3 * NEAR, submitted_at__isnull=False)
                  .values_list("team_id", "shift"))  # fmt: skip
    written = list(Handover.objects.filter(written_at__gt=now - 3 * NEAR).values_list("staff_id", "shift"))
    lines = []
    for (team_id, shift), members in groups.items():
        steps = [
            _step(plan.kind, plan.label, plan.starts_at, now, held.get((plan.kind, team_id, plan.starts_at)))
            for plan in plans
            if plan.team_id == team_id and plan.shift == shift
        ]
        starts, ends = min(one.starts_at for one in members), max(one.ends_at for one in members)
        ids = {one.staff_id for one in members}
        keys = {f"{one.day}:{one.template}:{one.id}" for one in members}
        lines.append(
            ShiftLine(
                by_id[team_id], shift, starts, ends, len(ids), sorted(steps, key=lambda step: step.at),
                sum(staff in ids and key in keys for staff, key in written),
                sum(team == team_id and key == shift for team, key in rounds),
                exits.get((team_id, shift)),
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.team.code, line.starts_at))


def _step(kind: str, label: str, at: datetime, now: datetime, meeting: Meeting | None) -> StepOfShift:
    opened = meeting is not None and meeting.opened_at is not None
    took = meeting.closed_at - meeting.opened_at if meeting and meeting.closed_at and meeting.opened_at else None
    return StepOfShift(kind, label, at, state_of(at, now, opened), meeting.pk if meeting else None, took)
