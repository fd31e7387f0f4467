# SPDX-License-Identifier: Apache-2.0
"""A month judged again under a proposal: each package that judges registers how, in its `replays.py`.

    @replay("attendance", _("Attendance"), months=closed_months)
    def again(before: Handbook, after: Handbook, month: date, progress: Progress) -> Iterator[Changed]: ...

The function judges from the ledger, twice, and yields only what comes out differently. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook

Progress = Callable[[int, int | None, str], None]  # done, total, what is being done; may raise to stop
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Changed:
    """An outcome that the proposal changes. `day` None: of the month as a whole. `money`: yuan that the person gets
    more (negative: less) under the proposal."""

    staff_id: int
    staff_code: str
    staff_name: str
    team: str
    day: date | None
    before: Finding
    after: Finding
    money: Decimal = NOUGHT

    def as_json(self) -> dict[str, Any]:
        return {
            "staff_id": self.staff_id,
            "staff_code": self.staff_code,
            "staff_name": self.staff_name,
            "team": self.team,
            "day": self.day.isoformat() if self.day else None,
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "money": str(self.money),
        }


Again = Callable[[Handbook, Handbook, date, Progress], Iterator[Changed]]


@dataclass(frozen=True, slots=True)
class Replay:
    """`months`: first days of the months that can be judged again, latest first."""

    code: str
    title: str | Promise
    again: Again
    months: Callable[[], list[date]]


_replays: dict[str, Replay] = {}


def _no_months() -> list[date]:
    return []


def replay(
    code: str, title: str | Promise, *, months: Callable[[], list[date]] = _no_months
) -> Callable[[Again], Again]:
    """Register a replay. Raises ValueError when the code is taken."""

    def register(again: Again) -> Again:
        known = _replays.get(code)
        if known is not None and known.again is not again:
            raise ValueError(f"replay {code!r} is registered twice")
        _replays[code] = Replay(code, title, again, months)
        return again

    return register


@cache
def _load() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("zuoxi.") and app.name != "zuoxi.policy" and find_spec(f"{app.name}.replays"):
            import_module(f"{app.name}.replays")


def replays() -> dict[str, Replay]:
    """Every replay of the installed packages (their `replays.py` is imported once)."""
    _load()
    return dict(sorted(_replays.items()))


def months_to_replay() -> list[date]:
    """First days of the months that some package can judge again, latest first."""
    return sorted({month for one in replays().values() for month in one.months()}, reverse=True)


Narrow = Callable[[Any, Any], Any]
_narrow: list[Narrow] = []
TeamTitles = Callable[[], dict[str, str]]
_team_titles: list[TeamTitles] = []


def provide_team_titles(titles: TeamTitles) -> None:
    """Who knows what teams are called: code → name in the reader's language."""
    _team_titles[:] = [titles]


def team_titles() -> dict[str, str]:
    """What teams are called, by code; nothing where nobody can say."""
    return _team_titles[0]() if _team_titles else {}


def provide_narrowing(narrow: Narrow) -> None:
    """Who knows whose rows a user may see: (user, rows with a `staff_code`) → the rows within reach."""
    _narrow[:] = [narrow]


def narrowed(user: Any, rows: Any) -> Any:
    """The rows of a replay that the user may see; none where nobody can say."""
    return _narrow[0](user, rows) if _narrow else rows.none()
