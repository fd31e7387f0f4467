# SPDX-License-Identifier: Apache-2.0
"""A CSV file as rows, however it was saved: UTF-8 with or without a mark, UTF-16, GBK; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LOOKED_AT: Final = 1 << 20
_MOST_LINES: Final = 50
"""Of one row: a note may have line breaks."""
_NOT_CLOSED: Final = "a quotation mark is not closed"
_SEPARATOR: Final = re.compile(r"sep=([,;\t|])\s*$", re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 when the first megabyte is that, else GB 18030 (which holds GBK)."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


class _Lines:
    """The lines of a file behind its first `number`; `taken` are those of the present row, which can be given back."""

    def __init__(self, text: Iterator[str], number: int) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = number

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise csv.Error(_NOT_CLOSED)
        line = self._again.popleft() if self._again else next(self._text)
        self.taken.append(line)
        self.number += 1
        return line

    def give_back(self) -> str:
        """All of them but the first, which is returned."""
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it ends in the file, counted from 1. `fault`: why it could not be read."""

    line: int
    cells: list[str]
    fault: str = ""


class Table:
    """A CSV file: its header, then its rows one by one. Bytes that are no text become U+FFFD, as the row shows."""

    def __init__(self, path: Path, encoding: str = "", delimiter: str = "") -> None:
        self.size = path.stat().st_size
        known = codecs.lookup(encoding or encoding_of(path)).name
        self._raw = path.open("rb")
        self._text = io.TextIOWrapper(self._raw, known, errors="replace", newline="")
        first = self._text.readline()
        before = 0
        if told := _SEPARATOR.match(first):  # Excel's own way to say it, a line before the header
            delimiter, first, before = delimiter or told[1], self._text.readline(), 1
        found = delimiter or max(",;\t", key=first.count)
        self.header = next(csv.reader([first], delimiter=found), [])
        self._lines = _Lines(self._text, before + 1)
        self._rows = csv.reader(self._lines, delimiter=found)

    def position(self) -> int:
        """Bytes read so far."""
        return self._raw.tell()

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty; a row of another width or one that cannot be read carries its fault.

        A quotation mark that nobody closes would take the lines behind it for its cell: it spoils its own line alone.
        """
        while True:
            self._lines.taken.clear()
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._spoilt(str(error))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            fault = "" if len(cells) == len(self.header) else f"{len(cells)} ≠ {len(self.header)}"
            if len(taken := self._lines.taken) > 1 and (fault or "".join(taken).count('"') % 2):
                yield self._spoilt(fault or _NOT_CLOSED)
            else:
                yield Row(self._lines.number, cells, fault)

    def _spoilt(self, fault: str) -> Row:
        first = self._lines.give_back()
        return Row(self._lines.number, [first.rstrip("\r\n")], fault)

    def close(self) -> None:
        self._text.close()
