# SPDX-License-Identifier: Apache-2.0
"""What a cell of a list says, as people and spreadsheets write it; what cannot be known is not guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_ROUNDED: Final = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_DAY: Final = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(?:[ T].*)?")
_DAY_NUMBER: Final = re.compile(r"[1-6][0-9]{4}(?:\.[0-9]+)?")


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet made something shorter of a long number (1.38E+10): its digits are lost."""
    return bool(_ROUNDED.fullmatch(text.strip()))


def is_day_number(text: str) -> bool:
    """Whether the text is a day as a spreadsheet counts them (33014); from which day on it counts, only it knows."""
    return bool(_DAY_NUMBER.fullmatch(text.strip()))


def day_of(text: str) -> date:
    """A day as people write it, year first: 1990-05-21, 1990/5/21, 1990.5.21, 19900521, 1990年5月21日, with a time of
    day or without. Raises ValueError for what is none, and for a year without its century."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(re.sub(r"\s*([-/.年月])\s*|\s+(?=日)", r"\1", plain) if "年" in plain else plain)
    if found is None:
        raise ValueError(f"no day: {text[:20]}")
    year, *rest = (int(one) for one in found.groups() if one)
    return date(year, rest[0], rest[1])
