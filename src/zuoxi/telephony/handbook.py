# SPDX-License-Identifier: Apache-2.0
"""What packs say of telephony: what a call may have been about, and what a caller answers by key after it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook

Means = Literal["", "satisfied", "fairly_satisfied", "dissatisfied"]


class SurveyKeyBody(Body):
    """A key, what it is worth and what it says; any other key is no answer."""

    key: str = Field(pattern="^[0-9]$")
    points: int = Field(ge=0, le=100)
    means: Means = ""
    label: Label


class SurveyQuestionBody(Body):
    """`prompt` is the sound that asks: a file of the switch, made of tones until somebody has spoken it."""

    ask: Label
    prompt: str = Field(pattern="^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*$")
    keys: tuple[SurveyKeyBody, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _each_key_once(self) -> SurveyQuestionBody:
        if len({one.key for one in self.keys}) != len(self.keys):
            raise ValueError("a key stands twice")
        return self

    def named(self, points: int) -> str:
        """What so many points are called; the bare number where no key has them."""
        return next((str(one.label) for one in self.keys if one.points == points), str(points))


class CallSurveyBody(Body):
    """Questions in their order. The first is the one that satisfaction is counted from. `wait_seconds`: for a key."""

    clauses: tuple[str, ...] = ()
    source: Literal["stated", "ours"] = "ours"
    label: Label
    wait_seconds: int = Field(ge=2, le=30)
    questions: tuple[SurveyQuestionBody, ...] = Field(min_length=1, max_length=5)


class CallWordBody(Body):
    """Something that a call may have been about, or a way in which it may have ended, in the wrap-up form."""

    label: Label
    order: int = 100
    clauses: tuple[str, ...] = ()


SURVEYS = section("call_surveys", CallSurveyBody)
TOPICS = section("call_topics", CallWordBody)
RESULTS = section("call_results", CallWordBody)


def survey_of(handbook: Handbook, name: str) -> CallSurveyBody | None:
    """The survey of that name; the first of the handbook for "" or a name that it has no longer. None: it has none."""
    known = handbook.entries(SURVEYS)
    return known.get(name) or next(iter(known.values()), None)
