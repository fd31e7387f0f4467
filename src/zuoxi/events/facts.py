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
