# SPDX-License-Identifier: Apache-2.0
"""The rows of a file as people have it: CSV in UTF-8, UTF-16 or GBK, or Excel."""

from __future__ import annotations

import csv
import io
import re
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

UNPACKED: Final = 12
"""Times its size that an Excel file may have when it is unpacked, and at most `MOST_UNPACKED` bytes."""
MOST_UNPACKED: Final = 300 * 1024 * 1024
MOST_CELLS: Final = 10_000_000
"""Cells up to the farthest one: a sheet takes room in memory for all of them, however few are filled."""
_FILLED: Final = rb"""["'](?=[^<>]*[^/<>]>)"""
"""Behind the name of a cell that holds something; a cell that has only a colour ends at once."""
_FAR_RIGHT: Final = re.compile(rb"""r\s*=\s*["']([A-Za-z]{2,3})[0-9]+""" + _FILLED)
_CHARACTERS: Final = 20
"""As many characters of several bytes that UTF-8 can read are no chance."""
_FORMULA_OF_TEXT: Final = re.compile(r'="(.*)"', re.DOTALL)
_SEPARATOR: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
KEPT_EXACTLY: Final = 1e15
"""From here on a spreadsheet keeps no number exactly: the last digits are noughts that nobody typed."""


class Unreadable(ValueError):
    """The file as a whole cannot be used; `message` says what is wrong and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


def rows_of(content: bytes, moments: bool, most_bytes: int) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows as they stand, trimmed, and the names of other sheets that hold something. Raises Unreadable."""
    table, sheets = _excel(content, moments, most_bytes) if content[:2] == b"PK" else (_csv(content), ())
    while table and not any(table[-1]):
        table.pop()
    return table, sheets


def _csv(content: bytes) -> list[tuple[str, ...]]:
    text = _decoded(content)
    if text.lstrip()[:1] == "<":
        raise Unreadable(_("This is a web page that is only called a table. Open it in a spreadsheet, save as .xlsx."))
    first, _end, rest = text.partition("\n")
    delimiter = _delimiter(first)
    if told := _SEPARATOR.fullmatch(first.strip()):  # a line for the spreadsheet alone, which does not count it either
        delimiter, text = told.group(1), rest
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    bare = _bare if '="' in text else str.strip  # takes the wide space U+3000 off as well
    try:
        return [tuple(map(bare, row)) for row in rows]
    except csv.Error as error:
        told_of = {"line": rows.line_num, "error": error}
        raise Unreadable(
            _("The file is not clean CSV in or above line %(line)d (%(error)s). Look for a lone quotation mark there.")
            % told_of
        ) from error


def _delimiter(first: str) -> str:
    """What parts the headings; signs between quotation marks do not."""
    outside = re.sub(r'"[^"]*"', "", first)
    return max(",\t;|，", key=outside.count)


def _bare(cell: str) -> str:
    """Without the spaces around it, and without ="…", by which a number is kept as text."""
    text = cell.strip()
    if text[:2] == '="' and (found := _FORMULA_OF_TEXT.fullmatch(text)):
        return found.group(1).replace('""', '"').strip()
    return text


def _decoded(content: bytes) -> str:
    wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if b"\0" in content and not wide:
        raise Unreadable(
            _("This is neither CSV nor .xlsx. Save an old .xls file, or one with a password, as .xlsx without one.")
        )
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            _check_broken(content, error)
        else:
            return text.replace("\0", "")
    raise Unreadable(_("The file is in an unknown encoding. Save it as UTF-8 or GBK."))


def _check_broken(content: bytes, error: UnicodeDecodeError) -> None:
    """Raises Unreadable for UTF-8 that breaks somewhere: read as GBK it would become other words."""
    before = content[: error.start]
    if (
        error.encoding.startswith("utf-8")
        and sum(sign > "\u07ff" for sign in before.decode(errors="ignore")) >= _CHARACTERS
    ):
        line = before.count(b"\n") + 1
        raise Unreadable(_("Line %(line)d holds a broken character. Save the file anew as UTF-8.") % {"line": line})


def _excel(content: bytes, moments: bool, most_bytes: int) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows of the first sheet that holds something, and the names of the others that do."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
            most = min(most_bytes * UNPACKED, MOST_UNPACKED)
            if unpacked > most:
                told = {"size": most // 1024 // 1024}
                raise Unreadable(_("Unpacked, the file is larger than %(size)d MB. Split it.") % told)
            for sheet in (one for one in packed.namelist() if one.startswith("xl/worksheets/")):
                _check_far(packed, sheet)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        sheets = [book.get_sheet_by_name(name) for name in names]
        full = [one for one in sheets if one.height] or sheets[:1]
        rows = [tuple(_text(cell, moments) for cell in row) for row in full[0].to_python(skip_empty_area=False)]
        return _spread(rows, full[0].merged_cell_ranges or ()), tuple(one.name for one in full[1:])
    except Unreadable:
        raise
    except (CalamineError, BadZipFile, zlib.error, RuntimeError, OSError, ValueError, IndexError) as error:
        raise Unreadable(_("The Excel file cannot be opened. Save it again as .xlsx.")) from error


def _check_far(packed: ZipFile, sheet: str) -> None:
    """Raises Unreadable for a cell so far away that the sheet with all the empty ones between would fill the memory."""
    wide = max((_place(letters) for letters in _found(packed, sheet, _FAR_RIGHT)), default=0)
    if not wide:  # one letter: whatever the sheet holds, it is not so large
        return
    most = MOST_CELLS // wide
    low = re.compile(rb"""r\s*=\s*["'][A-Za-z]{1,3}([0-9]{%d,7})""" % len(str(most)) + _FILLED)
    if max(map(int, _found(packed, sheet, low)), default=0) > most:
        raise Unreadable(
            _(
                "Something stands far away from the list, with very many empty cells between. "
                "Copy the list alone into a new file."
            )
        )


def _found(packed: ZipFile, name: str, what: re.Pattern[bytes]) -> set[bytes]:
    """What the pattern finds in a part of the file, a piece of it at a time."""
    found, before = set[bytes](), b""
    with packed.open(name) as part:
        while piece := part.read(1 << 20):
            text = before + piece
            found.update(what.findall(text))
            before = text[-256:]
    return found


def _place(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    return reduce(lambda place, letter: 26 * place + letter - ord("A") + 1, letters.upper(), 0)


def _spread(rows: list[tuple[str, ...]], merged: Iterable[Any]) -> list[tuple[str, ...]]:
    """A cell merged with those below it stands in every row that it covers; headings stand once."""
    for (top, left), (bottom, _right) in merged:
        if 0 < top < bottom and top < len(rows) and left < len(rows[top]) and (said := rows[top][left]):
            for line in range(top + 1, min(bottom + 1, len(rows))):
                row = rows[line]
                rows[line] = (*row[:left], row[left] or said, *row[left + 1 :])
    return rows


def _text(cell: object, moments: bool) -> str:
    """Excel keeps 1001 as 1001.0, 36.9 as 36.900000000000006, and days and times as their own kinds."""
    if isinstance(cell, float):
        if abs(cell) >= KEPT_EXACTLY:
            return f"{cell:.5E}"  # as the sheet shows it: whoever reads the cell sees that digits are lost
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        cell = (cell + timedelta(milliseconds=500)).replace(microsecond=0)  # a column filled downwards drifts
        return cell.isoformat(" ", "seconds") if moments and cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    return _bare(str(cell))
