# SPDX-License-Identifier: Apache-2.0
"""What goes wrong on a wire, on request: frames doubled, cut, swapped or made up, and sockets that hear no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

KINDS: Final = ("drop", "half_open", "duplicate", "truncate", "reorder", "garbage", "restart", "clock")
"""Faults by name; `drop`, `half_open`, `restart` and `clock` are the switch's, the others are made here."""


@dataclass(slots=True)
class Wire:
    """What still has to go wrong with the events of one switch. Each count is that of events to come."""

    duplicate: int = 0
    truncate: int = 0
    reorder: int = 0
    garbage: int = 0
    seed: int = 0
    _kept: bytes = b""
    _draw: Random = field(init=False)

    def __post_init__(self) -> None:
        self._draw = Random(self.seed)  # noqa: S311 - play, not secrets

    def calm(self) -> bool:
        return not (self.duplicate or self.truncate or self.reorder or self.garbage or self._kept)

    def through(self, raw: bytes) -> Iterator[bytes]:
        """What reaches the listeners in place of the event `raw`."""
        if self._kept:
            kept, self._kept = self._kept, b""
            yield raw
            yield kept
        elif self.duplicate:
            self.duplicate -= 1
            yield raw
            yield raw
        elif self.truncate:
            self.truncate -= 1
            yield raw[: len(raw) // 2]
        elif self.reorder:
            self.reorder -= 1
            self._kept = raw
        elif self.garbage:
            self.garbage -= 1
            yield self._draw.randbytes(self._draw.randrange(20, 200)).replace(b"\r\n", b"") + b"\r\n\r\n"
            yield raw
        else:
            yield raw
