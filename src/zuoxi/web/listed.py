# SPDX-License-Identifier: Apache-2.0
"""Several names in a row, with the comma of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language


def comma() -> str:
    """What stands between two names in the language of the page."""
    return ", " if (get_language() or "").startswith("en") else "、"


def listed(names: Iterable[object]) -> str:
    """The names as one text; nothing for none."""
    return comma().join(map(str, names))
