# SPDX-License-Identifier: Apache-2.0
"""What waits for a leader: things seen, permits asked for, line-ups not held, rounds due, nobody in charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from zuoxi.floor import patrols
from zuoxi.floor.handbook import MEETINGS
from zuoxi.floor.meetings import Plan, planned_on
from zuoxi.floor.models import Meeting, Observation, Permit, Presence, Violation
from zuoxi.people.selectors import Scope, open_teams
from zuoxi.policy.findings import Finding
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors as workforce

SHOWN = 12
KEPT_OPEN = timedelta(hours=12)
AHEAD = timedelta(minutes=5)
BEHIND = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Missing:
    """One kind of meeting of one time and the teams that have not opened it."""

    label: str
    starts_at: datetime
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """`missing`: line-ups and meetings before a shift whose time has come and that nobody has opened."""

    observations: list[Observation]
    more: int
    permits: list[Permit]
    missing: list[Missing]
    rounds: Finding
    in_charge: list[Presence]
    objections: int


def observations_in(scope: Scope) -> QuerySet[Observation]:
    """What the person may see: of the people in reach, and of the floor as a whole."""
    rows = Observation.objects.select_related("staff", "team", "decided_by", "substitute")
    if scope.everything:
        return rows
    return rows.filter(Q(staff__code__in=scope.agent_codes_query()) | Q(staff=None))


def open_observations(scope: Scope, now: datetime) -> QuerySet[Observation]:
    """Undecided, of the last half day; what goes on first."""
    rows = observations_in(scope).filter(state=Observation.State.OPEN, since__gt=now - KEPT_OPEN)
    return rows.order_by("ended_at", "-since")


def missing_meetings(teams: frozenset[int] | None, now: datetime) -> list[Plan]:
    book = site_handbook()
    day = now.astimezone(book.zone).date()
    plans = [
        plan
        for plan in planned_on(day, book, workforce.shifts_between(day, day), teams)
        if plan.team_id is not None and plan.starts_at - AHEAD <= now <= plan.starts_at + BEHIND
        and book.entry(MEETINGS, plan.kind).before_shift
    ]  # fmt: skip
    if not plans:
        return []
    opened = Meeting.objects.filter(
        starts_at__in={plan.starts_at for plan in plans}, opened_at__isnull=False
    ).values_list("kind", "team_id", "starts_at")
    held = set(opened)
    return [plan for plan in plans if (plan.kind, plan.team_id, plan.starts_at) not in held]


def together(plans: list[Plan]) -> list[Missing]:
    """Teams that miss the same thing in one line. One query where there is any."""
    names = {one.pk: str(one) for one in open_teams({plan.team_id for plan in plans if plan.team_id})} if plans else {}
    found: dict[tuple[datetime, str], list[str]] = {}
    for plan in plans:
        found.setdefault((plan.starts_at, plan.label), []).append(names.get(plan.team_id or 0, ""))
    return [Missing(label, start, tuple(sorted(filter(None, teams)))) for (start, label), teams in found.items()]


def needs_of(scope: Scope, now: datetime, *, judges: bool) -> Needs:
    """About ten queries."""
    rows = open_observations(scope, now)
    found = list(rows[: SHOWN + 1])
    asked = Permit.objects.filter(state=Permit.State.ASKED, asked_at__gt=now - KEPT_OPEN).select_related("staff")
    teams = None if scope.everything or scope.project_ids else scope.team_ids
    objections = 0
    if judges:
        objections = scope.narrow(Violation.objects.filter(state=Violation.State.OBJECTED), "staff__code").count()
    return Needs(
        found[:SHOWN],
        max(0, rows.count() - SHOWN) if len(found) > SHOWN else 0,
        list(scope.narrow(asked, "staff__code").order_by("asked_at")[:SHOWN]),
        together(missing_meetings(teams, now)) if teams else [],
        patrols.rounds_due(sorted(teams) if teams else None, now),
        list(Presence.objects.filter(left_at=None).select_related("staff").order_by("arrived_at")),
        objections,
    )
