# SPDX-License-Identifier: Apache-2.0
"""What the ledger takes in and gives out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One event before it is stored.

    `key` is 16 bytes, the same for the same happening however often its source repeats it. `at` is aware UTC.
    """

    stream: str
    key: bytes
    kind: str
    at: datetime
    source: str
    subject: str
    party: str
    data: dict[str, Any]


class Stored(NamedTuple):
    """One event as it stands in the ledger."""

    id: int
    stream: str
    kind: str
    at: datetime
    source: str
    subject: str
    party: str
    data: dict[str, Any]


class Doubted(NamedTuple):
    """Something a source said that was not believed; `raw` is what it said, byte by byte."""

    id: int
    stream: str
    at: datetime
    source: str
    subject: str
    reason: str
    raw: bytes
