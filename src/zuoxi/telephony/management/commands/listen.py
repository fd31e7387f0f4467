# SPDX-License-Identifier: Apache-2.0
"""`zuoxi listen --switch NAME`: hears one switch and stores what it says, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zuoxi.telephony.asterisk.client import Account
from zuoxi.telephony.asterisk.lab import reach
from zuoxi.telephony.asterisk.listener import Duty, Listener
from zuoxi.telephony.models import Switch


class Command(BaseCommand):
    help = "Listen to a switch until SIGTERM; everything heard is stored before the process ends."
    requires_system_checks: list[str] = []  # telephones must not wait for a page that does not load

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--switch", required=True)

    def handle(self, *args: Any, switch: str, **options: Any) -> None:
        found = _switch(switch)
        _step_inside(found)
        asyncio.run(_listen(duty_for(found)))


async def _listen(duty: Duty) -> None:
    listener = Listener(duty)
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, listener.stop)
    await listener.run()


def _switch(name: str) -> Switch:
    """The switch that was set up under the name; a lab that runs here sets up its own."""
    found = Switch.objects.filter(name=name).first()
    if found is not None:
        return found
    if (lab := reach()) is None:
        raise CommandError(f"no switch {name!r} is set up and no lab runs here", returncode=2)
    host, _, port = lab["ami"].partition(":")
    return Switch.objects.create(
        name=name,
        host=host,
        port=int(port),
        username=lab["ami_user"],
        queue_log_path=lab["queue_log"],
        cel_path=lab["cel"],
        recordings_path=lab["recordings"],
    )


def _step_inside(switch: Switch) -> None:
    """A lab's manager interface answers in the lab's own network only: begin again in there, where we may."""
    lab = reach()
    if lab is None or lab["ami"] != f"{switch.host}:{switch.port}" or os.geteuid() != 0:
        return
    network = Path("/run/netns") / lab["namespace"]
    if not network.exists() or network.stat().st_ino == Path("/proc/self/ns/net").stat().st_ino:
        return
    words = [sys.executable, "-m", "zuoxi.config.cli", *sys.argv[1:]]
    os.execvp("ip", ["ip", "netns", "exec", lab["namespace"], *words])  # noqa: S606, S607 - our own words


def duty_for(switch: Switch) -> Duty:
    """CommandError where the secret is nowhere."""
    lab = reach() or {}
    secret = os.environ.get(switch.secret_env, "")
    if not secret and lab.get("ami") == f"{switch.host}:{switch.port}":
        secret = lab["ami_secret"]
    if not secret:
        raise CommandError(f"the switch's secret is expected in the environment variable {switch.secret_env}")
    return Duty(
        name=switch.name,
        account=Account(switch.host, switch.port, switch.username, secret),
        spool=settings.HOME / "spool" / f"{switch.name}.spool",
        queue_log=Path(switch.queue_log_path) if switch.queue_log_path else None,
        cel=Path(switch.cel_path) if switch.cel_path else None,
        steady=switch.kind == Switch.Kind.ASTERISK,
    )
