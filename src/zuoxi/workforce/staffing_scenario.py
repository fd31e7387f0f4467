# SPDX-License-Identifier: Apache-2.0
"""A scenario file staffed: agents of each group by interval, as the command prints it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from zuoxi.workforce.staffing_input import BadInput
from zuoxi.workforce.twin.reading import read_scenario
from zuoxi.workforce.twin.skilled import required

_LONGEST: Final = 31 * 86400


def answer(text: str, target: float, seed: int = 1) -> dict[str, Any]:
    """The share `target` of every queue's calls within its own time, in intervals of the first queue's length. Raises
    BadInput."""
    if not 0 < target < 1:
        raise BadInput("target", "lies above 0 and below 1")
    if not 0 <= seed < 2**62:
        raise BadInput("seed", "is a whole number, nought or more")
    scenario = read_scenario(text)
    if scenario.horizon_seconds > _LONGEST:
        raise BadInput("horizon_seconds", "is longer than a month")
    length = scenario.queues[0].interval_seconds
    targets = dict.fromkeys((one.id for one in scenario.queues), target)
    found = required(scenario, targets, slot_seconds=length, seed=seed)
    return {
        "interval_seconds": length,
        "agents": {group.id: row for group, row in zip(scenario.groups, found.agents.tolist(), strict=True)},
        "service_level": {
            queue.id: [None if np.isnan(one) else round(float(one), 4) for one in row]
            for queue, row in zip(scenario.queues, found.service, strict=True)
        },
        "met": found.met,
        "rounds": found.rounds,
        "replications": found.replications,
    }
