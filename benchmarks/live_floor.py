# SPDX-License-Identifier: Apache-2.0
"""The live floor as it is served: streams that stand open, changes that are told, and what that costs the server."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MARK = b"bench-"


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def view(port: int, cookie: str, place: str, arrivals: dict[int, float], stop: asyncio.Event) -> int:
    """One viewer: notes when each marked change arrived; the number of bytes it was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /floor/stream?view=rows HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
    writer.write(f"{head}Accept: text/event-stream\r\nLast-Event-ID: {place}\r\n\r\n".encode())
    size, rest = 0, b""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            data = await asyncio.wait_for(reader.read(65536), 0.5)
            if not data:
                break
            size += len(data)
            rest = (rest + data)[-70_000:]
            while (at := rest.find(MARK)) >= 0 and len(rest) > at + 12:
                number = int(rest[at + len(MARK) : at + len(MARK) + 6])
                arrivals[number] = max(arrivals.get(number, 0), time.monotonic())
                rest = rest[at + len(MARK) + 6 :]
    writer.close()
    return size


def fact(kind: str, agent: str, number: int, **data: Any) -> Any:
    from django.utils import timezone

    from zuoxi.telephony.facts import SwitchFact

    return SwitchFact(kind, timezone.now(), "", agent, data, "ami", number.to_bytes(16, "big"))


def speak(number: int, agents: int) -> float:
    """An agent's state changes in the ledger; the reason carries the number that viewers look for."""
    agent = str(1001 + number % agents)
    switch().store([fact("member.paused", agent, number, queue="sales", reason=f"nr:bench-{number:06}")])
    return time.monotonic()


_switch: list[Any] = []


def switch() -> Any:
    from zuoxi.telephony.ingest import Ingest

    if not _switch:
        _switch.append(Ingest("lab"))
    return _switch[0]


async def watch(
    client: Any, port: int, pid: int, viewers: int, options: argparse.Namespace, first: int
) -> dict[str, float]:
    """Viewers of what `client` sees, while changes are told for so many seconds, the first of them number `first`."""
    from asgiref.sync import sync_to_async
    from django.conf import settings

    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    page = (await sync_to_async(client.get)("/floor/?view=rows")).content.decode()
    place = page.split('data-from="')[1].split('"')[0]
    arrivals: dict[int, float] = {}
    stop = asyncio.Event()
    open_ = [asyncio.create_task(view(port, cookie, place, arrivals, stop)) for _ in range(viewers)]
    await asyncio.sleep(4)
    before, began = cpu_seconds(pid), time.monotonic()
    said: dict[int, float] = {}
    count = int(options.seconds * options.changes)
    for number in range(first, first + count):
        said[number] = await sync_to_async(speak, thread_sensitive=True)(number, options.agents)
        await asyncio.sleep(max(0.0, began + (number - first + 1) / options.changes - time.monotonic()))
    await asyncio.sleep(2)
    spent = cpu_seconds(pid) - before
    stop.set()
    sizes = await asyncio.gather(*open_)
    late = sorted(arrivals[n] - said[n] for n in said if n in arrivals)
    return {
        "viewers": viewers,
        "changes": count,
        "seen": len(late),
        "median_s": round(statistics.median(late), 3) if late else -1,
        "p95_s": round(late[int(len(late) * 0.95)], 3) if late else -1,
        "server_cpu_s": round(spent, 2),
        "server_cpu_share": round(spent / (time.monotonic() - began), 3),
        "kib_a_viewer": round(statistics.mean(sizes) / 1024),
    }


def serve() -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    words = [sys.executable, "-m", "zuoxi.config.cli", "web", "--port", str(port)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return process, port
        time.sleep(0.1)
    raise SystemExit("the program did not start")
