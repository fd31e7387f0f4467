# SPDX-License-Identifier: Apache-2.0
"""Further processes that search with other seeds; what each finds is told to the first, which keeps the best of all."""

from __future__ import annotations

from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, NamedTuple

from zuoxi.workforce.solver.instances import Instance
from zuoxi.workforce.solver.problem import Ints

if TYPE_CHECKING:
    from zuoxi.workforce.solver.solving import Wanted


class Told(NamedTuple):
    """A better roster of a companion (None: only its bound) and what it knows that none can be below."""

    price: float
    lines: Ints | None
    bound: float | None


class Companions:
    """Use it in a `with`: whoever is still searching at the end is ended."""

    def __init__(self, instance: Instance, wanted: Wanted, began: float) -> None:
        self._processes: list[BaseProcess] = []
        self._ends: list[Connection] = []
        context = get_context("spawn")
        for number in range(1, wanted.workers):
            here, there = context.Pipe()
            words = (there, instance, wanted.seconds, wanted.seed + 1000 * number, began)
            process = context.Process(target=search, args=words, daemon=True)
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


def search(end: Connection, instance: Instance, seconds: float, seed: int, began: float) -> None:
    """A companion's whole life."""
    from zuoxi.workforce.solver.solving import NoAnswer, Wanted, solve

    def kept(price: float, lines: Ints | None, bound: float | None) -> None:
        end.send(Told(price, lines, bound))

    try:
        solve(instance, Wanted(seconds, seed, 1, began, kept=kept))
    except (NoAnswer, ValueError, BrokenPipeError):
        return
