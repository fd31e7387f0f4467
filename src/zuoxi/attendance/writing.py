# SPDX-License-Identifier: Apache-2.0
"""Writing very many rows at once, without an object for each.

A month of a large centre is a hundred thousand rows; the ORM's way of writing them takes longer than judging them. Each
value goes through the database's own adapters, as the ORM's would, and equal values are adapted once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

Adapter = Callable[[Any], Any]


def insert_many(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of `names` (as `staff_id`); part of the caller's transaction."""
    fields = [_field(model, name) for name in names]
    adapters = [_adapter(field) for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our model
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[adapt(value) for adapt, value in zip(adapters, row, strict=True)] for row in rows])


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _adapter(field: models.Field[Any, Any]) -> Adapter:
    ops: Any = connection.ops
    if isinstance(field, models.JSONField):
        return lambda value: ops.adapt_json_value(value, field.encoder)
    if isinstance(field, models.DateTimeField):
        return _remembering(ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return _remembering(ops.adapt_datefield_value)
    if isinstance(field, models.DecimalField):
        return _remembering(lambda value: ops.adapt_decimalfield_value(value, field.max_digits, field.decimal_places))
    return lambda value: value


def _remembering(adapt: Adapter) -> Adapter:
    known: dict[Any, Any] = {None: None}

    def remembered(value: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            found = known[value] = adapt(value)
            return found

    return remembered


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let the memory be cleared up afterwards: hundreds of thousands of small objects are made and none is a cycle."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
