# SPDX-License-Identifier: Apache-2.0
"""Who came, went and moved, read from the posts themselves: the change table is never typed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Assignment, HeadcountConfirmation, Staff, Team
from zuoxi.people.visibility import Scope
from zuoxi.policy.marks import enforces

JOINED, LEFT, MOVED_IN, MOVED_OUT = "joined", "left", "moved_in", "moved_out"
LABELS: dict[str, str | Promise] = {
    JOINED: _("Joined"),
    LEFT: _("Signed off"),
    MOVED_IN: _("Moved in"),
    MOVED_OUT: _("Moved out"),
}


@dataclass(frozen=True, slots=True)
class HeadcountEvent:
    """One coming or going; counted in the month of the day it takes effect. `team` None: a post without team."""

    day: date
    kind: str
    staff_code: str
    staff_name: str
    position: str
    team_id: int | None

    @property
    def label(self) -> str | Promise:
        return LABELS[self.kind]


@dataclass(slots=True)
class HeadcountLine:
    """A team's month. `closing` = `opening` + comings − goings, always."""

    team: Team | None
    opening: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    confirmed: HeadcountConfirmation | None = None

    @property
    def closing(self) -> int:
        come = self.counts[JOINED] + self.counts[MOVED_IN]
        return self.opening + come - self.counts[LEFT] - self.counts[MOVED_OUT]


def month_of(day: date) -> tuple[date, date]:
    """First day of the month and of the next."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


@enforces("ORG-021")
def headcount_events(month: date, scope: Scope | None = None) -> list[HeadcountEvent]:
    """Every coming and going of the month, by day. Who joined and left within it counts twice. Three queries."""
    first, after = month_of(month)
    people = Staff.objects.all() if scope is None or scope.everything else scope.staff(first) | scope.staff(scope.on)
    touched = Assignment.objects.filter(
        Q(from_on__gte=first, from_on__lt=after) | Q(until_on__gte=first, until_on__lt=after), staff__in=people
    ).values("staff_id")
    rows = list(
        Assignment.objects.filter(staff_id__in=touched, from_on__lt=after)
        .select_related("staff", "position")
        .order_by("staff_id", "from_on", "pk")
    )
    by_person: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_person[row.staff_id].append(row)
    found = [event for held in by_person.values() for event in _events(held, first, after)]
    return sorted(found, key=lambda one: (one.day, one.staff_code, one.kind))


def _events(held: list[Assignment], first: date, after: date) -> list[HeadcountEvent]:
    """A person's comings and goings; posts held on both sides of a day are no event."""
    days = {row.from_on for row in held} | {row.until_on for row in held if row.until_on}
    begun = min(row.from_on for row in held)
    events = []
    for day in sorted(one for one in days if first <= one < after):
        before, since = _places(held, day - timedelta(days=1)), _places(held, day)
        gone, come = before.keys() - since.keys(), since.keys() - before.keys()
        for kind, keys, rows in (
            (MOVED_OUT if since else LEFT, gone, before),
            (JOINED if day == begun or not before else MOVED_IN, come, since),
        ):
            for key in keys:
                row = rows[key]
                events.append(HeadcountEvent(day, kind, row.staff.code, row.staff.name, str(row.position), row.team_id))
    return events


def _places(held: list[Assignment], day: date) -> dict[tuple[int, int | None], Assignment]:
    return {
        (row.position_id, row.team_id): row
        for row in held
        if row.from_on <= day and (row.until_on is None or row.until_on > day)
    }


@enforces("ORG-021")
def headcount_lines(month: date, events: list[HeadcountEvent], scope: Scope | None = None) -> list[HeadcountLine]:
    """The month's sum for each team in reach, those without a team last."""
    first, _after = month_of(month)
    lines = {team.pk: HeadcountLine(team) for team in Team.objects.select_related("project").order_by("code")}
    none = HeadcountLine(None)
    before = Assignment.objects.filter(Assignment.in_force(first - timedelta(days=1)))
    if scope is not None and not scope.everything:
        before = before.filter(staff__in=scope.staff(first))
    for team_id, _staff in set(before.values_list("team_id", "staff_id")):
        lines.get(team_id or 0, none).opening += 1
    for event in events:
        lines.get(event.team_id or 0, none).counts[event.kind] += 1
    for row in HeadcountConfirmation.objects.filter(month=first).select_related("by"):
        if row.team_id in lines:
            lines[row.team_id].confirmed = row
    used = [one for one in lines.values() if one.opening or any(one.counts.values())]
    return [*used, none] if none.opening or any(none.counts.values()) else used
