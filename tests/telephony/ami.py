# SPDX-License-Identifier: Apache-2.0
"""A bare manager connection for tests: what a desk or a listener would ask, without any of our own client code."""

from __future__ import annotations

import ctypes
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_CLONE_NEWNET = 0x40000000


def inside(namespace: str, work: Callable[[], T]) -> T:
    """What ``work`` returns when run in ``namespace``; only a helper thread ever enters it, its sockets stay there."""
    made: list[T | Exception] = []

    def enter() -> None:
        try:
            with Path(f"/run/netns/{namespace}").open("rb") as file:
                if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            made.append(work())
        except Exception as error:
            made.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(made[0], Exception):
        raise made[0]
    return made[0]


class Manager:
    """``ask`` sends an action and returns its answer; events collect in ``events`` (header → value)."""

    def __init__(self, namespace: str, secret: str, user: str = "zuoxi", listen: bool = False) -> None:
        self.raw = b""
        self.events: list[dict[str, str]] = []
        self._answers: list[dict[str, str]] = []
        self._socket = inside(namespace, lambda: socket.create_connection(("127.0.0.1", 5038), timeout=10))
        self._socket.settimeout(0.2)
        self._rest = b""
        self._count = 0
        done = self.ask("Login", Username=user, Secret=secret, Events="on" if listen else "off")
        if done["Response"] != "Success":
            raise PermissionError(done.get("Message", ""))

    def ask(self, action: str, seconds: float = 10, **words: str | list[str]) -> dict[str, str]:
        self._count += 1
        label = f"test-{self._count}"
        lines = [f"Action: {action}", f"ActionID: {label}"]
        for key, value in words.items():
            lines += [f"{key}: {one}" for one in (value if isinstance(value, list) else [value])]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        edge = time.monotonic() + seconds
        while time.monotonic() < edge:
            self._read()
            for answer in self._answers:
                if answer.get("ActionID") == label:
                    return answer
        raise TimeoutError(action)

    def until(self, event: str, seconds: float = 60, **wanted: str) -> dict[str, str]:
        """The first event of that name with those headers, waiting for it if need be."""
        edge = time.monotonic() + seconds
        while True:
            for one in self.events:
                if one["Event"] == event and all(one.get(key) == value for key, value in wanted.items()):
                    return one
            if time.monotonic() > edge:
                seen = [(one["Event"], one.get("UserEvent", "")) for one in self.events][-40:]
                raise TimeoutError(f"{event} {wanted}; seen {seen}")
            self._read()

    def soon(self, seen: Callable[[], T], seconds: float = 60) -> T:
        """What `seen` gives once it is something; its last answer when the time is over. Events go on being read."""
        edge = time.monotonic() + seconds
        while not (found := seen()) and time.monotonic() < edge:
            self.drain(0.2)
        return found

    def drain(self, seconds: float = 0.5) -> list[dict[str, str]]:
        edge = time.monotonic() + seconds
        while time.monotonic() < edge:
            self._read()
        return self.events

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> None:
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionError("the switch closed the connection")
        self.raw += data
        *frames, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for frame in frames:
            pairs = [line.partition(": ") for line in frame.decode(errors="replace").split("\r\n")]
            fields = {key: value for key, mark, value in pairs if mark}
            (self.events if "Event" in fields else self._answers).append(fields)
