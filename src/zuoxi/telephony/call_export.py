# SPDX-License-Identifier: Apache-2.0
"""The call list as a file: the same query, the same columns, the same masking as on the page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any, Final

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone

from zuoxi.telephony.call_lines import Column, export_cells, lines_of
from zuoxi.telephony.keyset import Sort
from zuoxi.telephony.models import Call
from zuoxi.vault.exports import cell, csv_lines

MOST_ROWS: Final = 200_000
CHUNK: Final = 1000
_PIECE: Final = 64 * 1024


def rows_of(calls: QuerySet[Call], columns: Sequence[Column], sort: Sort) -> Iterator[list[Any]]:
    """Cells of at most `MOST_ROWS` calls in the order of the list, times in the site's zone, read in chunks."""
    sign = "-" if sort.descending else ""
    ordered = calls.order_by(f"{sign}{sort.field}", f"{sign}pk")[:MOST_ROWS]
    chunk: list[Call] = []
    for call in ordered.iterator(chunk_size=CHUNK):
        chunk.append(call)
        if len(chunk) == CHUNK:
            yield from _cells(chunk, columns)
            chunk = []
    yield from _cells(chunk, columns)


def _cells(calls: Sequence[Call], columns: Sequence[Column]) -> Iterator[list[Any]]:
    for line in lines_of(calls):
        yield [
            timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
            for value in export_cells(line, columns)
        ]


def head_of(columns: Sequence[Column]) -> list[str]:
    return [str(column.label) for column in columns]


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, piece by piece."""
    for text in csv_lines(head_of(columns), rows):
        yield text.encode()


def as_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Written row by row to a file of its own, then read back in pieces; memory stays flat."""
    with tempfile.TemporaryFile() as file:
        _write(file, columns, rows)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 20 if column.key == "offered_at" else 14)
        sheet.write_row(0, 0, head_of(columns), book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, [cell(value) for value in row])
