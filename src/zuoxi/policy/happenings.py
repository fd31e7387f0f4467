# SPDX-License-Identifier: Apache-2.0
"""What happened this month about a clause: packages that keep events of clauses say how many, and where they are.

@happening(_("Late arrivals"))
def late(clause: str, first: date, last: date) -> Happened | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Happened:
    """How often, to how many people, and the page behind the number."""

    count: int
    people: int | None = None
    url: str = ""


Count = Callable[[str, date, date], Happened | None]
_counts: dict[str, tuple[str | Promise, Count]] = {}


def happening(title: str | Promise) -> Callable[[Count], Count]:
    """Register `(clause id, first day, last day) → Happened or None`; put it into a package's `happenings.py`."""

    def register(count: Count) -> Count:
        _counts[f"{count.__module__}.{count.__qualname__}"] = (title, count)
        return count

    return register


@cache
def _load() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("zuoxi.") and app.name != "zuoxi.policy" and find_spec(f"{app.name}.happenings"):
            import_module(f"{app.name}.happenings")


def happened(clause: str, first: date, last: date) -> list[tuple[str | Promise, Happened]]:
    """What the packages know of a clause between two days, both included."""
    _load()
    found = ((title, count(clause, first, last)) for title, count in _counts.values())
    return [(title, one) for title, one in found if one is not None]
