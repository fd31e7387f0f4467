# SPDX-License-Identifier: Apache-2.0
"""A customer's history across calls, tickets, orders and follow-ups: each package provides its own entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

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


Source = Callable[[Any, tuple[int, ...], tuple[str, ...], datetime | None, int], list[Entry]]
_sources: dict[str, list[Source]] = {}


def provide(kind: str, source: Source) -> None:
    """`source(user, customer ids, canonical numbers, before, limit)`: the newest first, at most `limit`, in a fixed
    number of queries, only what that user may know of; `before` (None: now) leaves out what is not older. Several
    packages may tell entries of one kind."""
    told = _sources.setdefault(kind, [])
    if source not in told:
        told.append(source)


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
    return tuple(_sources)


def history(
    user: Any,
    customers: tuple[int, ...],
    numbers: tuple[str, ...],
    *,
    before: datetime | None = None,
    limit: int = 20,
    only: tuple[str, ...] = (),
) -> list[Entry]:
    """The newest `limit` entries of all sources (or of `only` those kinds) together."""
    asked = [source for kind, told in _sources.items() if not only or kind in only for source in told]
    lists = [source(user, customers, numbers, before, limit) for source in asked]
    return list(islice(merge(*lists, key=lambda one: one.at, reverse=True), limit))
