# SPDX-License-Identifier: Apache-2.0
"""queue_log line ↔ fact. The log is flushed line by line and survives a kill: for queue calls it is the truth.

A line is `second|call|queue|member|VERB|data…`. Verbs that we use must have exactly the fields that Asterisk 22
writes; a line that has not, or whose call is not numbered under our system name, is `Disbelieved`: text of a caller
can end a line and begin one of its own. The same line may rightly stand twice in one second, so a fact's key counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from zuoxi.telephony.asterisk.identity import Boot, Untold, agent_of, keyed_by_time, number_of, whole
from zuoxi.telephony.facts import SwitchFact

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MEMBER: Final = re.compile(r"[0-9]{2,12}")
_MILLISECONDS: Final = 1000
_LONGEST: Final = 4096
_LATEST: Final = 0xFFFFFFFF
"""A fact's key begins with its second, in four bytes."""
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_SAME_BOOT: Final = 5
"""Seconds by which the log's QUEUESTART may differ from the start that the switch itself reports."""


class Disbelieved(NamedTuple):
    """A line that is no fact, and why."""

    raw: bytes
    reason: str


class Line(NamedTuple):
    second: int
    call: str
    queue: str
    member: str
    verb: str
    data: tuple[str, ...]


_Told = tuple[str, dict[str, Any]]
_Teller = Callable[[Line], _Told]


class _Shape(NamedTuple):
    """How many data fields a verb has, and how it is told (None: known, but says nothing)."""

    fields: tuple[int, ...]
    tell: _Teller | None


def _agent(line: Line) -> str:
    """Members are named by their agent's code; a hand-made one may go by its interface."""
    agent = line.member if _MEMBER.fullmatch(line.member) else agent_of(line.member)
    if not agent:
        raise Untold(f"member {line.member[:40]!r} is no agent")
    return agent


def _joined(line: Line) -> _Told:
    _url, caller, position = line.data
    return "queue.joined", {"queue": line.queue, "caller": number_of(caller), "position": whole(position)}


def _connected(line: Line) -> _Told:
    wait, _channel, ring = line.data
    return "agent.connected", {"queue": line.queue, "wait": whole(wait), "ring": whole(ring)}


def _completed(by: str) -> _Teller:
    def tell(line: Line) -> _Told:
        data = {"queue": line.queue, "wait": whole(line.data[0]), "talk": whole(line.data[1]), "ended_by": by}
        return "agent.completed", data

    return tell


def _transferred(line: Line) -> _Told:
    wait, talk = whole(line.data[-3]), whole(line.data[-2])
    return "agent.completed", {"queue": line.queue, "wait": wait, "talk": talk, "ended_by": "transfer"}


def _abandoned(line: Line) -> _Told:
    position, _original, wait = line.data
    return "queue.abandoned", {"queue": line.queue, "position": whole(position), "wait": whole(wait)}


def _exited(reason: str) -> _Teller:
    def tell(line: Line) -> _Told:
        return "queue.exited", {"queue": line.queue, "reason": reason, "wait": whole(line.data[-1])}

    return tell


def _rang(line: Line) -> _Told:
    return "agent.no_answer", {"queue": line.queue, "ring": whole(line.data[0]) // _MILLISECONDS}


def _ring_ended(line: Line) -> _Told:
    return "call.dial_ended", {"status": "CANCEL"}


def _member(kind: str) -> _Teller:
    def tell(line: Line) -> _Told:
        data = {"queue": line.queue}
        if kind in ("member.paused", "member.unpaused"):
            data["reason"] = line.data[0] if line.data else ""
        return kind, data

    return tell


_SHAPES: Final[dict[str, _Shape]] = {
    "ENTERQUEUE": _Shape((3,), _joined),
    "CONNECT": _Shape((3,), _connected),
    "COMPLETEAGENT": _Shape((3,), _completed("agent")),
    "COMPLETECALLER": _Shape((3,), _completed("caller")),
    "BLINDTRANSFER": _Shape((5,), _transferred),
    "ATTENDEDTRANSFER": _Shape((5, 6), _transferred),
    "TRANSFER": _Shape((5,), _transferred),
    "ABANDON": _Shape((3,), _abandoned),
    "EXITWITHTIMEOUT": _Shape((3,), _exited("timeout")),
    "EXITWITHKEY": _Shape((4,), _exited("key")),
    "EXITEMPTY": _Shape((3,), _exited("empty")),
    "RINGNOANSWER": _Shape((1,), _rang),
    "RINGCANCELED": _Shape((1,), _ring_ended),
    "AGENTDUMP": _Shape((1,), None),
    "DID": _Shape((1,), None),
    # of members and of the log itself: they name no call
    "ADDMEMBER": _Shape((1,), _member("member.added")),
    "REMOVEMEMBER": _Shape((1,), _member("member.removed")),
    "PAUSE": _Shape((1,), _member("member.paused")),
    "UNPAUSE": _Shape((1,), _member("member.unpaused")),
    "PAUSEALL": _Shape((1,), None),  # a PAUSE for each queue follows
    "UNPAUSEALL": _Shape((1,), None),
    "CONFIGRELOAD": _Shape((1,), None),
    "QUEUESTART": _Shape((1,), None),
}
_NAMELESS: Final = {
    "ADDMEMBER": re.compile("(?:PAUSED)?"),
    "REMOVEMEMBER": re.compile(""),
    "CONFIGRELOAD": re.compile(""),
    "QUEUESTART": re.compile(""),
    **dict.fromkeys(["PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL"], re.compile(r"(?:[a-z][a-z0-9_:-]{0,40})?")),
}
"""What may stand in the data of lines without a call: never a bare number, which is how a broken-off line ends."""

_BLIND: Final = frozenset({"BLINDTRANSFER", "TRANSFER"})
_START: Final = re.compile(rb"\d{9,11}\|NONE\|NONE\|NONE\|QUEUESTART\|\Z")


class _Held(NamedTuple):
    raw: bytes
    line: Line
    told: tuple[_Told, str] | None


Outcome = list[SwitchFact] | Disbelieved


@dataclass(slots=True)
class Reader:
    """Reads one log in order. Begin at the start of a second, or the count of repeated lines is not the same.

    `boot` is the run of the switch that wrote the first line; `known` the runs that the switch itself has told of
    (CoreStatus), start → system name, to which a QUEUESTART near them is held, so that a call has one uid whoever
    tells it.

    The log has one word from callers, their number in ENTERQUEUE. A caller who breaks it can complete that line and
    write others after it, but only such as name no call, and the rest of his own line stands broken behind them.
    So these lines are held until the next line shows whether it is broken, and not believed after a broken one.
    """

    boot: Boot
    known: Mapping[int, str] = field(default_factory=dict)
    _second: int = 0
    _at: datetime = _EPOCH
    _repeated: Counter[bytes] = field(default_factory=Counter)
    _held: list[_Held] = field(default_factory=list)
    _doubtful: bool = False

    def read(self, raw: bytes) -> list[Outcome]:
        """What is certain now, of this line (without its end) and of those that were held: one outcome for each line,
        in their order.
        """
        try:
            line = parse(raw)
            nameless = line.verb in _NAMELESS
            if not nameless:
                self._coming_boot().call(line.call)
            elif self._doubtful and not (line.verb == "QUEUESTART" and self._known_start(line.second)):
                raise Untold("follows a broken line")
            held = _Held(raw, line, _tell(line))
        except Untold as fault:
            return self._broken(raw, str(fault))
        if nameless:
            self._held.append(held)
            return []
        self._doubtful = False
        certain = self.settle()
        if line.verb == "ENTERQUEUE":
            self._held.append(held)
            return certain
        return [*certain, self._facts(held)]

    def settle(self) -> list[Outcome]:
        """What was held, when nothing stands behind it."""
        certain: list[Outcome] = [self._facts(held) for held in self._held]
        self._held.clear()
        return certain

    def refuse(self, raw: bytes, reason: str) -> list[Outcome]:
        """A line that cannot be of its place, whatever it says."""
        return self._broken(raw, reason)

    def _broken(self, raw: bytes, reason: str) -> list[Outcome]:
        doubted: list[Outcome] = []
        for held in self._held:
            if held.line.verb == "QUEUESTART" and self._known_start(held.line.second):
                doubted.append(self._facts(held))
            else:
                doubted.append(Disbelieved(held.raw, "followed by a broken line"))
        self._held.clear()
        self._doubtful = True
        if torn := _START.search(raw):  # a line that a kill cut short, and the next start behind it
            since = self._known_start(int(torn.group().partition(b"|")[0]))
            if since is not None and since > self.boot.since:
                self.boot = self._boot_from(since)
                self._doubtful = False
        return [*doubted, Disbelieved(raw[:_LONGEST], reason)]

    def _facts(self, held: _Held) -> list[SwitchFact]:
        line = held.line
        if line.verb == "QUEUESTART":
            self.boot = self._boot_from(line.second)
            self._doubtful = False
        if held.told is None:
            return []
        (kind, data), party = held.told
        subject = "" if line.verb in _NAMELESS else self.boot.call(line.call)
        key = self._counted(held.raw, line.second)
        at = self._at
        mark = keyed_by_time(self.boot.key(key), line.second)
        facts = [SwitchFact(kind, at, subject, party, data, "queue_log", mark)]
        if line.verb in _BLIND:
            key += b"#transfer"
            data = {"how": "blind", "to": number_of(line.data[0])}
            mark = keyed_by_time(self.boot.key(key), line.second)
            facts.append(SwitchFact("call.transferred", at, subject, party, data, "queue_log", mark))
        return facts

    def _known_start(self, second: int) -> int | None:
        near = [since for since in self.known if abs(since - second) <= _SAME_BOOT]
        return min(near, key=lambda since: abs(since - second)) if near else None

    def _coming_boot(self) -> Boot:
        """The run that the next line is of, if what is held is believed."""
        if not self._held:
            return self.boot
        starts = [held.line.second for held in self._held if held.line.verb == "QUEUESTART"]
        return self._boot_from(starts[-1]) if starts else self.boot

    def _boot_from(self, second: int) -> Boot:
        since = self._known_start(second)
        if since is None:
            return replace(self.boot, since=second)
        return replace(self.boot, since=since, system_name=self.known[since])

    def _counted(self, raw: bytes, second: int) -> bytes:
        if second != self._second:
            self._second, self._at = second, datetime.fromtimestamp(second, UTC)
            self._repeated.clear()
        self._repeated[raw] += 1
        return raw + b"#%d" % self._repeated[raw]


def _tell(line: Line) -> tuple[_Told, str] | None:
    """The line's kind and data, and its agent; None for a verb that says nothing to us."""
    shape = _SHAPES[line.verb]
    if shape.tell is None:
        return None
    told = shape.tell(line)
    return told, "" if told[0].startswith("queue.") else _agent(line)


def boot_at(name: str, second: int, known: Mapping[int, str], system_name: str = "") -> Boot:
    """The run that wrote the first line of a log: the last known start before it, else one named after the line."""
    before = [since for since in known if since <= second + _SAME_BOOT]
    return Boot(name, max(before), known[max(before)]) if before else Boot(name, second, system_name)


def parse(raw: bytes) -> Line:
    """The line's fields. Untold unless it is one that Asterisk writes."""
    if len(raw) > _LONGEST:
        raise Untold("longer than 4 KiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Untold("not UTF-8") from None
    if not text.isprintable() and _CONTROL.search(text):
        raise Untold("a control character")
    fields = text.split("|")
    if len(fields) < 6:
        raise Untold("fewer than six fields")
    second, call, queue, member, verb, *data = fields
    if (shape := _SHAPES.get(verb)) is None:
        raise Untold(f"unknown verb {verb[:40]!r}")
    if len(data) not in shape.fields:
        raise Untold(f"{verb} with {len(data)} fields")
    if verb in _NAMELESS and not _NAMELESS[verb].fullmatch(data[0]):
        raise Untold(f"{verb} of {data[0][:40]!r}")
    if (at := whole(second)) > _LATEST:
        raise Untold(f"second {second[:40]!r}")
    return Line(at, call, queue, member, verb, tuple(data))
