# SPDX-License-Identifier: Apache-2.0
"""What half hours need and how a day will go, as files for those whom the handbook lets take report data out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from zuoxi.vault import exports
from zuoxi.vault.services import record_request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("csv", "xlsx")


def answer(
    request: HttpRequest, head: Sequence[str], rows: Sequence[Sequence[Any]], *, name: str, form: str
) -> HttpResponseBase:
    """The rows as CSV or Excel. Raises PermissionDenied for others than the analyst, the managers and the director."""
    if not exports.may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    record_request(request, "workforce.staffing.exported", file=name, rows=len(rows))
    return as_file(head, rows, name=name, form=form)


def as_file(head: Sequence[str], rows: Sequence[Sequence[Any]], *, name: str, form: str) -> HttpResponseBase:
    """The rows as CSV or Excel, for whom that was granted."""
    found: HttpResponseBase
    if form == "csv":
        found = StreamingHttpResponse(exports.csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    else:
        found = HttpResponse(_workbook(head, rows), content_type=XLSX)
    found.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return found


def _workbook(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, [exports.cell(value) for value in row])
    book.close()
    return buffer.getvalue()
