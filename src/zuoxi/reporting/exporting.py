# SPDX-License-Identifier: Apache-2.0
"""A report as a file: the page's own rows, for those whom the handbook lets take report data out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from zuoxi.reporting import names
from zuoxi.reporting.facts import FigureQuery, FigureRow
from zuoxi.reporting.presentation import Column, why_incomplete
from zuoxi.vault import exports
from zuoxi.vault.handing_out import handed_out
from zuoxi.vault.services import record_request

FORMS: Final = ("csv", "xlsx")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    request: HttpRequest, query: FigureQuery, rows: Sequence[FigureRow], heads: Sequence[Column], form: str
) -> HttpResponseBase:
    """The rows as CSV or Excel; PermissionDenied for others than the analyst, the managers and the director."""
    if not exports.may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    record_request(
        request,
        "reporting.exported",
        by=list(query.keys),
        since=query.since.isoformat(),
        until=query.until.isoformat(),
        rows=len(rows),
    )
    head = [_("Group"), *(str(one.name) for one in heads), _("Incomplete")]
    name = f"figures-{'-'.join(query.keys) or 'total'}-{query.since:%Y%m%d}.{form}"
    found: HttpResponseBase
    if form == "csv":
        lines = exports.csv_lines(head, table(query, rows, heads))
        found = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    else:
        found = HttpResponse(workbook(head, table(query, rows, heads)), content_type=XLSX)
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    title = _("Figures %(since)s to %(until)s") % {"since": query.since, "until": query.until}
    return handed_out(request, found, title=title, filename=name)


def table(query: FigureQuery, rows: Sequence[FigureRow], heads: Sequence[Column]) -> Iterator[list[Any]]:
    """Rows of plain numbers (rates in percent, times in seconds); what is not known is an empty cell."""
    known = {key: names.names_of(key, (row.group[key] for row in rows)) for key in query.keys}
    for row in rows:
        label = " · ".join(names.label_of(key, code, known[key]) for key, code in row.group.items())
        yield [label, *(row.figures[one.id].value for one in heads), why_incomplete(row)]


def workbook(head: Sequence[str], rows: Iterator[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [exports.cell(name) for name in head], bold)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [exports.cell(value) for value in row])
    book.close()
    return buffer.getvalue()
