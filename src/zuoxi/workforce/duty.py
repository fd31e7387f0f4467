# SPDX-License-Identifier: Apache-2.0
"""What the roster tells the approvals: who is on duty, who is off, who stands in as B of a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from zuoxi.approvals import absence, duty
from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_by_id
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS
from zuoxi.workforce.models import PostPair
from zuoxi.workforce.selectors import absences_between, duty_supervisors_at, is_rostered

ON_THE_FLOOR = frozenset(str(role) for role in LEADERS | FLOOR_SUPERVISORS)


@enforces("FLR-007")
def on_duty(now: datetime, applicant: Staff) -> list[Staff]:
    """The duty supervisors of the moment; those who answer for the applicant's team first."""
    ids = duty_supervisors_at(now)
    if not ids:
        return []
    held: dict[int, set[int | None]] = {}
    for post in posts_on(timezone.localdate(now)):
        if post.staff_id in ids or post.staff_id == applicant.pk:
            held.setdefault(post.staff_id, set()).add(post.team_id)
    mine = held.get(applicant.pk, set())
    people = staff_by_id(ids)
    return sorted(
        (people[pk] for pk in ids if pk in people and pk != applicant.pk),
        key=lambda one: not held.get(one.pk, set()) & mine,
    )


def is_off(staff: Staff, now: datetime) -> bool:
    """Whether the person leads on the floor and a published roster gives him no shift on the day.

    Who keeps office hours is asked on a day off as well: it waits for the next working day, or goes further up by the
    deadline of the request.
    """
    day = timezone.localdate(now)
    return bool(staff.roles_on(day) & ON_THE_FLOOR) and is_rostered(staff.pk, day) is False


def provide() -> None:
    """Tell the approvals whom to ask; called once at start."""
    duty.provide(on_duty)
    absence.provide(is_off)
    absence.provide_stand_ins(second_of)


@dataclass(frozen=True, slots=True)
class PairState:
    """A post with its A and B on a day. `trouble`: "" covered, "no_b" A away and nobody named, "both" both away."""

    pair: PostPair
    a_away: bool
    b_away: bool

    @property
    def trouble(self) -> str:
        if not self.a_away:
            return ""
        return "no_b" if self.pair.b_id is None else "both" if self.b_away else ""

    @property
    def b_stands_in(self) -> bool:
        return self.a_away and not self.trouble


@enforces("SCH-024")
def pairs_on(day: date, rows: list[PostPair] | None = None) -> list[PairState]:
    """Every post with an A and B that day, and whether somebody does it."""
    if rows is None:
        in_force = Q(until_on__isnull=True) | Q(until_on__gt=day)
        rows = list(PostPair.objects.filter(in_force, from_on__lte=day).select_related("a", "b"))
    ids = {pk for one in rows for pk in (one.a_id, one.b_id) if pk is not None}
    away = {one.staff_id for one in absences_between(day, day, ids)}
    away |= {pk for pk in ids if is_rostered(pk, day) is False}
    return [PairState(one, one.a_id in away, one.b_id in away) for one in rows]


@enforces("SCH-024")
def stand_in_for(staff_id: int, day: date) -> PostPair | None:
    """The pair by which somebody else does the person's post that day; None where he is there or nobody is free."""
    return next((one.pair for one in pairs_on(day) if one.pair.a_id == staff_id and one.b_stands_in), None)


@enforces("SCH-024")
def second_of(staff: Staff, now: datetime) -> list[Staff]:
    """The B of every post whose A somebody is on that day, by duty; with an account, so that he can act."""
    day = timezone.localdate(now)
    rows = PostPair.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), a=staff, from_on__lte=day)
    return [row.b for row in rows.exclude(b=None).select_related("b__user").order_by("duty", "pk") if row.b is not None]
