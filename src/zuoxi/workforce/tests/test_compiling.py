# SPDX-License-Identifier: Apache-2.0
"""Answers on a machine that has compiled nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from zuoxi.workforce import compiling
from zuoxi.workforce.rostering import annealing, kernels
from zuoxi.workforce.rostering import solve as rosters
from zuoxi.workforce.rostering.answer import as_json
from zuoxi.workforce.rostering.checking import check as look_over
from zuoxi.workforce.rostering.checking import rows_of
from zuoxi.workforce.rostering.samples import centre
from zuoxi.workforce.solver import paths, solving, uncompiled
from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.problem import problem_of
from zuoxi.workforce.solver.tests.samples import instance
from zuoxi.workforce.solver.tracks import Track

pytestmark = pytest.mark.once
MISSED = """
import gc, sys
from numba.core.registry import CPUDispatcher
from zuoxi.workforce.rostering.samples import centre
from zuoxi.workforce.rostering.solve import solve
from zuoxi.workforce.solver.solving import Wanted
from zuoxi.workforce.solver.solving import solve as solve_instance
from zuoxi.workforce.solver.tests.samples import instance
if sys.argv[1] == "solver":
    solve_instance(instance(3, people=3, days=14, tight=False), Wanted(60, steps=30))
    solve_instance(instance(3, people=3, days=98, tight=False), Wanted(60, steps=30))
else:
    solve(centre(50, days=14, patterns=8, contracts=3), effort=1)
called = [one for one in gc.get_objects() if isinstance(one, CPUDispatcher) and one.__module__.startswith("zuoxi")]
print(sum(sum(one.stats.cache_hits.values()) for one in called))
print(*(one.__name__ for one in called if one.stats.cache_misses))
"""


def _never(*_):
    raise AssertionError("compiled")


@pytest.fixture
def nothing_compiled(monkeypatch):
    """Loops that are being compiled and are not to be waited for."""
    for module in (solving, rosters):
        monkeypatch.setattr(module, "begin", lambda _part: lambda: False)
    for module, name in ((paths, "values"), (paths, "walk"), (kernels, "place"), (annealing, "anneal")):
        monkeypatch.setattr(module, name, _never)


@pytest.mark.parametrize("days", [4, 14, 98])
def test_an_instance_has_its_roster_within_the_seconds_while_the_loops_are_compiled(nothing_compiled, days):
    made, began = instance(3, people=3, days=days, tight=False), time.monotonic()
    answer = solving.solve(made, solving.Wanted(3, workers=2))
    assert time.monotonic() - began < 8
    assert not check(made, answer.roster).breaches
    assert check(made, answer.roster).objective == answer.objective


def test_a_centre_has_its_roster_within_the_seconds_while_the_loops_are_compiled(nothing_compiled):
    problem, began = centre(20), time.monotonic()
    made = rosters.solve(problem, seconds=4)
    assert time.monotonic() - began < 9
    assert made.stopped
    assert not look_over(problem, rows_of(problem, as_json(made)["assignments"])).breaches
    assert (made.roster > 0).sum() > 200
    cover = np.zeros_like(made.cover)
    kernels.count(made.layout.tables, made.roster, cover)
    assert (cover == made.cover).all()


def test_loops_that_are_ready_in_time_make_the_roster_that_they_always_make(monkeypatch):
    problem = centre(20, days=14, patterns=8, contracts=3)
    expected = rosters.solve(problem, effort=5, compiled=True)
    looks = iter([False] * 100)
    monkeypatch.setattr(rosters, "begin", lambda _part: lambda: next(looks, True))
    assert (rosters.solve(problem, effort=5).roster == expected.roster).all()


@pytest.mark.parametrize("seed", range(12))
def test_uncompiled_values_are_those_of_the_compiled_loops(seed):
    problem = problem_of(instance(seed, people=2, days=21, shifts=3, tight=seed % 2 == 0))
    track = Track(problem, 0, counted=(0,) if seed % 3 == 0 else ())
    costs = np.random.default_rng(seed).normal(0, 10, (21, 3))
    for stretch in (track.whole(), track.onward(np.full(21, -1), 0, 14, 1)):
        track.loops = paths
        expected = track.solved(costs[: stretch.end], stretch)
        track.loops = uncompiled
        found = track.solved(costs[: stretch.end], stretch)
        assert found.value == pytest.approx(expected.value)
        np.testing.assert_allclose(found.left, expected.left)


def test_whoever_finds_the_loops_compiled_starts_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(compiling, "_mark", lambda _part: tmp_path / "there")
    monkeypatch.setattr(compiling, "_STARTED", [])
    started = []
    monkeypatch.setattr(compiling.subprocess, "Popen", lambda words, **_: started.append(words) or _Ended())
    ready = compiling.begin(compiling.SOLVER)
    assert started == [[sys.executable, "-m", "zuoxi.workforce.compiling", compiling.SOLVER]]
    assert not ready()
    (tmp_path / "there").touch()
    assert ready()
    assert compiling.begin(compiling.SOLVER)() and len(started) == 1


class _Ended:
    def poll(self):
        return None


@pytest.mark.slow
@pytest.mark.parametrize("part", ["solver", "rostering"])
def test_what_is_compiled_beside_leaves_nothing_to_be_compiled(part, tmp_path):
    place = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "zuoxi.workforce.compiling", f"zuoxi.workforce.{part}"], env=place, check=True
    )
    assert list(tmp_path.rglob("*.ready"))
    said = subprocess.run([sys.executable, "-c", MISSED, part], env=place, check=True, capture_output=True, text=True)
    hits, missed = said.stdout.split("\n")[:2]
    assert int(hits) > 0 and not missed
