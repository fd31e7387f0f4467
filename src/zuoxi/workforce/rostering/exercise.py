# SPDX-License-Identifier: Apache-2.0
"""All compiled loops of the rosters called once, with arrays as they have them, so that they are compiled and kept."""

from __future__ import annotations

from zuoxi.workforce.rostering import annealing, kernels, refitting, settling
from zuoxi.workforce.rostering.replan import replan
from zuoxi.workforce.rostering.samples import centre
from zuoxi.workforce.rostering.solve import solve

MODULES = (annealing, kernels, refitting, settling)
KERNEL = kernels.judge


def exercise() -> None:
    problem = centre(8, days=14, patterns=4, contracts=1)
    solve(problem, effort=1, compiled=True)
    present = {one.id: (problem.patterns[0].id,) * problem.days for one in problem.people}
    replan(problem, present, [(problem.people[0].id, 2)], days_off=True)
