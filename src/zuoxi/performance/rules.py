# SPDX-License-Identifier: Apache-2.0
"""Judgements on performance: the grade that a quarter reaches."""

from __future__ import annotations

from zuoxi.performance.facts import GradeFacts
from zuoxi.performance.handbook import GRADES, GradeBody
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule


@rule(
    "performance.grade",
    outcomes=("none", "confirmed", "C", "B", "A", "insufficient"),
    needs=("grades:sales",),
    clauses=("PRF-001", "PRF-002", "PRF-003", "PRF-004", "PRF-005", "VAR-001"),
)
def judge_grade(facts: GradeFacts, reading: Reading) -> Finding:
    """The highest grade all of whose figures are reached, each of them included; two whole months at least."""
    body = reading.entry(GRADES, "sales")
    if not reading.beyond(body.months, facts.months):
        return reading.finding("performance.grade", "insufficient", details={"short_of": []}, months=facts.months)
    reached = "none"
    short_of: list[str] = []
    for grade in body.grades:
        reading.note(*grade.clauses)
        short_of = _short_of(facts, grade, reading)
        if short_of:
            break
        reached = grade.grade
    return reading.finding(
        "performance.grade",
        reached,
        details={"short_of": short_of},
        kpi=as_text(facts.kpi),
        cph=as_text(facts.cph),
        success=as_text(facts.success_percent),
    )


def _short_of(facts: GradeFacts, grade: GradeBody, reading: Reading) -> list[str]:
    """The names of what the grade asks for and the quarter did not reach."""
    measured = {"kpi": facts.kpi, "cph": facts.cph, "success_percent": facts.success_percent}
    short = [name for name, amount in measured.items() if not reading.beyond(getattr(grade, name), amount)]
    return [*short, "exam_passed"] if grade.exam and not facts.exam_passed else short
