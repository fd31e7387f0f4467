# SPDX-License-Identifier: Apache-2.0
"""Pages of a long list by the last row's sort value and id, so that page 200 costs what page 1 does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce

Row = TypeVar("Row", bound=Model)
PAGE_ROWS = 50
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sort:
    """`nullable` fields count as -1, so that unknown durations stand below nought."""

    field: str
    descending: bool = True
    nullable: bool = False

    @property
    def key(self) -> str:
        return f"{'-' if self.descending else ''}{self.field}"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the order of the sort; a cursor is "" where there is no page on that side."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


def page_of(  # noqa: PLR0917 - a page and where it begins
    rows: QuerySet[Row],
    sort: Sort,
    after: str = "",
    before: str = "",
    size: int = PAGE_ROWS,
    narrow: Callable[[Callable[[QuerySet[Any]], QuerySet[Any]], bool, int], QuerySet[Any]] | None = None,
) -> Page[Row]:
    """The page that begins after one cursor or ends before another; a cursor without sense is passed over.

    `narrow` finds the rows of the page where walking `rows` would be long: given how rows are made ready for their
    order by `sort_value` and key, whether it goes downwards, and how many are wanted.
    """
    column: Any = rows.model._meta.get_field(sort.field)
    value = Coalesce(F(sort.field), Value(-1), output_field=column) if sort.nullable else F(sort.field)
    backwards = bool(before) and not after
    edge = _read(before if backwards else after, column)
    downwards = sort.descending != backwards

    def ready(some: QuerySet[Any]) -> QuerySet[Any]:
        valued: QuerySet[Any] = some.annotate(sort_value=value)
        return valued if edge is None else valued.filter(_beyond(edge, downwards))

    sorted_by: Any = narrow(ready, downwards, size + 1).annotate(sort_value=value) if narrow else ready(rows)
    sign = "-" if downwards else ""
    found: list[Row] = list(sorted_by.order_by(f"{sign}sort_value", f"{sign}pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    ahead = edge is not None if backwards else more
    behind = more if backwards else edge is not None
    return Page(found, _write(found[-1]) if ahead else "", _write(found[0]) if behind else "")


def _beyond(edge: tuple[Any, int], downwards: bool) -> Q:
    """Written as a range and a remainder, which both databases answer from the index of the sort field."""
    value, pk = edge
    word = "lt" if downwards else "gt"
    in_range = Q(**{f"sort_value__{word}e": value})
    return in_range & (Q(**{f"sort_value__{word}": value}) | Q(**{f"pk__{word}": pk}))


def _write(row: Any) -> str:
    value = row.sort_value
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{row.pk}"


def _read(cursor: str, column: Any) -> tuple[Any, int] | None:
    value, _, pk = cursor.rpartition("~")
    try:
        number = int(pk)
        if abs(number) > LARGEST_ID:
            return None
        if not isinstance(column, DateTimeField):
            known = column.to_python(value)
            return None if known is None or abs(known) > LARGEST_ID else (known, number)
        moment = datetime.fromisoformat(value.replace(" ", "+"))
        return (moment, number) if moment.tzinfo else None
    except (ValueError, ArithmeticError, ValidationError):
        return None
