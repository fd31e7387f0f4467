# SPDX-License-Identifier: Apache-2.0
"""A roster as its file and its table tell it."""

from __future__ import annotations

from typing import Any

import numpy as np

from zuoxi.workforce.rostering.layout import LEADER, RESERVE
from zuoxi.workforce.rostering.pauses import MEAL, Shift, lay
from zuoxi.workforce.rostering.problem import SLOTS
from zuoxi.workforce.rostering.solve import Made

SHOWN = 50


def as_json(made: Made, *, pauses: bool = True) -> dict[str, Any]:
    """The roster file: assignments with their meals and breaks, cover by half hour, price by constraint, what lost."""
    problem = made.layout.problem
    cells = [
        (i, day, *made.cell(i, day))
        for i in range(len(problem.people)) for day in range(problem.days) if made.roster[i, day]
    ]  # fmt: skip
    assignments: list[dict[str, Any]] = [
        {"person": problem.people[i].id, "day": day, "pattern": pattern, "skill": skill}
        for i, day, pattern, skill in cells
    ]
    unplaced = 0
    if pauses:
        shifts = [Shift(i, day, problem.pattern[pattern]) for i, day, pattern, _skill in cells]
        for one, held in zip(assignments, lay(problem, shifts, _spare(made)), strict=True):
            placed = [pause for pause in held if pause.start is not None]
            unplaced += len(held) - len(placed)
            one["meal"] = next(([pause.start, pause.end] for pause in placed if pause.kind == MEAL), None)
            one["breaks"] = [[pause.start, pause.end] for pause in placed if pause.kind != MEAL]
    return {
        "format": "zuoxi-roster-result-1",
        "start": problem.start.isoformat(),
        "days": problem.days,
        **told(made),
        "breaks_unplaced": unplaced,
        "assignments": assignments,
        "cover": {
            name: made.cover[line, : problem.days * SLOTS].reshape(problem.days, SLOTS).tolist()
            for line, name in enumerate(made.layout.lines)
        },
    }


def told(made: Made) -> dict[str, Any]:
    """What is said of a roster without its cells."""
    return {
        "objective": round(made.objective, 3),
        "lower_bound": None if made.bound is None else round(made.bound, 3),
        "gap": None if made.gap is None else round(made.gap, 6),
        "by_constraint": made.by_constraint,
        "binding": {rule: round(share, 4) for rule, share in made.binding.items()},
        "seconds": round(made.seconds, 3),
        "moves": made.moves,
        "stopped": made.stopped,
        "short": [
            {"line": one.line, "day": one.day, "slot": one.slot, "need": one.need, "have": one.have}
            for one in made.gaps[:SHOWN]
        ],
        "short_in_all": len(made.gaps),
        "short_half_hours": sum(one.need - one.have for one in made.gaps),
        "wishes_lost": [
            {"person": one.person, "day": one.wish.day, "want": one.wish.want, "to": one.to} for one in made.lost
        ],
    }


def _spare(made: Made) -> Any:
    served = [place for place, name in enumerate(made.layout.lines) if name not in (LEADER, RESERVE)]
    need, cover = made.layout.tables.need[served].sum(axis=0), made.cover[served].sum(axis=0)
    return np.asarray(cover - need)
