# SPDX-License-Identifier: Apache-2.0
"""Lists of customers from CSV and Excel: read, checked without touching anything, and taken in pieces.

Each piece is one transaction that also moves the mark `done`: a run that breaks off goes on behind the last piece,
and a run that is repeated finds every number known. Cells stay text; nothing in them is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import CharField
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers import indexing
from zuoxi.customers.cards import entries
from zuoxi.customers.changing import ADDRESS_PARTS, Business, likeness_of, tidy_tags, write_changes
from zuoxi.customers.import_columns import COLUMNS, KINDS, LABELS
from zuoxi.customers.models import Address, ColumnMemory, ContactNumber, Customer, CustomerImport, ImportReject
from zuoxi.customers.numbers import parsed
from zuoxi.customers.numbers import plain_mobile as plain
from zuoxi.customers.throwing import next_ids, standing_values, throw_in
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_codes
from zuoxi.web.tabular import Table, read_table

PIECE: Final = 1000
MOST_KEPT: Final = 10_000
MOST_BYTES: Final = 40 * 1024 * 1024
MOST_ROWS: Final = 200_000
Key = tuple[str, str]
"""A number with its extension."""


class Wrong(Exception):
    """A line that cannot be taken; the message says what is wrong and what to do."""


@dataclass(slots=True)
class Row:
    """A line that can be taken. Lines that say the same share their `values`: read them, never change them."""

    name: str
    numbers: list[Key]
    values: dict[str, Any]
    note: str
    address: dict[str, str]


@dataclass(slots=True)
class Report:
    """What a file would do, or has done."""

    rows: int = 0
    made: int = 0
    filled: int = 0
    skipped: int = 0
    refused: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def open_table(content: bytes, mapping: Mapping[str, str]) -> Table:
    """The file with its columns found. `mapping`: heading → column, "" for one that is passed over; none given: by
    what the headings meant the last time or are called. Raises Unreadable."""
    table = read_table(content, {}, (), most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    meant = mapping or remembered(table.head)
    places: dict[str, int] = {}
    for place, heading in enumerate(table.head):
        if (column := meant.get(heading, "")) in COLUMNS:
            places.setdefault(column, place)
    return replace(table, places=places)


def remembered(headings: Sequence[str]) -> dict[str, str]:
    """Which column each heading meant the last time, or means by its name; "" for what is passed over."""
    known = dict(ColumnMemory.objects.filter(heading__in=list(headings)).values_list("heading", "column"))
    words = {word.casefold(): key for key, names in COLUMNS.items() for word in (key, *names)}
    found: dict[str, str] = {}
    for heading in headings:
        column = known.get(heading, words.get(" ".join(heading.split()).casefold(), ""))
        found[heading] = "" if column in found.values() else column
    return found


def remember(mapping: Mapping[str, str]) -> None:
    for heading, column in mapping.items():
        if heading and len(heading) <= 80:
            ColumnMemory.objects.update_or_create(heading=heading, defaults={"column": column})


class Reader:
    """Reads lines by the choices of one import: grades and sources of the pack, sellers by staff number."""

    def __init__(self, table: Table, source: str = "") -> None:
        self.table, self.source = table, source
        grades, sources = entries()
        self._grades = _words(grades)
        self._sources = _words(sources)
        self._sellers = self._staff()
        self._width = len(table.head)
        self._name = table.places.get("name")
        self._phones = [table.places[key] for key in ("number", "number2") if key in table.places]
        self._parts = [(part, table.places[part], _most(part)) for part in ADDRESS_PARTS if part in table.places]
        readers: dict[str, Callable[[str], Any]] = {
            "kind": lambda text: self._one(KINDS, text, "kind"),
            "grade": lambda text: self._one(self._grades, text, "grade"),
            "source": lambda text: self._one(self._sources, text, "source") or self.source,
            "seller": self._seller,
            "birthday": _day,
            "tags": _tags,
        }
        self._readers = [(key, place, readers[key]) for key, place in table.places.items() if key in readers]
        self._note = table.places.get("note")
        self._read: dict[tuple[str, ...], dict[str, Any]] = {}  # most lines say of these what others said
        self._blank: dict[str, Any] = {
            "kind": "person",
            "grade": "",
            "source": source,
            "seller": None,
            "birthday": None,
            "tags": [],
        }

    def _staff(self) -> dict[str, Staff]:
        place = self.table.places.get("seller")
        if place is None:
            return {}
        codes = {cells[place] for cells in self.table.cells if place < len(cells) and cells[place]}
        return staff_by_codes(codes)

    def row(self, index: int) -> Row:
        """Raises Wrong."""
        cells = self.table.cells[index]
        if len(cells) < self._width:
            cells = (*cells, *[""] * (self._width - len(cells)))
        name = "" if self._name is None else cells[self._name][:80]
        said = [(text, "") if plain(text) else _number(text) for place in self._phones if (text := cells[place])]
        if not said and not name:
            raise Wrong(_("There is neither a name nor a number in this line."))
        words = tuple([cells[place] for _key, place, _reader in self._readers])
        values = self._read.get(words) or self._values(words)
        note = "" if self._note is None else cells[self._note][:2000]
        address = self._address(cells) if self._parts else {}
        return Row(name, said, values, note, address)

    def _address(self, cells: Sequence[str]) -> dict[str, str]:
        """Raises Wrong for a part that is longer than is kept: cut, it would be another address."""
        found: dict[str, str] = {}
        for part, place, most in self._parts:
            if text := cells[place]:
                if len(text) > most:
                    told = {"what": LABELS[part], "said": text[:12], "most": most}
                    raise Wrong(_("%(what)s: “%(said)s…” is longer than %(most)d signs. Shorten it.") % told)
                found[part] = text
        return found

    def _values(self, words: tuple[str, ...]) -> dict[str, Any]:
        """What the cells of a line mean, without those that only it has. Raises Wrong."""
        values = dict(self._blank)
        for (key, _place, read), text in zip(self._readers, words, strict=True):
            if text:
                values[key] = read(text)
        if len(self._read) >= MOST_KEPT:
            self._read.clear()
        self._read[words] = values
        return values

    def _one(self, known: Mapping[str, str], said: str, what: str) -> str:
        text = said.strip()
        if not text or text in known:
            return known.get(text, "")
        told = {"what": LABELS[what], "said": text[:20], "known": "、".join(key for key in known if key)[:80]}
        raise Wrong(_("There is no %(what)s “%(said)s”. Known: %(known)s.") % told)

    def _seller(self, code: str) -> Staff | None:
        text = code.strip()
        if text and text not in self._sellers:
            raise Wrong(_("Nobody here has the staff number %(code)s.") % {"code": text[:20]})
        return self._sellers.get(text)


def _most(part: str) -> int:
    kept = Address._meta.get_field(part)
    return kept.max_length or 0 if isinstance(kept, CharField) else 0


def _number(text: str) -> Key:
    """Raises Wrong for what is no number."""
    said = parsed(text)
    if said.problem is not None:
        raise Wrong(str(said.problem))
    return said.national, said.extension


def _words(found: Mapping[str, Any]) -> dict[str, str]:
    words = {key: key for key in found}
    for key, body in found.items():
        words[body.label.zh] = words[body.label.en] = key
    return words


def _tags(text: str) -> list[str]:
    return tidy_tags(text.replace("，", ",").replace("、", ",").split(",")) if text else []


def _day(text: str) -> date | None:
    if not text:
        return None
    plain = text.strip().replace("/", "-").replace(".", "-").split(" ")[0]
    if not plain:
        return None
    try:
        parts = [int(one) for one in plain.split("-")]
        return date(*parts) if len(parts) == 3 else date.fromisoformat(plain)
    except (ValueError, TypeError):
        raise Wrong(_("“%(text)s” is no day. Write it as 1990-05-21.") % {"text": text[:20]}) from None


def check(table: Table, policy: str, source: str = "", problems: int = 200) -> Report:
    """What taking the file would do; nothing is written. A query for each thousand lines."""
    reader, report, seen = Reader(table, source), Report(), set[tuple[str, str]]()
    for start in range(0, len(table.cells), PIECE):
        rows = list(_readable(reader, start, min(start + PIECE, len(table.cells)), report, problems))
        known = set(_holders(rows))
        for row in rows:
            twice = any(key in known or key in seen for key in row.numbers)
            seen.update(row.numbers)
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
    """Who has the numbers already, by (number, extension)."""
    wanted = {number for row in rows for number, _extension in row.numbers}
    standing = standing_values(ContactNumber, "number", list(wanted))
    found = ContactNumber.objects.filter(number__in=standing).select_related("customer") if standing else ()
    return {(one.number, one.extension): one.customer for one in found}


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
        keys = row.numbers
        free = [key for key in keys if key not in known]
        held = len(free) < len(keys)
        if not held or as_new:
            report.made += 1
            known.update(dict.fromkeys(free))
            fresh.append((row, free if len(free) < 2 else list(dict.fromkeys(free))))
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
