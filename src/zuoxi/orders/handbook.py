# SPDX-License-Identifier: Apache-2.0
"""What packs say of orders: kinds of orders, flows with lanes and steps, reasons, kinds of emergencies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zuoxi.orders.states import CaseState, OrderState
from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.vocabulary import role_words

Case = Literal["return", "exchange", "reship"]


class OrderKindBody(Body):
    """A kind of order. `verify`: the selection rules apply. `timed`: it is delivered at an agreed time. `listed`: no
    price but the listed one may be charged; `statutory`: every fee needs a regulation behind it and nothing is added.
    `stocked`: goods are reserved. `after`: what may happen to it afterwards."""

    clauses: tuple[str, ...] = ()
    label: Label
    verify: bool = True
    address: bool = True
    timed: bool = False
    listed: bool = True
    statutory: bool = False
    stocked: bool = True
    after: tuple[Case, ...] = ()


class LaneBody(Body):
    """Who stands in a lane of a flow's picture. `posts` see that lane's work list."""

    label: Label
    posts: tuple[str, ...] = ()


class StepBody(Body):
    """A step: in which lane, by whom (role words; none: the customer or the program), from which states on, and the
    figure that says how long it may take after the state began. `optional` steps leave the straight way."""

    lane: str
    label: Label
    who: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    due: str = ""
    optional: bool = False

    @model_validator(mode="after")
    def _words_are_known(self) -> StepBody:
        strangers = [word for word in self.who if word not in role_words()]
        if strangers:
            raise ValueError(f"{strangers[0]!r} is no role word of roles.yaml")
        states = {*CaseState.values, *OrderState.values}
        if set(self.at) - states:
            raise ValueError(f"{(set(self.at) - states).pop()!r} is no state of an order or a case")
        return self


class FlowBody(Body):
    """A flow drawn as lanes, and its steps in the order of the straight way."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    lanes: tuple[str, ...] = Field(min_length=1)
    steps: dict[str, StepBody]

    @model_validator(mode="after")
    def _steps_stand_in_lanes(self) -> FlowBody:
        lost = [key for key, step in self.steps.items() if step.lane not in self.lanes]
        if lost:
            raise ValueError(f"the step {lost[0]!r} stands in no lane of the flow")
        return self

    def next_at(self, state: str) -> tuple[str, StepBody] | None:
        """The step of the straight way that is taken at a state; None at the end."""
        return next(((key, one) for key, one in self.steps.items() if state in one.at and not one.optional), None)


class CaseReasonBody(Body):
    """Why something is returned, exchanged or sent again."""

    label: Label
    kinds: tuple[Case, ...]


class RefusalReasonBody(Body):
    """Why a parcel is refused. `other`: says nothing; too many of it and the list has to be made finer."""

    clauses: tuple[str, ...] = ()
    label: Label
    other: bool = False


class EmergencyKindBody(Body):
    """What can hit many orders at once."""

    clauses: tuple[str, ...] = ()
    label: Label


KINDS = section("order_kinds", OrderKindBody)
LANES = section("order_lanes", LaneBody)
FLOWS = section("order_flows", FlowBody)
CASE_REASONS = section("case_reasons", CaseReasonBody)
REFUSAL_REASONS = section("refusal_reasons", RefusalReasonBody)
EMERGENCIES = section("order_emergencies", EmergencyKindBody)


def kind_of(handbook: Handbook, key: str) -> OrderKindBody:
    """The kind of order. One that has left the pack is called by its key, gives back what it promised, and knows no
    return or exchange."""
    return handbook.entries(KINDS).get(key) or OrderKindBody(label=Label(zh=key, en=key))


def positions_for(step: StepBody) -> frozenset[str]:
    """The posts that may take the step."""
    return frozenset(post for word in step.who for post in role_words()[word].positions)
