# SPDX-License-Identifier: Apache-2.0
"""The cells of a staff file, one kind each: text in, value out, or a refusal that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff
from zuoxi.web.tabular import Refusal

_CODE = re.compile(r"^[A-Za-z0-9_-]{1,32}$")
_MOBILE = re.compile(r"^(\+?86)?[ -]?(1\d{2}[ -]?\d{4}[ -]?\d{4})$")
_STATUS = {
    **{str(value): value for value in Staff.Status.values},
    "培训": "training",
    "培训中": "training",
    "试用": "probation",
    "试用期": "probation",
    "在岗": "active",
    "在职": "active",
    "正式": "active",
    "待岗": "standby",
    "长假": "long_leave",
    "离职": "left",
    "已离职": "left",
    "": "active",
}


def staff_number(row: Mapping[str, str], seen: set[str]) -> str:
    code = row["code"]
    if not _CODE.match(code):
        raise Refusal(
            "code",
            _("The staff number is empty or holds other signs than letters and digits."),
            _("Write the number as on the badge."),
        )
    if code in seen:
        raise Refusal("code", _("This number stands in the file more than once."), _("Keep one of the rows."))
    seen.add(code)
    return code


def status(row: Mapping[str, str]) -> str:
    found = _STATUS.get(row.get("status", "").casefold())
    if found is None:
        raise Refusal(
            "status", _("Nobody knows this status."), _("Use 培训, 试用, 在岗, 待岗, 长假 or 离职; empty means 在岗.")
        )
    if found == "left" and not row.get("left_on"):
        raise Refusal("left_on", _("Somebody who left needs the day of leaving."), _("Fill in 离职日期."))
    return found


def day(row: Mapping[str, str], key: str) -> date | None:
    text = row.get(key, "")
    if not text:
        return None
    for shape in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise Refusal(key, _("This is no day."), _("Write it as 2026-03-02."))


def mobile(text: str) -> str:
    if not text:
        return ""
    found = _MOBILE.match(text)
    if not found:
        raise Refusal("mobile", _("This is no mobile number."), _("Write eleven digits, or leave it empty."))
    return re.sub(r"[ -]", "", found.group(2))


def email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise Refusal("email", _("This is no e-mail address."), _("Correct it, or leave it empty.")) from error
    return text
