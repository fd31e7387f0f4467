# SPDX-License-Identifier: Apache-2.0
"""How tickets say no."""

from __future__ import annotations

from collections.abc import Mapping

from zuoxi.policy.findings import Finding


class Refused(ValueError):
    """It was not done; the message says why and what to do instead. `finding`: the judgement it rests on, if any."""

    def __init__(self, message: str, finding: Finding | None = None) -> None:
        self.finding = finding
        super().__init__(message)


class Overtaken(Refused):
    """Somebody else has done something meanwhile that makes it pointless."""


class BadForm(Refused):
    """Fields that are missing or cannot be: message by field key."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("；".join(problems.values()))
