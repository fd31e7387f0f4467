# SPDX-License-Identifier: Apache-2.0
"""Days that are not like others: statutory holidays, weekends that are worked for them, and named events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

FESTIVAL: Final = ("春节", "Spring Festival", "Chinese New Year")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moves the calls of days (or of some of their hours).

    `code` is the same for events of one kind, so that the effect of the next is learnt from the ones before; `effect`
    is what somebody expects, as a factor (1.3: three tenths more), None to learn it. `from_minute` and `to_minute`
    bound it within each day.
    """

    code: str
    first: date
    last: date
    effect: float | None = None
    from_minute: int = 0
    to_minute: int = 1440


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays by name, weekend days that are worked, and events; everything else goes by the day of the week."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up: frozenset[date] = frozenset()
    events: tuple[Event, ...] = ()

    def festival(self, day: date) -> bool:
        """Whether the day is one of the free days of the lunar new year."""
        return any(word in self.holidays.get(day, "") for word in FESTIVAL)

    def with_events(self, events: Iterable[Event]) -> Calendar:
        return Calendar(self.holidays, self.make_up, (*self.events, *events))


NO_HOLIDAYS: Final = Calendar()


@lru_cache(maxsize=64)
def _year(country: str, year: int) -> tuple[dict[date, str], frozenset[date]]:
    import holidays

    found: Any = holidays.country_holidays(country, years=year, language="zh_CN" if country == "CN" else None)
    return dict(found.items()), frozenset(getattr(found, "weekend_workdays", ()))


def statutory(country: str, first: date, last: date) -> Calendar:
    """Holidays of a country from `first` to `last`, with its make-up working days. Raises ValueError for a country
    that is not known."""
    named: dict[date, str] = {}
    worked: set[date] = set()
    for year in range(first.year, last.year + 1):
        try:
            days, made_up = _year(country, year)
        except NotImplementedError as unknown:
            raise ValueError(f"holidays of {country!r} are not known") from unknown
        named |= {day: name for day, name in days.items() if first <= day <= last}
        worked |= {day for day in made_up if first <= day <= last}
    return Calendar({day: name for day, name in named.items() if day not in worked}, frozenset(worked))
