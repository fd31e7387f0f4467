# SPDX-License-Identifier: Apache-2.0
"""Compiled loops made ready beside. A machine's first use compiles for many seconds, in which a search that has few
would find nothing: a process of its own does it, and the search begins without them."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path

SOLVER, ROSTERING = "zuoxi.workforce.solver", "zuoxi.workforce.rostering"
_STARTED: list[subprocess.Popen[bytes]] = []


def begin(part: str) -> Callable[[], bool]:
    """Whether the loops of a part are there, or will not be. The first call lets them be compiled where they are not;
    that goes on to its end, so that the next command finds them."""
    mark = _mark(part)
    if mark is None or mark.exists():
        return lambda: True
    nothing = subprocess.DEVNULL
    try:
        child = subprocess.Popen(  # noqa: S603 - this interpreter itself
            [sys.executable, "-m", __name__, part],
            stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return lambda: True
    _STARTED.append(child)
    return lambda: mark.exists() or child.poll() is not None


def make_ready(part: str) -> None:
    """Compile here what is not compiled yet; whoever comes meanwhile waits for it."""
    mark = _mark(part)
    if mark is None:
        return
    mark.parent.mkdir(parents=True, exist_ok=True)
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            import_module(f"{part}.exercise").exercise()
            mark.touch()


def _mark(part: str) -> Path | None:
    """The file that says that all loops of these sources are compiled for this machine; None where none ever is."""
    import numba
    from llvmlite import binding  # type: ignore[import-untyped]

    loops = import_module(f"{part}.exercise")
    kept = getattr(loops.KERNEL, "stats", None)
    if kept is None or kept.cache_path is None:
        return None
    said = [sys.implementation.cache_tag, numba.__version__, binding.get_host_cpu_name()]
    for module in loops.MODULES:
        found = Path(str(module.__file__)).stat()
        said += [module.__name__, str(found.st_mtime_ns), str(found.st_size)]
    return Path(kept.cache_path) / f"loops-{sha256('|'.join(said).encode()).hexdigest()[:16]}.ready"


if __name__ == "__main__":
    make_ready(sys.argv[1])
