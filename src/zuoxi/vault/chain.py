# SPDX-License-Identifier: Apache-2.0
"""The seal of one audit row: plain functions of its values, so that a copy of the table can be checked elsewhere."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

GENESIS = bytes(32)
PURPOSE = "audit"


@dataclass(frozen=True, slots=True)
class Link:
    """What is sealed of one row."""

    id: int
    at: datetime
    who: str
    verb: str
    on_kind: str
    on_id: str
    purpose: str
    ip: str | None
    detail: dict[str, Any]

    def canonical(self) -> bytes:
        """The same bytes for the same row, whichever database kept it."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [self.id, at, self.who, self.verb, self.on_kind, self.on_id, self.purpose, self.ip, self.detail]
        return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)


def seal(link: Link, before: bytes, key: bytes) -> bytes:
    """32 bytes over the row and the seal before it."""
    return hmac.digest(key, before + link.canonical(), sha256)
