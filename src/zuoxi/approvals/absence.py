# SPDX-License-Identifier: Apache-2.0
"""Who is away now: packages above that know leave and the roster say so; otherwise everybody counts as here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zuoxi.people.models import Staff

Provider = Callable[["Staff", datetime], bool]
_providers: list[Provider] = []


def provide(away: Provider) -> Provider:
    """Let `away(staff, now)` say whether somebody cannot decide now."""
    if away not in _providers:
        _providers.append(away)
    return away


def withdraw(away: Provider) -> None:
    if away in _providers:
        _providers.remove(away)


def is_away(staff: Staff, now: datetime) -> bool:
    return any(ask(staff, now) for ask in _providers)
