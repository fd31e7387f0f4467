# SPDX-License-Identifier: Apache-2.0
"""Who is away now, and who is named to stand in: packages above that know leave, the roster and the pairs of posts say
so; otherwise everybody counts as here and nobody stands in by name."""

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


StandIns = Callable[["Staff", datetime], "list[Staff]"]
_stand_ins: list[StandIns] = []


def provide_stand_ins(named: StandIns) -> StandIns:
    """Let `named(staff, now)` say who stands in for somebody by name, the first to be asked first."""
    if named not in _stand_ins:
        _stand_ins.append(named)
    return named


def stand_ins_of(staff: Staff, now: datetime) -> list[Staff]:
    """The people named to stand in for him, whether they are here or not."""
    return [one for named in _stand_ins for one in named(staff, now)]
