# SPDX-License-Identifier: Apache-2.0
"""How the ground of a judgement is drawn: the package that judges says what a finding rests on, `{% why %}` draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Explain = Callable[[Any], Any]
_explain: list[Explain] = []


def provide(explain: Explain) -> None:
    """Register who turns a finding (or what a table kept of it) into what `{% why %}` draws; others pass unchanged."""
    _explain[:] = [explain]


def explained(finding: Any) -> Any:
    return _explain[0](finding) if _explain else finding
