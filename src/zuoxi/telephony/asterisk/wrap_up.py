# SPDX-License-Identifier: Apache-2.0
"""Wrap-up (话后) as a pause of our own, because Asterisk's `wrapuptime` is cut short by a call from another queue.

An agent is paused "oncall" when a queue's call reaches him, "wrapup" when it ends, and made ready when the queue's
wrap-up time is over. A pause that he chose himself meanwhile (a meal) stands. No clock and no switch in here: what
happened goes in with its moment, what should be asked of the switch comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

ON_CALL: Final = "oncall"
WRAP_UP: Final = "wrapup"
_OURS: Final = frozenset({"", ON_CALL, WRAP_UP})
_ASK_AGAIN: Final = 1.0
"""Seconds after which an agent who should be ready by now is asked for again."""


class Wish(NamedTuple):
    """Ask the switch to pause the agent for `reason`, or to make him ready where it is ""."""

    agent: str
    reason: str


@dataclass(slots=True)
class _Agent:
    reason: str = ""
    expected: str = ""
    """The reason that we asked for and the switch has not confirmed yet."""
    ends_at: float | None = None
    length: float = 0.0
    extended: bool = False
    call: str = ""
    """The call that a queue gave him, and the queue."""
    queue: str = ""
    parted: dict[str, None] = field(default_factory=dict)
    """Calls that somebody took over from him, oldest first: that the queue ends them later is no news to him."""

    def present(self) -> str:
        return self.expected or self.reason


class WrapUps:
    """All agents of one switch. `seconds` by queue; a queue without an entry has no wrap-up."""

    def __init__(self, seconds: Mapping[str, int]) -> None:
        self.seconds = seconds
        self._agents: dict[str, _Agent] = {}

    def _of(self, agent: str) -> _Agent:
        return self._agents.setdefault(agent, _Agent())

    def connected(self, agent: str, queue: str, call: str = "") -> Wish | None:
        one = self._of(agent)
        one.call, one.queue = call, queue
        if not self.seconds.get(queue) or one.present() not in _OURS:
            return None
        one.expected, one.ends_at, one.extended = ON_CALL, None, False
        return Wish(agent, ON_CALL)

    def completed(self, agent: str, queue: str, now: float, call: str = "") -> Wish | None:
        """The queue says so; `call` is "" where the switch does not name it."""
        one = self._of(agent)
        call = call or next(iter(one.parted), "")
        if call in one.parted:
            del one.parted[call]
            return None
        return self._over(agent, one, queue, now)

    def left(self, agent: str, call: str, now: float) -> Wish | None:
        """His telephone is out of the call that a queue gave him, before the queue says anything."""
        one = self._of(agent)
        if not call or one.call != call:
            return None
        one.parted[call] = None
        return self._over(agent, one, one.queue, now)

    def _over(self, agent: str, one: _Agent, queue: str, now: float) -> Wish | None:
        one.call = one.queue = ""
        seconds = self.seconds.get(queue, 0)
        if not seconds or one.present() not in _OURS:
            return None
        return self._begin(agent, one, now, seconds)

    def _begin(self, agent: str, one: _Agent, now: float, seconds: float) -> Wish:
        one.expected, one.length, one.ends_at, one.extended = WRAP_UP, seconds, now + seconds, False
        return Wish(agent, WRAP_UP)

    def paused(self, agent: str, reason: str, now: float) -> None:
        """The switch says so. A wrap-up that the agent asked for himself ends like any other."""
        one = self._of(agent)
        one.reason = reason
        if reason == one.expected:
            one.expected = ""
        if reason not in _OURS:
            one.expected, one.ends_at = "", None
        elif reason == WRAP_UP and one.ends_at is None:
            one.length = max(self.seconds.values(), default=0)
            one.ends_at = now + one.length

    def ready(self, agent: str) -> None:
        """The switch says that no pause is left."""
        before = self._agents.pop(agent, None)
        if before is not None and (before.call or before.parted):
            self._agents[agent] = _Agent(call=before.call, queue=before.queue, parted=before.parted)

    def extend(self, agent: str) -> bool:
        """Once more the same time, once; False when there is nothing to extend."""
        one = self._of(agent)
        if one.present() != WRAP_UP or one.ends_at is None or one.extended:
            return False
        one.ends_at += one.length
        one.extended = True
        return True

    def forget(self) -> None:
        """A connection begins: what stood before may stand no more."""
        self._agents.clear()

    def adopt(self, agent: str, reason: str, in_call: bool, left: float, now: float) -> Wish | None:
        """What stands as a connection begins; `left` seconds of wrap-up by the last call that the ledger knows.

        An agent of whom something was heard since is left as that says.
        """
        if agent in self._agents:
            return None
        one = self._of(agent)
        one.reason = reason
        if reason == ON_CALL and not in_call:
            return self._begin(agent, one, now, left) if left > 0 else self._lift(agent, one, now)
        if reason == WRAP_UP:
            one.length, one.ends_at = max(left, 0.0), now + max(left, 0.0)
        return None

    def _lift(self, agent: str, one: _Agent, now: float) -> Wish:
        one.reason, one.ends_at = WRAP_UP, now + _ASK_AGAIN
        return Wish(agent, "")

    def due(self, now: float) -> Iterator[Wish]:
        """The agents whose time is over; those whom the switch did not make ready are asked for again."""
        for agent, one in self._agents.items():
            if one.ends_at is not None and one.ends_at <= now and one.present() == WRAP_UP:
                one.ends_at = now + _ASK_AGAIN
                yield Wish(agent, "")
