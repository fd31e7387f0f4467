# SPDX-License-Identifier: Apache-2.0
"""Made-up centres of any size, for benchmarks and tests."""

from __future__ import annotations

import math
import random
from datetime import date

from zuoxi.workforce.rostering.problem import DAY, SLOTS, Contract, Demand, Pattern, Person, Problem, Wish

START = date(2026, 6, 1)


def centre(people: int, *, days: int = 28, patterns: int = 40, contracts: int = 10, seed: int = 1) -> Problem:
    """A centre with two peaks a day and quieter weekends, staffed about as it needs; a tenth are away once."""
    rng = random.Random(seed)  # noqa: S311 - an invented centre, nothing secret
    shifts = _patterns(patterns)
    terms = tuple(_contract(number, shifts, days) for number in range(contracts))
    staff = tuple(_person(number, terms[number % contracts], days, rng) for number in range(people))
    hours = sum((one.minutes_least + one.minutes_most) / 2 for one in (terms[n % contracts] for n in range(people)))
    shape = [_load(day, half, rng) for day in range(days) for half in range(SLOTS)]
    scale = hours / 30 / sum(shape)
    need = [round(one * scale) for one in shape]
    rows = tuple(tuple(need[day * SLOTS : (day + 1) * SLOTS]) for day in range(days))
    return Problem(START, days, shifts, terms, staff, (Demand("calls", rows),))


def _patterns(count: int) -> tuple[Pattern, ...]:
    made = []
    for number in range(count):
        length = (480, 540, 420, 600)[number % 4]
        start = (6 * 60 + number * 30) % DAY if number < count * 9 // 10 else (20 + number % 4) * 60
        night = start >= 20 * 60 or start + length > 26 * 60
        made.append(Pattern(f"P{number + 1}", ((start, start + length),), 0 if length == 420 else 30, night=night))
    return tuple(made)


def _contract(number: int, shifts: tuple[Pattern, ...], days: int) -> Contract:
    weekly = (40, 36, 40, 32, 40, 24, 40, 38, 40, 30)[number % 10] * 60
    weeks = days / 7
    return Contract(
        f"C{number + 1}", int(weekly * weeks), int(weekly * weeks * 0.92), week_most=min(weekly + 8 * 60, 48 * 60),
        rest_least=11 * 60, row_most=6 - number % 2, row_least=2, nights_most=6 + number % 3, weekends_most=3,
        patterns=() if number % 3 else tuple(one.id for one in shifts if not one.night),
    )  # fmt: skip


def _load(day: int, half: int, rng: random.Random) -> float:
    morning = math.exp(-(((half - 20) / 5) ** 2))
    evening = 0.8 * math.exp(-(((half - 39) / 5) ** 2))
    week = 0.75 if day % 7 >= 5 else 1.0
    return (0.08 + morning + evening) * week * rng.uniform(0.92, 1.08)


def _person(number: int, contract: Contract, days: int, rng: random.Random) -> Person:
    away: tuple[int, ...] = ()
    if rng.random() < 0.1:
        first = rng.randrange(days)
        away = tuple(range(first, min(first + 3, days)))
    wishes = tuple(Wish(day, "off") for day in sorted(rng.sample(range(days), 2))) if rng.random() < 0.5 else ()
    least = contract.minutes_least - 8 * 60 * len(away)
    return Person(
        f"A{number + 1:04}", contract.id, ("calls",), f"T{number // 15 + 1}", number % 15 == 0, away=away,
        wishes=wishes, minutes_least=max(least, 0),
    )  # fmt: skip
