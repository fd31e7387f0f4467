# SPDX-License-Identifier: Apache-2.0
"""Further processes that search with other seeds; what each finds is told to the first, which keeps the best of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

from zuoxi.workforce.solver.problem import Ints


class Told(NamedTuple):
    """A better roster of a companion (None: only its bound) and what it knows that none can be below."""

    price: float
    lines: Ints | None
    bound: float | None


class Companions:
    """`search` is called in a process of its own for each of `words`, after the end it tells what it finds into. Use it
    in a `with`: whoever is still searching at the end is ended."""

    def __init__(self, search: Callable[..., None], words: Iterable[tuple[Any, ...]]) -> None:
        self._processes: list[BaseProcess] = []
        self._ends: list[Connection] = []
        context = get_context("spawn")
        for one in words:
            here, there = context.Pipe()
            process = context.Process(target=search, args=(there, *one), daemon=True)
            process.start()
            there.close()
            self._processes.append(process)
            self._ends.append(here)

    def __enter__(self) -> Companions:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.join()
        for end in self._ends:
            end.close()

    def heard(self) -> list[Told]:
        """What was told since the last time, without waiting."""
        found = []
        for end in list(self._ends):
            try:
                while end.poll():
                    found.append(end.recv())
            except (EOFError, OSError):
                end.close()
                self._ends.remove(end)
        return found
