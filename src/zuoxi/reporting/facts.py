# SPDX-License-Identifier: Apache-2.0
"""What is asked of the figures and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from zuoxi.policy.rulebook import Impossible
from zuoxi.policy.vocabulary import role_words

PERIODS: Final = ("interval", "hour", "day", "week", "month")
DIMENSIONS: Final = (*PERIODS, "queue", "agent", "team", "reason", "total")
SLOT_SECONDS: Final = 1800


class WrongQuestion(ValueError):
    """The question cannot be put: an unknown figure, reading or grouping; the message says which."""


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures, of which time, in which groups.

    `since` inclusive, `until` exclusive, aware. `by` holds at most one period. `agents`, `queues` None: all;
    an empty set: none. `readings` maps a figure's id to one of its readings. `figures` empty: all of them.
    """

    since: datetime
    until: datetime
    by: tuple[str, ...] = ()
    threshold: int = 20
    short_abandon: int = 5
    readings: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[str, ...] = ()
    agents: frozenset[str] | None = None
    queues: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise WrongQuestion("times need a zone")
        if self.until < self.since:
            raise WrongQuestion("the end lies before the beginning")
        if wrong := [name for name in self.by if name not in DIMENSIONS]:
            raise WrongQuestion(f"no such grouping: {', '.join(wrong)}")
        if len([name for name in self.by if name in PERIODS]) > 1:
            raise WrongQuestion("one period at a time")
        if self.threshold < 0 or self.short_abandon < 0:
            raise WrongQuestion("thresholds are seconds from nought up")

    @property
    def keys(self) -> tuple[str, ...]:
        """The groupings without `total`, each once."""
        return tuple(dict.fromkeys(name for name in self.by if name != "total"))


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One figure of one group. `value` None: nothing to divide by, or not known. A count has no denominator."""

    id: str
    version: int
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Why a group's figures rest on incomplete data; all nought when they do not."""

    unknown_windows: int = 0
    unknown_calls: int = 0
    doubted_calls: int = 0
    quarantined: int = 0
    unknown_seconds: int = 0

    def __bool__(self) -> bool:
        return bool(
            self.unknown_windows or self.unknown_calls or self.doubted_calls or self.quarantined or self.unknown_seconds
        )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One group: its key by grouping ("" where a row has no queue, agent or team) and its figures by id.

    `terms`: the threshold and short seconds of this group alone, where they are not those of the question.
    """

    group: Mapping[str, str]
    figures: Mapping[str, FigureValue]
    incomplete: Incomplete
    terms: tuple[int, int] | None = None

    @property
    def label(self) -> str:
        """The keys as one text; "" for the rows of no queue, agent or team."""
        return " · ".join(self.group.values()) if self.group else "total"


@dataclass(frozen=True, slots=True)
class DailyFiguresFacts:
    """The figures of a day, and when they went out (None: nobody knows)."""

    figures_of: date
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthDayFacts:
    """Any day of the month that a monthly report is about."""

    month: date


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Data that somebody wants to send out. `sender` is a role word, `routine` the daily report of work.

    `analyst_reviewed` and `support_reviewed`: the two reviews; `superior_agreed`: the sender's superior consents;
    `outside`: it goes to somebody outside the company.
    """

    sender: str
    analyst_reviewed: bool
    support_reviewed: bool
    superior_agreed: bool | None
    routine: bool
    outside: bool

    def __post_init__(self) -> None:
        if self.sender not in role_words():
            raise Impossible("sender", f"no such role word: {self.sender[:40]}")
