# SPDX-License-Identifier: Apache-2.0
"""Dated numbers of the site's handbook that reports rest on: thresholds, targets and the times of the daily report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.conf import settings

from zuoxi.policy.entries import FIGURES, Label
from zuoxi.policy.handbook import Handbook, NoSuchEntry, handbook_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import units


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure; `boundary` says on which side it lies, `source` the clause or "ours". `label` and `unit_title` are
    its words."""

    id: str
    label: Label
    unit: str
    boundary: str
    source: str
    why: str
    handbook: Handbook

    @property
    def unit_title(self) -> str:
        return str(units()[self.unit].title)

    def on(self, day: date) -> Any:
        """The value in force that day as a plain number or text; LookupError before the first."""
        value = self.handbook.on(day).figure(self.id).value
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value.isoformat("minutes") if isinstance(value, time) else value


def parameter(name: str) -> Parameter:
    """The named figure as the site's handbook has it now; KeyError for a name it does not have."""
    return _parameter(name, site_handbook())


def _parameter(name: str, handbook: Handbook) -> Parameter:
    try:
        body = handbook.entry(FIGURES, name)
    except NoSuchEntry:
        raise KeyError(name) from None
    source = " ".join(body.clauses) if body.source == "stated" else body.source
    return Parameter(name, body.label, body.unit, body.boundary, source, body.why, handbook)


def value(name: str, day: date) -> Any:
    """The figure's value in force on a day."""
    return parameter(name).on(day)


def stated(name: str, day: date) -> Any:
    """The value as the pack states it: for what is fixed when the program starts, without a look at the database."""
    return _parameter(name, handbook_of(settings.PACK)).on(day)
