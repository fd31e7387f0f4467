# SPDX-License-Identifier: Apache-2.0
"""The statutory floor: what labour law asks, laid over every trade as a warning. It changes no outcome.

Each warning of `handbooks/statutory` names the detail of a finding that sets it off. A rule asks with
`reading.legal_risk(rule, details)`; pages show which warnings a finding sets off, also those a director has switched
off, with who did so and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field, model_validator

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook, Reading, handbook_of, provide_floor

PACK = "statutory"


class Condition(Body):
    """One detail of a finding: equal to one of the words, or beyond or short of a figure of this layer.

    `share_of` turns the amount into per cent of another detail first.
    """

    detail: str
    equals: tuple[str, ...] = ()
    beyond: str = ""
    short_of: str = ""
    share_of: str = ""

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if sum(map(bool, (self.equals, self.beyond, self.short_of))) != 1:
            raise ValueError("needs exactly one of equals, beyond, short_of")
        return self


class WarningBody(Body):
    """`law` says in own words what is asked, `source` names the law. `rules`: of which rules' findings (none: all).

    All conditions of `when` together set it off.
    """

    label: Label
    law: Label
    source: Label
    clauses: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    when: tuple[Condition, ...] = Field(min_length=1)
    checked: date | None = None


WARNINGS = section("warnings", WarningBody)


@dataclass(frozen=True, slots=True)
class LegalWarning:
    """A warning that a finding sets off."""

    key: str
    body: WarningBody


def statutory_handbook() -> Handbook:
    """Raises PackError."""
    return handbook_of(PACK)


def _amount(raw: Any) -> Decimal | None:
    if raw is None or isinstance(raw, bool):
        return None
    try:
        return Decimal(str(raw))
    except InvalidOperation:
        return None


def _word(raw: Any) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)


def _holds(condition: Condition, details: Mapping[str, Any], law: Reading) -> bool:
    raw = details.get(condition.detail)
    if raw is None:
        return False
    if condition.equals:
        return _word(raw) in condition.equals
    amount = _amount(raw)
    if amount is not None and condition.share_of:
        whole = _amount(details.get(condition.share_of))
        amount = amount * 100 / whole if whole else None
    if amount is None:
        return False
    if condition.beyond:
        return law.figure(condition.beyond).beyond(amount)
    return not law.figure(condition.short_of).beyond(amount)


def set_off(rule: str, details: Mapping[str, Any], on: date) -> list[LegalWarning]:
    """The warnings that a finding of the rule with those details sets off on that day."""
    law = statutory_handbook()
    reading = law.on(on)
    return [
        LegalWarning(key, body)
        for key, body in law.entries(WARNINGS).items()
        if (not body.rules or rule in body.rules) and all(_holds(one, details, reading) for one in body.when)
    ]


provide_floor(lambda rule, details, on: bool(set_off(rule, details, on)))
