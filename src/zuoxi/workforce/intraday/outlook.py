# SPDX-License-Identifier: Apache-2.0
"""What the rest of a day will reach, and what each change of the plan would bring. Slots are half hours; changes are
laid down in slots of five minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zuoxi.workforce.erlang import Floats
from zuoxi.workforce.intraday.pool import Queues, Reached, reached

FINE: Final = 288
SLOTS: Final = 48
PER_SLOT: Final = FINE // SLOTS
SLOT_SECONDS: Final = 1800.0
SURE_AFTER: Final = 60.0
"""Calls after which what came so far weighs as much as what was expected."""


def brought_on(expected: Floats, arrived: Floats, passed: float) -> Floats:
    """Calls of the day by queue and slot: what came where the slot is over, and the rest of the forecast raised or
    lowered as the day has gone so far. `passed`: slots that are over, with the part of the running one.

    Few calls say little, so the ratio is drawn towards one; see SURE_AFTER.
    """
    done, part = int(passed), passed - int(passed)
    weight = np.zeros(expected.shape[1])
    weight[:done] = 1.0
    if done < len(weight):
        weight[done] = part
    came = (np.nan_to_num(arrived) * (weight > 0)).sum(axis=1)
    meant = (expected * weight).sum(axis=1)
    ratio = (came + SURE_AFTER) / (meant + SURE_AFTER)
    found: Floats = expected * ratio[:, None]
    found[:, :done] = np.nan_to_num(arrived)[:, :done]
    if done < len(weight):
        running = np.nan_to_num(arrived)[:, done]
        found[:, done] = running + expected[:, done] * ratio * (1 - part)
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """A day as it stands: `calls` by queue and half hour, `hands` by group and half hour; `now` the first half hour
    that can still be changed. `present`: the share of the rostered time that people really are there."""

    calls: Floats
    hands: Floats
    queues: Queues
    now: int
    present: float = 1.0

    def reach(self, hands: Floats | None = None) -> Reached:
        """What the rest of the day reaches; slots that are over have no meaning in it."""
        return reached(self.calls, (self.hands if hands is None else hands) * self.present, self.queues, SLOT_SECONDS)

    @property
    def rest(self) -> Floats:
        """Calls that are still to come, nought for slots that are over."""
        found = self.calls.copy()
        found[:, : self.now] = 0.0
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody of a group is at the telephone (+1) or leaves it (−1), from a slot of five minutes to before another."""

    group: int
    first: int
    until: int
    hands: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change brings over the rest of the day: calls more in time, calls fewer lost, service before and after
    (0 to 1, None without calls), money, and what it is worth in all."""

    in_time: float
    kept: float
    before: float | None
    after: float | None
    cost: float
    worth: float
    lowest: float | None = None


def hands_with(hands: Floats, changes: Sequence[Change]) -> Floats:
    """Mean hands of each half hour after the changes; what lies beyond midnight is left out."""
    fine = np.zeros((len(hands), FINE))
    for one in changes:
        fine[one.group, max(one.first, 0) : min(one.until, FINE)] += one.hands
    found: Floats = np.maximum(hands + fine.reshape(len(hands), SLOTS, PER_SLOT).mean(axis=2), 0.0)
    return found


def weigh(
    load: Load, before: Reached, changes: Sequence[Change], *, cost: float, worths: tuple[float, float]
) -> Effect:
    """The effect of changes that cost so much (less than nought: saved); `worths` of a call more in time, and of one
    that would have been lost."""
    rest = load.rest
    after = load.reach(hands_with(load.hands, changes))
    in_time = float(np.nansum((after.service - before.service) * rest))
    kept = float(np.nansum((before.gone - after.gone) * rest))
    touched = np.zeros(SLOTS, np.bool_)
    for one in changes:
        touched[max(one.first, 0) // PER_SLOT : -(-min(one.until, FINE) // PER_SLOT)] = True
    there = after.service[:, touched & (np.arange(SLOTS) >= load.now)]
    known = there[~np.isnan(there)]
    return Effect(
        in_time,
        kept,
        _share(before, rest),
        _share(after, rest),
        cost,
        in_time * worths[0] + kept * worths[1] - cost,
        float(known.min()) if known.size else None,
    )


def _share(found: Reached, rest: Floats) -> float | None:
    share = found.day(rest)
    return None if np.isnan(share) else share


def worth_of_a_hand(load: Load, before: Reached) -> Floats:
    """Calls more in time through one more agent of each group in each half hour that is still to come."""
    rest, found = load.rest, np.zeros(load.hands.shape)
    for group in range(len(load.hands)):
        more = load.hands.copy()
        more[group] += 1 / max(load.present, 0.01)
        found[group] = np.nansum((load.reach(more).service - before.service) * rest, axis=0)
    return found


def over(worth: Floats, group: int, first: int, until: int) -> float:
    """Calls in time that one agent of the group is worth from one slot of five minutes to before another."""
    fine = np.repeat(worth[group], PER_SLOT) / PER_SLOT
    return float(fine[max(first, 0) : min(until, FINE)].sum())


def on_the_day(spans: Sequence[tuple[float, float]], away: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Slots of five minutes in which somebody is at the telephone; all in minutes from midnight."""
    found = np.zeros(FINE)
    for first, until in spans:
        found[_slot(first) : _slot(until)] = 1.0
    for first, until in away:
        found[_slot(first) : max(_slot(until), _slot(first) + 1)] = 0.0
    return found


def _slot(minutes: float) -> int:
    return int(min(max(round(minutes / 5), 0), FINE))


def with_present(load: Load, present: float) -> Load:
    return replace(load, present=present)
