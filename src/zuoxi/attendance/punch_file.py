# SPDX-License-Identifier: Apache-2.0
"""A file of clock records as terminals write them: what its columns are called and what its cells say.

A line holds one record (time, perhaps in or out) or a day with its times; days and times may stand together or apart,
as text in any usual shape or as Excel's serial numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from zuoxi.attendance.models import Direction
from zuoxi.web.tabular import Refusal, Table, read_table

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("工号", "考勤号", "考勤号码", "员工号", "员工编号", "登记号码", "编号", "staff number", "code", "user id"),
    "at": ("时间", "打卡时间", "日期时间", "刷卡时间", "考勤时间", "签到时间", "time", "at", "datetime"),
    "day": ("日期", "打卡日期", "考勤日期", "date", "day"),
    "direction": ("方向", "进出", "状态", "签到签退", "考勤状态", "类型", "in/out", "direction", "state"),
    "device": ("机器号", "设备", "设备号", "考勤机", "device", "machine"),
    "came": ("上班", "签到", "上班时间", "in"),
    "went": ("下班", "签退", "下班时间", "out"),
}
REQUIRED: Final = ("code",)
_INS: Final = {"in", "i", "0", "上班", "上班签到", "签到", "进", "入", "check in", "c/in", "clock in"}
_OUTS: Final = {"out", "o", "1", "下班", "下班签退", "签退", "出", "退", "check out", "c/out", "clock out"}
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
_SHARE = re.compile(r"^(0?\.\d+|0)$")
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%d-%m-%Y")
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%H点%M分", "%H时%M分", "%H:%M:%S.%f")
_EXCEL_ZERO: Final = date(1899, 12, 30)
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file; `line` as the spreadsheet counts."""

    line: int
    code: str
    at: datetime
    direction: str
    device: str


def read(content: bytes, own_headings: Mapping[str, str] | None = None) -> Table:
    """Raise Unreadable."""
    return read_table(content, COLUMNS, REQUIRED, own_headings, moments=True)


def records_in(row: Mapping[str, str], line: int, zone: ZoneInfo) -> Iterator[Line]:
    """The records that a line holds, one or two. Raises Refusal for a cell that says nothing sure."""
    row = {key: normalize("NFKC", cell) for key, cell in row.items()}  # numbers are typed full-width often enough
    code, device = row.get("code", "").removesuffix(".0"), row.get("device", "")[:60]
    if row.get("came") or row.get("went"):
        day = _day(row.get("day", ""), "day")
        came = _clock(row["came"], "came") if row.get("came") else None
        went = _clock(row["went"], "went") if row.get("went") else None
        if came is not None:
            yield Line(line, code, datetime.combine(day, came, zone), Direction.IN, device)
        if went is not None:  # after midnight: a sign-out earlier than its sign-in is of the next day
            on = day + timedelta(days=1) if came is not None and went < came else day
            yield Line(line, code, datetime.combine(on, went, zone), Direction.OUT, device)
        return
    yield Line(line, code, _moment(row, zone), _direction(row.get("direction", "")), device)


def _direction(text: str) -> str:
    word = text.strip().casefold()
    if not word:
        return Direction.UNKNOWN
    if word in _INS:
        return Direction.IN
    if word in _OUTS:
        return Direction.OUT
    raise Refusal("direction", _("Nobody knows this direction."), _("Use 签到 or 签退, or leave it empty."))


def _moment(row: Mapping[str, str], zone: ZoneInfo) -> datetime:
    text, day = row.get("at", ""), row.get("day", "")
    if not text:
        raise Refusal("at", _("There is no time."), _("Fill in the time of the record."))
    if day:
        return datetime.combine(_day(day, "day"), _clock(text, "at"), zone)
    if _SERIAL.match(text):
        if "." not in text:
            raise Refusal("at", _("This is a day without a time."), _("Write day and time, as 2026-03-02 08:41."))
        return _serial(text, zone)
    parts = text.replace("T", " ").split(maxsplit=1)
    if len(parts) != 2:
        raise Refusal("at", _("This is no day with a time."), _("Write it as 2026-03-02 08:41."))
    return datetime.combine(_day(parts[0], "at"), _clock(parts[1], "at"), zone)


def _serial(text: str, zone: ZoneInfo) -> datetime:
    """Excel counts days from 1899-12-30; the rest is the share of the day, to the second."""
    whole, _dot, share = text.partition(".")
    seconds = round(float(f"0.{share}") * 86_400)
    midnight = datetime.combine(_checked(_EXCEL_ZERO + timedelta(days=int(whole)), "at"), time(), zone)
    return midnight + timedelta(seconds=seconds)


def _checked(day: date, key: str) -> date:
    if not _FIRST <= day < _LAST:
        raise Refusal(key, _("This day lies outside any roster."), _("Look at the year."))
    return day


def _day(text: str, key: str) -> date:
    if _SERIAL.match(text):
        return _checked(_EXCEL_ZERO + timedelta(days=int(text.split(".", maxsplit=1)[0])), key)
    for shape in _DAYS:
        try:
            return _checked(datetime.strptime(text.split(" ", maxsplit=1)[0], shape).date(), key)  # noqa: DTZ007 - a day
        except ValueError:
            continue
    raise Refusal(key, _("This is no day."), _("Write it as 2026-03-02."))


def _clock(text: str, key: str) -> time:
    clean = text.strip()
    if " " in clean:
        clean = clean.rsplit(" ", 1)[1]
    if _SHARE.match(clean):
        seconds = min(round(float(clean) * 86_400), 86_399)
        return (datetime.min + timedelta(seconds=seconds)).time()  # noqa: DTZ901 - a time of day alone
    for shape in _TIMES:
        try:
            return datetime.strptime(clean, shape).time()  # noqa: DTZ007 - a time of day
        except ValueError:
            continue
    raise Refusal(key, _("This is no time of day."), _("Write it as 08:41 or 08:41:30."))
