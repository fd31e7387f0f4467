# SPDX-License-Identifier: Apache-2.0
"""Further processes that search with other seeds; what one finds stands on a board that all of them read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import numpy as np

from zuoxi.workforce.solver.problem import Ints

PATIENCE = 0.5
"""Seconds to wait for the board; whoever was ended while he wrote holds it for ever."""


class Told(NamedTuple):
    """The best roster of all (None: no better one than is known) and what is known that none can be below."""

    price: float
    lines: Ints | None
    bound: float


class Board:
    """The best roster and bound of all processes; handed to each as it starts."""

    def __init__(self, context: SpawnContext, people: int, days: int) -> None:
        self._shape = people, days
        self._lock = context.Lock()
        self._known = context.RawArray("d", [np.inf, -np.inf])
        self._lines = context.RawArray("h", people * days)

    def post(self, price: float, lines: Ints | None, bound: float | None) -> None:
        """Kept where it is better than what stands there."""
        if not self._lock.acquire(timeout=PATIENCE):
            return
        try:
            if lines is not None and price < self._known[0]:
                np.frombuffer(self._lines, dtype=np.int16)[:] = lines.ravel()
                self._known[0] = price
            if bound is not None:
                self._known[1] = max(self._known[1], bound)
        finally:
            self._lock.release()

    def read(self, price: float) -> Told:
        """`price`: of the best roster that is known to who asks."""
        if self._known[0] >= price or not self._lock.acquire(timeout=PATIENCE):
            return Told(price, None, self._known[1])
        try:
            lines = np.frombuffer(self._lines, dtype=np.int16).astype(np.int64).reshape(self._shape)
            return Told(self._known[0], lines, self._known[1])
        finally:
            self._lock.release()


class Companions:
    """`search` is called in a process of its own for each of `words`, with the board first. Use it in a `with`: whoever
    is still searching at the end is ended."""

    def __init__(self, search: Callable[..., None], words: Iterable[tuple[Any, ...]], people: int, days: int) -> None:
        self._processes: list[BaseProcess] = []
        context = get_context("spawn")
        self.board = Board(context, people, days)
        for one in words:
            process = context.Process(target=search, args=(self.board, *one), daemon=True)
            process.start()
            self._processes.append(process)

    def __enter__(self) -> Companions:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
            process.join()
