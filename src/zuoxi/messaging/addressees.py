# SPDX-License-Identifier: Apache-2.0
"""How an addressee is shown: enough to recognise, not enough to use."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def shown(to: str) -> str:
    """138****5678, w***@example.com, the host of a web hook; anything else as it is."""
    if "://" in to:
        return urlsplit(to).hostname or "—"
    if "@" in to:
        name, _, domain = to.partition("@")
        return f"{name[:1]}***@{domain}"
    digits = re.sub(r"\D", "", to)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else to
