# SPDX-License-Identifier: Apache-2.0
"""Rosters of whole centres: price above the class-level bound, breaches by the independent checker, seconds; changes
within the day; and the peer pyworkforce on an easier model in the same run.

    python benchmarks/roster_scale.py [--people 1000] [--seconds 110] [--absences 40] [--peer 0]

`--peer N`: seconds given to pyworkforce's MinHoursRoster for 200 people × 28 days × 4 shifts (0: not run). One line of
JSON. The first run on a machine compiles the inner loops, which is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from zuoxi.workforce.rostering.answer import as_json  # noqa: E402
from zuoxi.workforce.rostering.checking import check, rows_of  # noqa: E402
from zuoxi.workforce.rostering.replan import replan  # noqa: E402
from zuoxi.workforce.rostering.samples import centre  # noqa: E402
from zuoxi.workforce.rostering.solve import Made, solve  # noqa: E402


def within_the_day(made: Made, absences: int, at_once: int = 1) -> dict[str, Any]:
    """Absences on the finished roster, `at_once` on one day: seconds, people touched for each, and the share of the
    cells from that day on, of everybody who is there, that are changed."""
    problem = made.layout.problem
    present = {
        one.id: tuple(made.cell(i, day)[0] for day in range(problem.days)) for i, one in enumerate(problem.people)
    }
    rng = random.Random(5)
    took, touched, saved, shares = [], [], [], []
    for _ in range(absences):
        day = rng.randrange(problem.days)
        ill = rng.sample([name for name, row in present.items() if row[day]], at_once)
        began = time.perf_counter()
        found = replan(problem, present, [(name, day) for name in ill], days_off=True)
        took.append(time.perf_counter() - began)
        touched.append(len({one.person for one in found.changes}) / at_once)
        cells = sum(2 if one.rest else 1 for one in found.changes)
        shares.append(cells / ((len(present) - at_once) * (problem.days - day)))
        saved.append(found.without - found.after)
    took.sort()
    return {
        "absences": absences,
        "at_once": at_once,
        "p50_seconds": round(took[len(took) // 2], 3),
        "p95_seconds": round(took[int(len(took) * 0.95)], 3),
        "most_touched_each": max(touched),
        "mean_touched_each": round(sum(touched) / len(touched), 2),
        "most_cells_changed_percent": round(100 * max(shares), 3),
        "mean_saved": round(sum(saved) / len(saved), 1),
    }


def peer(seconds: float) -> dict[str, Any]:
    """pyworkforce's roster of 200 people × 28 days × 4 shifts: least hours, rest days, no cover by half hour."""
    from pyworkforce.rostering import MinHoursRoster

    shifts = ["early", "middle", "late", "night"]
    people = [f"A{number}" for number in range(200)]
    needed = {"early": [45] * 28, "middle": [40] * 28, "late": [35] * 28, "night": [12] * 28}
    began = time.perf_counter()
    found = MinHoursRoster(
        num_days=28, resources=people, shifts=shifts, shifts_hours=[8, 8, 8, 8], min_working_hours=150, max_resting=9,
        banned_shifts=[], required_resources=needed,
        non_sequential_shifts=[{"origin": "night", "destination": "early"}, {"origin": "late", "destination": "early"}],
        max_search_time=seconds,
    ).solve()  # fmt: skip
    return {"status": found["status"], "seconds": round(time.perf_counter() - began, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=110)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--absences", type=int, default=40)
    parser.add_argument("--peer", type=float, default=0)
    options = parser.parse_args()
    began = time.perf_counter()
    solve(centre(20, days=7, patterns=6, contracts=2), seconds=30, effort=5)
    compiled = time.perf_counter() - began
    problem = centre(options.people)
    made = solve(problem, seconds=options.seconds, seed=options.seed)
    found = check(problem, rows_of(problem, as_json(made, pauses=False)["assignments"]))
    answer: dict[str, Any] = {
        "people": options.people,
        "days": problem.days,
        "patterns": len(problem.patterns),
        "contracts": len(problem.contracts),
        "load": [round(one, 2) for one in os.getloadavg()],
        "first_use_seconds": round(compiled, 1),
        "seconds": round(made.seconds, 1),
        "moves": made.moves,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "objective": round(made.objective),
        "checked_objective": round(found.objective),
        "bound": round(made.bound or 0),
        "gap_percent": round(100 * (made.gap or 0), 3),
        "breaches": len(found.breaches),
        "by_constraint": {key: round(price) for key, price in made.by_constraint.items()},
        "within_the_day": [within_the_day(made, options.absences, many) for many in (1, 3, 8)]
        if options.absences
        else None,
    }
    if options.peer:
        answer["pyworkforce"] = peer(options.peer)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
