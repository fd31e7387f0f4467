# SPDX-License-Identifier: Apache-2.0
"""How a long command ends before its time, and where its answer goes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from types import FrameType

ENDS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def asked_to_end() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or an orderly end came meanwhile; neither breaks off what runs inside."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = [(one, signal.signal(one, note)) for one in ENDS]
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before:
            signal.signal(one, handler)


def why_not(name: str) -> str | None:
    """What stands against writing the file; None when nothing does."""
    target = Path(name)
    try:
        if target.is_dir():
            return f"{name} is a folder"
        if not target.parent.is_dir():
            return f"{target.parent} is no folder"
        if target.exists():
            with target.open("ab"):
                return None
        handle, tried = mkstemp(dir=target.parent)
        os.close(handle)
        Path(tried).unlink()
    except OSError as wrong:
        return f"{name} cannot be written: {wrong.strerror}"
    return None


def write_whole(name: str, text: str) -> None:
    """What stood there is replaced at once or not at all; what is no ordinary file is written to as it is."""
    target = Path(name)
    if target.exists() and (not target.is_file() or target.is_symlink()):
        target.write_text(text, encoding="utf-8")
        return
    handle, made = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(made).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_mask())
        Path(made).replace(target)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
