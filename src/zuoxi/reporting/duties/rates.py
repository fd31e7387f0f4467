# SPDX-License-Identifier: Apache-2.0
"""How punctual reports are: of what is due, how much came in time (RPT-033)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from zuoxi.people import selectors as people
from zuoxi.policy.findings import Why
from zuoxi.reporting.models import DutyItem
from zuoxi.web.marks import enforces

State = DutyItem.State
SAFETY = Q(terms__prefill__in=("safe_return", "home_safe"))


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `due` items `in_time` came in time. `label` None: somebody or something without a name."""

    key: str
    label: str
    due: int
    in_time: int
    late: int
    missing: int
    excused: int

    @property
    def ratio(self) -> float | None:
        """None where nothing is due: it is not nought."""
        return self.in_time / self.due if self.due else None


def past_due(now: datetime) -> Q:
    """Condition: the deadline has gone by; at the deadline itself only where it is not included."""
    return Q(due_at__lt=now) | Q(due_at__lte=now, inclusive=False)


def counts(now: datetime, only: Q | None = None, prefix: str = "") -> dict[str, Count]:
    """Only what is due counts; what was excused or handed over does not. `only` holds all of them to some rows."""
    held = Q() if only is None else only
    parts = {
        "in_time": Q(state=State.DONE),
        "late": Q(state=State.LATE),
        "missing": Q(state__in=(State.OPEN, State.MISSED)) & past_due(now),
        "excused": Q(state=State.EXCUSED),
    }
    return {f"{prefix}{name}": Count("pk", filter=held & part, distinct=True) for name, part in parts.items()}


def rate_of(row: dict[str, int], prefix: str = "", key: str = "", label: str = "") -> Rate:
    """The rate that such counts make."""
    in_time, late, missing, excused = (row[f"{prefix}{name}"] for name in ("in_time", "late", "missing", "excused"))
    return Rate(key, label, in_time + late + missing, in_time, late, missing, excused)


@enforces("RPT-033")
def total(rows: QuerySet[DutyItem], now: datetime) -> Rate:
    """All of the rows as one."""
    return rate_of(rows.order_by().aggregate(**counts(now)))


def between(first: date, last: date) -> QuerySet[DutyItem]:
    """Items that count for the days, both included."""
    return DutyItem.objects.filter(day__range=(first, last))


GROUPS = ("duty", "position", "person")


@enforces("RPT-033")
def rates(rows: QuerySet[DutyItem], by: str, now: datetime) -> list[Rate]:
    """One rate per duty, post or person, the worst first; what is not due at all stands last. Three queries at most."""
    column = {"duty": "duty", "position": "position", "person": "holders__staff__code"}[by]
    found = list(rows.order_by().values(column).annotate(**counts(now)).order_by(column))
    names = _names(by, [str(row[column] or "") for row in found], rows)
    made = [rate_of(row, "", str(row[column] or ""), names.get(str(row[column] or ""), "") or "—") for row in found]
    return sorted(made, key=lambda one: (one.ratio is None, one.ratio or 0.0, one.label))


def _names(by: str, keys: Iterable[str], rows: QuerySet[DutyItem]) -> dict[str, str]:
    if by == "position":
        return people.position_names(keys)
    if by == "person":
        return {code: f"{name} {code}" for code, name in people.names_of(keys).items()}
    found: dict[str, tuple[Why, set[str]]] = {}
    for duty, zh, en, position in rows.order_by().values_list("duty", "terms__zh", "terms__en", "position").distinct():
        found.setdefault(duty, (Why(zh or duty, en or duty), set()))[1].add(position)
    posts = people.position_names({one for _title, some in found.values() for one in some})
    return {
        duty: " · ".join([str(title), *sorted(posts.get(one, one) for one in some if one)])
        for duty, (title, some) in found.items()
    }
