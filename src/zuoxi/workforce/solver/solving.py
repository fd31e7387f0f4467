# SPDX-License-Identifier: Apache-2.0
"""Rosters for published instances: the best found in a given time, with a bound that no roster can be below.

A linear programme over whole lines gives the bound and where to look, dives make rosters of it, dives for some of the
people make them better, and what is left between roster and bound is proved when the lines in question are few.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

import numpy as np

from zuoxi.workforce.compiling import SOLVER, begin
from zuoxi.workforce.solver import paths, uncompiled
from zuoxi.workforce.solver.branching import Branching
from zuoxi.workforce.solver.companions import Board, Companions
from zuoxi.workforce.solver.diving import Clock, Lines, Manner, dive, settled
from zuoxi.workforce.solver.fixing import FREE
from zuoxi.workforce.solver.improving import improve
from zuoxi.workforce.solver.instances import Instance, Unreadable
from zuoxi.workforce.solver.master import TINY, Master, Root, column_of, root
from zuoxi.workforce.solver.prices import bound_by_prices
from zuoxi.workforce.solver.problem import Ints, Problem, problem_of
from zuoxi.workforce.solver.proof import prove
from zuoxi.workforce.solver.ruin import LONG, first_lines, ruin
from zuoxi.workforce.solver.state import State
from zuoxi.workforce.solver.tracks import Track


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work is: seconds since its begin, the best objective, the bound (None while there is none)."""

    stage: str
    seconds: float
    objective: float
    bound: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`began`: monotonic seconds from which `seconds` count. `steps` ends the search after so many looks at the clock,
    for repeats that have to be equal. `stop` says that enough is found. `board`: that of the process that leads, in its
    companions; `proving`: the bound matters more than the roster."""

    seconds: float
    seed: int = 1
    workers: int = 1
    began: float | None = None
    steps: int | None = None
    stop: Callable[[], bool] = lambda: False
    told: Callable[[Progress], None] = lambda _: None
    board: Board | None = None
    proving: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    roster: dict[str, list[str]]
    objective: int
    bound: int | None
    seconds: float

    @property
    def proved(self) -> bool:
        return self.bound is not None and self.bound >= self.objective


NEAR, SHORTEST = 0.02, 8.0
"""Share of the price from which on the bound is raised by cases; seconds of the first turn."""


class NoAnswer(Exception):
    """The time ended before any lawful roster was found."""


@dataclass(slots=True)
class Work:
    """One run. `best`: the roster kept, whatever happens to the one being worked on."""

    problem: Problem
    wanted: Wanted
    began: float
    rng: np.random.Generator
    board: Board | None
    stage: str = "start"
    price: float = np.inf
    best: Ints | None = None
    bound: float | None = None
    looks: int = field(default=0)

    def going(self) -> bool:
        self.looks += 1
        if self.board is not None:
            one = self.board.read(self.price)
            self.raise_bound(one.bound)
            if one.lines is not None:
                self.offer(one.price, one.lines)
        if self.wanted.steps is not None and self.looks > self.wanted.steps:
            return False
        return self.left() > 0 and not self.proved() and not self.wanted.stop()

    def until(self, share: float, seconds: float) -> Clock:
        """A clock that stops after a share of the time, or after so many seconds when those are more."""
        end = self.began + max(share * self.wanted.seconds, seconds)

        def left() -> float:
            return min(self.left(), end - monotonic())

        return Clock(lambda: self.going() and left() > 0, left)

    def left(self) -> float:
        return self.began + self.wanted.seconds - monotonic() - _spare(self.wanted.seconds)

    def proved(self) -> bool:
        return self.bound is not None and ceil(self.bound - TINY) >= self.price - TINY

    def near(self) -> bool:
        return self.bound is not None and self.price - self.bound <= NEAR * self.price

    def offer(self, price: float, lines: Ints) -> None:
        if price < self.price - 1e-9:
            self.price, self.best = price, lines.copy()
            self._post(lines)
            self.tell()

    def raise_bound(self, bound: float) -> None:
        if np.isfinite(bound) and (self.bound is None or bound > self.bound):
            self.bound = bound
            self._post(None)
            self.tell()

    def _post(self, lines: Ints | None) -> None:
        if self.board is not None:
            self.board.post(self.price, lines, self.bound)

    def tell(self) -> None:
        self.wanted.told(Progress(self.stage, monotonic() - self.began, self.price, self.bound))


def _spare(seconds: float) -> float:
    """Seconds kept for checking and writing down."""
    return min(1.5, 0.05 * seconds)


def solve(instance: Instance, wanted: Wanted) -> Answer:
    """Raises Unreadable when somebody's limits leave no lawful line, NoAnswer when the time is too short."""
    began = monotonic() if wanted.began is None else wanted.began
    problem = problem_of(instance)
    work = Work(problem, wanted, began, np.random.default_rng(wanted.seed), wanted.board)
    tracks = [Track(problem, person) for person in range(problem.people)]
    if wanted.steps is None and wanted.board is None:
        _uncompiled(work, tracks)
    if wanted.workers < 2 or (work.best is not None and not work.going()):
        return _solved(work, tracks)
    others = [
        (instance, (wanted.seconds, wanted.seed + 1000 * number, began), number == 1)
        for number in range(1, wanted.workers)
    ]
    with Companions(search, others, problem.people, problem.days) as companions:
        work.board = companions.board
        work.board.post(work.price, work.best, None)
        return _solved(work, tracks)


def search(board: Board, instance: Instance, terms: tuple[float, int, float], proving: bool) -> None:
    """A companion's whole life; `terms`: seconds, seed, since when. Whoever leads decides about the end; it comes also
    when he is no more."""
    seconds, seed, began = terms
    leader = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(NoAnswer, Unreadable):
        wanted = Wanted(seconds, seed, 1, began, stop=lambda: os.getppid() != leader, board=board, proving=proving)
        solve(instance, wanted)


def _uncompiled(work: Work, tracks: list[Track]) -> None:
    """A first roster, made better while the loops of the search are compiled; nothing where they are there."""
    ready = begin(SOLVER)
    if ready():
        return

    def waiting() -> bool:
        return work.going() and not ready()

    work.stage = "compiling"
    for track in tracks:
        track.loops = uncompiled
    lines = first_lines(work.problem, tracks, work.rng, waiting)
    if lines is not None:
        state = State(work.problem, tracks, lines)
        work.offer(state.price(), lines)
        ruin(state, work.rng, waiting, work.offer, heat=5.0, cooling=0.9995)
    for track in tracks:
        track.loops = paths


def _solved(work: Work, tracks: list[Track]) -> Answer:
    problem = work.problem
    lines = first_lines(problem, tracks, work.rng, work.going) if work.best is None else work.best
    if lines is None:
        raise NoAnswer
    state = State(problem, tracks, lines)
    work.offer(state.price(), lines)
    with suppress(KeyboardInterrupt):
        if work.going():
            (_short if problem.days <= LONG else _long)(work, state)
    if work.best is None:
        raise NoAnswer
    bound = None if work.bound is None else ceil(work.bound - TINY)
    return Answer(problem.named(work.best), round(work.price), bound, monotonic() - work.began)


def _long(work: Work, state: State) -> None:
    """Stretches and windows of a few weeks: a line of half a year is too long for the exact search to be repeated
    often. The bound is one of prices alone."""
    work.stage = "stretches"
    ruin(state, work.rng, work.until(0.15, 5).going, work.offer, heat=20.0, cooling=0.9998)
    work.stage = "bound"
    early = work.until(0.35, 15)
    _, prices = bound_by_prices(work.problem, state.tracks, early, work.raise_bound)
    lines = Lines(work.problem, prices.cover)
    turn = SHORTEST

    def offered(price: float, best: Ints) -> Ints | None:
        work.offer(price, best)
        return work.best if work.price < price - 1e-9 else None

    while work.going():
        state.set_to(state.lines if work.best is None else work.best)
        work.stage = "windows"
        improve(state, lines, work.rng, _slice(work, 2 * turn), offered, whole=False)
        work.stage = "stretches"
        ruin(state, work.rng, _slice(work, turn).going, work.offer, heat=5.0, cooling=0.9995)
        turn *= 1.3


def _short(work: Work, state: State) -> None:
    problem, clock = work.problem, Clock(work.going, work.left)
    work.stage = "first rosters"
    work.offer(settled(state, work.rng, work.until(0.1, 5)), state.lines)
    work.stage = "bound"
    master = Master(problem, range(problem.people), np.zeros_like(state.there))
    for person in range(problem.people):
        master.add(column_of(problem, person, state.lines[person]))
    early = work.until(0.4, 20)
    found = root(master, state.tracks, early.going, early.left, work.raise_bound)
    lines = Lines(problem, found.cover)
    lines.keep(master.columns)
    work.stage = "dives"
    for manner in (Manner(rounds=2, haste=0.1), Manner(haste=0.03)):
        open_lines = {person: np.full(problem.days, FREE) for person in range(problem.people)}
        if dive(state, lines, open_lines, work.rng, clock, manner=manner):
            work.offer(settled(state, work.rng, clock), state.lines)
        state.set_to(work.best if work.best is not None else state.lines)
    _searched(work, state, lines, master, found)


def _searched(work: Work, state: State, lines: Lines, master: Master, found: Root) -> None:
    """Neighbourhoods, and cases once the roster is near the bound: in turn, or cases alone by who is to prove."""
    cases = Branching(work.problem, state.tracks, [], Clock(work.going, work.left), work)
    turn = SHORTEST
    proving = work.wanted.proving and found.done
    alone = work.wanted.workers == 1 and work.board is None and found.done
    while work.going():
        if not (proving and work.near()):
            work.stage = "neighbourhoods"
            _improved(work, state, lines, found, _slice(work, turn, near_ends=proving))
        if work.near() and (proving or alone):
            work.stage = "cases"
            cases.start(master.columns, found.bound)
            cases.clock = _slice(work, np.inf if proving else 2 * turn)
            cases.run()
            state.set_to(state.lines if work.best is None else work.best)
        turn *= 1.3


def _slice(work: Work, seconds: float, *, near_ends: bool = False) -> Clock:
    """`near_ends`: it stops when the roster is near the bound."""
    end = monotonic() + seconds

    def going() -> bool:
        return work.going() and monotonic() < end and not (near_ends and work.near())

    return Clock(going, lambda: min(work.left(), end - monotonic()))


def _improved(work: Work, state: State, lines: Lines, found: Root, clock: Clock) -> None:
    tried, turn = np.inf, 0

    def offered(price: float, best: Ints) -> Ints | None:
        nonlocal tried, turn
        work.offer(price, best)
        turn += 1
        if work.price < price - 1e-9 and work.best is not None:
            return work.best
        if work.price >= tried or turn % 10:
            return None
        tried = work.price
        if not found.done:
            return None
        state_then = State(work.problem, state.tracks, best)
        proof = prove(state_then, found, work.wanted.seed, work.wanted.workers, clock)
        if proof.bound is not None:
            work.raise_bound(proof.bound)
        if proof.lines is None:
            return None
        state_then.set_to(proof.lines)
        work.offer(state_then.price(), proof.lines)
        return proof.lines

    improve(state, lines, work.rng, clock, offered)
