# SPDX-License-Identifier: Apache-2.0
"""A table as people have it: CSV in UTF-8 or GBK, or Excel; headings in Chinese or English, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zipfile import BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_ROWS: Final = 20_000

Columns = Mapping[str, Sequence[str]]


class Unreadable(ValueError):
    """The file as a whole cannot be used; `message` says what is wrong and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


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
    """`head` and `cells` are as in the file, trimmed; `places` say where each known column stands. Line 1: heading."""

    head: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    places: Mapping[str, int]

    def row(self, index: int) -> dict[str, str]:
        """The cells of a row by column key."""
        cells = self.cells[index]
        return {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()}


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
    table = _excel(content, moments) if content[:2] == b"PK" else _csv(content)
    if not table or not any(table[0]):
        raise Unreadable(_("The first line must hold the headings."))
    if len(table) > most_rows + 1:
        raise Unreadable(_("The file has more than %(count)s lines. Split it.") % {"count": f"{most_rows:,}"})
    head = table[0]
    return Table(head, tuple(table[1:]), _places(head, columns, required, own_headings or {}))


def _places(head: Sequence[str], columns: Columns, required: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    known = {word.casefold(): key for key, words in columns.items() for word in (key, *words)}
    for theirs, ours in own.items():
        if ours.casefold() not in known:
            raise Unreadable(_("There is no column “%(word)s” to put a heading on.") % {"word": ours})
        known[theirs.casefold()] = known[ours.casefold()]
    places: dict[str, int] = {}
    for place, word in enumerate(head):
        key = known.get(" ".join(word.split()).casefold())
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


def _csv(content: bytes) -> list[tuple[str, ...]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [tuple(map(str.strip, row)) for row in rows]  # takes the wide space U+3000 off as well
    except csv.Error as error:
        raise Unreadable(_("The file is not clean CSV (%(error)s). Save it again.") % {"error": error}) from error


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise Unreadable(_("This is neither CSV nor .xlsx. An old .xls file must be saved as .xlsx."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is in an unknown encoding. Save it as UTF-8 or GBK."))


def _excel(content: bytes, moments: bool) -> list[tuple[str, ...]]:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(_("The file is larger than 5 MB. Split it."))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [tuple(_text(cell, moments) for cell in row) for row in sheet.to_python(skip_empty_area=False)]
    except Unreadable:
        raise
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError) as error:
        raise Unreadable(_("The Excel file cannot be opened. Save it again as .xlsx.")) from error


def _text(cell: object, moments: bool) -> str:
    """Excel keeps 1001 as 1001.0, and days and times as their own kinds."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = (cell + timedelta(milliseconds=500)).replace(microsecond=0)  # a column filled downwards drifts
        return cell.isoformat(" ", "seconds") if moments and cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    return str(cell).strip().strip("\u3000")
