# SPDX-License-Identifier: Apache-2.0
"""A network namespace per lab: ports never collide, and nothing a caller does leaves the machine.

The name `HOST` stands for the machine's own network, so that a browser outside can reach the switch's web socket and
its sound; the switch listens on loopback there too.
"""

import hashlib
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


def link(namespace: str) -> str | None:
    """Address of the namespace as this machine sees it, over a cable of two ends; None where the kernel has none.

    A browser on this machine reaches the switch by it. Nothing is routed further.
    """
    mark = hashlib.sha256(namespace.encode()).digest()
    outside, inside_ = f"zx{mark.hex()[:8]}o", f"zx{mark.hex()[:8]}i"
    first = mark[1] // 4 * 4
    subnet = f"10.213.{mark[0]}"
    try:
        if inside_ not in _ip("-n", namespace, "-o", "link", "show"):
            if outside in _ip("-o", "link", "show"):
                _ip("link", "del", outside)  # its other end is in a namespace that has lost its name
            _ip("link", "add", outside, "type", "veth", "peer", "name", inside_, "netns", namespace)
        _ip("addr", "replace", f"{subnet}.{first + 1}/30", "dev", outside)
        _ip("link", "set", outside, "up")
        _ip("-n", namespace, "addr", "replace", f"{subnet}.{first + 2}/30", "dev", inside_)
        _ip("-n", namespace, "link", "set", inside_, "up")
    except RuntimeError:
        return None
    return f"{subnet}.{first + 2}"


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
