# SPDX-License-Identifier: Apache-2.0
"""Figures of the knowledge, and the rows behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDay
from django.utils import timezone

from zuoxi.knowledge.models import Article, Search, Version, Wish
from zuoxi.knowledge.reading import Readers, required


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last `days`: searches, those in vain, those that led to an article. None: nothing to divide by."""

    days: int
    articles: int
    searches: int
    without: int
    led: int
    opened_wishes: int
    overdue: int
    waiting: int
    reading: float | None

    @property
    def zero_share(self) -> float | None:
        return self.without / self.searches if self.searches else None

    @property
    def led_share(self) -> float | None:
        return self.led / self.searches if self.searches else None


def since(today: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(today - timedelta(days=days - 1), time.min))


def in_force() -> QuerySet[Article]:
    return Article.objects.filter(current__isnull=False, retired_at=None)


def overdue(today: date) -> QuerySet[Article]:
    """In force, and its review is due."""
    return in_force().filter(review_on__lte=today)


def due_soon(today: date, days: int) -> QuerySet[Article]:
    """In force, and its review or its last day comes within so many days."""
    until = today + timedelta(days=days)
    return in_force().filter(Q(review_on__lte=until) | Q(current__effective_until__lte=until))


def figures(today: date, days: int, series: Sequence[SearchDay], lines: Sequence[Readers]) -> Figures:
    """Three queries for any number of rows, besides those of `searches_by_day` and `reading_lines`."""
    asked = sum(len(one.people) for one in lines)
    read = sum(len(one.people) - len(one.missing) for one in lines)
    articles = in_force().aggregate(all=Count("pk"), late=Count("pk", filter=Q(review_on__lte=today)))
    return Figures(
        days,
        articles["all"],
        sum(one.searches for one in series),
        sum(one.in_vain for one in series),
        sum(one.led for one in series),
        Wish.objects.filter(state=Wish.State.OPEN).count(),
        articles["late"],
        Version.objects.filter(state=Version.State.REVIEW).count(),
        read / asked if asked else None,
    )


def found_nothing(today: date, days: int, limit: int = 50) -> list[dict[str, Any]]:
    """What was looked for in vain, the most often first: words, times, last."""
    rows = Search.objects.filter(at__gte=since(today, days), hits=0).values("words_key")
    counted = rows.annotate(times=Count("pk"), last=Max("at"), words=Max("words"))
    return [dict(one) for one in counted.order_by("-times", "-last")[:limit]]


@dataclass(frozen=True, slots=True)
class SearchDay:
    """Searches of a day: all, those in vain, those that led to an article."""

    day: date
    searches: int = 0
    in_vain: int = 0
    led: int = 0


def searches_by_day(today: date, days: int) -> list[SearchDay]:
    """Every day of the span, without gaps. One query, counted by the database."""
    cut = TruncDay("at", tzinfo=timezone.get_current_timezone())
    rows = Search.objects.filter(at__gte=since(today, days)).order_by().values(cut=cut)
    counted = rows.annotate(n=Count("pk"), none=Count("pk", filter=Q(hits=0)), led=Count("opened"))
    known = {
        timezone.localdate(row["cut"]): SearchDay(timezone.localdate(row["cut"]), row["n"], row["none"], row["led"])
        for row in counted
    }
    span = (today - timedelta(days=ago) for ago in reversed(range(days)))
    return [known.get(day, SearchDay(day)) for day in span]


def reading_lines(today: date) -> list[Readers]:
    """Every article that has to be read, the least read first."""
    found = required(list(in_force().filter(must_read=True).select_related("current")), today)
    return sorted(found, key=lambda one: one.share if one.share is not None else 2.0)
