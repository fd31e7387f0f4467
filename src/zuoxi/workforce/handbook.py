# SPDX-License-Identifier: Apache-2.0
"""Shift templates as packs write them: section `shift_templates`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import field_validator, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook, Reading
from zuoxi.policy.marks import enforces
from zuoxi.workforce.clock import Clock, clock_of

KINDS = ("work", "flex", "duty", "training", "rest")
Kind = Literal["work", "flex", "duty", "training", "rest"]


class ShiftTemplateBody(Body):
    """A shift that can be typed into the roster by its key.

    `spans` are clock times "09:00-12:00"; an end at or before its start lies on the next day. `seasons` replace them
    by season (the figures `shift.season.<name>_from` say from when to when). `minimum_people` and `early_minutes` name
    figures: how many should have the shift on each day, and how long before it one has to be there.
    `holidays` False: not on days off. `roles`: role words whom the shift is for (empty: everybody).
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    name: Label
    kind: Kind = "work"
    spans: tuple[str, ...] = ()
    seasons: Mapping[str, tuple[str, ...]] = {}
    seat: bool = True
    meal_minutes: int = 0
    minimum_people: str = ""
    early_minutes: str = ""
    handover: bool = False
    holidays: bool = True
    roles: tuple[str, ...] = ()
    stagger_minutes: str = ""

    @field_validator("spans")
    @classmethod
    def _readable(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        clock_of(spans)
        return spans

    @model_validator(mode="after")
    def _times_fit_the_kind(self) -> ShiftTemplateBody:
        for spans in self.seasons.values():
            clock_of(spans)
        if (self.kind == "rest") == bool(self.spans or self.seasons):
            raise ValueError("a rest has no times, and everything else has")
        return self


SHIFT_TEMPLATES = section("shift_templates", ShiftTemplateBody)


@enforces("SCH-021", "VAR-011")
def season_on(reading: Reading, seasons: tuple[str, ...]) -> str:
    """The season of the reading's day among those named: the one that began last, by its figure "MM-DD"."""
    today = f"{reading.on:%m-%d}"
    starts = sorted((reading.text(f"shift.season.{name}_from"), name) for name in seasons)
    begun = [name for start, name in starts if start <= today]
    return begun[-1] if begun else starts[-1][1]


def template_clock(reading: Reading, key: str) -> Clock:
    """Clock times of a template on the reading's day; empty for a rest. Raises NoSuchEntry."""
    body = reading.entry(SHIFT_TEMPLATES, key)
    if body.seasons:
        return clock_of(body.seasons[season_on(reading, tuple(body.seasons))])
    return clock_of(body.spans)


def templates_of(handbook: Handbook) -> Mapping[str, ShiftTemplateBody]:
    """Every template of the handbook by the code that is typed."""
    return handbook.entries(SHIFT_TEMPLATES)


def clocks_on(handbook: Handbook, day: date) -> dict[str, Clock]:
    """Code → clock times of that day, for every template."""
    return {key: template_clock(handbook.on(day), key) for key in templates_of(handbook)}
