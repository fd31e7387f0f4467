# SPDX-License-Identifier: Apache-2.0
"""What was said and not believed, made safe to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zuoxi.events import selectors as ledger
from zuoxi.events.facts import Doubted
from zuoxi.telephony.doubt_words import in_words
from zuoxi.telephony.ledger_words import hide_numbers

SHOWN_BYTES: Final = 2000


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One quarantined piece; `said` is printable, control characters shown as escapes, long numbers masked."""

    id: int
    at: datetime
    stream: str
    source: str
    subject: str
    reason: str
    said: str
    cut: bool


def printable(raw: bytes) -> str:
    """Readable text in which nothing can move the cursor, turn the writing round or pass for another line."""
    text = raw[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    lines = text.replace("\r\n", "\n").split("\n")
    shown = "\n".join("".join(c if c.isprintable() else _escaped(c) for c in line) for line in lines)
    return hide_numbers(shown)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def doubtful(rows: Iterable[Doubted]) -> list[Doubtful]:
    return [
        Doubtful(
            id=row.id,
            at=row.at,
            stream=row.stream,
            source=row.source,
            subject=row.subject,
            reason=in_words(row.reason),
            said=printable(row.raw),
            cut=len(row.raw) > SHOWN_BYTES,
        )
        for row in rows
    ]


def doubtful_of(subject: str, most: int = 50) -> list[Doubtful]:
    """What was quarantined about one call, newest first."""
    return doubtful(ledger.quarantined(subject, limit=most))
