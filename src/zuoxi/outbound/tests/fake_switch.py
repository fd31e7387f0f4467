# SPDX-License-Identifier: Apache-2.0
"""A switch as the database sees it: it takes up commands, and calls and agents' states follow in simulated time.

Each dial that reaches it is checked: was the agent free, was he alone on his line, was the number on no other line.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch

from zuoxi.telephony.models import Call, Command, StateInterval, Switch


@dataclass
class Line:
    """A call on the switch."""

    agent: str
    number: str
    call: Call
    answers_at: datetime | None
    ends_at: datetime


@dataclass
class FakeSwitch:
    """`luck` decides who answers; `refuses`: commands that fail; `deaf`: the listener takes nothing up."""

    now: datetime
    luck: random.Random = field(default_factory=lambda: random.Random(7))
    deaf: bool = False
    refuses: bool = False
    answer_share: float = 0.6
    leave_share: float = 0.0
    dials: list[tuple[datetime, str, str]] = field(default_factory=list)
    beyond_free: int = 0
    twice: int = 0
    _lines: dict[str, Line] = field(default_factory=dict)
    _next: int = 1_000_000

    def __post_init__(self) -> None:
        self.switch, _ = Switch.objects.get_or_create(name="lab", defaults={"kind": Switch.Kind.SIMULATOR})
        self.heard()

    @property
    def busy(self) -> bool:
        """Whether anybody is on a line."""
        return bool(self._lines)

    def heard(self) -> None:
        if not self.deaf:
            Switch.objects.filter(pk=self.switch.pk).update(seen_at=self.now)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Within, what asks for the time is told the simulated one."""
        with patch("django.utils.timezone.now", lambda: self.now):
            yield

    def state(self, agent: str, state: str, queues: str = "") -> None:
        present = StateInterval.objects.filter(agent=agent, to_at=None).first()
        if present is not None:
            if present.state == state:
                return
            if present.from_at >= self.now:
                StateInterval.objects.filter(pk=present.pk).update(state=state)
                return
            queues = queues or present.queues
            StateInterval.objects.filter(pk=present.pk).update(to_at=self.now)
        StateInterval.objects.create(agent=agent, state=state, from_at=self.now, queues=queues)

    def state_of(self, agent: str) -> str:
        present = StateInterval.objects.filter(agent=agent, to_at=None).first()
        return present.state if present else "signed_out"

    def pass_time(self, seconds: float = 1.0) -> None:
        self.now += timedelta(seconds=seconds)
        self.heard()
        if not self.deaf:
            for command in Command.objects.filter(status=Command.Status.PENDING).order_by("pk"):
                self._take_up(command)
        for agent, line in list(self._lines.items()):
            self._go_on(agent, line)

    def _take_up(self, command: Command) -> None:
        if command.verb == "hang_up":
            self._end(command.agent)
        elif command.verb == "dial":
            number = str(command.arguments["number"])
            self.dials.append((self.now, command.agent, number))
            self.beyond_free += self.state_of(command.agent) != "ready" or command.agent in self._lines
            self.twice += any(line.number == number for line in self._lines.values())
            if self.refuses:
                self._answer(command, Command.Status.FAILED, "the telephone was not taken up")
                return
            self._begin(command.agent, number)
        self._answer(command, Command.Status.DONE)

    def _answer(self, command: Command, status: str, message: str = "") -> None:
        Command.objects.filter(pk=command.pk).update(status=status, answered_at=self.now, message=message)

    def _begin(self, agent: str, number: str) -> None:
        self._next += 10
        call = Call.objects.create(
            id=self._next, uid=f"lab-1/{self._next}.0", switch="lab", direction="outbound", caller="8000",
            called=number, agent=agent, offered_at=self.now, outcome="open",
        )  # fmt: skip
        rings = timedelta(seconds=self.luck.randint(3, 20))
        answers = self.now + rings if self.luck.random() < self.answer_share else None
        talk = timedelta(seconds=self.luck.choice((4, 12, 28, 35, 60, 120)))
        self._lines[agent] = Line(agent, number, call, answers, self.now + rings + (talk if answers else timedelta()))
        self.state(agent, "on_call")

    def _go_on(self, agent: str, line: Line) -> None:
        if self.leave_share and self.luck.random() < self.leave_share:
            self.state(agent, "signed_out")
        if line.answers_at and line.call.answered_at is None and self.now >= line.answers_at:
            line.call.answered_at = line.answers_at
            Call.objects.filter(pk=line.call.pk).update(answered_at=line.answers_at)
        if self.now >= line.ends_at:
            self._end(agent)

    def _end(self, agent: str) -> None:
        line = self._lines.pop(agent, None)
        if line is None:
            return
        since = line.call.answered_at
        Call.objects.filter(pk=line.call.pk).update(
            ended_at=self.now,
            outcome="answered" if since else "failed",
            talk_seconds=int((self.now - since).total_seconds()) if since else None,
        )
        if self.state_of(agent) == "on_call":
            self.state(agent, "ready")
