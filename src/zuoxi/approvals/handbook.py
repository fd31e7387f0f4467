# SPDX-License-Identifier: Apache-2.0
"""Request types that need no program: form, way and files as data of a pack (section `request_types`)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.vocabulary import role_words

FieldType = Literal[
    "line", "text", "day", "moment", "time", "number", "hours", "minutes", "money", "choice", "staff", "flag"
]
NUMBERS = ("number", "hours", "minutes", "money")


class FieldBody(Body):
    """One line of the form. `at_most` and `at_least` name figures of the handbook; choices are code: label."""

    type: FieldType = "line"
    label: Label
    hint: Label | None = None
    must: bool = True
    choices: dict[str, Label] = {}
    at_most: str = ""
    at_least: str = ""
    future: bool = False

    @model_validator(mode="after")
    def _choices_belong_to_choice(self) -> FieldBody:
        if bool(self.choices) != (self.type == "choice"):
            raise ValueError("choices stand with type choice, and only there")
        return self


class WhenBody(Body):
    """A condition: the applicant's post answers to one of the words, and/or a field stands so to a figure.

    `field` with `over` (beyond the figure, by the figure's own boundary) or `within` it, or `is` one of the words.
    """

    applicant: tuple[str, ...] = ()
    field: str = ""
    over: str = ""
    within: str = ""
    among: tuple[str, ...] = ()


class WayBody(Body):
    """Who signs in that case, who gets a copy, and the sentence that says why. The first way that fits is taken.

    `forbids`: the request is refused with that sentence.
    """

    when: WhenBody = WhenBody()
    steps: tuple[str, ...] = ()
    filed_with: tuple[str, ...] = ()
    say: Label
    clauses: tuple[str, ...] = ()
    gap: str = ""
    forbids: bool = False


class RequestTypeBody(Body):
    """A request type. `askers`: role words or posts that may ask (none: everybody). `notice`: the field whose moment
    must lie ahead, and the figure that says how far. `per_month`: the figure that says how often in a month."""

    label: Label
    lead: Label | None = None
    group: Label
    icon: str = "file"
    order: int = 500
    clauses: tuple[str, ...] = ()
    gap: str = ""
    source: Literal["stated", "gap", "ours"] = "stated"
    askers: tuple[str, ...] = ()
    attachment: Literal["must", "may", "no"] = "may"
    due: str = "approvals.step.due_hours"
    notice_field: str = ""
    notice_figure: str = ""
    per_month: str = ""
    fields: dict[str, FieldBody]
    ways: tuple[WayBody, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _words_are_known(self) -> RequestTypeBody:
        known = role_words()
        for way in self.ways:
            for word in (*way.steps, *way.filed_with, *way.when.applicant):
                if word not in known:
                    raise ValueError(f"{word!r} is no role word of roles.yaml")
            if way.when.field and way.when.field not in self.fields:
                raise ValueError(f"the way asks for the field {way.when.field!r}, which the form has not")
        if self.notice_field and self.notice_field not in self.fields:
            raise ValueError(f"notice_field {self.notice_field!r} is no field of the form")
        return self


REQUEST_TYPES = section("request_types", RequestTypeBody)
