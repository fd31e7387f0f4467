# SPDX-License-Identifier: Apache-2.0
"""How personal data is shown to someone who has not asked to see it: enough to recognise, not enough to use."""

from __future__ import annotations

import re

DOT = "*"
_NOT_DIAL = re.compile(r"[^0-9+*#]")
_STREET_LEVEL = re.compile(r"^(.*?(?:区|县|市|旗|镇|乡))(.+)$")


def phone(number: str | None) -> str:
    """138****5678; a landline keeps its area code and last two digits; short service numbers stay readable."""
    digits = _NOT_DIAL.sub("", number or "")
    plus = digits.startswith("+")
    if plus:
        digits = digits[3:] if digits.startswith("+86") else digits[1:]
    if len(digits) <= 6:
        return digits if len(digits) <= 5 else digits[:2] + DOT * 2 + digits[-2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}{DOT * 4}{digits[-4:]}"
    return digits[:4] + DOT * (len(digits) - 6) + digits[-2:]


def identity(number: str | None) -> str:
    """First digit and last one: 3****************2."""
    text = (number or "").strip()
    return text if not text else text[0] + DOT * max(len(text) - 2, 1) + (text[-1] if len(text) > 1 else "")


def name(full: str | None) -> str:
    """The family name: 王**, 欧阳 is not told apart from 欧."""
    text = (full or "").strip()
    return text if not text else text[0] + DOT * max(len(text) - 1, 1)


def address(text: str | None) -> str:
    """The district, and nothing below it; unreadable forms keep six characters."""
    given = (text or "").strip()
    if not given:
        return ""
    found = _STREET_LEVEL.match(given[:24])
    kept = found.group(1) if found else given[: min(6, len(given) // 2)]
    return kept + DOT * 4


def email(text: str | None) -> str:
    """w***@example.com."""
    given = (text or "").strip()
    head, at, domain = given.partition("@")
    return f"{head[:1]}{DOT * 3}{at}{domain}" if given else ""
