# SPDX-License-Identifier: Apache-2.0
"""The queue log that the simulated switch keeps, line for line as Asterisk 22 writes it."""

# ruff: noqa: PLR0917 - the signatures are those of Listener

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from .centre import Centre
from .day import MICRO, day_start
from .engine import Engine
from .happenings import Listener
from .model import Agent, Call, Leg, Queue


class QueueLog(Listener):
    """Writes each line with `write`. With a `system_name`, calls are numbered under it."""

    def __init__(self, write: Callable[[str], object], system_name: str = "") -> None:
        self._write = write
        self._prefix = f"{system_name}-" if system_name else ""

    def started(self, second: int) -> None:
        """The switch came up."""
        self._write(f"{second}|NONE|NONE|NONE|QUEUESTART|\n")

    def _line(self, t: int, call: Call, queue: Queue, member: str, told: str) -> None:
        self._write(f"{t // MICRO}|{self._prefix}{call.linkedid}|{queue.name}|{member}|{told}\n")

    def joined(self, t: int, call: Call, queue: Queue) -> None:
        self._line(t, call, queue, "NONE", f"ENTERQUEUE||{call.caller}|{call.position}")

    def no_answer(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        self._line(t, call, queue, _member(leg), f"RINGNOANSWER|{milliseconds}")

    def ring_cancelled(self, t: int, call: Call, leg: Leg, queue: Queue, milliseconds: int) -> None:
        self._line(t, call, queue, _member(leg), f"RINGCANCELED|{milliseconds}")

    def connected(self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, ring: int) -> None:
        self._line(t, call, queue, _member(leg), f"CONNECT|{wait}|{self._prefix}{leg.uid}|{ring}")

    def abandoned(self, t: int, call: Call, queue: Queue, position: int, wait: int) -> None:
        self._line(t, call, queue, "NONE", f"ABANDON|{position}|{call.position}|{wait}")

    def exited(self, t: int, call: Call, queue: Queue, position: int, wait: int, reason: str) -> None:
        how = "EXITWITHKEY|1" if reason == "key" else "EXITWITHTIMEOUT"
        self._line(t, call, queue, "NONE", f"{how}|{position}|{call.position}|{wait}")

    def completed(
        self, t: int, call: Call, leg: Leg, queue: Queue, wait: int, talk: int, ended_by: str, to: str
    ) -> None:
        how, _, place = to.partition(":")
        extension, _, context = place.partition("@")
        told = {
            "agent": f"COMPLETEAGENT|{wait}|{talk}|{call.position}",
            "caller": f"COMPLETECALLER|{wait}|{talk}|{call.position}",
            "transfer": f"BLINDTRANSFER|{extension}|{context}|{wait}|{talk}|{call.position}"
            if how == "blind"
            else f"ATTENDEDTRANSFER|BRIDGE|{call.bridge}|{wait}|{talk}|{call.position}",
        }
        self._line(t, call, queue, _member(leg), told[ended_by])

    def member_added(self, t: int, agent: Agent, queue: Queue) -> None:
        paused = "PAUSED" if queue.name in agent.paused else ""
        self._write(f"{t // MICRO}|MANAGER|{queue.name}|{agent.code}|ADDMEMBER|{paused}\n")

    def member_removed(self, t: int, agent: Agent, queue: Queue) -> None:
        self._write(f"{t // MICRO}|MANAGER|{queue.name}|{agent.code}|REMOVEMEMBER|\n")

    def paused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        self._pauses(t, agent, queues, "PAUSE", reason, everywhere)

    def unpaused(self, t: int, agent: Agent, queues: list[str], reason: str, everywhere: bool) -> None:
        self._pauses(t, agent, queues, "UNPAUSE", reason, everywhere)

    def _pauses(self, t: int, agent: Agent, queues: list[str], verb: str, reason: str, everywhere: bool) -> None:
        second = t // MICRO
        if everywhere:
            self._write(f"{second}|NONE|NONE|{agent.code}|{verb}ALL|{reason}\n")
        for queue in queues:
            self._write(f"{second}|NONE|{queue}|{agent.code}|{verb}|{reason}\n")


def _member(leg: Leg) -> str:
    return leg.agent.code if leg.agent is not None else "NONE"


def queue_log_lines(centre: Centre, day: date, *, until: int | None = None, system_name: str = "") -> Iterator[str]:
    """The queue log of one simulated day, each line with its end; `until` in µs since 1970."""
    lines: list[str] = []
    log = QueueLog(lines.append, system_name)
    log.started(day_start(day) // MICRO)
    Engine(centre, day, log).run(until)
    yield from lines
