# SPDX-License-Identifier: Apache-2.0
"""What makes one of the three emergencies of the floor: calls that drop, callers who pile up, a switch gone silent.

Pure: counts that somebody read from the ledger and a reading of the handbook in, a finding out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from zuoxi.floor.judgements import minutes_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule


@dataclass(frozen=True, slots=True)
class DropFacts:
    """Answered calls that ended in the last minutes before `at`, and how many of them were cut off."""

    calls: int
    dropped: int
    at: datetime

    def __post_init__(self) -> None:
        if not 0 <= self.dropped <= self.calls:
            raise Impossible("dropped", "more calls dropped than there were")


@rule(
    "floor.emergency.drops",
    outcomes=("calm", "begun"),
    needs=("figures:emergency.drop_percent", "figures:emergency.drop_minutes", "figures:emergency.drop_least"),
    clauses=("EMG-003",),
    day="at",
)
def judge_drops(facts: DropFacts, reading: Reading) -> Finding:
    """Whether calls drop so often that the floor has to be told; without a call there is no share."""
    share = Decimal(facts.dropped * 100) / facts.calls if facts.calls else Decimal(0)
    enough = reading.beyond("emergency.drop_least", Decimal(facts.dropped))
    begun = bool(facts.calls) and enough and reading.beyond("emergency.drop_percent", share)
    return reading.finding(
        "floor.emergency.drops",
        "begun" if begun else "calm",
        calls=facts.calls,
        count=facts.dropped,
        percent=str(share.quantize(Decimal("0.1"), ROUND_HALF_UP)),
        limit=reading.figure("emergency.drop_percent").text,
        minutes=reading.figure("emergency.drop_minutes").text,
    )


@dataclass(frozen=True, slots=True)
class PeakFacts:
    """The fewest callers that waited at any moment of the last minutes before `at`."""

    least_waiting: int
    at: datetime


@rule(
    "floor.emergency.peak",
    outcomes=("calm", "begun"),
    needs=("figures:emergency.queue_callers", "figures:emergency.queue_minutes"),
    clauses=("EMG-003",),
    day="at",
)
def judge_peak(facts: PeakFacts, reading: Reading) -> Finding:
    """Whether so many have waited for so long without a break."""
    begun = reading.beyond("emergency.queue_callers", Decimal(facts.least_waiting))
    return reading.finding(
        "floor.emergency.peak",
        "begun" if begun else "calm",
        count=facts.least_waiting,
        limit=reading.figure("emergency.queue_callers").text,
        minutes=reading.figure("emergency.queue_minutes").text,
    )


@dataclass(frozen=True, slots=True)
class SwitchFacts:
    """A switch that was last heard at `lost_at`; None: it is heard."""

    name: str
    lost_at: datetime | None
    now: datetime

    def __post_init__(self) -> None:
        if self.lost_at is not None and self.now < self.lost_at:
            raise Impossible("now", "lies before the switch was lost")


@rule(
    "floor.emergency.switch",
    outcomes=("calm", "begun"),
    needs=("figures:emergency.switch_minutes",),
    clauses=("EMG-003",),
    day="now",
)
def judge_switch(facts: SwitchFacts, reading: Reading) -> Finding:
    """Whether the switch has been silent so long that it is a trouble of the system."""
    limit = reading.figure("emergency.switch_minutes")
    silent = minutes_of(facts.now - facts.lost_at) if facts.lost_at is not None else Decimal(0)
    begun = facts.lost_at is not None and limit.beyond(silent)
    return reading.finding(
        "floor.emergency.switch",
        "begun" if begun else "calm",
        zh=facts.name,
        en=facts.name,
        minutes=str(int(silent)),
        limit=limit.text,
    )


def least_waiting(waits: Iterable[tuple[datetime, datetime | None]], since: datetime, until: datetime) -> int:
    """The fewest that waited at one time between two moments. `waits`: when each came and left (None: still there)."""
    steps: list[tuple[datetime, int]] = []
    count = 0
    for came, left in waits:
        if came >= until or (left is not None and left <= since):
            continue
        if came <= since:
            count += 1
        else:
            steps.append((came, 1))
        if left is not None and left < until:
            steps.append((left, -1))
    least = count
    for _at, change in sorted(steps, key=lambda step: (step[0], -step[1])):
        count += change
        least = min(least, count)
    return least
