# SPDX-License-Identifier: Apache-2.0
"""Reading single cells of a call list: times, durations and numbers as people and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from django.utils.translation import gettext as _

LONGEST: Final = 86_400
_NO_YEARS: Final = frozenset({1, 1753, 1899, 1900, 1970})
"""Where databases and spreadsheets begin to count: a time of such a year says that there is none."""
_DATE: Final = re.compile(
    r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?[ T]*(\d{1,2})[::时]?(\d{2})(?:[::分]?(\d{2})秒?)?(?:\.\d+)?"
)
_SPOKEN: Final = re.compile(
    r"(?:(\d+)\s*(?:小时|时|h))?\s*(?:(\d+)\s*(?:分钟|分|m(?:in)?))?\s*(?:(\d+)\s*(?:秒钟|秒|s(?:ec)?))?"
)
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")


class BadCell(ValueError):
    """The cell cannot be what its column says; the message says why."""


def moment(text: str, zone: tzinfo) -> datetime | None:
    """An aware UTC time in whole seconds; None when the cell is empty. Without an offset it is the list's zone."""
    text = text.strip().strip("'\"")
    if not text or set(text) <= set("-—/ 0:"):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written(text)
    if found.year in _NO_YEARS:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        return found.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise BadCell(_("%(text)s is no time") % {"text": text[:40]}) from error


def _written(text: str) -> datetime:
    parts = _DATE.fullmatch(text)
    if parts is None:
        raise BadCell(_("%(text)s is no time") % {"text": text[:40]})
    year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups())
    midnight = hour == 24 and not minute and not second
    try:
        found = datetime(year, month, day, 0 if midnight else hour, minute, second)  # noqa: DTZ001 - the caller gives the zone
        return found + timedelta(days=midnight)
    except (ValueError, OverflowError) as error:
        raise BadCell(_("%(text)s is no time") % {"text": text[:40]}) from error


def seconds(text: str) -> int | None:
    """Whole seconds of "65", "65.0", "1:05", "0:01:05", "1分5秒"; None when the cell is empty."""
    text = text.strip().strip("'\"").lower()
    if not text or text in ("-", "—", "--"):
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text):
        found = int(float(text))
    elif re.fullmatch(r"\d+(:[0-5]?\d){1,2}", text):
        found = 0
        for part in text.split(":"):
            found = found * 60 + int(part)
    elif (parts := _SPOKEN.fullmatch(text)) and any(parts.groups()):
        hours, minutes, rest = (int(part or 0) for part in parts.groups())
        found = hours * 3600 + minutes * 60 + rest
    else:
        raise BadCell(_("%(text)s is no duration") % {"text": text[:40]})
    if found > LONGEST:
        raise BadCell(_("%(text)s is longer than a day") % {"text": text[:40]})
    return found


def number(text: str) -> str:
    """A telephone number without separators; "" when the cell is empty or the number was withheld."""
    text = text.strip().strip("'\"").removeprefix("=").strip('"')
    if text.lower() in ("", "-", "anonymous", "unknown", "匿名", "未知", "<unknown>"):
        return ""
    bare = re.sub(r"[\s()()\-]|\.0$", "", text)
    if re.fullmatch(r"\d(\.\d+)?e\+\d+", bare.lower()):
        raise BadCell(_("%(text)s was shortened by a spreadsheet") % {"text": text[:40]})
    if not _NUMBER.fullmatch(bare):
        raise BadCell(_("%(text)s is no number") % {"text": text[:40]})
    return bare


def code(text: str, longest: int = 32) -> str:
    """A queue's or agent's code: "" or at most `longest` printable characters."""
    text = re.sub(r"\.0$", "", text.strip().strip("'"))
    if text in ("-", "--", "—"):
        return ""
    if len(text) > longest or not text.isprintable():
        raise BadCell(_("%(text)s is no code") % {"text": text[:40]})
    return text
