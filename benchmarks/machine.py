# SPDX-License-Identifier: Apache-2.0
"""What a benchmark ran on and beside what: the machine without its name, and the work of others while it ran."""

from __future__ import annotations

import os
import platform
import sqlite3
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
MARK = "ZUOXI_BENCHMARK_RUN"
KERNEL = 2
"""The process that all threads of the kernel descend from; what they do is done for somebody else."""


def machine() -> dict[str, Any]:
    """Cores, memory and the versions that matter; nothing that names the machine or its owner."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory),
        "system": f"{_system()}, {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: found for name in ("django", "duckdb", "numpy", "numba", "ortools") if (found := _version(name))},
    }


def _system() -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return f"{told.get('NAME', '')} {told.get('VERSION_ID', '')}".strip()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


class Neighbours(threading.Thread):
    """Looks every second, from `start()` to `ended()`, at the load and at who used the processor without being part of
    the run: its processes carry the mark in their environment, or descend from one that does."""

    def __init__(self, mark: str) -> None:
        super().__init__(daemon=True)
        self.mark = f"{MARK}={mark}\0".encode()
        self.over = threading.Event()
        self.loads: list[float] = []
        self.seconds = 0.0
        self.known: dict[int, float] = {}
        self.ours: dict[int, bool] = {}

    def run(self) -> None:
        self._look(first=True)
        while not self.over.wait(1):
            self._look()

    def ended(self, took: float) -> dict[str, float]:
        """Load while it ran, and cores that others kept busy, on average."""
        self.over.set()
        self.join()
        self._look()
        return {
            "load_mean": round(sum(self.loads) / len(self.loads), 2),
            "load_most": round(max(self.loads), 2),
            "others_cores": round(self.seconds / max(took, 0.001), 2),
        }

    def _look(self, first: bool = False) -> None:
        self.loads.append(os.getloadavg()[0])
        for place in Path("/proc").glob("[0-9]*"):
            pid = int(place.name)
            try:
                fields = (place / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parent, spent = int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK
            if pid in (KERNEL, os.getpid()) or parent == KERNEL or self._is_ours(pid, parent):
                continue
            before = self.known.get(pid, spent if first else 0.0)
            self.seconds += max(0.0, spent - before)
            self.known[pid] = spent

    def _is_ours(self, pid: int, parent: int) -> bool:
        if not self.ours.get(pid):
            try:
                held = b"\0" + Path(f"/proc/{pid}/environ").read_bytes()
            except OSError:
                held = b""
            self.ours[pid] = b"\0" + self.mark in held or self.ours.get(parent, False)
        return self.ours[pid]
