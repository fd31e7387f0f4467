# SPDX-License-Identifier: Apache-2.0
"""The digital twin beside SimPy and Ciw, in one run: the same queues, agents and patience, calls a second of each.

    uv run --group bench python benchmarks/simulation.py [--quick]

All three play Poisson arrivals, exponential handling times and exponential patience. One queue with one group is played
by all; four queues with two groups of two skills and one that takes all by the twin and, with its agents in a store and
without priorities, by SimPy. Ciw has no routing by skill. Every figure is the median of three runs.
The last line is one of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable

from zuoxi.workforce import erlang
from zuoxi.workforce.twin.engine import Ready, play_once, simulate
from zuoxi.workforce.twin.scenario import Group, Queue, Scenario

HANDLE, PATIENCE, AGENTS, CALLS = 180.0, 120.0, 40, 400.0


def one_queue(days: float) -> Scenario:
    queue = Queue("a", (CALLS,), aht_seconds=(HANDLE,), patience_seconds=PATIENCE)
    return Scenario((queue,), (Group("g", (), (AGENTS,)),), 86400.0 * days)


def four_queues(calls: float, agents: tuple[int, int, int], days: float) -> Scenario:
    queues = tuple(
        Queue(
            name,
            (calls / 4,),
            aht_seconds=(HANDLE,),
            patience_seconds=PATIENCE,
            priority=1 + (name > "b"),
            skills=(name,),
        )
        for name in "abcd"
    )
    groups = (
        Group("1", ("a", "b"), (agents[0],)),
        Group("2", ("c", "d"), (agents[1],)),
        Group("3", tuple("abcd"), (agents[2],)),
    )
    return Scenario(queues, groups, 86400.0 * days)


def twin(scenario: Scenario) -> Callable[[], int]:
    return lambda: play_once(scenario, random.randrange(2**40)).calls


def simpy_calls(days: float) -> int:
    import simpy

    env = simpy.Environment()
    agents, rng, done = simpy.Resource(env, AGENTS), random.Random(1), 0

    def call():
        with agents.request() as wanted:
            found = yield wanted | env.timeout(rng.expovariate(1 / PATIENCE))
            if wanted in found:
                yield env.timeout(rng.expovariate(1 / HANDLE))

    def arrivals():
        nonlocal done
        while True:
            yield env.timeout(rng.expovariate(CALLS / 1800))
            done += 1
            env.process(call())

    env.process(arrivals())
    env.run(until=86400 * days)
    return done


def simpy_skills(days: float) -> int:
    """The four queues and three groups: agents in a store, whom a caller takes by skill or leaves when it gets late."""
    import simpy

    env = simpy.Environment()
    agents, rng, done = simpy.FilterStore(env), random.Random(1), 0
    for skills, count in (("ab", 36), ("cd", 36), ("abcd", 12)):
        agents.items += [(skills, number) for number in range(count)]

    def call(queue):
        wanted = agents.get(lambda agent: queue in agent[0])
        found = yield wanted | env.timeout(rng.expovariate(1 / PATIENCE))
        if wanted in found:
            yield env.timeout(rng.expovariate(1 / HANDLE))
            yield agents.put(wanted.value)
        else:
            wanted.cancel()

    def arrivals():
        nonlocal done
        while True:
            yield env.timeout(rng.expovariate(CALLS * 2 / 1800))
            done += 1
            env.process(call(rng.choice("abcd")))

    env.process(arrivals())
    env.run(until=86400 * days)
    return done


def ciw_calls(days: float) -> int:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(CALLS / 1800)],
        service_distributions=[ciw.dists.Exponential(1 / HANDLE)],
        number_of_servers=[AGENTS],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
    )
    ciw.seed(1)
    play = ciw.Simulation(network)
    play.simulate_until_max_time(86400 * days)
    return sum(1 for one in play.get_all_records() if one.record_type in ("service", "renege"))


def rate(play: Callable[[], int], runs: int = 3) -> tuple[float, float]:
    """Median and spread (largest ÷ smallest) of calls a second of this process's time on a core."""
    found = []
    for _run in range(runs):
        began = time.process_time()
        calls = play()
        found.append(calls / (time.process_time() - began))
    return statistics.median(found), max(found) / min(found)


def wall(play: Callable[[], object], runs: int = 3) -> float:
    found = []
    for _run in range(runs):
        began = time.perf_counter()
        play()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    quick = 0.1 if parser.parse_args().quick else 1.0
    began = time.perf_counter()
    Ready.run()
    told: dict[str, object] = {"quick": quick < 1, "compile_or_load_seconds": round(time.perf_counter() - began, 1)}
    print(f"compile or load the loop            {told['compile_or_load_seconds']:8.1f} s")
    print(f"load of the machine                 {os.getloadavg()[0]:8.1f}")
    single, spread = rate(twin(one_queue(30 * quick)))
    print(f"twin, one queue                     {single:12,.0f} calls/s a core (spread {spread:.2f})")
    multi, spread = rate(twin(four_queues(CALLS * 2, (36, 36, 12), 30 * quick)))
    print(f"twin, four queues, three groups     {multi:12,.0f} calls/s a core (spread {spread:.2f})")
    simpy, spread = rate(lambda: simpy_calls(2 * quick))
    print(f"SimPy, one queue                    {simpy:12,.0f} calls/s        (spread {spread:.2f})")
    skills, spread = rate(lambda: simpy_skills(1 * quick))
    print(f"SimPy, four queues, three groups    {skills:12,.0f} calls/s        (spread {spread:.2f})")
    ciw, spread = rate(lambda: ciw_calls(1 * quick))
    print(f"Ciw, one queue                      {ciw:12,.0f} calls/s        (spread {spread:.2f})")
    print(f"against SimPy                       {single / simpy:8.0f} x one queue, {multi / skills:.0f} x four queues")
    print(f"against Ciw                         {single / ciw:8.0f} x one queue")
    told |= {"one_queue_per_second": round(single), "four_queues_per_second": round(multi)}
    told |= {"simpy_one_queue_per_second": round(simpy), "simpy_four_queues_per_second": round(skills)}
    told |= {"ciw_one_queue_per_second": round(ciw), "to_simpy_one_queue": round(single / simpy, 1)}
    told |= {"to_simpy_four_queues": round(multi / skills, 1), "to_ciw_one_queue": round(single / ciw, 1)}
    day = four_queues(625.0, (28, 28, 10), 1)
    took = wall(lambda: simulate(day, int(100 * quick)))
    told["hundred_days_seconds"] = round(took, 2)
    print(f"100 days of 30,000 calls            {took:8.2f} s wall")
    month = four_queues(1042.0, (46, 46, 14), 30)
    took = wall(lambda: simulate(month, int(20 * quick)), 1)
    told["month_seconds"] = round(took, 2)
    print(f"a month of 1.5 million calls, 20 x  {took:8.2f} s wall")
    exact = erlang.steady_a(CALLS / 1800, HANDLE, PATIENCE, AGENTS, 20)
    found = simulate(one_queue(10 * quick), 40).all
    apart = {}
    for name, band, truth in (
        ("abandonment", found.abandonment, float(exact.abandonment)),
        ("mean wait", found.asa_seconds, float(exact.asa_seconds)),
        ("service level", found.service_level, float(exact.service_level)),
    ):
        mean, error = band.mean or 0.0, band.error or 1.0
        apart[name.replace(" ", "_")] = round(abs(mean - truth) / error, 2)
        print(f"{name:<14} {mean:.5f} exact {truth:.5f}: {abs(mean - truth) / error:.1f} standard errors apart")
    told["standard_errors_apart"] = apart | {"most": max(apart.values())}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
