# SPDX-License-Identifier: Apache-2.0
"""Half hours of a day as pages show them: what is needed beside what is rostered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zuoxi.telephony.selectors import queues_by_staff
from zuoxi.workforce.day_plan import AT_THE_TELEPHONE, midnight_of
from zuoxi.workforce.selectors import shifts_between
from zuoxi.workforce.today.requirements import HALVES, Need

_DAY = timedelta(days=1)
_HALF = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A half hour: calls with their band, agents and people needed, people rostered. `needs` by queue."""

    at: datetime
    calls: float
    low: float | None
    high: float | None
    aht_seconds: float | None
    agents: int
    positions: int
    rostered: int
    service: float | None
    occupancy: float | None
    needs: tuple[Need, ...]

    @property
    def missing(self) -> int:
        return self.positions - self.rostered


def rostered_on(day: date, queue: str | None = None, serving: Mapping[int, Collection[str]] | None = None) -> list[int]:
    """People rostered at the telephone in the middle of each half hour: of one queue, or of any. Two queries, one
    where `serving` is known already."""
    serving = queues_by_staff() if serving is None else serving
    shifts = [
        one
        for one in shifts_between(day - _DAY, day)
        if one.kind in AT_THE_TELEPHONE
        and (not serving or (queue is None and one.staff_id in serving) or queue in serving.get(one.staff_id, ()))
    ]
    midnight = midnight_of(day)
    return [sum(one.covers(midnight + _HALF * half + _HALF / 2) for one in shifts) for half in range(HALVES)]


def lines_of(day: date, needs: Sequence[Need], rostered: Sequence[int], least: int) -> list[NeedLine]:
    """The 48 half hours; where no call is expected, still the least watch."""
    midnight = midnight_of(day)
    held: dict[datetime, list[Need]] = defaultdict(list)
    for one in needs:
        held[one.start].append(one)
    return [
        _line(midnight + _HALF * half, held[midnight + _HALF * half], rostered[half], least) for half in range(HALVES)
    ]


def _line(at: datetime, needs: list[Need], rostered: int, least: int) -> NeedLine:
    calls = sum(one.calls for one in needs)
    banded = bool(needs) and all(one.low is not None and one.high is not None for one in needs)
    agents = sum(one.agents for one in needs)
    return NeedLine(
        at,
        calls,
        sum(one.low or 0.0 for one in needs) if banded else None,
        sum(one.high or 0.0 for one in needs) if banded else None,
        sum(one.calls * one.aht_seconds for one in needs) / calls if calls else None,
        agents,
        max(sum(one.positions for one in needs), least),
        rostered,
        sum(one.calls * one.service for one in needs) / calls if calls else None,
        sum(one.agents * one.occupancy for one in needs) / agents if agents else None,
        tuple(needs),
    )
