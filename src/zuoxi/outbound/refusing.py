# SPDX-License-Identifier: Apache-2.0
"""How outbound calls say no."""

from __future__ import annotations

from zuoxi.policy.findings import Finding


class Refused(ValueError):
    """It was not done; the message says why and what to do instead. `finding`: the judgement it rests on, if any."""

    def __init__(self, message: str, finding: Finding | None = None) -> None:
        self.finding = finding
        super().__init__(message)
