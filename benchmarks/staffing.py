# SPDX-License-Identifier: Apache-2.0
"""Agents for a day of intervals: our formulas over all of them at once, and pyworkforce's Erlang C in a loop, in the
same run; and how often the smallest staffing is right, told by the scalar recursion that shares no code with it.

    python benchmarks/staffing.py [--intervals 1000] [--cases 10000]

Prints one line of JSON. The best of several rounds counts.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from pyworkforce.queuing import ErlangC  # noqa: E402

from zuoxi.workforce import erlang  # noqa: E402


def best(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the quickest round."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def level_c(agents: int, rate: float, handle: float, within: float) -> float:
    """Erlang C by the textbook recursion, one number at a time."""
    load, lost = rate * handle, 1.0
    if agents <= load:
        return 0.0
    for count in range(1, agents + 1):
        lost = load * lost / (count + load * lost)
    waits = agents * lost / (agents - load * (1 - lost))
    return 1 - waits * math.exp(-(agents - load) * within / handle)


def accuracy(cases: int, seed: int = 1) -> dict[str, float]:
    """Worst error of the service level, and how many smallest staffings are not the smallest."""
    draw = np.random.default_rng(seed)
    handle = draw.uniform(30, 900, cases)
    load = 10 ** draw.uniform(-1, 2.5, cases)
    rate, within, target = load / handle, draw.uniform(0, 60, cases), draw.uniform(0.5, 0.99, cases)
    found = erlang.fewest(rate, handle, within, target)
    worst, wrong = 0.0, 0
    for place in range(cases):
        agents = int(found.agents[place])
        level = level_c(agents, rate[place], handle[place], within[place])
        worst = max(worst, abs(level - float(found.service_level[place])))
        fewer = level_c(agents - 1, rate[place], handle[place], within[place])
        wrong += level < target[place] or fewer >= target[place]
    return {"cases": cases, "worst_error": worst, "not_the_smallest": int(wrong)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intervals", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    draw = np.random.default_rng(1)
    calls, handle = draw.uniform(1, 300, asked.intervals), draw.uniform(120, 360, asked.intervals)

    def peer() -> None:
        for many, long in zip(calls, handle, strict=True):
            ErlangC(transactions=many, aht=long / 60, interval=30, asa=20 / 60, shrinkage=0.3).required_positions(
                service_level=0.8, max_occupancy=0.85
            )

    ours_a = best(lambda: erlang.fewest(calls / 1800, handle, 20, 0.8, patience=120, occupancy=0.85), asked.rounds)
    ours_c = best(lambda: erlang.fewest(calls / 1800, handle, 20, 0.8, occupancy=0.85), asked.rounds)
    loop = best(peer, 2)
    said = {
        "intervals": asked.intervals,
        "erlang_a_ms": round(ours_a, 2),
        "erlang_c_ms": round(ours_c, 2),
        "pyworkforce_c_ms": round(loop, 1),
        "ratio_c": round(loop / ours_c, 1),
        "ratio_a": round(loop / ours_a, 1),
        "accuracy": accuracy(asked.cases),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
