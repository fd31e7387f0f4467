# SPDX-License-Identifier: Apache-2.0
"""Half hours of the forecast as a file, for those whom the handbook lets take report data out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.vault import exports
from zuoxi.vault.handing_out import handed_out
from zuoxi.vault.services import record_request
from zuoxi.workforce.demand.slots import demand_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(
    request: HttpRequest, names: Mapping[str, str], queue: str | None, span: tuple[date, date], form: str
) -> HttpResponseBase:
    """Raises PermissionDenied for others than the analyst, the managers and the director."""
    if not exports.may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    record_request(
        request, "workforce.forecast.exported", queue=queue or "", since=span[0].isoformat(), until=span[1].isoformat()
    )
    head = [
        _("Queue"), pgettext("forecast", "Start"), pgettext("forecast", "Expected"),
        _("At least (9 of 10)"), _("At most (9 of 10)"), _("Handling time, seconds"), _("Reckoned"), _("Edited"),
    ]  # fmt: skip
    rows = _rows(names, queue, span)
    found: HttpResponseBase
    if form == "csv":
        found = StreamingHttpResponse(exports.csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    else:
        found = HttpResponse(_workbook(head, rows), content_type=XLSX)
    name = f"forecast-{queue or 'all'}-{span[0]:%Y%m%d}.{form}"
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return handed_out(request, found, title=_("Forecast of calls"), filename=name)


def _rows(names: Mapping[str, str], queue: str | None, span: tuple[date, date]) -> Iterator[list[Any]]:
    for one in demand_of(queue, *span):
        if one.queue in names:
            at = timezone.localtime(one.start)
            yield [
                names[one.queue], f"{at:%Y-%m-%d %H:%M}", round(one.calls, 2), round(one.low, 2), round(one.high, 2),
                one.aht_seconds, round(one.made, 2), _("Yes") if one.edited else "",
            ]  # fmt: skip


def _workbook(head: list[str], rows: Iterator[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [exports.cell(value) for value in row])
    book.close()
    return buffer.getvalue()
