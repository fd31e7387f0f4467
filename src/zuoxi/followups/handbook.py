# SPDX-License-Identifier: Apache-2.0
"""What packs say of follow-ups: when somebody is called back, with which questions, for which reasons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section

When = Literal["", "ticket_closed", "refused", "returned", "delivered", "discharge", "checkup_positive", "plan"]
Satisfaction = Literal["", "satisfied", "fairly_satisfied", "dissatisfied"]


class FollowUpKindBody(Body):
    """A kind of follow-up. `when`: the moment that makes one ("": by hand or from a list), of `tickets` of these kinds
    alone (none: all). `after`, `within` (both hours), `share` (per cent drawn by lot) and `once_days` (per customer)
    name figures; without the third everybody is called, without the last as often as it happens. `who`: a role word."""

    clauses: tuple[str, ...] = ()
    label: Label
    order: int = 100
    when: When = ""
    tickets: tuple[str, ...] = ()
    script: str
    after: str = ""
    within: str
    share: str = ""
    once_days: str = ""
    who: str = "AGENT"
    line: str = ""


class ConditionBody(Body):
    """Asked only where a question before it was answered so, or a fact of the task is so (`yes`, `no` or a key)."""

    question: str = ""
    fact: str = ""
    among: tuple[str, ...] = Field(min_length=1)


class ChoiceBody(Body):
    key: str
    label: Label
    means: Satisfaction = ""


class OpensBody(Body):
    """A ticket that an answer in words becomes: its kind, and its form by field key, with {answer}, {name}, {number}
    and {department} of whoever was called."""

    kind: str
    fields: dict[str, str] = {}


class QuestionBody(Body):
    """`asks` says what the answer is used for: the satisfaction, the score, an opinion for a department, the customer's
    own words, a reason of the section followup_reasons (`reasons` names the entry) or one of three sides of an office's
    work. `complaint`: answers that are a complaint at once, of `complaint_kind`. `opens`: what an answer in words is
    given to others as."""

    key: str
    ask: Label
    kind: Literal["yes_no", "choice", "score", "text", "reason", "say"]
    asks: Literal["", "satisfaction", "score", "opinion", "quote", "reason", "efficiency", "attitude", "quality"] = ""
    choices: tuple[ChoiceBody, ...] = ()
    reasons: str = ""
    when: tuple[ConditionBody, ...] = ()
    required: bool = True
    complaint: tuple[str, ...] = ()
    complaint_kind: str = ""
    opens: OpensBody | None = None


class ScriptBody(Body):
    """Questions in their order. `opening` is said first; "Is it convenient now?" follows it where `convenient`."""

    clauses: tuple[str, ...] = ()
    label: Label
    use: Literal["call", "survey", "both"] = "call"
    convenient: bool = True
    opening: Label
    questions: tuple[QuestionBody, ...] = Field(min_length=1)


class ReasonBody(Body):
    """`other`: says nothing by itself; `complaint`: the kind of complaint that it becomes."""

    key: str
    label: Label
    other: bool = False
    complaint: str = ""


class ReasonsBody(Body):
    clauses: tuple[str, ...] = ()
    label: Label
    reasons: tuple[ReasonBody, ...] = Field(min_length=1)

    def named(self, key: str) -> ReasonBody | None:
        return next((one for one in self.reasons if one.key == key), None)


class PlanBody(Body):
    """Customers of a grade are called again after so many days (`every_days`, a figure)."""

    clauses: tuple[str, ...] = ()
    label: Label
    grade: str
    kind: str
    every_days: str


class OpinionDepartmentBody(Body):
    """A department that opinions are passed to."""

    label: Label
    order: int = 100


KINDS = section("followup_kinds", FollowUpKindBody)
SCRIPTS = section("followup_scripts", ScriptBody)
REASONS = section("followup_reasons", ReasonsBody)
PLANS = section("followup_plans", PlanBody)
DEPARTMENTS = section("opinion_departments", OpinionDepartmentBody)
