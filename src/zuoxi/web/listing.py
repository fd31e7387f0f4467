# SPDX-License-Identifier: Apache-2.0
"""One page of a list: sorted by a permitted column, fifty rows, without counting the whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

PAGE_ROWS = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """What `{% pager page %}` needs. total is None when it was not counted."""

    rows: Sequence[Row]
    number: int
    has_next: bool
    total: int | None = None
    size: int = PAGE_ROWS

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


def page_number(request: HttpRequest) -> int:
    """The asked page, at least 1; nonsense counts as 1."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def sort_of(request: HttpRequest, sorts: Mapping[str, str], default: str) -> tuple[str, bool]:
    """(field, descending) of the asked "sort" (key or -key); a key outside `sorts` counts as the default."""
    asked = request.GET.get("sort", "") or default
    if asked.lstrip("-") not in sorts:
        asked = default
    return sorts[asked.lstrip("-")], asked.startswith("-")


def page_of_rows(request: HttpRequest, rows: Sequence[Row], size: int = PAGE_ROWS) -> ListPage[Row]:
    """A page of rows that are already in hand."""
    number = page_number(request)
    start = (number - 1) * size
    return ListPage(rows[start : start + size], number, len(rows) > start + size, len(rows), size)


def page_of(
    request: HttpRequest,
    queryset: QuerySet[Any],
    sorts: Mapping[str, str],
    default: str,
    *,
    count: bool = False,
    size: int = PAGE_ROWS,
) -> ListPage[Any]:
    """A page of the queryset in the asked order; one query (two with `count`). Unknown values sort last."""
    column, descending = sort_of(request, sorts, default)
    last = True if _may_be_unknown(queryset, column) else None
    order = F(column).desc(nulls_last=last) if descending else F(column).asc(nulls_last=last)
    ordered = queryset.order_by(order, "-pk" if descending else "pk")
    number = page_number(request)
    start = (number - 1) * size
    rows: list[Model] = list(ordered[start : start + size + 1])
    total = queryset.count() if count else None
    return ListPage(rows[:size], number, len(rows) > size, total, size)


def _may_be_unknown(queryset: QuerySet[Any], column: str) -> bool:
    """Whether a value that is sorted by may be missing. Where it never is, an index on it gives the order as it stands;
    PostgreSQL would sort a whole table to put last what cannot be."""
    model: Any = queryset.model
    if column in queryset.query.annotations:
        return True
    for name in column.split("__"):
        try:
            field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return True
        if field.null or field.many_to_many or field.one_to_many or (field.is_relation and field.auto_created):
            return True
        model = field.related_model
    return False


def between(rows: QuerySet[Any], asked: Mapping[str, str], field: str) -> QuerySet[Any]:
    """Rows whose moment lies from the asked day `from` to the day `to`, both included; days that are none narrow
    nothing. The same days as those of a figure, so that its link opens the rows that it was counted from."""
    first, last = _day(asked.get("from", "")), _day(asked.get("to", ""))
    if first:
        rows = rows.filter(**{f"{field}__gte": _begin(first)})
    if last and last < date.max:
        rows = rows.filter(**{f"{field}__lt": _begin(last + timedelta(days=1))})
    return rows


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
