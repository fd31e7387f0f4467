# SPDX-License-Identifier: Apache-2.0
"""Draws one day of the centre: who calls when and how patiently, who works when and what he does besides.

Every half hour, and every agent's day, has a random stream of its own (seed, date, place), so a day is the same
whichever speed it is played at and whatever is asked of the switch meanwhile.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .centre import DAY_STARTS_AT, ZONE, AgentProfile, Centre, Profile, QueueProfile, Shift, Spread

MICRO: Final = 1_000_000
LAST_CALL: Final = 23 * 60 + 35
"""Minutes after the day's start from which no new call is drawn, so that the last one ends before the next day."""


class CallPlan(NamedTuple):
    """One inbound call as fate has it. Times are µs; `at` since 1970, the others durations."""

    at: int
    queue: str
    caller: str
    greeting: int
    patience: int
    talk: float
    wrap: float
    hold_from: float
    hold_for: float
    turn: str
    ended_by: str
    survey: int
    luck: float
    spoilt: str


@dataclass(frozen=True, slots=True)
class Pause:
    at: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outing:
    """A call that an agent makes: outbound when `number` is outside, internal otherwise."""

    at: int
    number: str
    internal: bool
    answers: bool
    ring: int
    talk: int
    status: str


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """An agent's day: µs of sign-in and sign-out, his pauses, his calls, and when his phone is out of reach."""

    signs_in: int
    signs_out: int
    pauses: tuple[Pause, ...]
    outings: tuple[Outing, ...]
    unreachable: tuple[tuple[int, int], ...]


def day_start(day: date) -> int:
    """µs since 1970 of the moment at which the simulated `day` begins."""
    return micros(datetime.combine(day, time(DAY_STARTS_AT), ZONE))


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * MICRO)


def simulated_day(moment: datetime) -> date:
    """The simulated day that `moment` belongs to."""
    return (moment.astimezone(ZONE) - timedelta(hours=DAY_STARTS_AT)).date()


@lru_cache(maxsize=32)
def _shape(profile: Profile, share: float) -> NDArray[np.float64]:
    """How a day's calls spread over the 1,440 minutes after its start, `share` of them after broadcasts."""
    curve = np.repeat(np.asarray(profile.curve, dtype=np.float64), 30)
    curve = np.roll(curve / curve.sum(), -DAY_STARTS_AT * 60)
    burst = np.zeros(1440)
    minutes = np.arange(1440, dtype=np.float64)
    for slot in profile.slots:
        after = minutes - ((slot.hour - DAY_STARTS_AT) % 24 * 60 + 2)
        burst += slot.weight * np.where(after >= 0, np.exp(-np.maximum(after, 0) / slot.decay) / slot.decay, 0.0)
    shape = (1 - share) * curve + share * burst
    if profile.slots:
        shape[:5] = 0.0
        shape[LAST_CALL:] = 0.0
    return shape


def minute_rates(centre: Centre, queue: QueueProfile, day: date) -> NDArray[np.float64]:
    """Expected calls in each of the 1,440 minutes after the day's start."""
    profile = centre.profile
    if queue.half_hours:
        given = np.roll(np.repeat(np.asarray(queue.half_hours) / 30, 30), -DAY_STARTS_AT * 60)
        given[:5] = given[LAST_CALL:] = 0.0
        return given
    total = profile.calls * queue.share * profile.weekdays[day.weekday()]
    return total * _shape(profile, queue.burst if profile.slots else 0.0)


def calls_of_half_hour(centre: Centre, day: date, half: int) -> list[CallPlan]:
    """The calls that begin in the `half`th half hour (0–47) after the day's start, in order of time."""
    plans: list[CallPlan] = []
    for place, queue in enumerate(centre.queues):
        rng = np.random.default_rng((centre.seed, day.toordinal(), half, place))
        rates = minute_rates(centre, queue, day)[half * 30 : half * 30 + 30]
        counts = rng.poisson(rates)
        size = int(counts.sum())
        if size:
            minutes = np.repeat(np.arange(30), counts) + half * 30 + rng.random(size)
            plans.extend(_plans(centre, queue, day_start(day), minutes, rng))
    plans.sort()
    return plans


def _plans(
    centre: Centre,
    queue: QueueProfile,
    start: int,
    minutes: NDArray[np.float64],
    rng: np.random.Generator,
) -> Iterator[CallPlan]:
    size = len(minutes)
    profile, patience = centre.profile, queue.patience
    low, high = profile.greeting
    hasty = rng.random(size) < patience.hasty
    waits = rng.exponential(np.where(hasty, patience.hasty_mean, patience.steady_mean))
    talk, wrap = _times(rng, queue.talk, size), _times(rng, queue.wrap, size)
    hold = np.where(rng.random(size) < queue.hold_rate, rng.uniform(8, 75, size), 0.0)
    hold_at = rng.uniform(0.2, 0.7, size)
    turn = rng.random(size)
    ended, surveyed, luck, spoilt = rng.random(size), rng.random(size), rng.random(size), rng.random(size)
    scores = rng.choice(5, size, p=(0.02, 0.03, 0.08, 0.27, 0.60)) + 1
    book = (rng.pareto(1.1, size) * 400).astype(np.int64) % 20_000
    greet = rng.uniform(low, high, size)
    for i in range(size):
        yield CallPlan(
            start + int(minutes[i] * 60 * MICRO),
            queue.name,
            centre.caller(int(book[i])),
            int(greet[i] * MICRO),
            int((0.4 + waits[i]) * MICRO),
            float(talk[i]),
            float(wrap[i]),
            float(hold_at[i]),
            float(hold[i]),
            _turn(queue, float(turn[i])),
            "agent" if ended[i] < (0.75 if queue.survey_rate else 0.4) else "caller",
            int(scores[i]) if surveyed[i] < queue.survey_rate else 0,
            float(luck[i]),
            _spoilt(centre, float(spoilt[i])),
        )


def _times(rng: np.random.Generator, spread: Spread, size: int) -> NDArray[np.float64]:
    drawn = np.exp(rng.normal(math.log(spread.median), spread.sigma, size))
    return np.asarray(np.clip(drawn, 1.0, spread.cap), dtype=np.float64)


def _turn(queue: QueueProfile, draw: float) -> str:
    if draw < queue.blind_rate:
        return "blind"
    return "attended" if draw < queue.blind_rate + queue.attended_rate else ""


def _spoilt(centre: Centre, draw: float) -> str:
    lost, short = centre.profile.recordings_lost, centre.profile.recordings_short
    return "missing" if draw < lost else "short" if draw < lost + short else ""


def work_plan(centre: Centre, place: int, day: date) -> WorkPlan | None:
    """The day of the agent in `place`, or None when he is off."""
    agent = centre.agents[place]
    draw = random.Random((centre.seed * 1_000_003 + day.toordinal()) * 4_099 + place)  # noqa: S311
    if (shift := _shift(centre, agent, place, day)) is None:
        return None
    starts, ends = shift
    profile = centre.profile
    if not profile.breaks:
        return WorkPlan(starts + draw.randrange(5 * MICRO), ends, (), (), ())
    late = draw.randrange(600, 1500) if draw.random() < 0.01 else int(min(170, max(-420, draw.gauss(-150, 60))))
    early = draw.randrange(3600, 9000) if draw.random() < 0.01 else -draw.randrange(5, 240)
    signs_in, signs_out = starts + late * MICRO, ends - early * MICRO
    return WorkPlan(
        signs_in,
        signs_out,
        tuple(_pauses(centre, draw, signs_in, signs_out)),
        tuple(_outings(centre, agent, draw, signs_in, signs_out)),
        tuple(_unreachable(draw, signs_in, signs_out)),
    )


def shift_of(centre: Centre, place: int, day: date) -> tuple[str, int, int] | None:
    """Name, start and end (µs) of the shift that the agent in `place` works that day; None when he is off."""
    if (span := _shift(centre, centre.agents[place], place, day)) is None:
        return None
    hour = (span[0] - day_start(day)) / (3600 * MICRO) + DAY_STARTS_AT
    return next((one.code for one in centre.profile.shifts if abs(one.starts - hour) < 0.01), ""), *span


def _shift(centre: Centre, agent: AgentProfile, place: int, day: date) -> tuple[int, int] | None:
    if centre.roster is not None:
        given = centre.roster(agent.code, day)
        return None if given is None else (micros(given[0]), micros(given[1]))
    profile, week = centre.profile, (day.toordinal() - 1) // 7
    if profile.days_off and (day.toordinal() + place) % 7 < profile.days_off:
        return None
    shift = _rotated(profile.shifts, (place * 37 + week * 29) % 100 / 100)
    start = day_start(day) - DAY_STARTS_AT * 3600 * MICRO
    return start + int(shift.starts * 3600) * MICRO, start + int(shift.ends * 3600) * MICRO


def _rotated(shifts: tuple[Shift, ...], point: float) -> Shift:
    for shift in shifts:
        point -= shift.share
        if point < 0:
            return shift
    return shifts[-1]


def _pauses(centre: Centre, draw: random.Random, starts: int, ends: int) -> Iterator[Pause]:
    hours = (ends - starts) // (3600 * MICRO)
    meal = hours // 2 if hours >= 6 else -1
    for hour in range(1, hours):
        at = starts + hour * 3600 * MICRO + draw.randrange(40 * 60) * MICRO
        if hour == meal:
            yield Pause(at, draw.randrange(1500, 1860) * MICRO, "meal")
        elif draw.random() < 0.9:
            yield Pause(at, int(max(60, draw.gauss(290, 45))) * MICRO, "break")
        if draw.random() < 0.12:
            (reason,) = draw.choices(centre.reasons, [one.weight for one in centre.reasons])
            length = draw.randrange(reason.shortest, reason.longest) * MICRO
            yield Pause(at + 45 * 60 * MICRO, length, reason.code)
    if draw.random() < 0.04 and hours > 3:
        yield Pause(starts + 2 * 3600 * MICRO, 1800 * MICRO, "training")


def _outings(centre: Centre, agent: AgentProfile, draw: random.Random, starts: int, ends: int) -> Iterator[Outing]:
    profile = centre.profile
    outside = _poisson(draw, profile.outbound if "sales" in agent.queues else profile.outbound / 3)
    begin = day_start(simulated_day(datetime.fromtimestamp(starts / MICRO, ZONE)))
    low, high = max(starts, begin + 5 * 3600 * MICRO), min(ends, begin + 17 * 3600 * MICRO)
    for _ in range(outside if high - low > 1800 * MICRO else 0):
        answers = draw.random() < profile.outbound_connects
        status = "ANSWER" if answers else draw.choice(("NOANSWER", "NOANSWER", "BUSY", "CANCEL"))
        talk = int(min(900, draw.lognormvariate(4.4, 0.8)) * MICRO)
        ring = draw.randrange(3 * MICRO, 26 * MICRO)
        number = centre.caller(draw.randrange(20_000))
        yield Outing(draw.randrange(low, high), number, False, answers, ring, talk, status)
    for _ in range(_poisson(draw, profile.internal)):
        mate = draw.choice(centre.agents)
        if mate.code != agent.code:
            talk = draw.randrange(15 * MICRO, 120 * MICRO)
            ring = draw.randrange(MICRO, 8 * MICRO)
            yield Outing(draw.randrange(starts, ends), mate.code, True, True, ring, talk, "ANSWER")


def _unreachable(draw: random.Random, starts: int, ends: int) -> Iterator[tuple[int, int]]:
    if draw.random() < 0.03:
        at = draw.randrange(starts, ends)
        yield at, draw.randrange(40, 240) * MICRO


def _poisson(draw: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count
