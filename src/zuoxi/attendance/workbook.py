# SPDX-License-Identifier: Apache-2.0
"""The month's sheet as finance files it: a line for each person with a sign for each day, totals, what the signs mean
and who signed; on a second sheet every exception with its clause and its why."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.attendance.calendars import PersonLine, days_in, told
from zuoxi.attendance.models import AfterEntry, DayRecord, Sheet, Signature, Status
from zuoxi.attendance.signs import SIGNS
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.vault import exports
from zuoxi.web.listed import listed

_TONES: Final = {"bad": "#F8D7DA", "warn": "#FDECC8", "info": "#DCE9FA", "good": "#FFFFFF", "plain": "#F2F2F2"}
_PLAIN: Final = (Status.NORMAL, Status.OPEN)


@dataclass(frozen=True, slots=True)
class Content:
    """What the file holds. `names`: what each kind of leave is called."""

    sheet: Sheet
    lines: Sequence[PersonLine]
    signatures: Sequence[Signature]
    names: dict[str, str]
    title: str


@shows("ATT-022", "ATT-023")
def workbook(content: Content) -> bytes:
    """The order of lines is that of the page."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    formats = _formats(book)
    _month_sheet(book, formats, content)
    _exceptions(book, formats, content.sheet.month, content.lines)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter", "font_size": 9}
    made = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "note": book.add_format({"font_size": 9, "font_color": "#595959"}),
        "head": book.add_format({**line, "bold": True, "align": "center", "bg_color": "#E7EAEA", "text_wrap": True}),
        "rest": book.add_format({**line, "bold": True, "align": "center", "bg_color": "#D5DADA", "text_wrap": True}),
        "text": book.add_format(line),
        "wrap": book.add_format({**line, "text_wrap": True, "valign": "top"}),
        "number": book.add_format({**line, "num_format": "0.##"}),
        "hours": book.add_format({**line, "num_format": "0.0"}),
        "total": book.add_format({**line, "bold": True, "num_format": "0.##", "top": 2}),
        "sign": book.add_format({"font_size": 10, "top": 1, "align": "left", "valign": "vcenter"}),
    }
    for tone, colour in _TONES.items():
        made[tone] = book.add_format({**line, "align": "center", "bg_color": colour})
    return made


def _sums(line: PersonLine) -> list[float]:
    one = line.month
    return [
        one.due_days,
        one.present_days,
        one.late,
        one.early,
        float(one.absence_days),
        sum(float(days) for days in one.leave.values()),
        one.unknown_days,
        round(one.due_minutes / 60, 1),
        round(one.worked_minutes / 60, 1),
    ]


def _month_sheet(book: Any, formats: dict[str, Any], content: Content) -> None:
    sheet, lines = content.sheet, content.lines
    days = days_in(sheet.month)
    page = book.add_worksheet(pgettext("ledger", "Attendance"))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(0.3, 0.3, 0.5, 0.5)
    page.repeat_rows(2, 3)
    page.freeze_panes(4, 3)
    page.set_footer("&C&P / &N")
    heads = [
        _("Days due"), _("Days present"), _("Times late"), _("Times early"), _("Days absent"), _("Days of leave"),
        _("Days not known"), _("Hours due"), _("Hours worked"),
    ]  # fmt: skip
    last = 3 + len(days) + len(heads)
    page.merge_range(0, 0, 0, last, exports.cell(content.title), formats["title"])
    state = _("locked %(when)s") % {"when": f"{_local(sheet.locked_at)}"} if sheet.locked_at else _("not locked")
    page.write(1, 0, f"{sheet.month:%Y-%m} · {state} · {sheet.digest[:16] or sheet.fingerprint[:16]}", formats["note"])
    for place, (text, width) in enumerate(((_("Staff number"), 9), (_("Name"), 10), (_("Team"), 10))):
        page.merge_range(2, place, 3, place, text, formats["head"])
        page.set_column(place, place, width)
    for place, day in enumerate(days, start=3):
        weekend = formats["rest"] if day.isoweekday() > 5 else formats["head"]
        page.write(2, place, day.day, weekend)
        page.write(3, place, _weekday(day), weekend)
    page.set_column(3, 2 + len(days), 3.4)
    for place, text in enumerate([*heads, _("Remark")], start=3 + len(days)):
        page.merge_range(2, place, 3, place, text, formats["head"])
        page.set_column(place, place, 6.5 if place < last else 26)
    row = 4
    for line in lines:
        _person_row(page, formats, row, line, content.names)
        row += 1
    page.merge_range(row, 0, row, 2 + len(days), _("Total"), formats["total"])
    for place in range(len(heads)):
        page.write(row, 3 + len(days) + place, sum(_sums(line)[place] for line in lines), formats["total"])
    legend = "  ".join(f"{sign.text} {sign.label}" for sign in SIGNS.values())
    page.write(row + 1, 0, _("Signs: %(signs)s") % {"signs": legend}, formats["note"])
    _signatures(page, formats, row + 3, content.signatures)


def _person_row(page: Any, formats: dict[str, Any], row: int, line: PersonLine, names: dict[str, str]) -> None:
    one = line.month
    page.write(row, 0, exports.cell(one.staff.code), formats["text"])
    page.write(row, 1, exports.cell(one.staff.name), formats["text"])
    page.write(row, 2, exports.cell(str(one.team or "")), formats["text"])
    for place, cell in enumerate(line.cells, start=3):
        page.write(row, place, str(cell.sign.text), formats[cell.sign.tone])
    start = 3 + len(line.cells)
    for place, value in enumerate(_sums(line)):
        page.write_number(row, start + place, value, formats["hours" if place > 6 else "number"])
    remarks = [f"{names.get(kind, kind)} {float(days):g}" for kind, days in one.leave.items()]
    if one.finding.get("outcome") == "sanctioned":
        remarks.append(str(Finding.from_json(one.finding).why))
    page.write(row, start + 9, exports.cell("; ".join(remarks)), formats["wrap"])


def _signatures(page: Any, formats: dict[str, Any], row: int, signatures: Sequence[Signature]) -> None:
    """Who stands for the sheet; an empty line where nobody has signed yet."""
    page.write(row, 0, _("Signatures"), formats["note"])
    for place, step in enumerate(Signature.Step):
        given = [one for one in signatures if one.step == step]
        who = listed(f"{one.by.name} {_local(one.at)}" for one in given[:12]) or "__________"
        page.write(row + 1 + place, 0, exports.cell(f"{step.label}: {who}"), formats["sign"])


def _exceptions(book: Any, formats: dict[str, Any], month: date, lines: Sequence[PersonLine]) -> None:
    page = book.add_worksheet(_("Exceptions"))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    heads = (
        (_("Day"), 11), (_("Staff number"), 9), (_("Name"), 10), (pgettext("record", "What"), 12),
        (pgettext("hours of a shift", "Due"), 12), (_("Recorded"), 12), (_("Days absent"), 8), (_("Clauses"), 20),
        (_("Why"), 60),
    )  # fmt: skip
    for place, (text, width) in enumerate(heads):
        page.write(0, place, text, formats["head"])
        page.set_column(place, place, width)
    people = {line.month.staff_id: line.month.staff for line in lines}
    wanted = {cell.day for line in lines for cell in line.cells}
    rows = DayRecord.objects.filter(staff_id__in=list(people), day__in=wanted).exclude(status__in=_PLAIN)
    number = 1
    for one in told(list(rows.order_by("day", "staff__code", "part"))):
        row, staff = one.row, people[one.row.staff_id]
        clauses = list(dict.fromkeys(clause for _name, finding in one.findings for clause in finding.clauses))
        why = "; ".join([*(str(finding.why) for _name, finding in one.findings), *one.doubts])
        values = [
            f"{row.day:%Y-%m-%d}", staff.code, staff.name, str(Status(row.status).label),
            _times(row.due_start, row.due_end), _times(row.first_in, row.last_out), float(row.absence_days),
            ", ".join(clauses), why,
        ]  # fmt: skip
        for place, value in enumerate(values):
            page.write(number, place, exports.cell(value), formats["wrap"])
        number += 1
    for entry in AfterEntry.objects.filter(staff_id__in=list(people), entered_in=month).select_related("staff"):
        text = _("Carried from %(day)s: %(reason)s") % {"day": f"{entry.day:%Y-%m-%d}", "reason": entry.reason}
        for place, value in enumerate([f"{entry.day:%Y-%m-%d}", entry.staff.code, entry.staff.name, text]):
            page.write(number, place, exports.cell(value), formats["wrap"])
        number += 1


def _local(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _times(start: Any, end: Any) -> str:
    ends = [f"{timezone.localtime(one):%H:%M}" if one else "—" for one in (start, end)]
    return "–".join(ends) if start or end else ""


def _weekday(day: date) -> str:
    return (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))[day.weekday()]
