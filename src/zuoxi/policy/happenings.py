# SPDX-License-Identifier: Apache-2.0
"""What happened this month about a clause: packages that keep events of clauses say how many, and where they are.

@happening(_("Late arrivals"))
def late(clause: str, first: date, last: date) -> Happened | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from zuoxi.policy.rulebook import rules
from zuoxi.policy.site import site_handbook


@dataclass(frozen=True, slots=True)
class Happened:
    """How often, to how many people, and the page behind the number with the capability that opens it."""

    count: int
    people: int | None = None
    url: str = ""
    capability: str = ""


def counted(rows: QuerySet[Any], person: str = "staff_id", *, url: str = "", capability: str = "") -> Happened | None:
    """The rows and the different people in them, in one query; None where there are none."""
    found = rows.order_by().aggregate(rows=Count("pk"), people=Count(person, distinct=True))
    return Happened(found["rows"], found["people"], url, capability) if found["rows"] else None


def days(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments of the site's days, both included, for a `__range` of moments."""
    zone = site_handbook().zone
    return datetime.combine(first, time(), zone), datetime.combine(last, time.max, zone)


def rules_for(clause: str) -> set[str]:
    """The rules that judge by the clause."""
    return {name for name, one in rules().items() if clause in one.clauses}


Counting = Callable[[str, date, date], Happened | None]
_counts: dict[str, tuple[str | Promise, Counting]] = {}


def happening(title: str | Promise) -> Callable[[Counting], Counting]:
    """Register `(clause id, first day, last day) → Happened or None`; put it into a package's `happenings.py`."""

    def register(count: Counting) -> Counting:
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
