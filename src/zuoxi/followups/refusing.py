# SPDX-License-Identifier: Apache-2.0
"""How a verb says that it was not done."""

from __future__ import annotations

from zuoxi.policy.findings import Finding


class Refused(ValueError):
    """It was not done, nothing was changed; the message says why and what to do. `finding`: the rule that said so."""

    def __init__(self, message: str, finding: Finding | None = None) -> None:
        self.finding = finding
        super().__init__(message)
