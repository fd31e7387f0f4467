# SPDX-License-Identifier: Apache-2.0
"""queue_log line ↔ fact. The log is flushed line by line and survives a kill: for queue calls it is the truth.

A line is `second|call|queue|member|VERB|data…`. Verbs that we use must have exactly the fields that Asterisk 22
writes; a line that has not, or whose call is not numbered under our system name, is `Disbelieved`: text of a caller
can end a line and begin one of its own. The same line may rightly stand twice in one second, so a fact's key counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from zuoxi.telephony.asterisk.identity import Boot, Untold, agent_of, number_of, whole
from zuoxi.telephony.facts import SwitchFact

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_MEMBER: Final = re.compile(r"\d{2,12}")
_MILLISECONDS: Final = 1000
_LONGEST: Final = 4096
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
    "ADDMEMBER": _Shape((1,), _member("member.added")),
    "REMOVEMEMBER": _Shape((1,), _member("member.removed")),
    "PAUSE": _Shape((1,), _member("member.paused")),
    "UNPAUSE": _Shape((1,), _member("member.unpaused")),
    "PAUSEALL": _Shape((1,), None),  # a PAUSE for each queue follows
    "UNPAUSEALL": _Shape((1,), None),
    "PAUSEREASON": _Shape((1,), None),
    "DID": _Shape((1,), None),
    "INFO": _Shape((1, 2, 3, 4, 5), None),
    "PENALTY": _Shape((1,), None),
    "RINGINUSE": _Shape((1,), None),
    "SYSCOMPAT": _Shape((1,), None),
    "CONFIGRELOAD": _Shape((1,), None),
    "QUEUESTART": _Shape((1,), None),
}
_OF_A_CALL: Final = frozenset(
    "ENTERQUEUE CONNECT COMPLETEAGENT COMPLETECALLER BLINDTRANSFER ATTENDEDTRANSFER TRANSFER ABANDON EXITWITHTIMEOUT "
    "EXITWITHKEY EXITEMPTY RINGNOANSWER RINGCANCELED".split()
)
_BLIND: Final = frozenset({"BLINDTRANSFER", "TRANSFER"})
_START: Final = re.compile(rb"\d{9,11}\|NONE\|NONE\|NONE\|QUEUESTART\|\Z")


@dataclass(slots=True)
class Reader:
    """Reads one log in order. Begin at the start of a second, or the count of repeated lines is not the same.

    `boot` is the run of the switch that wrote the first line; `known` the starts that the switch itself has told
    (CoreStatus), to which a QUEUESTART near them is held, so that a call has one uid whoever tells it.
    """

    boot: Boot
    known: tuple[int, ...] = ()
    _second: int = 0
    _repeated: Counter[bytes] = field(default_factory=Counter)
    _doubtful: bool = False

    def read(self, raw: bytes) -> list[SwitchFact] | Disbelieved:
        """The facts of one line (without its end); an empty list for a line that says nothing to us."""
        try:
            line = parse(raw)
            return self._told(raw, line)
        except Untold as fault:
            if torn := _START.search(raw):  # a line that a kill cut short, and the next start behind it
                self._start(int(torn.group().partition(b"|")[0]), torn=True)
            self._doubtful = True
            return Disbelieved(raw[:_LONGEST], str(fault))

    def read_all(self, lines: Iterable[bytes]) -> Iterable[list[SwitchFact] | Disbelieved]:
        return map(self.read, lines)

    def _told(self, raw: bytes, line: Line) -> list[SwitchFact]:
        shape = _SHAPES[line.verb]
        of_a_call = line.verb in _OF_A_CALL
        if of_a_call:
            subject = self.boot.call(line.call)
            self._doubtful = False
        else:
            subject = ""
            self._refuse_after_broken(line)
        if line.verb == "QUEUESTART":
            self._start(line.second)
        if shape.tell is None:
            return []
        kind, data = shape.tell(line)
        party = "" if kind.startswith("queue.") else _agent(line)
        key = self._counted(raw, line.second)
        at = datetime.fromtimestamp(line.second, UTC)
        facts = [SwitchFact(kind, at, subject, party, data, "queue_log", self.boot.key(key))]
        if line.verb in _BLIND:
            data = {"how": "blind", "to": number_of(line.data[0])}
            key += b"#transfer"
            facts.append(SwitchFact("call.transferred", at, subject, party, data, "queue_log", self.boot.key(key)))
        return facts

    def _refuse_after_broken(self, line: Line) -> None:
        """A caller who can break a line can write one about members, which needs no call's number."""
        if self._doubtful and not (line.verb == "QUEUESTART" and self._known_start(line.second)):
            raise Untold("follows a broken line")

    def _known_start(self, second: int) -> int | None:
        near = [since for since in self.known if abs(since - second) <= _SAME_BOOT]
        return min(near, key=lambda since: abs(since - second)) if near else None

    def _start(self, second: int, *, torn: bool = False) -> None:
        since = self._known_start(second)
        if since is not None or not torn:
            self.boot = replace(self.boot, since=second if since is None else since)
            self._doubtful = False

    def _counted(self, raw: bytes, second: int) -> bytes:
        if second != self._second:
            self._second = second
            self._repeated.clear()
        self._repeated[raw] += 1
        return raw + b"#%d" % self._repeated[raw]


def boot_at(name: str, second: int, known: Iterable[int], system_name: str = "") -> Boot:
    """The run that wrote the first line of a log: the last known start before it, else one named after the line."""
    before = [since for since in known if since <= second + _SAME_BOOT]
    return Boot(name, max(before, default=second), system_name)


def parse(raw: bytes) -> Line:
    """The line's fields. Untold unless it is one that Asterisk writes."""
    if len(raw) > _LONGEST:
        raise Untold("longer than 4 KiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Untold("not UTF-8") from None
    if _CONTROL.search(text):
        raise Untold("a control character")
    fields = text.split("|")
    if len(fields) < 6:
        raise Untold("fewer than six fields")
    second, call, queue, member, verb, *data = fields
    if (shape := _SHAPES.get(verb)) is None:
        raise Untold(f"unknown verb {verb[:40]!r}")
    if len(data) not in shape.fields:
        raise Untold(f"{verb} with {len(data)} fields")
    return Line(whole(second), call, queue, member, verb, tuple(data))
