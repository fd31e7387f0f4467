# SPDX-License-Identifier: Apache-2.0
"""The rest of the day played call by call: as planned, and with each proposal, all meeting the same callers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.intraday.outlook import FINE, PER_SLOT, SLOTS, Change
from zuoxi.workforce.intraday.pool import agents_by_group
from zuoxi.workforce.today.proposing import Proposal
from zuoxi.workforce.today.reading import Picture
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

SLOT, FIVE = 1800.0, 300.0
SEED = 1


@dataclass(frozen=True, slots=True)
class Played:
    """Service of the rest of the day as played, without and with the change; calls more in time, calls fewer lost, and
    what that is worth less its cost. `sure`: the change is more than chance."""

    before: float
    after: float
    in_time: float
    kept: float
    worth: float
    sure: bool


@enforces("SCH-013")
def played_through(
    picture: Picture, proposals: Sequence[Proposal], progress: Callable[[int, int], None] | None = None
) -> list[tuple[Proposal, Played]]:
    """The proposals with what the play says of each, the worthiest first; none where nobody calls or takes calls. Takes
    seconds, the first time on a machine most of a minute, so it belongs into a job; `progress(done, plays)` may end it
    by raising."""
    from zuoxi.workforce.twin.engine import simulate

    reading = site_handbook().on(picture.day)
    worths = float(reading.number("intraday.call_worth")), float(reading.number("intraday.kept_worth"))
    times = reading.whole("intraday.replications")
    plan = scenario_of(picture, ())
    if plan is None:
        return []
    tell = progress or (lambda _done, _plays: None)
    tell(0, len(proposals) + 1)
    base = simulate(plan, times, SEED)
    found = []
    for done, one in enumerate(proposals, start=1):
        tell(done, len(proposals) + 1)
        scenario = scenario_of(picture, one.changes)
        if scenario is None:
            continue
        made = simulate(scenario, times, SEED)
        was, now = base.all.service_level.mean or 0.0, made.all.service_level.mean or 0.0
        in_time = now * made.all.offered - was * base.all.offered
        kept = base.all.abandoned - made.all.abandoned
        worth = in_time * worths[0] + kept * worths[1] - one.effect.cost
        pairs = [
            b - a
            for a, b in zip(base.samples["service_level"], made.samples["service_level"], strict=True)
            if a is not None and b is not None
        ]
        found.append((one, Played(was, now, in_time, kept, worth, _sure(pairs))))
    return sorted(found, key=lambda held: -held[1].worth)


def _sure(differences: Sequence[float]) -> bool:
    """Whether the mean difference lies two standard errors from nought."""
    many = np.array(differences)
    error = float(many.std(ddof=1)) / len(many) ** 0.5 if len(many) > 1 else float("inf")
    return abs(float(many.mean())) > 2 * error if many.size else False


def scenario_of(picture: Picture, changes: Sequence[Change]) -> Scenario | None:
    """The rest of the day from the half hour at hand; None where nobody is expected or nobody takes calls."""
    first, load = picture.passed, picture.load
    if first >= SLOTS:
        return None
    people = agents_by_group(
        np.array([one.group for one in picture.seats], np.int64),
        np.array([one.on for one in picture.seats]) if picture.seats else np.zeros((0, FINE)),
        len(load.hands),
    )
    for one in changes:
        people[one.group, max(one.first, 0) : min(one.until, FINE)] += one.hands
    people = np.maximum(people, 0.0)[:, first * PER_SLOT :]
    calls = load.rest[:, first:]
    names = [one.code for one in picture.queues]
    groups = tuple(
        Group(
            id=str(place),
            skills=tuple(names[queue] for queue in np.flatnonzero(load.queues.served[place])),
            agents_per_interval=tuple(round(float(one)) for one in line),
            interval_seconds=FIVE,
            absence=1 - load.present,
        )
        for place, line in enumerate(people)
        if line.any()
    )
    served = {skill for group in groups for skill in group.skills}
    queues = tuple(
        Queue(
            id=name,
            arrivals_per_interval=tuple(float(one) for one in calls[place]),
            interval_seconds=SLOT,
            aht_seconds=(float(load.queues.handle[place]),),
            patience_seconds=load.queues.patience,
            service_threshold_seconds=float(load.queues.within[place]),
            skills=(name,),
        )
        for place, name in enumerate(names)
        if name in served and calls[place].sum() > 0
    )
    if not groups or not queues:
        return None
    return Scenario(queues, groups, (SLOTS - first) * SLOT)


def as_played(proposal: Proposal, played: Played) -> Proposal:
    """The proposal whose effect is what the play says, as it is then applied and kept."""
    effect = replace(
        proposal.effect, in_time=played.in_time, kept=played.kept, before=played.before, after=played.after,
        worth=played.worth,
    )  # fmt: skip
    return replace(proposal, effect=effect)
