# SPDX-License-Identifier: Apache-2.0
"""A log that is written as Asterisk writes its own: appended, and flushed before anybody could miss a line."""

from __future__ import annotations

from pathlib import Path


class LogFile:
    """Without a path everything is thrown away."""

    def __init__(self, path: Path | None) -> None:
        self._lines: list[str] = []
        self._path = path or Path()
        self.muted = False
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8", newline="\n")

    def last_second(self) -> int:
        """The second of the last line of a queue log that an earlier run left; 0 without one."""
        if self._file is None or not self._path.stat().st_size:
            return 0
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - 4096))
            last = file.read().splitlines()[-1]
        second = last.partition(b"|")[0]
        return int(second) if second.isdigit() else 0

    def write(self, line: str) -> None:
        if self._file is not None and not self.muted:
            self._lines.append(line)

    def flush(self) -> None:
        """Whole lines only ever reach the file."""
        if self._file is not None and self._lines:
            self._file.write("".join(self._lines))
            self._file.flush()
            self._lines.clear()

    def close(self) -> None:
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None
