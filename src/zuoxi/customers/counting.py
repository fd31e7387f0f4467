# SPDX-License-Identifier: Apache-2.0
"""Registers of services: entries, sums by month with the year before, funnels, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Count, Sum

from zuoxi.customers.handbook import COUNTS, ServiceCountBody
from zuoxi.customers.models import ServiceClosure, ServiceCount
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class CountLine:
    """One kind over a stretch. `change` in percent to one decimal place; None without a base or when not comparable.

    `share`: of the kind above it in the funnel, None without a base. `adds_up`: whether its parts add up to it (None:
    it has none). `a_day`: the mean of the `days` that were counted, None without one; `usual`: the handbook's figure.
    """

    key: str
    body: ServiceCountBody
    count: int
    before: int
    change: Decimal | None
    comparable: bool
    share: Decimal | None
    adds_up: bool | None
    parts_sum: int | None
    days: int = 0
    a_day: Decimal | None = None
    usual: Decimal | None = None


def kinds() -> dict[str, ServiceCountBody]:
    """What the site's pack counts, in its order."""
    found = site_handbook().entries(COUNTS)
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


@enforces("CUS-025")
def change_in_percent(count: int, before: int, *, comparable: bool = True) -> Decimal | None:
    """Year on year, to one decimal place; None (shown as a dash) without a base, or where a closure forbids it."""
    if before <= 0 or not comparable:
        return None
    return (Decimal(count - before) * 100 / before).quantize(_TENTH, ROUND_HALF_UP)


@enforces("CUS-023")
def share_in_percent(part: int, whole: int) -> Decimal | None:
    """A rate to one decimal place; None when nothing was there to be part of."""
    if whole <= 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(_TENTH, ROUND_HALF_UP)


def year_before(day: date) -> date:
    """The same day a year earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def sums(first: date, last: date, place: str = "") -> list[CountLine]:
    """Every kind over the days, with the same days a year before. Four queries at most."""
    now = _by_kind(first, last, place)
    before = _by_kind(year_before(first), year_before(last), place)
    comparable = not _closed(first, last, place)
    found = kinds()
    lines = [_sum(key, body, now, before, comparable=comparable) for key, body in found.items()]
    return _with_days(lines, first, last, place)


@enforces("CALL-025")
def _with_days(lines: list[CountLine], first: date, last: date, place: str) -> list[CountLine]:
    """The lines whose kind says how many a day are usual, with the mean of the days that were counted. A day without
    an entry is unknown and not nought. One query where there is such a kind."""
    wanted = [one.key for one in lines if one.body.a_day]
    if not wanted:
        return lines
    rows = ServiceCount.objects.filter(kind__in=wanted, on__gte=first, on__lte=last)
    if place:
        rows = rows.filter(place=place)
    days = dict(rows.order_by().values_list("kind").annotate(days=Count("on", distinct=True)))
    reading = site_handbook().on(last)
    return [
        replace(
            one,
            days=days.get(one.key, 0),
            a_day=_mean(one.count, days.get(one.key, 0)),
            usual=reading.number(one.body.a_day),
        )
        if one.body.a_day
        else one
        for one in lines
    ]


def _mean(count: int, days: int) -> Decimal | None:
    return (Decimal(count) / days).quantize(_TENTH, ROUND_HALF_UP) if days else None


def _sum(
    key: str, body: ServiceCountBody, now: Mapping[str, int], before: Mapping[str, int], *, comparable: bool
) -> CountLine:
    count, then = now.get(key, 0), before.get(key, 0)
    parts = sum(now.get(part, 0) for part in body.parts) if body.parts else None
    return CountLine(
        key,
        body,
        count,
        then,
        change_in_percent(count, then, comparable=comparable),
        comparable,
        share_in_percent(count, now.get(body.of, 0)) if body.of else None,
        None if parts is None else parts == count,
        parts,
    )


def _by_kind(first: date, last: date, place: str) -> dict[str, int]:
    rows = ServiceCount.objects.filter(on__gte=first, on__lte=last)
    if place:
        rows = rows.filter(place=place)
    return dict(rows.order_by().values_list("kind").annotate(total=Sum("count")))


def _closed(first: date, last: date, place: str) -> bool:
    """Whether the place (any place, when all are asked) was closed on any of the days, this year or the year before."""
    rows = ServiceClosure.objects.all()
    if place:
        rows = rows.filter(place=place)
    spans = ((first, last), (year_before(first), year_before(last)))
    return any(one.first_on <= until and one.last_on >= since for one in rows for since, until in spans)


def places() -> list[str]:
    rows = ServiceCount.objects.exclude(place="").order_by("place").values_list("place", flat=True)
    return list(rows.distinct()[:200])


@transaction.atomic
def count(kind: str, *, on: date, count: int, place: str, note: str, by: Staff | None, now: datetime) -> ServiceCount:
    """One entry. The form has checked that the pack counts such a kind."""
    return ServiceCount.objects.create(kind=kind, place=place.strip(), on=on, count=count, note=note, by=by, at=now)


def close(place: str, *, first_on: date, last_on: date, why: str, by: Staff | None) -> ServiceClosure:
    return ServiceClosure.objects.create(place=place.strip(), first_on=first_on, last_on=last_on, why=why, by=by)
