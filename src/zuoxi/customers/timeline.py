# SPDX-License-Identifier: Apache-2.0
"""A customer's history across calls, tickets, orders and follow-ups: each package provides its own entries.

Most packages tell which rows of theirs are about him; all those are asked for in one question together, however many
packages there are. What needs more than its rows (calls) is asked by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Any

from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened with a customer; `url` is "" where the person who looks may not open it."""

    at: datetime
    kind: str
    title: str | Promise
    note: str = ""
    url: str = ""
    icon: str = "dot"
    tone: str = "plain"


Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows about a customer, only those that the person who looks may know of. `at`: the field of their moment; `said`:
    name → field or expression of what an entry says, as JSON keeps it; `entry` makes one of its moment and that."""

    rows: QuerySet[Any]
    at: str
    said: Said
    entry: Callable[[datetime, Said], Entry]


Source = Callable[[Any, tuple[int, ...], tuple[str, ...], datetime | None, int], list[Entry]]
Told = Callable[[Any, tuple[int, ...], tuple[str, ...]], Rows | None]


@dataclass(slots=True)
class _Kind:
    sources: list[Source] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


_kinds: dict[str, _Kind] = {}


def provide(kind: str, source: Source) -> None:
    """`source(user, customer ids, canonical numbers, before, limit)`: the newest first, at most `limit`, in a fixed
    number of queries, only what that user may know of; `before` (None: now) leaves out what is not older. Several
    packages may tell entries of one kind."""
    known = _kinds.setdefault(kind, _Kind()).sources
    if source not in known:
        known.append(source)


def provide_rows(kind: str, told: Told) -> None:
    """`told(user, customer ids, canonical numbers)`: the rows; None where that user may know of none. No query."""
    known = _kinds.setdefault(kind, _Kind()).told
    if told not in known:
        known.append(told)


LABELS: dict[str, str | Promise] = {
    "call": _("Calls"),
    "ticket": _("Tickets"),
    "order": _("Orders"),
    "complaint": _("Complaints"),
    "after_sale": _("Returns and exchanges"),
    "follow_up": _("Follow-ups"),
    "outbound": pgettext_lazy("history", "Outbound"),
    "callback": pgettext_lazy("history", "Callbacks"),
}


def label_of(kind: str) -> str | Promise:
    """What a kind of entries is called; a kind nobody named is called by its code."""
    return LABELS.get(kind, kind)


def kinds() -> tuple[str, ...]:
    return tuple(_kinds)


def choice(model: type[Model], name: str, value: Any) -> str:
    """What a field's choice is called."""
    chosen = dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(chosen.get(value, value))


def history(
    user: Any,
    customers: tuple[int, ...],
    numbers: tuple[str, ...],
    *,
    before: datetime | None = None,
    limit: int = 20,
    only: tuple[str, ...] = (),
) -> list[Entry]:
    """The newest `limit` entries of all packages (or of `only` those kinds) together."""
    asked = [one for kind, one in _kinds.items() if not only or kind in only]
    told = [rows for one in asked for ask in one.told if (rows := ask(user, customers, numbers)) is not None]
    found = _together(told, before, limit)
    for source in (source for one in asked for source in one.sources):
        found += source(user, customers, numbers, before, limit)
    return nlargest(limit, found, key=lambda one: one.at)


def _together(told: list[Rows], before: datetime | None, limit: int) -> list[Entry]:
    """The newest rows of each, all in one question."""
    asked = [_newest(place, one, before, limit) for place, one in enumerate(told)]
    if not asked:
        return []
    first, *others = asked
    rows = first.union(*others, all=True) if others else first
    return [told[place].entry(at, said) for place, at, said in rows]


def _newest(place: int, told: Rows, before: datetime | None, limit: int) -> QuerySet[Any]:
    rows = told.rows if before is None else told.rows.filter(**{f"{told.at}__lt": before})
    newest = rows.order_by(f"-{told.at}", "-pk").values("pk")[:limit]
    whole = told.rows.model._default_manager.filter(pk__in=newest).order_by()
    found: QuerySet[Any] = whole.values_list(Value(place), F(told.at), JSONObject(**told.said))
    return found
