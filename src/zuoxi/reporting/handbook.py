# SPDX-License-Identifier: Apache-2.0
"""Duties in a pack's files: section `duties`, one entry for each thing that a post owes again and again.

duties:
  daily_figures:
    clauses: [RPT-001]
    label: {zh: 昨日运营指标, en: Yesterday's figures}
    who: [OM]
    to: [DIR]
    when: {every: day}
    due: {at: "10:00", days: 1, boundary: exclusive}
    channel: sms
    prefill: daily_figures
"""

from __future__ import annotations

from datetime import time
from typing import Literal, Self

from pydantic import Field, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.vocabulary import role_words
from zuoxi.web.roles import Role

SUPERIOR = "SUPERIOR"
"""Stands for whoever is above the holder along the line of command."""
Every = Literal[
    "day", "working_day", "week", "month", "quarter", "half_year", "year", "shift_start", "shift_end", "event"
]
Channel = Literal["sms", "email", "app", "paper"]
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
OF_SHIFTS = ("shift_start", "shift_end")


def positions_of(word: str) -> tuple[str, ...]:
    """The posts that a position's code or a role word means. Raises ValueError for a word nobody knows."""
    if word in Role.__members__:
        return (word,)
    found = role_words().get(word)
    if found is None:
        raise ValueError(f"{word!r} is neither a position nor a role word")
    return found.positions


class When(Body):
    """When a duty comes round.

    `day` of the month beyond its end means its last day ("last" says so); `month` is the month within the quarter,
    half-year or year. `rest_day` moves a day off to the working day before or after. Shifts: `whose` "own" are the
    holder's, "below" those of the people under the post; `once` asks for the last of a day alone. `event` names what
    somebody records when it happens. `within` are two figures in days of the month: only from the first to the second,
    each as its boundary says, does the duty come round.
    """

    every: Every
    weekdays: tuple[int, ...] = ()
    day: int | Literal["last"] = 1
    month: int = 1
    rest_day: Literal["keep", "before", "after"] = "keep"
    whose: Literal["own", "below"] = "own"
    once: bool = False
    event: str = ""
    within: tuple[()] | tuple[str, str] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.every == "week") != bool(self.weekdays):
            raise ValueError("weekdays belong to `every: week`, and it needs them")
        if any(not 1 <= one <= 7 for one in self.weekdays):
            raise ValueError("weekdays run from 1 (Monday) to 7")
        if isinstance(self.day, int) and not 1 <= self.day <= 31:
            raise ValueError("day runs from 1 to 31, or is last")
        if not 1 <= self.month <= MONTHS.get(self.every, 1):
            raise ValueError("month counts within the period")
        if (self.every == "event") != bool(self.event):
            raise ValueError("event names what happened, with `every: event` alone")
        if self.within and self.every not in ("day", "working_day", "week"):
            raise ValueError("within belongs to what comes round by the day or the week")
        return self


class Due(Body):
    """Until when. Counted from the day of the occasion (`days`, `working_days`, then `at` that time of day), or in
    `minutes` from the moment of a shift or event (negative: before it). `boundary`: whether that moment is in time."""

    at: str = "18:00"
    days: int = 0
    working_days: int = 0
    minutes: int | None = None
    boundary: Literal["inclusive", "exclusive"] = "inclusive"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        time.fromisoformat(self.at)
        if self.days < 0 or self.working_days < 0 or (self.days and self.working_days):
            raise ValueError("count days or working days, forwards")
        return self

    @property
    def time(self) -> time:
        return time.fromisoformat(self.at)


class Part(Body):
    """One thing that a report must hold; a tick is yes or no."""

    key: str
    kind: Literal["text", "number", "money", "tick"] = "text"
    label: Label
    optional: bool = False


class DutyBody(Body):
    """One duty. `who`, `to`, `copies`, `escalate_to`: positions, role words or SUPERIOR.

    `holders`: with two in the post each owes it, or any of them does it for all. `per`: one for each post or one for
    each team. `earliest` is in minutes after the shift's end. `covers`: what a periodic report is about. `ours` names
    the parts for which the documents are silent. `checks` must sign before it may leave (RPT-023). `remind` counts
    minutes before it is due, `escalate` after.
    """

    clauses: tuple[str, ...] = Field(min_length=1)
    source: Literal["stated", "gap", "ours"] = "stated"
    gap: str = ""
    ours: tuple[Literal["due", "earliest", "to", "channel", "when", "who"], ...] = ()
    label: Label
    about: Label | None = None
    who: tuple[str, ...] = Field(min_length=1)
    to: tuple[str, ...] = (SUPERIOR,)
    copies: tuple[str, ...] = ()
    when: When
    due: Due
    earliest: int | None = None
    opens: int = 0
    covers: Literal["this", "previous"] = "this"
    holders: Literal["each", "any"] = "each"
    per: Literal["post", "team"] = "post"
    channel: Channel = "app"
    evidence: tuple[Literal["text", "figures", "file", "ticks"], ...] = ("text",)
    template: tuple[Part, ...] = ()
    prefill: str = ""
    checks: tuple[str, ...] = ()
    sensitive: bool = False
    remind: tuple[int, ...] = (60,)
    escalate: int = 30
    escalate_to: tuple[str, ...] = (SUPERIOR,)
    closes: int = 1

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for word in (*self.who, *self.to, *self.copies, *self.checks, *self.escalate_to):
            if word != SUPERIOR:
                positions_of(word)
        if SUPERIOR in self.who:
            raise ValueError("who: name a post")
        if (self.due.minutes is not None) and self.when.every not in (*OF_SHIFTS, "event"):
            raise ValueError("due.minutes counts from a shift or an event")
        if self.when.every in OF_SHIFTS and self.due.minutes is None and not (self.due.days or self.due.working_days):
            raise ValueError("a duty of a shift is due in minutes, or on a later day")
        if self.earliest is not None and self.when.every != "shift_end":
            raise ValueError("earliest counts from a shift's end")
        if self.earliest is not None and (self.due.minutes or 0) < self.earliest:
            raise ValueError("it would be due before it may be done")
        if self.source == "gap" and not self.gap:
            raise ValueError("name the decision in gap")
        keys = [part.key for part in self.template]
        if len(set(keys)) != len(keys):
            raise ValueError("template: a key stands twice")
        return self

    @property
    def positions(self) -> tuple[str, ...]:
        """The posts that owe it."""
        return tuple(dict.fromkeys(code for word in self.who for code in positions_of(word)))


class EventBody(Body):
    """Something that happens now and then and begins duties; `by` may record it."""

    clauses: tuple[str, ...] = ()
    label: Label
    by: tuple[str, ...] = Field(min_length=1)


DUTIES = section("duties", DutyBody)
EVENTS = section("duty_events", EventBody)


class HomeBody(Body):
    """Blocks of a post's first page, in order: a name of `reporting.homes.MAKERS`, or "report:<duty>"."""

    clauses: tuple[str, ...] = ()
    blocks: tuple[str, ...] = Field(min_length=1)


HOMES = section("homes", HomeBody)
