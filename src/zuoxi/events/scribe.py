# SPDX-License-Identifier: Apache-2.0
"""A second process that writes to SQLite what the first one has folded: a long import then has two cores.

The scribe holds the one writing transaction of a batch. While it inserts the batch's events, the first process folds
them; what the folds say follows over the same pipe, and the commit behind it. Whoever of the two dies, the
transaction was never committed: the batch is as if it had not been begun.

Run as a program (`python -m zuoxi.events.scribe PATH PRAGMAS`) this module is the second process; it imports nothing
but the standard library, so that it stands ready in an instant.
"""

from __future__ import annotations

import marshal
import os
import queue
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import IO, Any, Final

_LENGTH: Final = 8
_PLAIN: Final = 2  # the marshal format that looks for no repetitions: the quick one
_VARIABLES: Final = 900
_GRACE: Final = 60.0

_here: ContextVar[Scribe | None] = ContextVar("scribe", default=None)


class ScribeFailed(RuntimeError):
    """The second process could not write, or is gone: what was not committed is not stored."""


class Scribe:
    """The first process's end. One transaction at a time: `begin`, then `many` and `run`, then `commit`.

    Only `begin` and `settle` wait; the rest is sent behind the caller's back, and what goes wrong there is raised by
    the next of those two.
    """

    def __init__(self, path: str, pragmas: str = "") -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", "zuoxi.events.scribe", path, pragmas],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)},
            start_new_session=True,  # Ctrl-C is for the first process; the second one ends with it
        )
        self._to: Any = self._process.stdin
        self._from: Any = self._process.stdout
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send, name="scribe-sender", daemon=True)
        self._sender.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def begin(self, keys: Sequence[bytes]) -> tuple[set[bytes], int]:
        """Begin the transaction: those of the keys that the ledger has (and perhaps others), and its last id."""
        self._put("begin", list(keys))
        known, last = self._answer()
        return set(known), int(last)

    def many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute for each row; `?` are the marks, and rows hold plain words, bytes, numbers and None."""
        self._put("many", text, rows if isinstance(rows, list) else list(rows))

    def run(self, text: str, values: Sequence[Any]) -> None:
        self._put("run", text, list(values))

    def commit(self) -> None:
        self._put("commit")

    def settle(self) -> None:
        """Wait until everything that was sent stands in the database."""
        self._put("settle")
        self._answer()

    def give_up(self) -> None:
        """Take the transaction back, whatever became of it."""
        self._put("rollback")

    def close(self) -> None:
        """End the process; what was sent is still written, a transaction without its commit is not."""
        self._outgoing.put(None)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._sender.join()
        self._from.close()

    def _put(self, *words: Any) -> None:
        body = marshal.dumps(words, _PLAIN)
        self._outgoing.put(len(body).to_bytes(_LENGTH, "big") + body)

    def _send(self) -> None:
        """In a thread of its own: a pipe is full long before a batch is through."""
        with suppress(OSError):  # the next question finds out that nobody is there
            while (body := self._outgoing.get()) is not None:
                self._to.write(body)
                self._to.flush()
        with suppress(OSError):
            self._to.close()

    def _answer(self) -> Any:
        told = _read(self._from)
        if told is None:
            raise ScribeFailed(f"the writing process ended with {self._process.poll()}")
        fault, answer = told
        if fault:
            raise ScribeFailed(fault)
        return answer


def present() -> Scribe | None:
    """The scribe to whom writes go here, if there is one."""
    return _here.get()


@contextmanager
def writing_through(scribe: Scribe | None) -> Iterator[None]:
    """While it lasts, `events.sql` gives what is to be written to this scribe; None: it writes itself."""
    token = _here.set(scribe)
    try:
        yield
    finally:
        _here.reset(token)


# --- The second process ----------------------------------------------------------------------------------------------


def _read(pipe: IO[bytes]) -> Any:
    """The next message; None at the end, also where that comes in the middle of one."""
    head = pipe.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    body = pipe.read(int.from_bytes(head, "big"))
    return marshal.loads(body) if len(body) == int.from_bytes(head, "big") else None  # noqa: S302 - our own pipe


def _write(pipe: IO[bytes], fault: str, answer: Any) -> None:
    body = marshal.dumps((fault, answer), _PLAIN)
    pipe.write(len(body).to_bytes(_LENGTH, "big") + body)
    pipe.flush()


def known_keys(ask: Any, keys: Sequence[bytes], mark: str = "?") -> set[bytes]:
    """Those of the keys that the ledger has, and perhaps others; `ask` gives the rows of a question.

    Keys begin with their second, so a batch of one stretch of time is answered by one look at that stretch; where the
    ledger holds far more there than was asked for, key by key.
    """
    if len(keys) > _VARIABLES:
        most = 2 * len(keys)
        around = ask(
            f"SELECT key FROM events_event WHERE key BETWEEN {mark} AND {mark} LIMIT {mark}",  # noqa: S608
            [min(keys), max(keys), most],
        )
        if len(around) < most:
            return {bytes(row[0]) for row in around}
    found: set[bytes] = set()
    for start in range(0, len(keys), _VARIABLES):
        batch = list(keys[start : start + _VARIABLES])
        marks = ", ".join([mark] * len(batch))
        found.update(bytes(row[0]) for row in ask(f"SELECT key FROM events_event WHERE key IN ({marks})", batch))  # noqa: S608
    return found


class _Desk:
    """Does what it is told. After a fault nothing more is done until the next `begin`, which tells of it."""

    def __init__(self, path: str, pragmas: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=20)
        self._fault = ""
        for pragma in filter(None, (one.strip() for one in pragmas.split(";"))):
            self._db.execute(pragma)

    def serve(self, source: IO[bytes], answers: IO[bytes]) -> None:
        while (words := _read(source)) is not None:
            verb, *rest = words
            answer = None
            if not self._fault or verb == "rollback":
                try:
                    answer = getattr(self, f"_{verb}")(*rest)
                except (sqlite3.Error, OverflowError, ValueError) as trouble:
                    self._rollback()
                    self._fault = f"{type(trouble).__name__}: {trouble}"
            if verb in ("begin", "settle"):
                _write(answers, self._fault, answer)
                self._fault = ""
        self._rollback()
        self._db.close()

    def _ask(self, text: str, values: Sequence[Any]) -> list[Any]:
        return self._db.execute(text, values).fetchall()

    def _begin(self, keys: list[bytes]) -> tuple[list[bytes], int]:
        self._rollback()
        self._db.execute("BEGIN IMMEDIATE")
        known = known_keys(self._ask, keys)
        [(last,)] = self._ask("SELECT COALESCE(MAX(id), 0) FROM events_event", [])
        return list(known), last

    def _many(self, text: str, rows: list[Any]) -> None:
        self._within()
        self._db.executemany(text, rows)

    def _run(self, text: str, values: list[Any]) -> None:
        self._within()
        self._db.execute(text, values)

    def _within(self) -> None:
        if not self._db.in_transaction:
            raise ValueError("nothing was begun")

    def _commit(self) -> None:
        self._within()
        self._db.execute("COMMIT")

    def _settle(self) -> None:
        pass

    def _rollback(self) -> None:
        self._fault = ""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")


def main(words: Sequence[str]) -> None:
    path, pragmas = words
    _Desk(path, pragmas).serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1:])
