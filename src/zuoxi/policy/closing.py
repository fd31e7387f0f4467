# SPDX-License-Identifier: Apache-2.0
"""Until when the books are closed. Packages that lock months say so; no figure changes with effect before that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

_providers: dict[str, Callable[[], date | None]] = {}


def provide(name: str, closed_until: Callable[[], date | None]) -> None:
    """Register who knows the last day of the last closed month (None: nothing is closed yet)."""
    _providers[name] = closed_until


def closed_until() -> date | None:
    """The last day that any package has closed."""
    return max((day for provider in _providers.values() if (day := provider()) is not None), default=None)
