# SPDX-License-Identifier: Apache-2.0
"""State against plan at this moment: who is not where the roster has him, for longer than the tolerance."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.selectors import present_states
from zuoxi.workforce.day_plan import at_the_telephone
from zuoxi.workforce.facts import PlannedPause, RosteredShift
from zuoxi.workforce.selectors import on_shift, pauses_between

WORK, PAUSE = "work", "pause"
SERVING = frozenset({AgentState.READY, AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP})
OUT = frozenset({AgentState.SIGNED_OUT, AgentState.UNKNOWN})


class StateNow(Protocol):
    """What a switch last said of somebody."""

    state: str
    reason: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Deviation:
    """Somebody who should serve and does not. `kind`: "missing" not signed in, "over" a planned break is over, "away"
    none was planned; `since` when it began, `minutes` so far."""

    shift: RosteredShift
    kind: str
    state: str
    reason: str
    since: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Adhering:
    """`due` people should serve now, `there` of them do; `resting` are on a planned break or meal."""

    due: int
    there: int
    resting: int
    deviations: tuple[Deviation, ...]


@enforces("FLR-006", "SCH-012")
def adhering(
    shifts: Iterable[RosteredShift],
    pauses: Iterable[PlannedPause],
    states: Mapping[str, StateNow],
    reading: Reading,
    now: datetime,
) -> Adhering:
    """Judge everybody who is due at the moment; a deviation up to the tolerance is none."""
    by_shift: dict[int, list[PlannedPause]] = {}
    for pause in pauses:
        by_shift.setdefault(pause.shift_id, []).append(pause)
    due = there = resting = 0
    found = []
    for one in shifts:
        own = by_shift.get(one.id, [])
        if any(pause.starts_at <= now < pause.ends_at for pause in own):
            resting += 1
            continue
        due += 1
        state = states.get(one.staff_code)
        said = state.state if state else str(AgentState.SIGNED_OUT)
        if said in SERVING:
            there += 1
            continue
        over = [pause.ends_at for pause in own if pause.ends_at <= now]
        started = max(first for first, _until in one.spans if first <= now)
        since = max([started, *over, *([state.from_at] if state else [])])
        passed = Decimal(int((now - since).total_seconds())) / 60
        if reading.within("intraday.tolerance_minutes", passed):
            continue
        kind = "missing" if said in OUT else "over" if over and since == max(over) else "away"
        found.append(Deviation(one, kind, said, state.reason if state else "", since, int(passed)))
    ordered = sorted(found, key=lambda one: (-one.minutes, one.shift.staff_code))
    return Adhering(due, there, resting, tuple(ordered))


def adhering_now(now: datetime, staff_ids: Collection[int]) -> Adhering:
    """The same of some people, read from roster and telephones. Four queries."""
    shifts = [one for one in at_the_telephone(on_shift(now)) if one.staff_id in staff_ids]
    pauses = pauses_between(now - timedelta(hours=12), now + timedelta(minutes=1))
    reading = site_handbook().on(now.astimezone(site_handbook().zone).date())
    return adhering(shifts, pauses, present_states(), reading, now)
