# SPDX-License-Identifier: Apache-2.0
"""What was heard and is not stored yet: in memory, and on disk when the database is slow or away.

Putting never waits for the database. The order is kept: once something lies on disk, everything later lies behind it.
What a killed process leaves on disk the next one takes up first; repeated facts are recognised by their keys.
"""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import orjson

from zuoxi.telephony.asterisk.frames import Item, Parser, Rejected
from zuoxi.telephony.asterisk.identity import Boot

_LENGTH: Final = struct.Struct(">I")


class Heard(NamedTuple):
    """A frame or a rejected piece, the run of the switch it came from, and when we read it (POSIX seconds)."""

    item: Item
    boot: Boot
    at: float


class Spool:
    """A queue of what was heard, for one reader and one writer in one event loop."""

    def __init__(self, path: Path, room: int = 20_000) -> None:
        self._path = path
        self._room = room
        self._memory: deque[Heard] = deque()
        self._on_disk = 0
        self._behind: BinaryIO | None = None
        self._ahead: BinaryIO | None = None
        self._something = asyncio.Event()
        if path.exists():
            self._take_over()

    def __len__(self) -> int:
        return len(self._memory) + self._on_disk

    def put(self, heard: Heard) -> None:
        """Never waits; from `room` entries on it writes to disk."""
        if self._on_disk or len(self._memory) >= self._room:
            self._append(heard)
        else:
            self._memory.append(heard)
        self._something.set()

    async def take(self, most: int, within: float) -> list[Heard]:
        """At least one entry, oldest first; waits `within` seconds for more, up to `most`. Not gone until `done`."""
        while not self._memory:
            if self._on_disk:
                self._read_back(most)
                break
            self._something.clear()
            await self._something.wait()
        if len(self._memory) < most and not self._on_disk:
            await asyncio.sleep(within)
        return [self._memory[i] for i in range(min(most, len(self._memory)))]

    def done(self, count: int) -> None:
        """The oldest `count` entries are stored."""
        for _ in range(count):
            self._memory.popleft()

    def keep(self) -> None:
        """Write everything that is left to disk: the process ends and the database would not take it."""
        left = [*self._memory, *self._rest()]
        self._memory.clear()
        self.close()
        self._path.unlink(missing_ok=True)
        for heard in left:
            self._append(heard)
        self.close()

    def close(self) -> None:
        for file in (self._behind, self._ahead):
            if file is not None:
                file.close()
        self._behind = self._ahead = None

    # On disk: four bytes of length, then a line of JSON that names the boot, then the raw bytes

    def _append(self, heard: Heard) -> None:
        if self._behind is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._behind = self._path.open("ab")
        entry = packed(heard)
        self._behind.write(_LENGTH.pack(len(entry)) + entry)
        self._on_disk += 1

    def _read_back(self, most: int) -> None:
        if self._behind is not None:
            self._behind.flush()
        if self._ahead is None:
            self._ahead = self._path.open("rb")
        for _ in range(min(most, self._on_disk)):
            heard = _next(self._ahead)
            if heard is None:
                raise RuntimeError(f"{self._path}: {self._on_disk} entries fewer than were written")
            self._memory.append(heard)
            self._on_disk -= 1
        if not self._on_disk:
            self.close()
            self._path.unlink(missing_ok=True)

    def _rest(self) -> list[Heard]:
        before = len(self._memory)
        while self._on_disk:
            self._read_back(self._on_disk)
        return [self._memory[i] for i in range(before, len(self._memory))]

    def _take_over(self) -> None:
        """Count what a former process left; an entry that its end cut short is dropped."""
        with self._path.open("r+b") as file:
            whole = 0
            while _next(file) is not None:
                self._on_disk += 1
                whole = file.tell()
            file.truncate(whole)
        if self._on_disk:
            self._something.set()
        else:
            self._path.unlink()


def packed(heard: Heard) -> bytes:
    item, boot, at = heard
    reason = item.reason if isinstance(item, Rejected) else None
    return orjson.dumps([boot.name, boot.since, boot.system_name, at, reason]) + b"\n" + item.raw


def unpacked(entry: bytes) -> Heard:
    head, _, raw = entry.partition(b"\n")
    name, since, system_name, at, reason = orjson.loads(head)
    boot = Boot(name, since, system_name)
    if reason is not None:
        return Heard(Rejected(raw, reason), boot, at)
    (item,) = Parser(system_name).feed(raw + b"\r\n\r\n")
    return Heard(item, boot, at)


def _next(file: BinaryIO) -> Heard | None:
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    entry = file.read(length)
    return unpacked(entry) if len(entry) == length else None
