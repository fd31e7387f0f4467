# SPDX-License-Identifier: Apache-2.0
"""The figures of a package's own rows: what each means, what it is counted from, and where its rows are.

A package declares them in its room `service_figures.py`, which is imported when figures are first asked for:

    def _tally(ask: Ask) -> Tally:
        rows = visible_complaints(ask.user)
        return counted(rows, "received_at", ask, {"received": Count("pk")}, {"team": "about_team__code"})

    SOURCE = Source("complaints", _("Complaints"), _tally, groups=("team", "person"), capability="complaints.trend")
    register(SOURCE, Figure("complaints.received", _("Complaints"), _("complaints received"), ("received",)))

A figure is a sum of named counts, or a ratio of two such sums, times `factor`. It is computed from rows and nothing
else: a count that a source does not give is unknown, and so is a ratio over nought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.apps import apps
from django.db.models import QuerySet
from django.db.models.functions import TruncDay, TruncMonth, TruncQuarter, TruncWeek, TruncYear
from django.utils import timezone
from django.utils.functional import Promise

Text = str | Promise
Number = int | float | Decimal
Counts = Mapping[str, Number | None]
Tally = dict[str, Counts]
"""Group → its counts. The key is "" for the whole, the first day of a bucket ("2026-11-01"), or a code."""

BUCKETS: Final = {
    "day": TruncDay,
    "week": TruncWeek,
    "month": TruncMonth,
    "quarter": TruncQuarter,
    "year": TruncYear,
}
WHOLE, PERIOD, TEAM, PERSON, DEPARTMENT = "", "period", "team", "person", "department"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a source is asked: rows from `since` to before `until`, by one grouping, of what `user` may see.

    `by`: "" the whole, "period" by `bucket`, else one of the source's groups.
    """

    user: Any
    since: datetime
    until: datetime
    by: str = WHOLE
    bucket: str = "month"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that figures are counted from. `groups`: what it can be asked by besides time. `labels(by, codes)` names
    groups of its own; teams and people are named for it. `capability`: who may see its figures."""

    code: str
    name: Text
    tally: Callable[[Ask], Tally]
    groups: tuple[str, ...] = ()
    capability: str = ""
    order: int = 100
    labels: Callable[[str, Sequence[str]], Mapping[str, Text]] | None = None
    group_names: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The list behind a number: its address and what is always asked of it. Days are added as `from` and `to`, and the
    group as `group[<by>]`, where the list knows it."""

    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    group: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """`above` ÷ `below` × `factor`, or the sum of `above` where there is nothing below. A leading "-" subtracts.

    `unit`: count, %, per_thousand, h, d, s, yuan, points. `target` is the key of a figure of the handbook in the same
    unit; its boundary says whether at least or at most. A change of meaning is a new `version`.
    """

    id: str
    name: Text
    formula: Text
    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    unit: str = "count"
    version: int = 1
    target: str = ""
    clauses: tuple[str, ...] = ()
    rows: Rows | None = None
    base_rows: Rows | None = None
    exclusions: Text = ""
    more_is_better: bool | None = None

    @property
    def factor(self) -> int:
        return {"%": 100, "per_thousand": 1000}.get(self.unit, 1)

    def sums(self, counts: Counts) -> tuple[Decimal | None, Decimal | None]:
        """(above, below); below None also where the figure has none."""
        return _sum(self.above, counts), _sum(self.below, counts) if self.below else None

    def value(self, counts: Counts) -> Decimal | None:
        """None where a count is unknown or the ratio would be over nought."""
        above, below = self.sums(counts)
        if above is None:
            return None
        if not self.below:
            return above
        return above * self.factor / below if below else None


def _sum(names: tuple[str, ...], counts: Counts) -> Decimal | None:
    total = Decimal(0)
    for name in names:
        one = counts.get(name.removeprefix("-"))
        if one is None:
            return None
        total += Decimal(str(one)) * (-1 if name.startswith("-") else 1)
    return total


@dataclass(slots=True)
class _Book:
    sources: dict[str, Source] = field(default_factory=dict)
    figures: dict[str, tuple[Source, Figure]] = field(default_factory=dict)


_book = _Book()


def register(source: Source, *figures: Figure) -> None:
    """Put figures of a source up; the same again changes nothing. Raises ValueError for an id that another has."""
    _book.sources.setdefault(source.code, source)
    for one in figures:
        known = _book.figures.setdefault(one.id, (source, one))
        if known[1] != one:
            raise ValueError(f"figure {one.id!r} is registered twice")


@cache
def _load() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("zuoxi.") and app.name != "zuoxi.reporting" and find_spec(f"{app.name}.service_figures"):
            import_module(f"{app.name}.service_figures")


def sources() -> list[Source]:
    """Every source, in its order."""
    _load()
    return sorted(_book.sources.values(), key=lambda one: (one.order, one.code))


def figures_of(source: Source) -> list[Figure]:
    _load()
    return [one for held, one in _book.figures.values() if held.code == source.code]


def figure(id: str) -> tuple[Source, Figure]:
    """A figure with its source. Raises KeyError."""
    _load()
    return _book.figures[id]


def counted(
    rows: QuerySet[Any],
    at: str,
    ask: Ask,
    counts: Mapping[str, Any],
    groups: Mapping[str, str] | None = None,
    *,
    is_date: bool = False,
) -> Tally:
    """Aggregates over rows whose moment `at` lies in the stretch, in one query. `groups`: grouping → field.

    `is_date`: `at` is a day and not a moment. An aggregate that finds nothing (a mean, a sum) is unknown; a count of
    nothing is nought.
    """
    since, until = (timezone.localdate(ask.since), timezone.localdate(ask.until)) if is_date else (ask.since, ask.until)
    found = rows.filter(**{f"{at}__gte": since, f"{at}__lt": until}).order_by()
    if ask.by == WHOLE:
        return {"": found.aggregate(**counts)}
    if ask.by == PERIOD:
        cut = BUCKETS[ask.bucket](at) if is_date else BUCKETS[ask.bucket](at, tzinfo=timezone.get_current_timezone())
        told = found.annotate(group_=cut).values("group_").annotate(**counts)
    else:
        told = found.values(group_=_field(groups, ask.by)).annotate(**counts)
    return {_key(row["group_"]): {name: row[name] for name in counts} for row in told}


def _field(groups: Mapping[str, str] | None, by: str) -> Any:
    from django.db.models import F

    return F((groups or {})[by])


def _key(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localdate(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def joined(*tallies: Tally) -> Tally:
    """Counts of several queries by the same groups, side by side; a group that one of them has not stays without."""
    found: dict[str, dict[str, Number | None]] = {}
    for tally in tallies:
        for key, counts in tally.items():
            found.setdefault(key, {}).update(counts)
    return dict(found)
