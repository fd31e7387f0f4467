# SPDX-License-Identifier: Apache-2.0
"""What a month of lateness and absence costs, as packs write it: section `sanctions`."""

from __future__ import annotations

from typing import Literal

from zuoxi.policy.entries import Body, Label, section

Measure = Literal["late_and_early", "absence_days", "longest_absent_run"]


class AddedAbsence(Body):
    """So many times late or early (`times`, a figure) count as further days absent (`days`, a figure)."""

    times: str
    days: str


class Consequence(Body):
    """What follows once the measure has passed the figure `at`; what it does not name it leaves alone."""

    measure: Measure
    at: str
    bonus: Literal["withheld"] | None = None
    performance: Literal["zero"] | None = None
    wage: Literal["withheld"] | None = None
    employment: Literal["deemed_resigned", "dismissed"] | None = None
    legal_risk: bool = False


class MonthBody(Body):
    """The ladder of a month. Everything that is passed holds together, nothing is taken twice (C-32).

    `fine_each_time` and `fine_each_day` are figures in yuan for each lateness and each day absent; `wage_days_each_day`
    is how many days of wage a day absent costs. A fine, and a cut beyond the time missed, raise the legal-risk flag.
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    added_absence: AddedAbsence | None = None
    fine_each_time: str = ""
    fine_each_day: str = ""
    wage_days_each_day: str = ""
    consequences: tuple[Consequence, ...] = ()


SANCTIONS = section("sanctions", MonthBody)
