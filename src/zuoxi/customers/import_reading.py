# SPDX-License-Identifier: Apache-2.0
"""Reading a list of customers: its columns, and what each line says. Cells stay text; nothing in them is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import CharField
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.customers.cards import entries
from zuoxi.customers.changing import ADDRESS_PARTS, likeness_of, tidy_tags
from zuoxi.customers.import_columns import COLUMNS, KINDS, LABELS
from zuoxi.customers.models import Address, ColumnMemory
from zuoxi.customers.numbers import parsed
from zuoxi.customers.numbers import plain_mobile as plain
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_codes
from zuoxi.web.cells import day_of, is_day_number
from zuoxi.web.tabular import Table, check_first, heading_words, read_table

MOST_KEPT: Final = 10_000
MOST_BYTES: Final = 40 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_NAME: Final = 80
MOST_NOTE: Final = 2000
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

    @property
    def keys(self) -> list[Key]:
        """By what he is known again: his numbers, or without any his name and where he lives."""
        return self.numbers or [("", f"{self.name}\n{likeness_of(self.address)}")]


def open_table(content: bytes, mapping: Mapping[str, str]) -> Table:
    """The file with its columns found. `mapping`: heading → column, "" for one that is passed over; none given: by
    what the headings meant the last time or are called. Raises Unreadable."""
    read = read_table(content, {}, (), most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    check_first((read.head, *read.cells[:10]), COLUMNS)
    table = replace(read, head=read.called())
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
        called = next((words[word] for word in heading_words(heading) if word in words), "")
        column = known.get(heading, called)
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
        self._today = timezone.localdate()
        self._name = table.places.get("name")
        self._phones = [table.places[key] for key in ("number", "number2") if key in table.places]
        self._parts = [(part, table.places[part], _most(part)) for part in ADDRESS_PARTS if part in table.places]
        readers: dict[str, Callable[[str], Any]] = {
            "kind": lambda text: self._one(KINDS, text, "kind"),
            "grade": lambda text: self._one(self._grades, text, "grade"),
            "source": lambda text: self._one(self._sources, text, "source") or self.source,
            "seller": self._seller,
            "birthday": self._day,
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
        if len(cells) != self._width:
            cells = self._as_wide(index)
        name = "" if self._name is None else _short(cells[self._name], "name", MOST_NAME)
        said = [(text, "") if plain(text) else _number(text) for place in self._phones if (text := cells[place])]
        if not said and not name:
            raise Wrong(_("There is neither a name nor a number in this line."))
        words = tuple([cells[place] for _key, place, _reader in self._readers])
        values = self._read.get(words) or self._values(words)
        note = "" if self._note is None else _short(cells[self._note], "note", MOST_NOTE)
        address = self._address(cells) if self._parts else {}
        return Row(name, said, values, note, address)

    def _as_wide(self, index: int) -> tuple[str, ...]:
        """As many cells as there are headings. Raises Wrong where more is said."""
        cells = self.table.cells[index]
        if more := self.table.beyond(index):
            raise Wrong(
                _(
                    "This line holds more cells than there are headings (%(more)s). "
                    "Put a text that has a comma between quotation marks."
                )
                % {"more": more[:40]}
            )
        return (*cells, *[""] * (self._width - len(cells)))[: self._width]

    def _address(self, cells: Sequence[str]) -> dict[str, str]:
        """Raises Wrong for a part that is longer than is kept: cut, it would be another address."""
        found: dict[str, str] = {}
        for part, place, most in self._parts:
            if text := cells[place]:
                found[part] = _short(text, part, most)
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

    def _day(self, text: str) -> date | None:
        """Raises Wrong for what is no day on which somebody was born who lives."""
        if not text.strip():
            return None
        told = {"text": text[:20]}
        if is_day_number(text):
            raise Wrong(
                _("“%(text)s” is a day as a spreadsheet counts days. Format the column as a date, save the file anew.")
                % told
            )
        try:
            day = day_of(text)
        except ValueError:
            raise Wrong(_("“%(text)s” is no day. Write it as 1990-05-21.") % told) from None
        if not date(1900, 1, 1) <= day <= self._today:
            raise Wrong(_("Nobody who lives was born on %(text)s. Correct the birthday.") % told)
        return day


def _short(text: str, what: str, most: int) -> str:
    """Raises Wrong for more than is kept: cut, something would be lost without a word."""
    if len(text) > most:
        told = {"what": LABELS[what], "said": text[:12], "most": most}
        raise Wrong(_("%(what)s: “%(said)s…” is longer than %(most)d signs. Shorten it.") % told)
    return text


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
