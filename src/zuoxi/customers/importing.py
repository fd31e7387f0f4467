# SPDX-License-Identifier: Apache-2.0
"""Lists of customers from CSV and Excel: checked without touching anything, and taken in pieces.

Each piece is one transaction that also moves the mark `done`: a run that breaks off goes on behind the last piece,
and a run that is repeated finds every number known. Cells stay text; nothing in them is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from zuoxi.customers import indexing
from zuoxi.customers.changing import ADDRESS_PARTS, Business, likeness_of, tidy_tags, write_changes
from zuoxi.customers.import_reading import Key, Reader, Row, Wrong, open_table, remember, remembered
from zuoxi.customers.models import Address, ContactNumber, Customer, CustomerImport, ImportReject
from zuoxi.customers.throwing import next_ids, standing_values, throw_in
from zuoxi.people.models import Staff
from zuoxi.web.tabular import Table

PIECE: Final = 1000
__all__ = ["Report", "check", "open_table", "remember", "remembered", "take"]


@dataclass(slots=True)
class Report:
    """What a file would do, or has done."""

    rows: int = 0
    made: int = 0
    filled: int = 0
    skipped: int = 0
    refused: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def check(table: Table, policy: str, source: str = "", problems: int = 200) -> Report:
    """What taking the file would do; nothing is written. A query for each thousand lines."""
    reader, report, seen = Reader(table, source), Report(), set[tuple[str, str]]()
    for start in range(0, len(table.cells), PIECE):
        rows = list(_readable(reader, start, min(start + PIECE, len(table.cells)), report, problems))
        known = set(_holders(rows))
        for row in rows:
            twice = any(key in known or key in seen for key in row.keys)
            seen.update(row.keys)
            _count(report, policy, twice)
    return report


def _count(report: Report, policy: str, known: bool) -> None:
    if not known or policy == CustomerImport.Policy.NEW:
        report.made += 1
    elif policy == CustomerImport.Policy.FILL:
        report.filled += 1
    else:
        report.skipped += 1


def _readable(reader: Reader, start: int, stop: int, report: Report, problems: int) -> Iterator[Row]:
    for index in range(start, stop):
        if not any(reader.table.cells[index]):
            continue
        report.rows += 1
        try:
            yield reader.row(index)
        except Wrong as wrong:
            report.refused += 1
            if len(report.problems) < problems:
                report.problems.append((index + 2, str(wrong)))


def _holders(rows: Sequence[Row]) -> dict[Key, Customer]:
    """Who is known already, by (number, extension), or where a line has no number by what else it is known by."""
    wanted = {number for row in rows for number, _extension in row.numbers}
    standing = standing_values(ContactNumber, "number", list(wanted))
    found = ContactNumber.objects.filter(number__in=standing).select_related("customer") if standing else ()
    return {(one.number, one.extension): one.customer for one in found} | _without_number(rows)


def _without_number(rows: Sequence[Row]) -> dict[Key, Customer]:
    """Those who stand without a number under the names of such lines, so that a list that is read twice adds nobody."""
    names = {row.name for row in rows if not row.numbers}
    if not names:
        return {}
    found = Customer.objects.filter(name__in=names, numbers=None).select_related("merged_into")
    return {
        ("", f"{one.name}\n{likeness}"): one.merged_into or one
        for one in found.prefetch_related("addresses")
        for likeness in ([address.likeness for address in one.addresses.all()] or [likeness_of({})])
    }


def take(
    batch: CustomerImport, table: Table, now: datetime, tell: Callable[[int, int], None], by: Staff | None
) -> None:
    """Take the file from the mark on, piece by piece. `tell(done, total)` may raise to stop: what is in stays in.

    Customers are made when their piece is, not when the file was begun: the full text goes by it (`indexing.SETTLED`).
    """
    reader, total = Reader(table, batch.source), len(table.cells)
    for start in range(batch.done, total, PIECE):
        _piece(batch, reader, range(start, min(start + PIECE, total)), max(now, timezone.now()), by)
        tell(batch.done, total)


@transaction.atomic
def _piece(batch: CustomerImport, reader: Reader, lines: range, now: datetime, by: Staff | None) -> None:
    report, refused = Report(), []
    rows: list[Row] = []
    for index in lines:
        cells = reader.table.cells[index]
        if not any(cells):
            continue
        try:
            rows.append(reader.row(index))
        except Wrong as wrong:
            refused.append(ImportReject(batch=batch, line=index + 2, cells=list(cells), why=str(wrong)[:300]))
    _store(batch, rows, report, now, by)
    ImportReject.objects.bulk_create(refused, ignore_conflicts=True)
    batch.done = lines.stop
    batch.made += report.made
    batch.filled += report.filled
    batch.skipped += report.skipped
    batch.refused += len(refused)
    batch.save(update_fields=["done", "made", "filled", "skipped", "refused"])


def _store(batch: CustomerImport, rows: list[Row], report: Report, now: datetime, by: Staff | None) -> None:
    known: dict[Key, Customer | None] = {**_holders(rows)}
    fresh: list[tuple[Row, list[Key]]] = []
    as_new = batch.policy == CustomerImport.Policy.NEW
    for row in rows:
        keys = row.keys
        free = [key for key in keys if key not in known]
        held = len(free) < len(keys)
        if not held or as_new:
            report.made += 1
            known.update(dict.fromkeys(free))
            said = free if row.numbers else []
            fresh.append((row, said if len(said) < 2 else list(dict.fromkeys(said))))
            continue
        _count(report, batch.policy, held)
        if batch.policy == CustomerImport.Policy.FILL:
            holder = known[next(key for key in keys if key in known)]
            if holder is not None:
                _fill(batch, holder, row, now, by)
    _throw_in(fresh, now, by)


def _throw_in(fresh: list[tuple[Row, list[Key]]], now: datetime, by: Staff | None) -> None:
    """The new customers of a piece with their numbers and addresses."""
    ids = next_ids(Customer, len(fresh))
    said = [row.values for row, _free in fresh]
    people: dict[str, list[Any]] = {"id": list(ids), "name": [row.name for row, _free in fresh]}
    people["unknown"] = [not name for name in people["name"]]
    for key in ("kind", "grade", "source", "birthday", "tags"):
        people[key] = [values[key] for values in said]
    people["seller_id"] = [values["seller"] and values["seller"].pk for values in said]
    people["note"] = [row.note for row, _free in fresh]
    throw_in(Customer, people, len(fresh), made_by_id=by.pk if by else None, made_at=now, changed_at=now)
    numbers = [(pk, *key) for pk, (_row, free) in zip(ids, fresh, strict=True) for key in free]
    throw_in(ContactNumber, _columns(("customer_id", "number", "extension"), numbers), len(numbers))
    lived = [
        (pk, likeness_of(row.address), *(row.address.get(part, "") for part in ADDRESS_PARTS))
        for pk, (row, _free) in zip(ids, fresh, strict=True)
        if row.address
    ]
    throw_in(Address, _columns(("customer_id", "likeness", *ADDRESS_PARTS), lived), len(lived), preferred=True)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}


def _fill(batch: CustomerImport, holder: Customer, row: Row, now: datetime, by: Staff | None) -> None:
    """What the standing customer lacks is filled in; what he has stays. Each field leaves its line."""
    held = Customer.objects.select_for_update().get(pk=holder.pk)
    offered = {"name": row.name, **row.values, "note": row.note}
    missing = {key: value for key, value in offered.items() if value and not getattr(held, key) and key != "kind"}
    more = [tag for tag in row.values["tags"] if tag not in held.tags]
    if more and "tags" not in missing:
        missing["tags"] = tidy_tags([*held.tags, *more])
    if missing:
        write_changes(held, missing, by=by, now=now, business=Business("import", str(batch.pk)))
        for key, value in missing.items():
            setattr(held, key, value)
        held.unknown = held.unknown and not held.name
        held.changed_at = now
        held.save()
        indexing.put(held)
    if row.address and not Address.objects.filter(customer=held).exists():
        Address.objects.create(customer=held, preferred=True, likeness=likeness_of(row.address), **row.address)
