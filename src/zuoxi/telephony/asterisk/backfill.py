# SPDX-License-Identifier: Apache-2.0
"""Reading the switch's own logs behind what was heard: what the manager interface dropped is made good here.

The queue log is followed all the time, a few seconds behind. A line whose fact was heard on the manager interface
already is passed over; one that was not is stored. The channel event log is read for stretches that were not heard.
Positions are kept by file identity, so a rotated log is finished before its successor is begun.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from zuoxi.telephony.asterisk import cel, queue_log
from zuoxi.telephony.asterisk.books import Doubt
from zuoxi.telephony.asterisk.identity import Boot, Untold, moment_of
from zuoxi.telephony.facts import SwitchFact

SETTLED: Final = 3
"""Seconds that a line must be old: by then its twin has come over the manager interface, and its second is full."""

OVERDUE: Final = 10
"""Seconds by which the log must be past a fact before its absence there is noted."""

_AHEAD: Final = 86_400
"""Seconds by which a line may be ahead of the switch's clock and still be one that is not settled yet."""
_REMEMBERED: Final = timedelta(seconds=120)
_CHUNK: Final = 4 * 1024 * 1024
_FIRST_READ: Final = 8 * 1024 * 1024


class Place(NamedTuple):
    """Where reading goes on: a file by its identity, an offset at the start of a line, and the run that wrote it."""

    inode: int
    offset: int
    since: int = 0


@dataclass(slots=True)
class Recent:
    """Facts that the manager interface told lately, to recognise the queue log's account of the same.

    The queue log names a call by the channel that waits, which in a consultation with a queue is not the call's first:
    `calls` has the uid by that channel's, where they differ.
    """

    calls: dict[str, str] = field(default_factory=dict)
    _told: deque[SwitchFact] = field(default_factory=deque)
    _open: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def note(self, fact: SwitchFact) -> None:
        self._told.append(fact)
        self._open[_sign(fact)] += 1
        while fact.at - self._told[0].at > _REMEMBERED:
            self._forget(_sign(self._told.popleft()))

    def matches(self, fact: SwitchFact) -> bool:
        """Whether it was told; each telling answers for one line."""
        sign = _sign(fact)
        if self._open[sign] <= 0:
            return False
        self._forget(sign)
        return True

    def overdue(self, moment: datetime) -> Iterator[SwitchFact]:
        """Facts before `moment` that the log must have and has not: told by somebody else than the queue."""
        while self._told and self._told[0].at < moment:
            fact = self._told.popleft()
            if self.matches(fact) and fact.kind in _IN_THE_LOG:
                yield fact

    def _forget(self, sign: tuple[str, ...]) -> None:
        if self._open[sign] <= 1:
            del self._open[sign]
        else:
            self._open[sign] -= 1


_IN_THE_LOG: Final = frozenset({"queue.joined", "agent.connected", "agent.completed"})


def _sign(fact: SwitchFact) -> tuple[str, ...]:
    return fact.kind, fact.subject, fact.party, str(fact.data.get("queue", "")), str(fact.data.get("reason", ""))


class LogFile:
    """Lines of a growing, rotating file from a place on."""

    def __init__(self, path: Path, place: Place | None) -> None:
        self.path = path
        self.place = place

    def lines(self) -> Iterator[tuple[bytes, Place]]:
        """Complete lines that were not read yet, each with the place behind it."""
        for file in self._files():
            yield from self._of(file)

    def _files(self) -> list[Path]:
        """The file that the place is in, where it is not the present one any more, and the present one."""
        if not self.path.exists():
            return []
        present = self.path.stat()
        if self.place is None or (self.place.inode == present.st_ino and self.place.offset > present.st_size):
            self.place = Place(present.st_ino, 0)
        if self.place.inode == present.st_ino:
            return [self.path]
        rotated = [one for one in self.path.parent.glob(f"{self.path.name}*") if _inode(one) == self.place.inode]
        return [*rotated[:1], self.path]

    def _of(self, path: Path) -> Iterator[tuple[bytes, Place]]:
        with path.open("rb") as file:
            inode = os.fstat(file.fileno()).st_ino
            place = self.place if self.place and self.place.inode == inode else None
            offset = place.offset if place else 0
            file.seek(offset)
            while line := file.readline(_CHUNK):
                if not line.endswith(b"\n"):
                    break
                offset += len(line)
                yield line.rstrip(b"\r\n"), Place(inode, offset)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


class QueueLogTail:
    """The queue log from where we were. `read` gives what is settled and was not heard."""

    def __init__(self, path: Path, saved: dict[str, Any] | None, boot: Boot, starts: Mapping[int, str]) -> None:
        place = Place(**saved) if saved else first_place(path)
        self._file = LogFile(path, place)
        self._boot = boot
        self._starts = {**starts, boot.since: boot.system_name}
        self._reader: queue_log.Reader | None = None
        if place is not None and place.since:
            began = Boot(boot.name, place.since, self._starts.get(place.since, boot.system_name))
            self._reader = queue_log.Reader(began, self._starts)
        self._facts: list[SwitchFact] = []
        self._doubts: list[Doubt] = []
        self.reconciled = 0

    def saved(self) -> dict[str, Any] | None:
        place = self._file.place
        if place is None or self._reader is None:
            return None
        return {"inode": place.inode, "offset": place.offset, "since": self._reader.boot.since}

    def read(self, now: datetime, heard: Recent, most: int = 2000) -> tuple[list[SwitchFact], list[Doubt]]:
        """At most about `most` lines; both lists are empty when there is nothing new."""
        edge = now.timestamp() - SETTLED
        second = -1
        for count, (line, place) in enumerate(self._file.lines()):
            written = _second(line)
            if written is not None and written > edge + _AHEAD:  # no line of this log: nothing is waited for
                self._take(self._reader_of(None).refuse(line, "a time that has not come"), second)
                self._file.place = place
                continue
            if written is not None and (written > edge or (count >= most and written != second)):
                break
            second = written if written is not None else second
            self._take(self._reader_of(written).read(line), second)
            self._file.place = place
        if self._reader is not None:
            self._take(self._reader.settle(), second)
        facts, doubts = self._facts, self._doubts
        self._facts, self._doubts = [], []
        facts = [fact._replace(subject=heard.calls.get(fact.subject, fact.subject)) for fact in facts]
        fresh = [fact for fact in facts if not heard.matches(fact)]
        self.reconciled += len(facts) - len(fresh)
        if second > 0:
            overdue = heard.overdue(datetime.fromtimestamp(second - OVERDUE, UTC))
            doubts += [_not_in_the_log(fact) for fact in overdue]
        return fresh, doubts

    def _take(self, outcomes: list[queue_log.Outcome], second: int) -> None:
        for outcome in outcomes:
            if isinstance(outcome, queue_log.Disbelieved):
                self._doubts.append(self._doubt(outcome, second))
            else:
                self._facts += outcome

    def _reader_of(self, written: int | None) -> queue_log.Reader:
        if self._reader is None:
            boot = queue_log.boot_at(self._boot.name, written or self._boot.since, self._starts, self._boot.system_name)
            self._reader = queue_log.Reader(boot, self._starts)
        return self._reader

    def _doubt(self, outcome: queue_log.Disbelieved, second: int) -> Doubt:
        at = datetime.fromtimestamp(max(second, 0), UTC)
        key = self._boot.key(b"queue_log|%d|" % second + outcome.raw)
        return Doubt(outcome.raw, outcome.reason, key, at, "queue_log")


def _not_in_the_log(fact: SwitchFact) -> Doubt:
    raw = orjson.dumps([fact.kind, fact.at, fact.subject, fact.party, fact.data])
    key = blake2b(fact.key, digest_size=16, person=b"not in the log").digest()
    return Doubt(raw, "told by the manager interface, absent from the queue log", key, fact.at, fact.source)


def first_place(path: Path) -> Place | None:
    """Where a log that was never read is begun: at the last start of the switch, if that is near the end.

    A long log of years past is for `zuoxi import queue-log`.
    """
    if not path.exists():
        return None
    with path.open("rb") as file:
        stat = os.fstat(file.fileno())
        begin = max(0, stat.st_size - _FIRST_READ)
        file.seek(begin)
        tail = file.read()
    mark = tail.rfind(b"|QUEUESTART|")
    if mark >= 0:
        return Place(stat.st_ino, begin + tail.rfind(b"\n", 0, mark) + 1)
    return Place(stat.st_ino, 0 if begin == 0 else stat.st_size)


def _second(line: bytes) -> int | None:
    head = line.partition(b"|")[0]
    return int(head) if head.isdigit() and 9 <= len(head) <= 11 else None


def cel_between(
    path: Path, saved: dict[str, Any] | None, boots: list[Boot], start: datetime, end: datetime
) -> tuple[list[SwitchFact], list[Doubt]]:
    """Facts of the channel event log in [start, end]; `boots` oldest first."""
    facts: list[SwitchFact] = []
    doubts: list[Doubt] = []
    for line, _place in LogFile(path, Place(**saved) if saved else None).lines():
        try:
            at = moment_of(cel.parse(line)["eventtime"])
            if start <= at <= end:
                boot = max((one for one in boots if one.since <= at.timestamp() + 1), key=_since, default=boots[0])
                fact = cel.read(line, boot)
                facts += [fact] if fact else []
        except Untold as fault:
            key = boots[-1].key(b"cel|" + line)
            doubts.append(Doubt(line[:65536], str(fault), key, end, "cel"))
    return facts, doubts


def _since(boot: Boot) -> int:
    return boot.since


def end_of(path: Path) -> dict[str, Any] | None:
    """The place behind everything that the file holds now."""
    if not path.exists():
        return None
    stat = path.stat()
    return {"inode": stat.st_ino, "offset": stat.st_size}
