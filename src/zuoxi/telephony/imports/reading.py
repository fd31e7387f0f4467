# SPDX-License-Identifier: Apache-2.0
"""A CSV file as rows, however it was saved: UTF-8 with or without a mark, UTF-16, GBK; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LOOKED_AT: Final = 1 << 20
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
        self._raw = path.open("rb")
        self._text = io.TextIOWrapper(self._raw, encoding or encoding_of(path), errors="replace", newline="")
        first = self._text.readline()
        found = delimiter or max(",;\t", key=first.count)
        self.header = next(csv.reader([first], delimiter=found), [])
        self._rows = csv.reader(self._text, delimiter=found)

    def position(self) -> int:
        """Bytes read so far."""
        return self._raw.tell()

    def rows(self) -> Iterator[Row]:
        """Rows that are not empty; a row of another width or one that cannot be read carries its fault."""
        while True:
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(self._rows.line_num + 1, [], str(error))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            fault = "" if len(cells) == len(self.header) else f"{len(cells)} ≠ {len(self.header)}"
            yield Row(self._rows.line_num + 1, cells, fault)

    def close(self) -> None:
        self._text.close()
