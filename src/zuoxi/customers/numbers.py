# SPDX-License-Identifier: Apache-2.0
"""One telephone number has many spellings; this is the one we keep."""

from __future__ import annotations

import re


def canonical(number: str) -> str:
    """Digits without country code and, for mobiles, without the trunk prefix; "" when there are none.

    +86 138 0013 8000, 0086…, 013800138000 → 13800138000; 0532-8888 8888 keeps its area code.
    """
    digits = re.sub(r"[^0-9]", "", number or "")
    digits = re.sub(r"^(0086|86(?=1[3-9][0-9]{9}$|0[0-9]{9,11}$))", "", digits)
    return digits[1:] if re.fullmatch(r"01[3-9][0-9]{9}", digits) else digits


def ways_to_write(number: str) -> tuple[str, ...]:
    """The spellings that a switch may have told the number in; none for an empty or withheld number."""
    bare = canonical(number)
    if len(bare) < 3:
        return ()
    return tuple(sorted({bare, f"0{bare}", f"86{bare}", f"+86{bare}", f"0086{bare}", number.strip()}))
