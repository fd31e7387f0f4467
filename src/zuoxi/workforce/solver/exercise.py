# SPDX-License-Identifier: Apache-2.0
"""All compiled loops of the search called once, with arrays as it has them, so that they are compiled and kept."""

from __future__ import annotations

from zuoxi.workforce.solver import paths, prices
from zuoxi.workforce.solver.instances import read
from zuoxi.workforce.solver.problem import problem_of
from zuoxi.workforce.solver.tracks import Track

MODULES = (paths, prices)
KERNEL = paths.values
SMALLEST = """SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=14|L=14,4320,3360,5,2,2,1
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
A,3,E,2
SECTION_SHIFT_OFF_REQUESTS
A,4,L,2
SECTION_COVER
1,E,1,100,1"""


def exercise() -> None:
    problem = problem_of(read(SMALLEST.splitlines()))
    track = Track(problem, 0)
    whole = track.whole()
    solved = track.solved(problem.cost[0], whole)
    track.walked(solved, problem.cost[0], whole, 1)
    track.listed(solved, problem.cost[0], solved.value, 1)
    prices.Pricing(problem, [track]).first()
