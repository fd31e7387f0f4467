# SPDX-License-Identifier: Apache-2.0
"""What stands on the simulated floor at a moment: agents, queues, calls and their legs. Times are µs since 1970."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .centre import AgentProfile, QueueProfile
from .day import CallPlan, Pause


class Stage(StrEnum):
    """Where a call is."""

    GREETED = "greeted"
    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    DIALLING = "dialling"
    AFTER = "after"
    ENDED = "ended"


@dataclass(slots=True, eq=False)
class Agent:
    """An agent on the floor. `queues` are those he is signed in to, `paused` those he is paused in, with the reason.

    `driven` is True while a person at a desk, and not his profile, decides what he does.
    """

    profile: AgentProfile
    queues: list[str] = field(default_factory=list)
    paused: dict[str, str] = field(default_factory=dict)
    leg: Leg | None = None
    owed: list[Pause] = field(default_factory=list)
    reachable: bool = True
    driven: bool = False
    leaving: bool = False
    wrapping_until: int = 0
    pause_token: int = 0
    taken: int = 0
    last_call: int = 0
    last_pause: int = 0
    login: int = 0

    @property
    def code(self) -> str:
        return self.profile.code

    @property
    def status(self) -> int:
        """Device state as app_queue prints it: 1 not in use, 2 in use, 5 unavailable, 6 ringing."""
        if self.leg is not None:
            return 2 if self.leg.answered else 6
        return 1 if self.reachable else 5

    def idle(self) -> bool:
        """Signed in, not paused anywhere, no telephone call, reachable."""
        return bool(self.queues) and not self.paused and self.leg is None and self.reachable

    def can_take(self, queue: str) -> bool:
        return self.leg is None and self.reachable and queue in self.queues and queue not in self.paused


@dataclass(slots=True, eq=False)
class Leg:
    """A telephone of ours in a call: an agent's channel, or the outside party that an agent dialled."""

    agent: Agent | None
    channel: str
    uid: str
    rang: int
    number: str = ""
    queue: str = ""
    answered: int = 0
    held: int = 0
    recording: str = ""
    context: str = "from-agent"
    originated: bool = False
    dialling: bool = False
    by: Leg | None = None


@dataclass(slots=True, eq=False)
class Call:
    """A call from its first to its last channel; `linkedid` is the unique id of the first.

    `leg` is the telephone that rings for, or talks with, the first channel; `extra` a third one; `origin` the
    agent's own in a call that he made. `served`: the leg that a queue connected and has not completed.
    `inside`: channel → bridge.
    """

    linkedid: str
    channel: str
    direction: str
    caller: str
    called: str
    started: int
    plan: CallPlan | None = None
    stage: Stage = Stage.GREETED
    queue: Queue | None = None
    joined: int = 0
    position: int = 0
    visit: int = 0
    attempts: int = 0
    token: int = 0
    priority: int = 0
    leg: Leg | None = None
    extra: Leg | None = None
    origin: Leg | None = None
    served: Leg | None = None
    inside: dict[str, str] = field(default_factory=dict)
    connected: int = 0
    turned: bool = False
    bridge: str = ""
    context: str = ""
    exten: str = "s"
    app: str = "Queue"
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Queue:
    """A queue with its waiting calls in order and its members in the order in which they signed in."""

    profile: QueueProfile
    waiting: list[Call] = field(default_factory=list)
    members: list[Agent] = field(default_factory=list)
    pointer: int = 0
    completed: int = 0
    abandoned: int = 0
    in_time: int = 0
    holdtime: int = 0
    talktime: int = 0

    @property
    def name(self) -> str:
        return self.profile.name
