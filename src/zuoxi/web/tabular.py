# SPDX-License-Identifier: Apache-2.0
"""A table with headings: in Chinese or English, in any order (its rows are read in `sheets`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.web.sheets import Unreadable, rows_of

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
_LOOKED_AT: Final = 10
"""Lines in which headings are looked for that should stand in the first."""
_ASIDE: Final = re.compile(r"\([^()0-9]*\)$")
__all__ = [
    "MOST_BYTES", "MOST_ROWS", "Columns", "Problem", "Refusal", "Table", "Unreadable", "heading_words", "letters_of",
    "read_table",
]  # fmt: skip

Columns = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """The column key, what is wrong in it, and what to do."""

    def __init__(self, key: str, wrong: str | Promise, todo: str | Promise) -> None:
        super().__init__(key)
        self.key, self.wrong, self.todo = key, wrong, todo


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell and what to do; `line` as the spreadsheet counts, `column` as the file calls it."""

    line: int
    column: str
    wrong: str | Promise
    todo: str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """`head` and `cells` are as in the file, trimmed; `places` say where each known column stands. Line 1: heading.

    `sheets`: names of the file's other sheets that hold something; they are not read.
    """

    head: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    places: Mapping[str, int]
    sheets: tuple[str, ...] = ()

    def row(self, index: int) -> dict[str, str]:
        """The cells of a row by column key."""
        cells = self.cells[index]
        return {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()}

    def beyond(self, index: int) -> str:
        """What stands in a row behind the last heading: a comma in an address parts it, and moves what follows."""
        return "、".join(filter(None, self.cells[index][len(self.head) :]))

    def called(self) -> tuple[str, ...]:
        """The headings, each once: a second one of the same words with its number, one that is missing over a column
        that holds something by its letter; "" over an empty column."""
        found: dict[str, int] = {}  # and how often the same words came
        names: list[str] = []
        for place, word in enumerate(self.head):
            name = bare = word or (f"[{letters_of(place)}]" if self._holds(place) else "")
            while name and name in found:
                found[bare] += 1
                name = f"{bare} ({found[bare]})"
            found[name] = 1
            names.append(name)
        return tuple(names)

    def _holds(self, place: int) -> bool:
        return any(place < len(cells) and cells[place] for cells in self.cells)


def letters_of(place: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet calls its columns."""
    return (letters_of(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def heading_words(word: str) -> tuple[str, ...]:
    """How a heading is looked for: as it stands, and without what is said aside: 手机号（必填）* → 手机号."""
    plain = " ".join(unicodedata.normalize("NFKC", word).split()).casefold().strip("*: ")
    return tuple(dict.fromkeys((plain, _ASIDE.sub("", plain).strip("*: "))))


def read_table(
    content: bytes,
    columns: Columns,
    required: Sequence[str],
    own_headings: Mapping[str, str] | None = None,
    *,
    moments: bool = False,
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS,
) -> Table:
    """Raise Unreadable. `own_headings`: heading of the file → one of our headings or column keys.

    `moments`: Excel cells keep their time of day; otherwise a cell with day and time counts as the day.
    """
    if len(content) > most_bytes:
        raise Unreadable(_("The file is larger than %(size)d MB. Split it.") % {"size": most_bytes // 1024 // 1024})
    table, sheets = rows_of(content, moments, most_bytes)
    if not table or not any(table[0]):
        raise Unreadable(_("The first line must hold the headings."))
    if len(table) > most_rows + 1:
        raise Unreadable(_("The file has more than %(count)s lines. Split it.") % {"count": f"{most_rows:,}"})
    head = table[0]
    check_first(table, columns)
    return Table(head, tuple(table[1:]), _places(head, columns, required, own_headings or {}), sheets)


def check_first(table: Sequence[Sequence[str]], columns: Columns) -> None:
    """Raises Unreadable where the first line is a title, and one of the next holds the headings."""
    known = {name for key, words in columns.items() for word in (key, *words) for name in heading_words(word)}

    def headings(cells: Iterable[str]) -> int:
        return sum(any(name in known for name in heading_words(cell)) for cell in cells if cell)

    if not known or headings(table[0]):
        return
    line = next((place + 1 for place, cells in enumerate(table[:_LOOKED_AT]) if headings(cells) > 1), None)
    if line:
        raise Unreadable(_("The headings stand in line %(line)d. Delete the lines above them.") % {"line": line})


def _places(head: Sequence[str], columns: Columns, required: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    known = {word.casefold(): key for key, words in columns.items() for word in (key, *words)}
    exact = {" ".join(word.split()).casefold() for word in head}
    for theirs, ours in own.items():
        if ours.casefold() not in known:
            raise Unreadable(_("There is no column “%(word)s” to put a heading on.") % {"word": ours})
        known[theirs.casefold()] = known[ours.casefold()]
    places: dict[str, int] = {}
    for place, word in enumerate(head):
        key = known.get(" ".join(word.split()).casefold())
        if key is None:  # said with something aside, where no other heading says it plainly
            plain = next((name for name in heading_words(word) if name in known and name not in exact), "")
            key = known.get(plain)
            key = None if key in places else key
        if key in places:
            raise Unreadable(_("The column “%(word)s” comes twice.") % {"word": word})
        if key:
            places[key] = place
    missing = [columns[key][0] for key in required if key not in places]
    if missing:
        told = {"missing": "、".join(missing), "found": "、".join(filter(None, head))[:200]}
        raise Unreadable(
            _("These columns are missing: %(missing)s. The file has: %(found)s. Rename them or say which is which.")
            % told
        )
    return places
