# SPDX-License-Identifier: Apache-2.0
"""Whatever leaves as CSV or Excel: who may take it out, and cells that a spreadsheet cannot take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zuoxi.web.marks import enforces
from zuoxi.web.roles import Role
from zuoxi.web.tabular import Problem, Table

# SEC-001 names the analyst, the managers and the director; the deputy is not named and is left out until granted.
MAY_EXPORT = frozenset({Role.DA, Role.OM, Role.SM, Role.DIR})
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@enforces("SEC-001")
def may_export(roles: Iterable[str]) -> bool:
    """Only the analyst, the managers and the director take report data out."""
    return not MAY_EXPORT.isdisjoint(roles)


def cell(value: Any) -> Any:
    """The value for a cell: text that begins like a formula gets an apostrophe; numbers stay numbers, None is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(_FORMULA):
        return f"'{value}"
    return value


def plain(text: str) -> str:
    """The text of a cell as it was before `cell`; for reading back our own files."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" \u3000").startswith(_FORMULA) else text


def csv_lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file piece by piece for a streamed answer; begins with a byte order mark, or Excel misreads Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield BOM
    writer.writerow([cell(value) for value in head])
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > 16_384:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def refused_lines(file: Table, problems: Iterable[Problem]) -> Iterator[str]:
    """The rows of an import that were refused, to be mended and imported again: the file's own columns, then line,
    column, what is wrong, what to do."""
    width = len(file.head)
    rows = (
        [
            *(list(file.cells[one.line - 2]) + [""] * width)[:width],
            one.line,
            one.column,
            str(one.wrong),
            str(one.todo),
        ]
        for one in problems
    )
    return csv_lines([*file.head, _("Line"), _("Column"), _("What is wrong"), _("What to do")], rows)
