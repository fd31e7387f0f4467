# SPDX-License-Identifier: Apache-2.0
"""What packs say about outbound calls: when numbers may be called, what a call can end in, the colours of prospects."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section

Tone = Literal["plain", "info", "good", "warn", "bad", "accent"]
Next = Literal["none", "again", "callback", "order", "ticket", "bar", "wrong"]


class DialRuleBody(Body):
    """When and how often a number of a list may be called.

    `hours`: pairs of figures (from, until: times of day); `days`: on working days only, or on any; `consent`: only
    who has agreed. `a_day`, `total`, `spacing` name figures (calls a day, calls in all, minutes between two).
    """

    label: Label
    about: Label | None = None
    clauses: tuple[str, ...] = ()
    gap: str = ""
    hours: tuple[tuple[str, str], ...] = Field(min_length=1)
    days: Literal["working", "any"] = "any"
    consent: bool = True
    a_day: str
    total: str
    spacing: str


class ResultBody(Body):
    """One way in which a call can end. `reached`: somebody whom we wanted was spoken to; `counts`: it can make the call
    effective; `won`: it is a success; `asks`: what has to be written with it; `key`: what the agent presses."""

    label: Label
    key: str = ""
    reached: bool = False
    counts: bool = False
    won: bool = False
    next: Next = "none"
    colour: str = ""
    asks: tuple[Literal["note", "at", "follow_up"], ...] = ()
    tone: Tone = "plain"


class ResultTreeBody(Body):
    """The results of a kind of campaign in their groups. `unanswered`: what is written where nobody took up."""

    label: Label
    clauses: tuple[str, ...] = ()
    groups: dict[str, Label]
    results: dict[str, dict[str, ResultBody]]
    unanswered: str

    def result(self, key: str) -> ResultBody | None:
        """None for a key that the tree does not have."""
        return next((found[key] for found in self.results.values() if key in found), None)

    def all(self) -> dict[str, ResultBody]:
        """Every result by key, in the order of the groups."""
        return {key: body for group in self.groups for key, body in self.results.get(group, {}).items()}


class ColourBody(Body):
    """A colour that marks a prospect who may still be won; the mark also says its name, colour alone says nothing."""

    label: Label
    clauses: tuple[str, ...] = ()
    tone: Tone = "plain"
    order: int = 0


DIAL_RULES = section("dial_rules", DialRuleBody)
RESULT_TREES = section("result_trees", ResultTreeBody)
COLOURS = section("prospect_colours", ColourBody)
