# SPDX-License-Identifier: Apache-2.0
"""A network namespace per lab: ports never collide, and nothing a caller does leaves the machine.

The name `HOST` stands for the machine's own network, so that a browser outside can reach the switch's web socket and
its sound; the switch listens on loopback there too.
"""

import re
import subprocess

HOST = "host"


class BadNamespace(ValueError):
    """A namespace name that is not plain."""


def create(namespace: str) -> None:
    """Namespace with loopback up; harmless when it is there already."""
    if namespace == HOST:
        return
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", namespace):
        raise BadNamespace(namespace)
    if namespace not in _names():
        _ip("netns", "add", namespace)
    _ip("-n", namespace, "link", "set", "lo", "up")


def remove(namespace: str) -> None:
    if namespace in _names():
        _ip("netns", "del", namespace)


def inside(namespace: str) -> list[str]:
    """The words before a command that shall run in ``namespace``."""
    return [] if namespace == HOST else ["ip", "netns", "exec", namespace]


def _names() -> set[str]:
    return {line.split()[0] for line in _ip("netns", "list").splitlines() if line.strip()}


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
