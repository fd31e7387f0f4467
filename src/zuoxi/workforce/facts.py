# SPDX-License-Identifier: Apache-2.0
"""What others are told of the roster, and what its rules judge. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

from zuoxi.policy import facts as must
from zuoxi.policy.rulebook import Impossible

SwapKind = Literal["self", "peer", "rest"]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class RosteredShift:
    """One shift of one person. `day` is the day on which it starts, however long it lasts.

    `spans` are the working spans with the fixed lunch cut out; `kind` is one of work, flex, duty, training.
    `meal_minutes` are a meal within the spans whose time the meal plan sets; they count as no work.
    """

    id: int
    staff_id: int
    staff_code: str
    day: date
    template: str
    starts_at: datetime
    ends_at: datetime
    spans: tuple[Span, ...]
    kind: str
    seat: str
    team_id: int | None
    meal_minutes: int = 0

    @property
    def worked(self) -> timedelta:
        """Time of work: the spans without the meal."""
        return sum((end - start for start, end in self.spans), -timedelta(minutes=self.meal_minutes))

    def covers(self, moment: datetime) -> bool:
        """Whether the person should be working at the moment; the end is no longer within."""
        return any(start <= moment < end for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Absence:
    """Time for which somebody has been let go (an approved leave); the roster warns of shifts within it."""

    staff_id: int
    starts_at: datetime
    ends_at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class SwapFacts:
    """A swap: with oneself (`self`), with a colleague (`peer`), or of a day of rest (`rest`).

    What was used this month before this one, in days or times as the pack counts; `used_by_counterpart` None where
    there is nobody else.
    """

    kind: SwapKind
    used_by_applicant: Decimal
    used_by_counterpart: Decimal | None
    days: Decimal

    def __post_init__(self) -> None:
        if self.kind not in get_args(SwapKind):
            raise Impossible("kind", f"one of {', '.join(get_args(SwapKind))}")
        must.must_not_be_negative("used_by_applicant", self.used_by_applicant)
        must.must_not_be_negative("used_by_counterpart", self.used_by_counterpart)
        must.must_be_positive("days", self.days)


@dataclass(frozen=True, slots=True)
class SwapFitFacts:
    """Whether a swap fits into the roster, the quota aside.

    `days_ahead` from the asking to the first day swapped; `rest_hours` the shortest rest that would arise beside a
    swapped shift, None where there is none; `skills_match` None where nobody else takes over; `others_in_shift` how
    many of the same shift are already let go or swapped.
    """

    days_ahead: int
    rest_hours: Decimal | None
    overlaps: bool
    on_leave: bool
    skills_match: bool | None
    others_in_shift: int


@dataclass(frozen=True, slots=True)
class OvertimeNoticeFacts:
    """Hours from the announcement to the start of the overtime; negative once it has begun."""

    hours_ahead: Decimal


@dataclass(frozen=True, slots=True)
class PlannedPause:
    """A short break or a meal of somebody, as planned; `kind` is "break" or "meal"."""

    id: int
    shift_id: int
    staff_id: int
    staff_code: str
    kind: str
    starts_at: datetime
    ends_at: datetime
