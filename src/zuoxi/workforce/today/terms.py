# SPDX-License-Identifier: Apache-2.0
"""Figures of the pack that staffing and the intraday board rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook, Reading


class ShrinkageBody(Body):
    """A cause for which people who are paid are not at the telephone; `share` names a figure in percent."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    share: str


SHRINKAGE = section("shrinkage", ShrinkageBody)


@dataclass(frozen=True, slots=True)
class Cause:
    """`share` from 0 to 1."""

    key: str
    label: Label
    share: float


@dataclass(frozen=True, slots=True)
class Terms:
    """Shares from 0 to 1, times in seconds, money in yuan an hour."""

    causes: tuple[Cause, ...]
    occupancy: float
    patience: float
    trainee_days: int
    trainee_factor: float
    day_floor: float
    hour_cost: float
    least: int

    @property
    def lost(self) -> Mapping[str, float]:
        return {one.key: one.share for one in self.causes}

    @property
    def lost_in_all(self) -> float:
        return sum(one.share for one in self.causes)


def terms_of(reading: Reading) -> Terms:
    """The figures in force on the reading's day, remembered by it."""
    causes = []
    for key in reading.handbook.entries(SHRINKAGE):
        body = reading.entry(SHRINKAGE, key)
        causes.append(Cause(key, body.label, float(reading.number(body.share)) / 100))
    return Terms(
        tuple(causes),
        float(reading.number("staffing.occupancy_maximum")) / 100,
        float(reading.number("staffing.patience_seconds")),
        reading.whole("staffing.trainee_days"),
        float(reading.number("staffing.trainee_factor")),
        float(reading.number("staffing.day_floor_percent")) / 100,
        float(reading.number("staffing.hour_cost")),
        reading.whole("staffing.minimum_people"),
    )


def terms_on(handbook: Handbook, day: date) -> Terms:
    """The figures in force on a day."""
    return terms_of(handbook.on(day))
