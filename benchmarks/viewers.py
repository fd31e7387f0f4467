# SPDX-License-Identifier: Apache-2.0
"""Viewers of one live floor, for a run of the whole centre: who sees what, and when it reached the last of them.

    ZUOXI_HOME=… python benchmarks/viewers.py people --agents 200       # staff, a director's session, steps of a place
    python benchmarks/viewers.py watch --port 8000 --cookie … --viewers 200 > arrivals.json      # until SIGTERM

`watch` opens the floor once for its place, then that many streams from there. Prints one JSON object: how many streams
stood at the end, and for each place in the ledger the moments (seconds since the epoch) at which the viewers had it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sys
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = re.compile(rb"\nid: (\d+)\r?\n")
LONGEST_ID = 40
"""Bytes kept of a piece without a place: the beginning of one may be its end."""


def people(agents: int) -> None:
    """Staff for the switch's telephones, ten a team, a director, and a session of his."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "zuoxi.config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from zuoxi.floor.keeper import STEPS
    from zuoxi.people.models import User
    from zuoxi.telephony.tests import factories as make

    make.queue("sales", wrap_seconds=0)  # 200 agents cannot wrap up for 30 s and take ten calls a second
    make.person("8001", "DIR")
    teams = [make.team(f"t{number}") for number in range(agents // 10)]
    for number in range(agents):
        make.person(str(1001 + number), "TSR", teams[number // 10])
    client = Client()
    client.force_login(User.objects.get(username="8001"), backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    print(json.dumps({"cookie": f"{name}={client.cookies[name].value}", "steps": STEPS}))


class Arrivals:
    """When each viewer had each place; and how many streams stand."""

    def __init__(self) -> None:
        self.moments: defaultdict[int, list[float]] = defaultdict(list)
        self.standing = 0
        self.broken = 0

    def note(self, place: int) -> None:
        self.moments[place].append(round(time.time(), 4))


async def view(port: int, cookie: str, place: str, arrivals: Arrivals) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4_000_000)
    head = f"GET /floor/stream?view=rows HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
    writer.write(f"{head}Accept: text/event-stream\r\nLast-Event-ID: {place}\r\n\r\n".encode())
    arrivals.standing += 1
    try:
        rest = b""
        while chunk := await reader.read(1 << 16):  # in pieces: reading line by line would cost more than the server
            rest += chunk
            end = 0
            for found in PLACE.finditer(rest):
                arrivals.note(int(found[1]))
                end = found.end() - 1
            rest = rest[max(end, len(rest) - LONGEST_ID) :]
    finally:
        arrivals.standing -= 1
        arrivals.broken += 1
        writer.close()


async def watch(port: int, cookie: str, viewers: int) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/floor/?view=rows", headers={"Cookie": cookie})
    with urllib.request.urlopen(asked) as answer:
        page = answer.read().decode()
    found = re.search(r'data-from="(\d+)"', page)
    if found is None:
        raise SystemExit("the floor did not open: is the session right?")
    arrivals, stop = Arrivals(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tasks = [asyncio.create_task(view(port, cookie, found[1], arrivals)) for _ in range(viewers)]
    await stop.wait()
    standing, broken = arrivals.standing, arrivals.broken
    for task in tasks:
        task.cancel()
    print(json.dumps({"standing": standing, "broken": broken, "moments": arrivals.moments}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("people", "watch"))
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--cookie", default="")
    parser.add_argument("--viewers", type=int, default=200)
    chosen = parser.parse_args()
    if chosen.act == "people":
        people(chosen.agents)
    else:
        asyncio.run(watch(chosen.port, chosen.cookie, chosen.viewers))


if __name__ == "__main__":
    main()
