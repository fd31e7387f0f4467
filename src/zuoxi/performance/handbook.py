# SPDX-License-Identifier: Apache-2.0
"""What a grade asks for, as packs write it: section `grades`, one entry for each kind of post, lowest grade first."""

from __future__ import annotations

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section


class GradeBody(Body):
    """A grade with its figures; all of them have to be reached. `exam`: an exam goes before it."""

    grade: str
    clauses: tuple[str, ...] = ()
    kpi: str
    cph: str
    success_percent: str
    exam: bool = False


class GradesBody(Body):
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    months: str
    grades: tuple[GradeBody, ...] = Field(min_length=1)


GRADES = section("grades", GradesBody)
