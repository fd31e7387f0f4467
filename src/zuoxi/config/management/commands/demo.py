# SPDX-License-Identifier: Apache-2.0
"""`zuoxi demo`: a centre of 120 seats with a month behind it, live, with a sign-in for every role."""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zuoxi.config.demo import asterisk as real
from zuoxi.config.demo import proof as proven
from zuoxi.config.demo import seed
from zuoxi.config.household import Member
from zuoxi.people.models import Position
from zuoxi.telephony.models import Switch


class Command(BaseCommand):
    help = "Set up the demo centre (the first time) and run it."
    requires_system_checks: list[str] = []  # they import every page: that is for a new home, and for who serves them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--days", type=int, default=30, help="of history")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--speed", type=float, default=1.0, help="of the simulated switch")
        parser.add_argument("--no-serve", action="store_true", help="only set up")
        parser.add_argument("--asterisk", action="store_true", help="a real Asterisk with SIP callers (as root)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        started = time.monotonic()
        if not options["no_serve"]:
            port = _port_near(host, port)
        settings.HOME.mkdir(parents=True, exist_ok=True)
        settings.RECORDINGS.mkdir(parents=True, exist_ok=True)
        password = seed.demo_password(settings.HOME)
        if options["asterisk"]:
            self._prepare(Switch.Kind.ASTERISK, password)
            made, members = self._real_switch(password), [Member("town", ["town"])]
        else:
            made, members = self._simulated(password, options["seed"], options["days"]), []
        address = f"http://{host}:{port}/"
        note = seed.write_note(settings.HOME, address, password)
        if options["no_serve"]:
            self._say(f"就绪 · ready in {time.monotonic() - started:.0f} s ({made} events), sign-ins in {note}")
            return
        there = threading.Event()
        threading.Thread(target=self._welcome, args=(address, password, started, there), daemon=True).start()
        told = {"speed": options["speed"], "seed": options["seed"], "beside": members, "pages_ready": there.is_set}
        try:
            call_command("serve", host=host, port=port, **told)
        finally:
            if options["asterisk"]:
                real.stop_switch()

    def _prepare(self, kind: str, password: str) -> None:
        self._say("数据库 · preparing the database")
        self.check()
        call_command("migrate", verbosity=0)
        _one_demo_a_home(kind)
        seed.seed_people(timezone.localdate(), password)

    def _simulated(self, password: str, chance: int, days: int) -> int:
        """The simulated centre and its past; of a home that stands already nothing but the switch's port is touched."""
        today, now, port = timezone.localdate(), timezone.now(), _port_near("127.0.0.1", 15038)
        proof = proven.proof_of(today, now, chance, days)
        if proven.stands(settings.HOME, Switch.Kind.SIMULATOR, proof):
            seed.move_switch(port)
            return 0
        from zuoxi.config.demo import furnish, month

        proven.take_back(settings.HOME)
        self._prepare(Switch.Kind.SIMULATOR, password)
        seed.seed_switch(port)
        made = month.make_month(chance, seed.SWITCH, now, days, self._progress)
        self._say("班表、考勤等 · furnishing rosters, attendance and the rest")
        furnish.furnish_all(today, lambda _package: None)
        proven.note_down(settings.HOME, proof)
        return made

    def _real_switch(self, password: str) -> int:
        self._say("Asterisk · starting the real switch (the first time it is fetched)")
        line = real.start_switch()
        switch = real.seed_switch(line, password)
        real.sign_in_phones(switch, line)
        self._say(f"软电话座席 · browser seats: {', '.join(real.BROWSER_SEATS)}")
        self._say(f"软电话班长、主管 · leaders who can listen in the page: {', '.join(real.LISTENERS)}")
        return 0

    def _say(self, text: str) -> None:
        self.stderr.write(f"· {text}")

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r· 历史数据 · making the month behind: day {done}/{total}", ending="")
            if done == total:
                self.stderr.write("")
        elif done == total:
            self._say(f"历史数据 · made {total} days of history")

    def _welcome(self, address: str, password: str, started: float, there: threading.Event) -> None:
        """Once the first page answers, say where it is and who may come in."""
        while not _answers(f"{address}health/ready"):
            time.sleep(0.1)
        there.set()
        names = {post.code: (post.name_zh, post.name_en) for post in Position.objects.all()}
        lines = [
            "",
            f"坐席演示中心已就绪 · the demo centre is ready after {time.monotonic() - started:.0f} s",
            f"    {address}",
            f"    密码 · password for everybody: {password}",
            "",
            "    工号 · sign in as   岗位 · post",
        ]
        for role, code, name in seed.sign_ins():
            zh, en = names[role]
            lines.append(f"    {code:<18}  {zh} {en} ({name})")
        lines += ["", "    Ctrl-C 停止 · stops it"]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        from zuoxi.config.demo import month

        with suppress(OSError):
            month.make_recordings()


def _one_demo_a_home(kind: str) -> None:
    """Both demos know the same people and queues by the same names, each at its own switch."""
    if Switch.objects.exclude(kind=kind).exists():
        raise CommandError(f"{settings.HOME} holds the other demo; give this one a ZUOXI_HOME of its own", returncode=2)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as reply:  # noqa: S310 - our own http address
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _port_near(host: str, port: int) -> int:
    """The port, or the next free one when something else has it."""
    for candidate in range(port, port + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise CommandError(f"no free port between {port} and {port + 49}; give another with --port")
