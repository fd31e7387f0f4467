# SPDX-License-Identifier: Apache-2.0
"""Who works in the simulated centre, who calls it and how they behave: frozen values, nothing drawn yet.

The figures are a plausible television-shopping centre of 120 seats, not anybody's real one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY_STARTS_AT: Final = 4
"""Clock hour at which a simulated day begins and ends: nobody is on the line then, so days are independent."""

MEANS: Final[Mapping[int, str]] = {
    5: "satisfied",
    4: "satisfied",
    3: "fairly_satisfied",
    2: "dissatisfied",
    1: "dissatisfied",
}
"""What the points of the simulated caller say, as in the handbook's survey of one question."""

Roster = Callable[[str, date], "tuple[datetime, datetime] | None"]
"""Agent code and day → the shift (aware start and end), or None for a day off."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal time: `median` seconds, `sigma` of its logarithm, never above `cap` seconds."""

    median: float
    sigma: float
    cap: float


@dataclass(frozen=True, slots=True)
class Patience:
    """Exponential mixture: `hasty` of the callers give up after `hasty_mean` seconds on average, the rest later."""

    hasty: float = 0.06
    hasty_mean: float = 5.0
    steady_mean: float = 150.0


@dataclass(frozen=True, slots=True)
class QueueProfile:
    """One queue: what the switch knows of it and how its calls go. Rates are shares of the answered calls; that of
    `callback_rate` of those who would give up: they press the key and are called back. `half_hours`: calls expected in
    each of the 48 from midnight on, every day alike; empty: as the centre's profile says."""

    name: str
    label: str
    number: str
    share: float
    talk: Spread
    wrap: Spread
    patience: Patience = Patience()
    weight: int = 0
    burst: float = 0.0
    ring_seconds: int = 15
    retry_seconds: int = 1
    max_wait: int = 300
    max_callers: int = 60
    hold_rate: float = 0.12
    blind_rate: float = 0.03
    attended_rate: float = 0.02
    survey_rate: float = 0.0
    target_seconds: int = 20
    callback_rate: float = 0.0
    half_hours: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """One agent: `pace` multiplies his talk times, `tidy` his wrap-up; `misses` is the share of rings he lets go."""

    code: str
    name: str
    team: str
    queues: tuple[str, ...]
    pace: float = 1.0
    tidy: float = 1.0
    misses: float = 0.012
    forgets: float = 0.01
    leader: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Clock hours of a working day; an end above 24 lies after midnight. `share` of those on duty work it."""

    code: str
    starts: float
    ends: float
    share: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A television broadcast: calls come from two minutes after `hour` on and die away with mean `decay` minutes."""

    hour: float
    weight: float
    decay: float = 9.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an agent is not ready (a pause reason of the switch), how often beside the others, and for how long."""

    code: str
    weight: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Profile:
    """How much happens in a day. `curve` weighs the 48 half hours of the clock for calls outside the broadcasts.

    `warm_up`: a live switch that comes up in the middle of a day has lived through so many seconds of it only.
    """

    name: str
    calls: float
    curve: tuple[float, ...]
    slots: tuple[Slot, ...]
    weekdays: tuple[float, ...] = (1.0, 0.94, 0.92, 0.95, 1.05, 1.1, 1.04)
    shifts: tuple[Shift, ...] = ()
    days_off: int = 2
    outbound: float = 8.0
    internal: float = 0.8
    answer: Spread = Spread(3.2, 0.45, 12)
    greeting: tuple[float, float] = (4.0, 11.0)
    breaks: bool = True
    outbound_connects: float = 0.46
    recordings_lost: float = 0.0025
    recordings_short: float = 0.0025
    warm_up: int | None = None


@dataclass(frozen=True, slots=True)
class Centre:
    """The whole centre. The same seed gives the same days, whatever the speed and whichever day comes first."""

    seed: int
    profile: Profile
    queues: tuple[QueueProfile, ...]
    agents: tuple[AgentProfile, ...]
    callers: tuple[str, ...] = ()
    roster: Roster | None = None
    reasons: tuple[Reason, ...] = (
        Reason("nr:restroom", 4, 90, 400),
        Reason("nr:away", 2, 120, 1_000),
        Reason("nr:leader", 1, 240, 1_000),
        Reason("nr:paperwork", 2, 180, 900),
        Reason("nr:equipment", 1, 120, 600),
    )
    people: frozenset[str] = frozenset()

    def caller(self, index: int) -> str:
        """A customer's number by his place in the book; invented ones when no book was given."""
        if self.callers:
            return self.callers[index % len(self.callers)]
        return f"1990{(index * 7919 + self.seed * 101) % 10_000_000:07d}"

    def queue(self, name: str) -> QueueProfile:
        return next(queue for queue in self.queues if queue.name == name)


def _curve() -> tuple[float, ...]:
    by_hour = [20, 18, 16, 14, 12, 14, 16, 18, 26, 42, 48, 44, 34, 36, 42, 43, 40, 36, 38, 48, 52, 44, 32, 24]
    return tuple(value for hour in by_hour for value in (hour, hour))


SHIFTS: Final = (
    Shift("dawn", 4.05, 8.5, 0.10),
    Shift("early", 8.0, 16.5, 0.33),
    Shift("middle", 12.0, 20.5, 0.23),
    Shift("late", 16.0, 24.5, 0.22),
    Shift("night", 22.0, 27.9, 0.12),
)
SLOTS: Final = (
    Slot(8.5, 0.04),
    Slot(10.0, 0.06),
    Slot(11.25, 0.07),
    Slot(12.5, 0.09),
    Slot(14.0, 0.07),
    Slot(15.5, 0.08),
    Slot(17.0, 0.08),
    Slot(18.25, 0.08),
    Slot(19.5, 0.12),
    Slot(20.75, 0.12),
    Slot(22.0, 0.08),
    Slot(0.5, 0.03),
    Slot(2.0, 0.02),
    Slot(3.25, 0.02),
    Slot(5.0, 0.02),
    Slot(6.5, 0.02),
)
DEMO: Final = Profile("demo", calls=1_500, curve=_curve(), slots=SLOTS, shifts=SHIFTS)
LOAD: Final = Profile(
    "load",
    calls=864_000,
    curve=(1.0,) * 48,
    slots=(),
    weekdays=(1.0,) * 7,
    shifts=(Shift("all", 4.02, 27.95, 1.0),),
    days_off=0,
    outbound=0.0,
    internal=0.0,
    answer=Spread(1.2, 0.3, 4),
    greeting=(0.2, 0.6),
    breaks=False,
    warm_up=90,
)

QUEUES: Final = (
    QueueProfile("sales", "订购热线", "4008201000", 0.56, Spread(190, 0.55, 800), Spread(22, 0.6, 240), burst=0.7),
    QueueProfile(
        "service",
        "客户服务",
        "4008201001",
        0.25,
        Spread(165, 0.6, 800),
        Spread(26, 0.6, 300),
        survey_rate=0.6,
        callback_rate=0.3,
    ),
    QueueProfile(
        "aftersales", "售后", "4008201002", 0.14, Spread(240, 0.6, 840), Spread(38, 0.6, 300), survey_rate=0.6
    ),
    QueueProfile("vip", "VIP", "4008201003", 0.05, Spread(210, 0.5, 800), Spread(25, 0.5, 240), weight=10, burst=0.4),
)
LOAD_QUEUES: Final = tuple(
    replace(
        queue,
        talk=Spread(13, 0.35, 40),
        wrap=Spread(2, 0.3, 5),
        burst=0.0,
        hold_rate=0.02,
        blind_rate=0.01,
        attended_rate=0.0,
        survey_rate=0.05 if queue.survey_rate else 0.0,
        max_callers=400,
    )
    for queue in QUEUES
)
_FAMILY: Final = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN: Final = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰慧建红燕鹏"
SKILLS: Final = (
    ("sales", "vip"),
    ("sales",),
    ("service", "aftersales"),
    ("sales", "service"),
    ("aftersales", "service"),
)


def person_name(seed: int, index: int) -> str:
    """An invented Chinese name, the same for the same seed and place."""
    draw = random.Random(seed * 100_003 + index)  # noqa: S311 - play, not secrets
    return draw.choice(_FAMILY) + "".join(draw.choice(_GIVEN) for _ in range(draw.choice((1, 2, 2))))


def agents(seed: int, seats: int, teams: int = 8) -> tuple[AgentProfile, ...]:
    """`seats` agents with codes from 1001; the first of each team is its leader and also takes calls."""
    made = []
    for index in range(seats):
        draw = random.Random(seed * 1_000_003 + index)  # noqa: S311
        team = index % teams
        made.append(
            AgentProfile(
                code=str(1001 + index),
                name=person_name(seed, index),
                team=f"T{team + 1:02d}",
                queues=SKILLS[team % len(SKILLS)],
                pace=min(1.5, max(0.7, draw.gauss(1.0, 0.14))),
                tidy=min(2.0, max(0.5, draw.gauss(1.0, 0.25))),
                misses=draw.choice((0.004, 0.008, 0.012, 0.03)),
                forgets=draw.choice((0.0, 0.005, 0.02)),
                leader=index < teams,
            )
        )
    return tuple(made)


def demo_centre(seed: int = 7, seats: int = 120, *, calls: float = 1_500, roster: Roster | None = None) -> Centre:
    """The centre of the demo: `calls` inbound calls on an average day."""
    return Centre(seed, replace(DEMO, calls=calls), QUEUES, agents(seed, seats), roster=roster)


def load_centre(seed: int = 7, seats: int = 260, *, per_second: float = 10.0) -> Centre:
    """The centre of the load benchmark: a steady `per_second` queued calls, some 150 to 200 of them up at a time."""
    return Centre(seed, replace(LOAD, calls=per_second * 86_400), LOAD_QUEUES, agents(seed, seats))


PROFILES: Final[Mapping[str, Callable[..., Centre]]] = {"demo": demo_centre, "load": load_centre}
