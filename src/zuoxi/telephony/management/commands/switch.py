# SPDX-License-Identifier: Apache-2.0
"""`zuoxi switch`: a simulated switch with callers and agents in it, for the demo and for load tests."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
from argparse import ArgumentTypeError
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zuoxi.telephony.simulator.ami_server import SimulatedSwitch
from zuoxi.telephony.simulator.centre import PROFILES, ZONE, Centre
from zuoxi.telephony.simulator.clock import FASTEST
from zuoxi.telephony.simulator.scenario import BadScenario, centre_of


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= FASTEST:
        raise ArgumentTypeError(f"the speed is more than 0 and at most {FASTEST:.0f}")
    return speed


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _scenario(name: str) -> Any:
    try:
        return json.loads(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as wrong:
        raise ArgumentTypeError(f"{name} cannot be read: {wrong}") from wrong


def _centre(options: dict[str, Any]) -> Centre:
    if options.get("scenario") is None:
        return PROFILES[options["profile"]](options["seed"])
    try:
        return centre_of(options["scenario"], options["seed"])
    except BadScenario as wrong:
        raise CommandError(f"scenario: {wrong}") from wrong


class Command(BaseCommand):
    help = "Run a simulated switch that speaks AMI. The secret is taken from ZUOXI_AMI_SECRET."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=_speed, default=1.0, help="times faster than real time, up to 1000")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=0, help="0: any free port, which is printed")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--profile", choices=sorted(PROFILES), default="demo")
        parser.add_argument("--scenario", type=_scenario, help="JSON as of zuoxi simulate: its queues and agents")
        parser.add_argument("--start", type=_moment, help="where the clock begins (ISO; default: now)")
        parser.add_argument("--recordings", type=Path, help="root folder for recordings; without it none are made")
        parser.add_argument("--logs", type=Path, help="folder for queue_log and cel/Master.csv")
        parser.add_argument("--user", default="zuoxi")
        parser.add_argument("--people", default="", help="codes of agents whom only people drive, with commas")
        parser.add_argument("--pauses", choices=("auto", "switch", "listener"), default="auto")
        parser.add_argument("--control", action="store_true", help="allow the action ZuoxiFault")
        parser.add_argument("--seconds", type=float, help="end after so many real seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._run(options))

    async def _run(self, options: dict[str, Any]) -> None:
        ended = asyncio.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, ended.set)
        async with _switch(options) as switch:
            self._announce(switch, options)
            stopping = asyncio.create_task(ended.wait())
            orphaned = asyncio.create_task(_orphaned())
            playing = asyncio.create_task(switch.wait())
            with suppress(TimeoutError):
                async with asyncio.timeout(options["seconds"]):
                    await asyncio.wait({stopping, playing, orphaned}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            orphaned.cancel()
            if playing.done():
                playing.result()

    def _announce(self, switch: SimulatedSwitch, options: dict[str, Any]) -> None:
        told = {
            "ami": f"{switch.host}:{switch.port}",
            "user": options["user"],
            "pid": os.getpid(),
            "profile": "scenario" if options.get("scenario") is not None else options["profile"],
            "seed": options["seed"],
            "speed": options["speed"],
            "boot": switch.boot,
            "agents": len(switch.centre.agents),
            "queue_log": str(options["logs"] / "queue_log") if options["logs"] else None,
            "cel": str(options["logs"] / "cel" / "Master.csv") if options["logs"] else None,
            "recordings": str(options["recordings"]) if options["recordings"] else None,
        }
        self.stdout.write(json.dumps(told))
        self.stdout.flush()


async def _orphaned() -> None:
    """Ends when the process that started us as a member of its household is gone; never without one."""
    parent = os.environ.get("ZUOXI_PARENT", "")
    while not parent or str(os.getppid()) == parent:
        await asyncio.sleep(2.0)


def _switch(options: dict[str, Any]) -> SimulatedSwitch:
    people = frozenset(code for code in options["people"].split(",") if code)
    centre = replace(_centre(options), people=people)
    return SimulatedSwitch(
        centre,
        host=options["host"],
        port=options["port"],
        accounts={options["user"]: os.environ.get("ZUOXI_AMI_SECRET") or "zuoxi-sim"},
        speed=options["speed"],
        start=options["start"],
        system_name=secrets.token_hex(6),
        logs=options["logs"],
        recordings=options["recordings"],
        pauses=options["pauses"],
        control=options["control"],
    )
