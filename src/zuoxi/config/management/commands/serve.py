# SPDX-License-Identifier: Apache-2.0
"""`zuoxi serve`: the whole house on one machine, each part a process of its own."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from zuoxi.config.household import Household, Member
from zuoxi.telephony.models import Switch

ALWAYS: Final = ("work", "watch", "dialler")
"""Besides pages and listeners; the containers and units of `deploy` run the same."""


class Command(BaseCommand):
    help = "Serve pages, listen to every switch and do background work, until told to stop."
    # From a command that calls this one: more processes for the household, and when pages are there for all to see.
    stealth_options = ("beside", "pages_ready")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--speed", type=float, default=1.0, help="of simulated switches")
        parser.add_argument("--seed", type=int, default=7, help="of simulated switches")

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        speed: float,
        seed: int,
        beside: Sequence[Member] = (),
        pages_ready: Callable[[], bool] | None = None,
        **options: Any,
    ) -> None:
        members = [Member("web", ["web", "--host", host, "--port", str(port)])]
        for switch in Switch.objects.order_by("pk"):
            if switch.kind == Switch.Kind.SIMULATOR:
                members.append(_simulator(switch, seed, speed))
            members.append(Member(f"listen {switch.name}", ["listen", "--switch", switch.name]))
        members += [Member(name, [name]) for name in ALWAYS]
        Household([*members, *beside], first_ready=pages_ready).run()


def _simulator(switch: Switch, seed: int, speed: float) -> Member:
    """The simulated switch as a process; its secret is made for this run when the environment has none."""
    os.environ.setdefault(switch.secret_env, secrets.token_hex(16))
    words = ["switch", "--port", str(switch.port), "--seed", str(seed), "--speed", str(speed)]
    if switch.queue_log_path:
        words += ["--logs", str(Path(switch.queue_log_path).parent)]
    if switch.recordings_path:
        words += ["--recordings", switch.recordings_path]
    return Member(f"switch {switch.name}", words)
