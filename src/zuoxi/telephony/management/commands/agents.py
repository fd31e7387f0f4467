# SPDX-License-Identifier: Apache-2.0
"""`zuoxi agents sign-in 1001 … --queue sales`: what the desk does, from the command line."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from zuoxi.telephony.models import Command as Wish
from zuoxi.telephony.models import QueueMembership, Switch
from zuoxi.telephony.selectors import default_switch
from zuoxi.telephony.services import Refused, ask, pause_reason

VERBS = {"sign-in": "sign_in", "ready": "ready", "not-ready": "pause", "sign-out": "sign_out"}


class Command(BaseCommand):
    help = "Sign agents in or out, make them ready or not ready."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=list(VERBS))
        parser.add_argument("agents", nargs="+")
        parser.add_argument(
            "--queue", action="append", default=[], help="queues to sign in to; default: the agent's own"
        )
        parser.add_argument("--reason", default="break", help="for not-ready")
        parser.add_argument("--switch")
        parser.add_argument("--wait", type=float, default=10.0, help="seconds to wait for the switch's answer")

    def handle(self, *args: Any, verb: str, agents: list[str], queue: list[str], **options: Any) -> None:
        switch = self._switch(options["switch"])
        wishes = []
        for agent in agents:
            try:
                wishes.append(ask(switch, VERBS[verb], agent, self._arguments(verb, agent, queue, options["reason"])))
            except Refused as error:
                raise CommandError(str(error), returncode=2) from error
        answered = self._answers([wish.pk for wish in wishes], options["wait"])
        for wish in answered:
            result = {"agent": wish.agent, "verb": verb, "status": wish.status, "message": wish.message}
            self.stdout.write(orjson.dumps(result).decode())
        if any(wish.status != Wish.Status.DONE for wish in answered):
            sys.exit(1)

    @staticmethod
    def _switch(name: str | None) -> Switch:
        switch = Switch.objects.filter(name=name).first() if name else default_switch()
        if switch is None:
            raise CommandError("no such switch; set one up first (zuoxi demo or the settings page)", returncode=2)
        return switch

    @staticmethod
    def _arguments(verb: str, agent: str, queues: list[str], reason: str) -> dict[str, Any]:
        if verb == "not-ready":
            return {"reason": pause_reason(reason)}
        if verb == "ready":
            return {}
        own = QueueMembership.objects.filter(staff__code=agent).values_list("queue__code", flat=True)
        return {"queues": queues or list(own)}

    @staticmethod
    def _answers(numbers: list[int], seconds: float) -> list[Wish]:
        """The wishes once all are answered, or as they stand when the time is over (no listener is running)."""
        deadline = time.monotonic() + seconds
        while True:
            wishes = list(Wish.objects.filter(pk__in=numbers).order_by("pk"))
            waiting = [wish for wish in wishes if wish.status in (Wish.Status.PENDING, Wish.Status.SENT)]
            if not waiting or time.monotonic() > deadline:
                return wishes
            time.sleep(0.05)
