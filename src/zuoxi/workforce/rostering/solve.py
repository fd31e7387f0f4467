# SPDX-License-Identifier: Apache-2.0
"""From a problem to a roster: counts by class first, people second, then shifts moved while the price falls.

Seeded: the same problem, seed and effort give the same roster, unless the time ends before the effort is spent. Always
holds a lawful roster once the people are placed, so that it can be stopped and kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from zuoxi.workforce.compiling import ROSTERING, begin
from zuoxi.workforce.rostering.counts import Counts, relax, whole_counts
from zuoxi.workforce.rostering.fixed import Contradiction, contradictions
from zuoxi.workforce.rostering.layout import Array, Layout, Tables, duties, lay_out
from zuoxi.workforce.rostering.pricing import even_shares, likely_options, priced, shares_of_counts
from zuoxi.workforce.rostering.problem import SLOTS, Problem, Unreadable, Wish
from zuoxi.workforce.rostering.sharing import Shares, at_once

EFFORT = 2200
"""Moves tried for every cell of the roster."""
ROUNDS = 60
MEASURED = 200_000
"""Moves by which the speed is taken before the rest is planned."""
HOT, COLD = 3.0, 1.0
"""Temperatures of a roster that follows the counts of many people; where there are few, whole people tell more than
counts, and it begins hotter."""
FEW, FEW_HOT = 150, 14.0
SETTLING, SETTLED, SETTLE_SHARE = (20.0, 1.5), 300, 0.2
"""Temperatures while people exchange what the counts gave them, exchanges for each cell, share of the time at most."""
KEPT, LOOK = 0.1, 0.1
"""Share of the time that is kept for writing down where loops are not compiled in time; seconds between two looks."""


class Contradictory(Unreadable):
    """Fixed assignments that no roster can hold."""

    def __init__(self, found: list[Contradiction]) -> None:
        super().__init__("people.fixed", str(found[0]), found[0].row)
        self.found = found


class NoAnswer(Exception):
    """The time ended before anybody was placed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` of the work done, 0 to 1; `price` of the roster in hand and `bound` below every one, where known."""

    stage: str
    share: float
    price: float | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A line short of its need in a half hour."""

    line: str
    day: int
    slot: int
    need: int
    have: int


@dataclass(frozen=True, slots=True)
class LostWish:
    """A wish not granted; `to`: the constraint it lost to."""

    person: str
    wish: Wish
    to: str


@dataclass(frozen=True, slots=True)
class Made:
    """A roster: options [person, day], what it costs by constraint, where it is short, which wish lost to what."""

    layout: Layout
    roster: Array
    cover: Array
    by_constraint: dict[str, float]
    bound: float | None
    binding: dict[str, float]
    seconds: float
    moves: int
    stopped: bool
    gaps: list[Gap] = field(default_factory=list)
    lost: list[LostWish] = field(default_factory=list)

    @property
    def objective(self) -> float:
        return sum(self.by_constraint.values())

    @property
    def gap(self) -> float | None:
        """How far above the bound, as a share of it; None without a bound."""
        if self.bound is None:
            return None
        return (self.objective - self.bound) / max(self.bound, 1e-9) if self.bound > 1e-6 else None

    def cell(self, person: int, day: int) -> tuple[str, str]:
        """Pattern and skill of a cell; two empty texts for a rest."""
        option = int(self.roster[person, day])
        if not option:
            return "", ""
        kind = self.layout.kinds[int(self.layout.tables.kind[person])]
        place, skill = kind.options[option - 1]
        return self.layout.problem.patterns[place].id, skill


Tell = Callable[[Progress], None]
Judge = Callable[[Tables, int, Array], float]


def solve(
    problem: Problem,
    *,
    seconds: float = 300,
    seed: int = 1,
    effort: int = EFFORT,
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
    compiled: bool = False,
) -> Made:
    """The best roster found within the time. Raises Contradictory for fixed assignments that cannot all stand, NoAnswer
    when the time ends before people are placed (a stop before places them all the same). `compiled`: loops that are not
    compiled yet are compiled here, whatever time it takes."""
    ready = begin(ROSTERING) if not compiled else None
    began = time.monotonic()  # what is loaded at first use is none of the search's time
    if found := contradictions(problem):
        raise Contradictory(found)
    layout = lay_out(problem)
    say = tell or (lambda _progress: None)
    say(Progress("counts", 0.0, None, None))
    counts = _relaxed(layout, seconds)
    if time.monotonic() > began + seconds:
        raise NoAnswer
    say(Progress("people", 0.05, None, counts.bound if counts else None))
    search = _Search(layout, counts, seed)
    asked = stop or (lambda: False)
    if ready and not ready() and not search.place_uncompiled(began + (1 - KEPT) * seconds, ready, asked):
        return search.made(time.monotonic() - began)
    search.place(time.monotonic() + SETTLE_SHARE * (began + seconds - time.monotonic()), asked)
    search.improve(began + seconds, effort, say, asked)
    return search.made(time.monotonic() - began)


def _relaxed(layout: Layout, seconds: float) -> Counts | None:
    if not layout.kinds or not layout.lines:
        return None
    try:
        return relax(layout, max(seconds * 0.7, 1))
    except ArithmeticError:
        return None


class _Search:
    """A roster in hand: its cover, what each person's row costs, the best that was seen."""

    def __init__(self, layout: Layout, counts: Counts | None, seed: int) -> None:
        self.layout, self.counts, self.seed = layout, counts, seed
        self.roster = layout.start.copy()
        self.cover = np.zeros((len(layout.lines), layout.slots), np.int64)
        self.own = np.zeros(len(layout.problem.people))
        self.shares = Shares(layout, seed)
        self.moves, self.stopped, self.price = 0, False, 0.0
        self.judge: Judge | None = None
        self.likely = likely_options(layout, counts)
        self.tables = layout.tables._replace(share=shares_of_counts(layout, counts))

    @property
    def bound(self) -> float | None:
        return self.counts.bound if self.counts else None

    def place_uncompiled(self, until: float, ready: Callable[[], bool], stop: Callable[[], bool]) -> bool:
        """Wait until the loops are compiled, and place people meanwhile. False: they were not in time, and the people
        stand as they were placed."""
        from zuoxi.workforce.rostering import uncompiled

        def over() -> bool:
            return ready() or time.monotonic() > until

        roster = self.roster
        if self.counts is not None:
            roster = uncompiled.place(self.layout, whole_counts(self.counts.counts), over)
        while not over() and not stop():
            time.sleep(LOOK)
        if ready():
            return True
        self.roster, self.judge, self.stopped = roster, uncompiled.judge, True
        self.cover = uncompiled.cover_of(self.layout, roster)
        return False

    def place(self, until: float, stop: Callable[[], bool]) -> None:
        """The counts given to people, exchanged until nobody's limits are broken or the time ends; then lawful."""
        from zuoxi.workforce.rostering import kernels, settling

        if self.counts is not None:
            left = whole_counts(self.counts.counts)
            kernels.place(self.tables, self.roster, left, self.seed)
            settling.press(self.tables, self.roster, left, self.seed)
            self._settle(until, stop)
            settling.make_lawful(self.tables, self.roster)
            even_shares(self.layout, self.tables, self.roster)
        self.recount()

    def _settle(self, until: float, stop: Callable[[], bool]) -> None:
        from zuoxi.workforce.rostering.settling import settle, strains

        duty, back = duties(self.layout)
        moves = int(self.tables.free.sum()) * SETTLED
        strain = strains(self.tables, self.roster, self.own)
        hot, cold = SETTLING
        settle(self.tables, self.roster, self.own, self.shares.everybody, duty, back, 0, cold, cold, 0)
        for turn in range(ROUNDS):
            if strain <= 0 or stop() or time.monotonic() > until:
                return
            dealt = self.shares.halves()
            begin, end = (hot * (cold / hot) ** (step / ROUNDS) for step in (turn, turn + 1))
            each = moves // ROUNDS // len(dealt)

            def one(place: int, dealt: list[Array] = dealt, heat: tuple[float, float] = (begin, end)) -> float:
                seed = (self.seed * 1000 + turn) * 2 + place  # noqa: B023 - called before the next turn
                return float(
                    settle(self.tables, self.roster, self.own, dealt[place], duty, back, each, *heat, seed)  # noqa: B023
                )

            strain += at_once(one, len(dealt))

    def recount(self) -> None:
        from zuoxi.workforce.rostering import kernels

        cover = kernels.count(self.tables, self.roster, self.cover)
        for i in range(len(self.own)):
            self.own[i] = kernels.judge(self.tables, i, self.roster[i])
        self.price = float(cover + self.own.sum())

    def improve(self, until: float, effort: int, say: Tell, stop: Callable[[], bool]) -> None:
        """Anneal until the effort is spent or the time ends; the best roster of the rounds stays."""
        cells = int(self.tables.free.sum())
        if not cells or not self.layout.problem.patterns or not (self.tables.o_count > 1).any():
            return
        wanted = cells * effort
        self._turn(0, COLD, COLD, 0)  # compiled before the speed is taken
        self._refit(0)
        began = time.monotonic()
        probe = min(MEASURED, wanted)
        best, lowest = self.roster.copy(), self.price
        begin = HOT if len(self.own) >= FEW and self.counts is not None else FEW_HOT
        self._turn(probe, COLD, COLD, 0)
        speed = probe / max(time.monotonic() - began, 1e-6)
        wanted = int(min(wanted, max(until - time.monotonic(), 0.1) * speed * 0.95))
        for turn in range(ROUNDS):
            hot, cold = (begin * (COLD / begin) ** (step / ROUNDS) for step in (turn, turn + 1))
            self._turn(wanted // ROUNDS, hot, cold, turn + 1)
            if turn >= ROUNDS * 0.6:
                self._refit(turn)
            even_shares(self.layout, self.tables, self.roster)
            self.recount()
            if self.price < lowest:
                best, lowest = self.roster.copy(), self.price
            say(Progress("shifts", 0.08 + 0.92 * (turn + 1) / ROUNDS, lowest, self.bound))
            if stop() or time.monotonic() > until:
                self.stopped = True
                break
        self.roster = best
        even_shares(self.layout, self.tables, self.roster)
        self.recount()

    def _turn(self, moves: int, hot: float, cold: float, turn: int) -> None:
        """Each of those who work at once makes its part of the moves."""
        from zuoxi.workforce.rostering.annealing import anneal

        dealt = self.shares.deal()

        def one(place: int) -> float:
            people, days = dealt[place]
            return float(
                anneal(
                    self.tables, self.roster, self.cover, self.own, people, days, self.likely,
                    moves // len(dealt), hot, cold, (self.seed * 1000 + turn) * 2 + place,
                )
            )  # fmt: skip

        self.price += at_once(one, len(dealt))
        self.moves += moves

    def _refit(self, turn: int) -> None:
        from zuoxi.workforce.rostering.refitting import refit_all

        unit = int(np.gcd.reduce(self.tables.p_worked)) or 1
        self.price += refit_all(self.tables, self.roster, self.cover, self.own, unit, self.seed * 1000 + turn)

    def made(self, seconds: float) -> Made:
        made = Made(
            self.layout, self.roster, self.cover, priced(self.layout, self.roster, self.cover), self.bound,
            self.counts.binding if self.counts else {}, seconds, self.moves, self.stopped,
            gaps_of(self.layout, self.cover),
        )  # fmt: skip
        made.lost.extend(lost_wishes(made, self.judge))
        return made


def gaps_of(layout: Layout, cover: Array) -> list[Gap]:
    """Half hours short of their need, the worst first."""
    tables, found = layout.tables, []
    for line, name in enumerate(layout.lines):
        for slot in np.flatnonzero(tables.need[line] > cover[line]):
            day, half = divmod(int(slot), SLOTS)
            found.append(Gap(name, day, half, int(tables.need[line, slot]), int(cover[line, slot])))
    return sorted(found, key=lambda one: (one.have - one.need, one.day, one.slot))


def lost_wishes(made: Made, judge: Judge | None) -> list[LostWish]:
    """Wishes not granted, and what stands against each: a limit of his own, or the need that would be missed. `judge`:
    of a row, the compiled one by default."""
    from zuoxi.workforce.rostering import kernels

    judge = judge or kernels.judge

    layout, tables, found = made.layout, made.layout.tables, []
    for i, person in enumerate(layout.problem.people):
        for wish in person.wishes:
            pattern, _skill = made.cell(i, wish.day)
            granted = not pattern if wish.want == "off" else bool(pattern) and wish.want in ("work", pattern)
            if granted:
                continue
            if wish.day in person.away:
                found.append(LostWish(person.id, wish, "away"))
                continue
            if not tables.free[i, wish.day]:
                found.append(LostWish(person.id, wish, "fixed"))
                continue
            kind = layout.kinds[int(tables.kind[i])]
            wanted = [0] if wish.want == "off" else [
                o for o, (place, _one) in enumerate(kind.options, start=1)
                if wish.want in ("work", layout.problem.patterns[place].id)
            ]  # fmt: skip
            was, reason = made.roster[i, wish.day], "limits"
            now = judge(tables, i, made.roster[i])
            for option in wanted:
                made.roster[i, wish.day] = option
                then = judge(tables, i, made.roster[i])
                if then < kernels.UNLAWFUL:
                    saved = layout.problem.weights.wish * wish.weight
                    reason = "hours" if then > now - saved + 1e-6 and then >= now else "cover"
                    break
            made.roster[i, wish.day] = was
            found.append(LostWish(person.id, wish, reason))
    return found
