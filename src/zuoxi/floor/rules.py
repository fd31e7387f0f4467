# SPDX-License-Identifier: Apache-2.0
"""The judgements of the floor, by what they are about."""

from zuoxi.floor import duty_judgements as _duty  # noqa: F401  (registers its rules)
from zuoxi.floor import emergency_rules as _emergencies  # noqa: F401  (registers its rules)
from zuoxi.floor import judgements as _floor  # noqa: F401  (registers its rules)
from zuoxi.floor.seat_rules import judge_leave, judge_not_ready, judge_sign_in

__all__ = ["judge_leave", "judge_not_ready", "judge_sign_in"]
