# SPDX-License-Identifier: Apache-2.0
"""Agents of several overlapping groups for a day that changes by half hour, found by playing it; the answer is then
played with callers that the search never met.

    python benchmarks/skilled.py [--workers 2] [--seed 1]

Three queues (two large ones, one small and urgent, which goes first), four groups (two of one skill, one of two, one of
all), Poisson calls, exponential handling times and patience. A half hour of a queue is met when its service lies no
more than a point below the target. Beside it what the same groups would cost if every queue were staffed for itself by
the formula.
"""

from __future__ import annotations

import argparse
import json
import os
import time

import numpy as np

from zuoxi.workforce import erlang
from zuoxi.workforce.twin.engine import Ready
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario
from zuoxi.workforce.twin.skilled import required

TARGETS = {"sales": 0.8, "care": 0.8, "vip": 0.85}


def day(calls: float, slots: int = 26) -> Scenario:
    """`calls` of the large queue in its busiest half hour."""
    place = np.arange(slots)
    shape = np.exp(-(((place - 7) / 6) ** 2)) + 0.8 * np.exp(-(((place - 17) / 5) ** 2)) + 0.15

    def queue(name: str, share: float, handle: float, patience: float) -> Queue:
        expected = tuple((calls * share * shape).tolist())
        priority = 1 if name == "vip" else 2
        return Queue(name, expected, 1800.0, (handle,), 1.0, patience, priority=priority, skills=(name,))

    return Scenario(
        (queue("sales", 1.0, 240.0, 120.0), queue("care", 0.6, 300.0, 150.0), queue("vip", 0.15, 200.0, 90.0)),
        (
            Group("sales", ("sales",), (0,), hour_cost=30.0),
            Group("care", ("care",), (0,), hour_cost=30.0),
            Group("both", ("sales", "care"), (0,), hour_cost=33.0),
            Group("all", ("sales", "care", "vip"), (0,), hour_cost=36.0),
        ),
        slots * 1800.0,
    )


def apart(scenario: Scenario) -> float:
    """Hours paid with every queue for itself: sales and care by their own people, vip by those who can do all."""
    price = {"sales": 30.0, "care": 30.0, "vip": 36.0}
    found = 0.0
    for one in scenario.queues:
        rate = np.array(one.arrivals_per_interval) / 1800
        agents = erlang.fewest(rate, one.aht_seconds[0], 20, TARGETS[one.id], patience=one.patience_seconds).agents
        found += float(agents.sum()) * price[one.id] / 2
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    Ready.run()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    told = {}
    for name, calls in (("small", 60.0), ("large", 250.0)):
        scenario, began = day(calls), time.perf_counter()
        found = required(scenario, TARGETS, seed=asked.seed, workers=asked.workers)
        took = time.perf_counter() - began
        goal = np.array([TARGETS[one.id] for one in scenario.queues])[:, None]
        over = (found.service - goal)[~np.isnan(found.service)]
        cost = float((found.agents * np.array([one.hour_cost for one in scenario.groups])[:, None]).sum()) / 2
        print(
            f"{found.offered.sum():6.0f} calls: {found.met:.1%} of {over.size} half hours met"
            f" (lowest {over.min():+.1%}, mean {over.mean():+.1%}),"
            f" cost {cost:,.0f} against {apart(scenario):,.0f} apart,"
            f" {found.rounds} rounds of {found.replications} days, {took:.0f} s"
        )
        told[name] = {
            "calls": round(float(found.offered.sum())),
            "half_hours": int(over.size),
            "met_percent": round(100 * float(found.met), 1),
            "lowest_points": round(100 * float(over.min()), 1),
            "mean_points": round(100 * float(over.mean()), 1),
            "cost": round(cost),
            "cost_apart": round(apart(scenario)),
            "seconds": round(took, 1),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
