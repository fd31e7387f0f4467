# SPDX-License-Identifier: Apache-2.0
"""What a switch can say, in our own words, and the rows that the folds make of it.

The vocabulary is closed: AMI frames, queue_log lines, CEL rows and imported call records are all translated into
`SwitchFact`s of these kinds, so the folds know nothing of any switch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

SOURCE_RANK: Final = {"queue_log": 0, "cel": 1, "ami": 2, "sim": 2, "desk": 3, "import": 4}
"""Which source is believed first where two tell the same thing differently (lower wins)."""


class SwitchFact(NamedTuple):
    """One thing a switch said.

    `subject` is the call uid "<instance>/<linkedid>" or ""; `party` the agent code or ""; `at` aware UTC;
    `key` 16 bytes, the same each time the source repeats the fact; `data` the keys of `DATA_KEYS[kind]`.
    """

    kind: str
    at: datetime
    subject: str
    party: str
    data: dict[str, Any]
    source: str
    key: bytes


DATA_KEYS: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(keys.split())
    for kind, keys in {
        "call.started": "direction caller called number agent channel",
        "call.diverted": "outcome to",
        "call.dialled": "number channel",
        "call.answered": "channel",
        "call.dial_ended": "status channel",
        "call.held": "channel",
        "call.resumed": "channel",
        "call.transferred": "how to result",
        "call.ended": "cause channel",
        "call.clock_changed": "seconds",
        "call.imported": "direction caller called queue offered_at answered_at ended_at outcome agent wait talk hold",
        "queue.joined": "queue position caller called priority",
        "queue.exited": "queue reason wait",
        "queue.abandoned": "queue position wait",
        "agent.ringing": "queue",
        "agent.no_answer": "queue ring",
        "agent.connected": "queue wait ring channel",
        "agent.completed": "queue wait talk ended_by",
        "leg.joined": "channel bridge",
        "leg.left": "channel bridge",
        "leg.ended": "channel",
        "recording.started": "path channel leg",
        "recording.stopped": "path seconds channel leg",
        "survey.asked": "questions queue",
        "survey.answered": "score question means",
        "member.added": "queue",
        "member.removed": "queue",
        "member.paused": "queue reason",
        "member.unpaused": "queue reason",
        "member.snapshot": "queues paused reason in_call status",
        "device.reachable": "",
        "device.unreachable": "",
        "switch.connected": "instance",
        "switch.lost": "",
        "switch.synced": "callers members",
        "window.unknown": "from to why",
    }.items()
}


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class Outcome(StrEnum):
    """How a call, or a wait in a queue, ended. OPEN is a call that is still up."""

    OPEN = "open"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    OVERFLOW = "overflow"
    CLOSED = "closed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AgentState(StrEnum):
    """The one state of an agent that everybody sees."""

    SIGNED_OUT = "signed_out"
    READY = "ready"
    RINGING = "ringing"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    NOT_READY = "not_ready"
    BREAK = "break"
    MEAL = "meal"
    TRAINING = "training"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class LegKind(StrEnum):
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    CONSULTED = "consulted"
    CONFERENCED = "conferenced"


@dataclass(slots=True)
class VisitRow:
    """One wait in one queue; what "offered" counts."""

    seq: int
    queue: str
    entered_at: datetime
    left_at: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    agent: str = ""
    position: int | None = None
    wait_seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    ended_by: str = ""


@dataclass(slots=True)
class LegRow:
    """One agent's part in a call, from the moment the two could hear each other."""

    seq: int
    agent: str
    kind: LegKind
    from_at: datetime
    to_at: datetime | None = None
    ring_seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    queue: str = ""
    aside_at: datetime | None = None


@dataclass(slots=True)
class AttemptRow:
    """A ring at an agent that was not answered."""

    seq: int
    agent: str
    queue: str
    at: datetime
    ring_seconds: int | None


@dataclass(slots=True)
class RecordingRow:
    """A file that the switch said it wrote (`path` is below the recordings root)."""

    path: str
    leg_agent: str
    started_at: datetime
    stopped_at: datetime | None = None
    said_seconds: int | None = None


@dataclass(slots=True)
class CallRow:
    """A call as all of its own facts tell it."""

    uid: str
    first_event: int
    direction: Direction
    caller: str = ""
    called: str = ""
    queue: str = ""
    agent: str = ""
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    wait_seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    ended_by: str = ""
    survey_score: int | None = None
    survey_asked: int | None = None
    survey_means: str = ""
    survey_answers: str = ""
    diverted_to: str = ""
    doubts: tuple[str, ...] = ()
    applied_through: int = 0
    visits: list[VisitRow] = field(default_factory=list)
    legs: list[LegRow] = field(default_factory=list)
    attempts: list[AttemptRow] = field(default_factory=list)
    recordings: list[RecordingRow] = field(default_factory=list)


class Interval(NamedTuple):
    """An agent in one state; `to_at` None is the present one. `cause` says who or what moved him there."""

    agent: str
    state: AgentState
    from_at: datetime
    to_at: datetime | None = None
    reason: str = ""
    direction: str = ""
    cause: str = ""
    queues: str = ""
    subject: str = ""
