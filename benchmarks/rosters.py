# SPDX-License-Identifier: Apache-2.0
"""Rosters for published instances, beside a plain model of the same instance given to CP-SAT for the same time.

    python benchmarks/rosters.py FOLDER [--only 1,4,8] [--seconds 60] [--workers 2] [--seed 1]

FOLDER holds Instance*.txt in the format of T. Curtois and R. Qu. The peer is one variable for each person, day and
shift, every rule as it stands, and nothing else; it is what one would write first. Both rosters are looked over by the
checker, which shares no code with either. Prints for each instance the two objectives, the bound, and how far each is
above it; the last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from multiprocessing import freeze_support
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np
from ortools.sat.python import cp_model

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Instance, read
from zuoxi.workforce.solver.problem import SATURDAY, WEEK, Problem, problem_of
from zuoxi.workforce.solver.solving import NoAnswer, Wanted, solve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="numbers of instances")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="without the peer")
    return parser.parse_args()


def person_rules(model: cp_model.CpModel, problem: Problem, person: int, chosen: list[list[cp_model.IntVar]]) -> None:
    off = []
    for day, shifts in enumerate(chosen):
        off.append(model.new_bool_var(""))
        model.add_exactly_one([*shifts, off[-1]])
        for shift, one in enumerate(shifts):
            if not problem.free[person, day] or problem.most_of[person, shift] == 0:
                model.add(one == 0)
            if day + 1 < problem.days:
                for after in np.flatnonzero(~problem.follow[shift]):
                    model.add_at_most_one([one, chosen[day + 1][after]])
    for shift in range(len(problem.shifts)):
        model.add(sum(day[shift] for day in chosen) <= int(problem.most_of[person, shift]))
    minutes = sum(int(problem.minutes[shift]) * one for day in chosen for shift, one in enumerate(day))
    model.add_linear_constraint(minutes, int(problem.least[person]), int(problem.most[person]))
    weekends = []
    for first in range(SATURDAY, problem.days, WEEK):
        weekends.append(model.new_bool_var(""))
        for day in range(first, min(first + 2, problem.days)):
            model.add_bool_or([off[day], weekends[-1]])
    model.add(sum(weekends) <= int(problem.weekends[person]))
    longest = int(problem.longest[person])
    for day in range(problem.days - longest):
        model.add_bool_or(off[day : day + longest + 1])
    for least, flags in (
        (int(problem.shortest[person]), [~one for one in off]),
        (int(problem.rest[person]), off),
    ):
        for length in range(1, least):
            for day in range(1, problem.days - length):
                run = [~one for one in flags[day : day + length]]
                model.add_bool_or([flags[day - 1], *run, flags[day + length]])


def plain(instance: Instance, seconds: float, workers: int, seed: int) -> int | None:
    """The objective of the peer's roster; None when it found none."""
    problem, model = problem_of(instance), cp_model.CpModel()
    goal = []
    everybody = []
    for person in range(problem.people):
        chosen = [[model.new_bool_var("") for _ in problem.shifts] for _ in range(problem.days)]
        everybody.append(chosen)
        person_rules(model, problem, person, chosen)
        for day, shift in zip(*np.nonzero(problem.cost[person]), strict=True):
            goal.append(int(problem.cost[person, day, shift]) * chosen[day][shift])
    for one in instance.cover:
        shift = problem.shifts.index(one.shift)
        short = model.new_int_var(0, one.wanted, "")
        extra = model.new_int_var(0, problem.people, "")
        model.add(sum(chosen[one.day][shift] for chosen in everybody) + short - extra == one.wanted)
        goal += [one.under * short, one.over * extra]
    model.minimize(sum(goal))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    roster = np.array(
        [
            [next((s for s, one in enumerate(day) if solver.boolean_value(one)), -1) for day in chosen]
            for chosen in everybody
        ]
    )
    found = check(instance, problem.named(roster))
    return None if found.breaches else found.objective


def gap(objective: int | None, bound: int | None) -> str:
    return "-" if objective is None or not bound else f"{objective / bound - 1:.2%}"


def main() -> None:
    words = arguments()
    files = sorted(words.folder.glob("Instance*.txt"), key=lambda one: int(re.sub(r"\D", "", one.stem)))
    only = set(words.only.split(",")) - {""}
    told: dict[str, object] = {}
    print("instance  people  days   ours  bound     gap  broken seconds   plain     gap")
    for file in files:
        number = re.sub(r"\D", "", file.stem)
        if only and number not in only:
            continue
        instance = read(file.read_text(encoding="utf-8-sig").splitlines())
        began = time.monotonic()
        try:
            answer = solve(instance, Wanted(words.seconds, words.seed, words.workers, began))
        except NoAnswer:
            print(f"{number:>8}  no roster in {words.seconds:g} s")
            continue
        broken = len(check(instance, answer.roster).breaches)
        took = time.monotonic() - began
        peer = None if words.alone else plain(instance, words.seconds, words.workers, words.seed)
        bound = "-" if answer.bound is None else answer.bound
        print(
            f"{number:>8} {len(instance.people):>7} {instance.days:>5} {answer.objective:>6} {bound:>6} "
            f"{gap(answer.objective, answer.bound):>7} {broken:>7} {took:>7.1f} {'-' if peer is None else peer:>7} "
            f"{gap(peer, answer.bound):>7}",
            flush=True,
        )
        above = None if not answer.bound else round(100 * (answer.objective / answer.bound - 1), 2)
        told[number] = {"objective": answer.objective, "bound": answer.bound, "gap_percent": above}
        told[number] |= {"proved": answer.objective == answer.bound, "broken": broken, "seconds": round(took, 1)}
        told[number] |= {"plain": peer}
    print(json.dumps({"seconds": words.seconds, "workers": words.workers, "seed": words.seed, "instances": told}))


if __name__ == "__main__":
    freeze_support()
    main()
