# SPDX-License-Identifier: Apache-2.0
"""A staff file as people have it: CSV in UTF-8 or GBK, or Excel; headings in Chinese or English, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zipfile import BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS = 20_000
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("工号", "员工号", "员工编号", "员工工号", "坐席工号", "座席工号", "考勤号", "staff number", "code"),
    "name": ("姓名", "员工姓名", "名字", "name"),
    "position": ("岗位", "职位", "职务", "岗位名称", "position"),
    "team": ("班组", "小组", "组别", "所属班组", "team", "teams"),
    "project": ("项目", "项目组", "所属项目", "project"),
    "status": ("状态", "在职状态", "人员状态", "员工状态", "status"),
    "joined_on": ("入职日期", "入职时间", "到岗日期", "joined on", "joined_on"),
    "left_on": ("离职日期", "离职时间", "left on", "left_on"),
    "mobile": ("手机", "手机号", "手机号码", "联系电话", "mobile"),
    "email": ("邮箱", "电子邮箱", "邮件", "email", "e-mail"),
}
REQUIRED = ("code", "name", "position")


class Unreadable(ValueError):
    """The file as a whole cannot be used; `message` says what is wrong and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class StaffFile:
    """`rows` hold the cells by column key, trimmed; `head` and `cells` are as in the file. Line 1 is the heading."""

    head: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    places: Mapping[str, int]

    def row(self, index: int) -> dict[str, str]:
        cells = self.cells[index]
        return {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()}


def read(content: bytes, own_headings: Mapping[str, str] | None = None) -> StaffFile:
    """Raise Unreadable. `own_headings`: heading of the file → one of our headings or column keys."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it."))
    table = _excel(content) if content[:2] == b"PK" else _csv(content)
    lines = [(line, row) for line, row in enumerate(table) if any(row)]
    if not lines or lines[0][0] != 0:
        raise Unreadable(_("The first line must hold the headings."))
    if len(table) > MOST_ROWS + 1:
        raise Unreadable(_("The file has more than 20,000 lines. Split it."))
    head = tuple(table[0])
    return StaffFile(head, tuple(tuple(row) for row in table[1:]), _places(head, own_headings or {}))


def _places(head: Sequence[str], own: Mapping[str, str]) -> dict[str, int]:
    known = {word.casefold(): key for key, words in COLUMNS.items() for word in (key, *words)}
    for theirs, ours in own.items():
        if ours.casefold() not in known:
            raise Unreadable(_("There is no column “%(word)s” to put a heading on.") % {"word": ours})
        known[theirs.casefold()] = known[ours.casefold()]
    places: dict[str, int] = {}
    for place, word in enumerate(head):
        key = known.get(" ".join(word.split()).casefold())
        if key in places:
            raise Unreadable(_("The column “%(word)s” comes twice.") % {"word": word})
        if key:
            places[key] = place
    missing = [COLUMNS[key][0] for key in REQUIRED if key not in places]
    if missing:
        told = {"missing": "、".join(missing), "found": "、".join(filter(None, head))[:200]}
        raise Unreadable(
            _("These columns are missing: %(missing)s. The file has: %(found)s. Rename them or say which is which.")
            % told
        )
    return places


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable(_("The file is not clean CSV (%(error)s). Save it again.") % {"error": error}) from error
    return [[cell.strip().strip("\u3000") for cell in row] for row in rows]


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise Unreadable(_("This is neither CSV nor .xlsx. An old .xls file must be saved as .xlsx."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is in an unknown encoding. Save it as UTF-8 or GBK."))


def _excel(content: bytes) -> list[list[str]]:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(_("The file is larger than 5 MB. Split it."))
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except Unreadable:
        raise
    except (CalamineError, BadZipFile, OSError, ValueError, IndexError) as error:
        raise Unreadable(_("The Excel file cannot be opened. Save it again as .xlsx.")) from error


def _text(cell: object) -> str:
    """Excel keeps 1001 as 1001.0 and days as dates."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip().strip("\u3000")
