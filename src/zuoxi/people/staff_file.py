# SPDX-License-Identifier: Apache-2.0
"""A staff file: which columns it has and what people call them."""

from __future__ import annotations

from collections.abc import Mapping

from zuoxi.web.tabular import Table as StaffFile
from zuoxi.web.tabular import Unreadable, read_table

__all__ = ["COLUMNS", "REQUIRED", "StaffFile", "Unreadable", "read"]

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


def read(content: bytes, own_headings: Mapping[str, str] | None = None) -> StaffFile:
    """Raise Unreadable. `own_headings`: heading of the file → one of our headings or column keys."""
    return read_table(content, COLUMNS, REQUIRED, own_headings)
