# SPDX-License-Identifier: Apache-2.0
"""Traditional characters as simplified ones, sign by sign, so that either finds what was written in the other.

Where one traditional sign has several simplified ones the commonest stands for all: a search says the same as the text.
The length of a text does not change, so places in it agree.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("simplified.txt")


@cache
def _fold() -> tuple[re.Pattern[str], dict[int, str]]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    table = str.maketrans("".join(lines[0::2]), "".join(lines[1::2]))
    return re.compile("[" + "".join(map(chr, table)) + "]"), {key: chr(sign) for key, sign in table.items()}


def simplified(text: str) -> str:
    """供暖報修 → 供暖报修"""
    if text.isascii():
        return text
    traditional, table = _fold()
    return text.translate(table) if traditional.search(text) else text
