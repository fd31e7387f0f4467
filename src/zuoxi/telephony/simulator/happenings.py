# SPDX-License-Identifier: Apache-2.0
"""What the engine tells its listeners: one method per thing that a switch would say, each at its own microsecond.

A listener overrides what it writes down. Every time is µs since 1970 and no two happenings of a call share one.
"""

# ruff: noqa: PLR0917 - called through one fan-out, always by place

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .model import Agent, Call, Leg, Queue


class Listener:
    """Hears everything and does nothing; base of all that write down."""

    def call_started(self, t: int, call: Call) -> None:
        """The dial plan has announced a call (ZuoxiCall)."""

    def diverted(self, t: int, call: Call, outcome: str, to: str, status: str) -> None:
        """The dial plan sent a caller elsewhere (ZuoxiDivert)."""

    def joined(self, t: int, call: Call, queue: Queue) -> None: ...

    def ringing(self, t: int, call: Call, leg: Leg, queue: Queue) -> None: ...

    def no_answer(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None: ...

    def ring_cancelled(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        """The caller gave up, or a command took the call away, while an agent's telephone rang."""

    def connected(self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, ring: int) -> None: ...

    def abandoned(self, t: int, call: Call, queue: Queue, position: int, wait: int) -> None: ...

    def exited(self, t: int, call: Call, queue: Queue, position: int, wait: int, reason: str) -> None:
        """Out of the queue without an agent though the caller stayed; `reason` as in the vocabulary of facts."""

    def completed(
        self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, talk: int, ended_by: str, to: str
    ) -> None:
        """`ended_by` agent, caller, or transfer; then `to` is "how:extension@context"."""

    def bridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None:
        """A channel enters a bridge; `leg` None is the caller."""

    def unbridged(self, t: int, call: Call, leg: Leg | None, bridge: str, members: int) -> None: ...

    def held(self, t: int, call: Call, leg: Leg) -> None: ...

    def resumed(self, t: int, call: Call, leg: Leg) -> None: ...

    def transferred(self, t: int, call: Call, leg: Leg, how: str, to: str, target: Leg | None) -> None: ...

    def dialled(self, t: int, call: Call, leg: Leg, by: Leg | None) -> None:
        """A telephone is called outside a queue; `by` None: by the caller's channel."""

    def dial_ended(self, t: int, call: Call, leg: Leg, by: Leg | None, status: str) -> None: ...

    def hung_up(self, t: int, call: Call, leg: Leg | None, cause: int) -> None:
        """A channel is gone; `leg` None is the caller's."""

    def ended(self, t: int, call: Call) -> None:
        """The last channel of the call is gone."""

    def recording(self, t: int, call: Call, leg: Leg, state: str) -> None:
        """`state` started or stopped; the file is `leg.recording`."""

    def asked(self, t: int, call: Call, agent: str, queue: str) -> None:
        """The agent has hung up and the caller is asked by key."""

    def surveyed(self, t: int, call: Call, agent: str, score: int) -> None: ...

    def member_added(self, t: int, agent: Agent, queue: Queue) -> None: ...

    def member_removed(self, t: int, agent: Agent, queue: Queue) -> None: ...

    def paused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        """`everywhere`: asked for without a queue. The n-th of `queues` is told at t + n."""

    def unpaused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None: ...

    def device(self, t: int, agent: Agent) -> None:
        """The state of an agent's telephone changed (ringing, in use, free, out of reach)."""

    def reachable(self, t: int, agent: Agent) -> None:
        """An agent's telephone registered or was lost; see `agent.reachable`."""

    def spied(self, t: int, spy: Leg, target: Leg, started: bool) -> None: ...

    def originated(self, t: int, call: Call, leg: Leg | None, action_id: str, request: dict[str, str]) -> None:
        """What became of an Originate; `leg` None: the telephone was not reached."""


class Everyone(Listener):
    """Passes each happening on to several listeners, in order."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self.listeners = list(listeners)


def _passing(name: str) -> Any:
    def pass_on(self: Everyone, *args: Any) -> None:
        for listener in self.listeners:
            getattr(listener, name)(*args)

    pass_on.__name__ = name
    return pass_on


for _name in [name for name in vars(Listener) if not name.startswith("_")]:
    setattr(Everyone, _name, _passing(_name))
