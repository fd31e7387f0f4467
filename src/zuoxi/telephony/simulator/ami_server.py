# SPDX-License-Identifier: Apache-2.0
"""The simulated switch, live: plays its day by a clock, speaks AMI to whoever logs in, and writes its files.

Each simulated day is a boot of its own, as if the switch started anew at four in the morning. A switch that begins
in the middle of a day has lived through the day so far: its queue log and channel log tell it, its queues hold it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from . import actions
from .cel import ChannelLog
from .centre import ZONE, Centre
from .clock import Clock, ticking
from .day import MICRO, day_start, micros, simulated_day
from .engine import Engine
from .faults import Wire
from .frames import Frames
from .happenings import Everyone, Listener
from .logfile import LogFile
from .queue_log import QueueLog
from .recordings import Recorder
from .session import Headers, Session

SLICE = 0.02
"""Real seconds' worth of simulated time that is played before others get their turn."""
LONGEST_NAP = 0.5
STOPS_WITHIN = 4.0
"""Seconds in which recordings that wait may still be written when the switch ends."""


class SimulatedSwitch:
    """`async with SimulatedSwitch(...) as switch:` listens and plays until the block ends.

    `port` 0 takes a free one (see `port` afterwards). `logs` is the folder of `queue_log` and `cel/Master.csv`,
    `recordings` the root of the recordings; without them nothing is written. `start` is where the clock begins
    (default: now). `pauses`: "switch" (agents are paused around calls by the simulation), "listener" (Zuoxi does
    it), or "auto" (the simulation, until a listener pauses somebody with the reason "oncall"). `more` listeners hear
    every happening; `ticking` is the seconds that drive the clock.
    """

    def __init__(
        self,
        centre: Centre,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        accounts: Mapping[str, str] | None = None,
        speed: float = 1.0,
        start: datetime | None = None,
        system_name: str = "",
        logs: Path | None = None,
        recordings: Path | None = None,
        pauses: str = "auto",
        control: bool = False,
        more: Iterable[Listener] = (),
        ticking: Callable[[], float] = ticking,
    ) -> None:
        self.centre = centre
        self.host, self.port = host, port
        self.accounts = dict(accounts or {"zuoxi": "zuoxi-sim"})
        self.system_name = system_name
        self.control = control
        self.pauses = pauses
        self.wire = Wire(seed=centre.seed)
        self.sessions: set[Session] = set()
        self.globals: dict[str, str] = {}
        self.recorder = Recorder(recordings) if recordings is not None else None
        self.clock = Clock(micros(start or datetime.now(UTC)), speed, ticking)
        self.frames = Frames(self._spread, system_name)
        self._queue_log = LogFile(logs / "queue_log" if logs else None)
        self._channel_log = LogFile(logs / "cel" / "Master.csv" if logs else None)
        self._more = list(more)
        self._poke = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._playing: asyncio.Task[None] | None = None
        self.boot = 0
        self.engine = self._come_up(self.clock.now())

    # Life

    async def __aenter__(self) -> SimulatedSwitch:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._playing = asyncio.create_task(self._play())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.shut_down()
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)
        if self.recorder is not None:
            await asyncio.to_thread(self.recorder.close, STOPS_WITHIN)
        self._queue_log.close()
        self._channel_log.close()

    async def wait(self) -> None:
        """Until the play fails; it never ends by itself."""
        if self._playing is not None:
            await self._playing

    def _come_up(self, moment: int) -> Engine:
        """In the middle of a day. Where an earlier run has logged this day already, this is the switch's next boot:
        the day so far is only remembered, and the calls that were up are gone.
        """
        day = simulated_day(datetime.fromtimestamp(moment / MICRO, ZONE))
        if self._queue_log.last_second() < day_start(day) // MICRO:
            return self._begin_day(moment)
        self._queue_log.muted = self._channel_log.muted = True
        engine = self._begin_day(moment)
        self._queue_log.muted = self._channel_log.muted = False
        self.boot = moment // MICRO
        engine.restart()
        self._log_start()
        return engine

    def _log_start(self) -> None:
        QueueLog(self._queue_log.write).started(self.boot)
        self._queue_log.flush()

    def _begin_day(self, moment: int) -> Engine:
        """A new boot at four o'clock; the day up to `moment` has happened unheard, and is in the files."""
        day = simulated_day(datetime.fromtimestamp(moment / MICRO, ZONE))
        warm_up = self.centre.profile.warm_up
        since = day_start(day) if warm_up is None else max(day_start(day), moment - warm_up * MICRO)
        self.boot = since // MICRO
        self._log_start()
        queue_log = QueueLog(self._queue_log.write, self.system_name)
        channel_log = ChannelLog(self._channel_log.write, self.system_name)
        hearing: list[Listener] = [queue_log, channel_log, self.frames, *self._more]
        if self.recorder is not None:
            hearing.append(self.recorder)
        engine = Engine(self.centre, day, Everyone(hearing), pauses_itself=self.pauses != "listener", since=since)
        self.hush(True)
        engine.run(moment)
        self.hush(False)
        self._queue_log.flush()
        self._channel_log.flush()
        return engine

    def hush(self, muted: bool) -> None:
        self.frames.muted = muted
        if self.recorder is not None:
            self.recorder.muted = muted

    async def _play(self) -> None:
        while True:
            now, reached = self.clock.now(), self.engine.world.now
            slice_ = max(int(SLICE * self.clock.speed * MICRO), (now - reached) // 20)  # more, after a sleep
            behind = self.play_to(min(now, reached + slice_))
            if behind or self.engine.world.now < now:
                await asyncio.sleep(0)
                continue
            upcoming = self.engine.world.next_at()
            nap = LONGEST_NAP if upcoming is None else min(LONGEST_NAP, self.clock.seconds_until(upcoming))
            await self._sleep(nap)

    async def _sleep(self, seconds: float) -> None:
        self._poke.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._poke.wait()
        except TimeoutError:
            pass

    def play_to(self, moment: int) -> bool:
        """Let everything up to `moment` happen, with a new boot where a day ends. True: a day ended, go on."""
        world = self.engine.world
        ends = day_start(world.day + timedelta(days=1))
        if moment >= ends:
            self.engine.run(ends - 1)
            self.shut_down()
            self.engine = self._begin_day(ends)
            return True
        self.engine.run(moment)
        self._queue_log.flush()
        self._channel_log.flush()
        return False

    # Speaking

    def _spread(self, privilege: str, raw: bytes) -> None:
        pieces = [raw] if self.wire.calm() else list(self.wire.through(raw))
        for session in list(self.sessions):
            if session.hears(privilege):
                for piece in pieces:
                    session.write(piece)

    def act(self, session: Session, action: str, headers: Headers) -> None:
        """Answer an action of somebody who is logged in, at the moment that the clock shows."""
        self.play_to(self.clock.now())
        actions.perform(self, session, action, headers)
        self._queue_log.flush()
        self._channel_log.flush()
        self._poke.set()

    def shut_down(self) -> None:
        """Say so, and close every connection."""
        self.frames.shut_down(self.engine.world.tick())
        for session in list(self.sessions):
            session.close()
        self.sessions.clear()

    @property
    def ids(self) -> str:
        """What stands before every unique id."""
        return f"{self.system_name}-" if self.system_name else ""

    def uptime(self) -> int:
        return max(0, self.engine.world.moment // MICRO - self.boot)

    # What goes wrong

    def drop_all(self) -> None:
        """Every connection is reset."""
        for session in list(self.sessions):
            session.drop()
        self.sessions.clear()

    def half_open(self) -> None:
        """Every connection stays, and is dead."""
        for session in self.sessions:
            session.stall()

    def restart(self) -> None:
        """The switch is killed and comes up again: calls gone without a word, members kept, a new boot."""
        self.drop_all()
        world = self.engine.world
        self.boot = world.moment // MICRO
        self.engine.restart()
        self._log_start()
        self._poke.set()

    def jump(self, seconds: float) -> None:
        """The switch's own clock is set forward or back."""
        self.engine.world.jump(seconds)

    def fault(self, kind: str, amount: float = 1) -> bool:
        """Do what `faults.KINDS` names; False for anything else."""
        simple: dict[str, Any] = {"drop": self.drop_all, "half_open": self.half_open, "restart": self.restart}
        if kind in simple:
            simple[kind]()
        elif kind == "clock":
            self.jump(amount)
        elif kind in ("duplicate", "truncate", "reorder", "garbage"):
            setattr(self.wire, kind, int(amount))
        else:
            return False
        return True
