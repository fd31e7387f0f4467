# SPDX-License-Identifier: Apache-2.0
"""What the rules of performance judge."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class GradeFacts:
    """Means of a quarter: the KPI score, calls per hour and the success rate in per cent, over `months` whole months.

    `exam_passed`: the exam that goes before the grade (passing out, then confirmation).
    """

    kpi: Decimal
    cph: Decimal
    success_percent: Decimal
    exam_passed: bool
    months: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("kpi", self.kpi)
        must.must_not_be_negative("cph", self.cph)
        must.must_be_at_most("success_percent", self.success_percent, 100)
        must.must_be_at_most("months", self.months, 3)
