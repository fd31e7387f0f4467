# SPDX-License-Identifier: Apache-2.0
import json
import os
from io import StringIO
from itertools import product
from time import monotonic

import numpy as np
import pytest
from django.core.management import call_command

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Unreadable, read
from zuoxi.workforce.solver.leaving import ENDS, asked_to_end, write_whole
from zuoxi.workforce.solver.problem import OFF, price_of, problem_of
from zuoxi.workforce.solver.solving import Wanted, solve
from zuoxi.workforce.solver.tests.samples import instance, text

pytestmark = pytest.mark.once


def _lawful_instances(many, **words):
    """Sample instances in which everybody has a lawful line."""
    found = []
    for seed in range(100):
        made = instance(seed, **words)
        try:
            solve(made, Wanted(60, steps=20))
        except Unreadable:
            continue
        found.append(made)
        if len(found) == many:
            return found
    raise AssertionError("too few")


def _cheapest(made):
    """By trying every pair of lawful lines of two people."""
    problem = problem_of(made)

    lines = []
    for name in problem.names:
        own = []
        for line in product((OFF, *range(len(problem.shifts))), repeat=problem.days):
            roster = {other: [""] * problem.days for other in problem.names}
            roster[name] = [problem.shifts[shift] if shift >= 0 else "" for shift in line]
            if not [one for one in check(made, roster).breaches if one.person == name]:
                own.append(line)
        lines.append(own)
    return min(price_of(problem, np.array(pair)) for pair in product(*lines))


def test_small_rosters_are_proved_to_be_the_cheapest_of_all():
    for made in _lawful_instances(3, days=5):
        answer = solve(made, Wanted(20))
        assert answer.proved
        assert answer.objective == _cheapest(made)


@pytest.mark.parametrize("place", range(3))
def test_a_roster_keeps_every_rule_and_never_costs_less_than_the_bound(place):
    made = _lawful_instances(3, people=5, days=28, shifts=3, tight=False)[place]
    answer = solve(made, Wanted(60, steps=200))
    found = check(made, answer.roster)
    assert not found.breaches
    assert found.objective == answer.objective
    assert answer.bound is not None and answer.bound <= answer.objective


def test_the_same_seed_gives_the_same_roster_for_the_same_steps():
    made = _lawful_instances(1, people=5, days=28, shifts=3, tight=False)[0]
    first, second = (solve(made, Wanted(60, seed=7, steps=60)) for _ in range(2))
    assert first.roster == second.roster
    assert first.bound == second.bound


def test_a_search_that_is_stopped_keeps_the_best_so_far():
    made = _lawful_instances(1, people=5, days=28, shifts=3, tight=False)[0]
    told = []
    answer = solve(made, Wanted(60, stop=lambda: len(told) >= 2, told=told.append))
    assert not check(made, answer.roster).breaches
    assert answer.objective == told[-1].objective


def test_the_time_is_kept():
    made = _lawful_instances(1, people=8, days=42, shifts=3, tight=False)[0]
    began = monotonic()
    solve(made, Wanted(3))
    assert monotonic() - began < 6


def test_half_a_year_is_set_piece_by_piece():
    made = instance(5, people=3, days=140, shifts=2, tight=False)
    answer = solve(made, Wanted(30, steps=60))
    found = check(made, answer.roster)
    assert not found.breaches
    assert answer.bound is not None and answer.bound <= found.objective == answer.objective


def _ran(*words):
    out = StringIO()
    status = 0
    try:
        call_command("roster", "benchmark", *words, stdout=out)
    except SystemExit as left:
        status = left.code
    return status, json.loads(out.getvalue())


def test_the_command_writes_a_roster_that_the_checker_reads(tmp_path):
    (tmp_path / "one.txt").write_text(text(1, people=3, days=14, tight=False))
    target = tmp_path / "S.json"
    status, said = _ran(str(tmp_path / "one.txt"), "--seconds", "8", "--workers", "1", "--out", str(target), "--json")
    assert status == 0
    assert said["violations"] == 0
    assert said["lower_bound"] <= said["objective"]
    out = StringIO()
    call_command("roster", "check", str(tmp_path / "one.txt"), str(target), stdout=out)
    assert json.loads(out.getvalue())["objective"] == said["objective"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (lambda whole: whole.replace("SECTION_COVER", "SECTION_COVERS"), "section"),
        (lambda whole: whole.replace("P0,E=", "P0,X=", 1), "max_shifts"),
        (lambda whole: whole + "\n0,E,1,100,1", "cover"),
        (lambda whole: whole[: whole.index("SECTION_COVER")], "section"),
        (lambda whole: whole.replace("P1,", "P0,", 1), "staff"),
        (lambda whole: whole.replace("SECTION_STAFF", "X,480,Q\nSECTION_STAFF"), "shifts"),
        (lambda whole: whole.replace("SECTION_HORIZON\n8", "SECTION_HORIZON\n99999999"), "horizon"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, changed, field):
    (tmp_path / "one.txt").write_text(changed(text(1)))
    status, said = _ran(str(tmp_path / "one.txt"), "--out", str(tmp_path / "S.json"))
    assert status == 2
    assert said["error"]["field"] == field


def test_a_file_that_cannot_be_written_is_named_before_the_work_begins(tmp_path):
    (tmp_path / "one.txt").write_text(text(1))
    for out in (tmp_path, tmp_path / "nowhere" / "S.json", "/proc/S.json"):
        status, said = _ran(str(tmp_path / "one.txt"), "--out", str(out))
        assert status == 2
        assert said["error"]["field"] == "out"


@pytest.mark.parametrize("one", ENDS)
def test_whoever_asks_for_the_end_gets_the_best_so_far(one):
    made = _lawful_instances(1, people=5, days=28, shifts=3, tight=False)[0]
    with asked_to_end() as ended:
        answer = solve(made, Wanted(600, stop=ended, told=lambda _: os.kill(os.getpid(), one)))
    assert not check(made, answer.roster).breaches


def test_what_stood_in_the_file_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "S.json"
    target.write_text("before")
    write_whole(str(target), "after")
    assert target.read_text() == "after"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("days", [[[]], [None], [7], "D"])
def test_days_that_are_no_shifts_are_named_by_the_checker(days):
    made = instance(1, people=2, days=8)
    with pytest.raises(Unreadable) as wrong:
        check(made, dict.fromkeys(made.people, days * 8))
    assert wrong.value.field == "P0"


def test_days_off_told_twice_are_all_kept():
    once = text(1).replace("SECTION_SHIFT_ON", "P0,2\nP0,3\nSECTION_SHIFT_ON", 1)
    assert {2, 3} <= read(once.splitlines()).days_off["P0"]


def test_a_person_whose_limits_contradict_each_other_is_named():
    made = instance(1, people=2, days=14, tight=False)
    made.days_off["P1"] = frozenset(range(14))
    made.people["P1"] = type(made.people["P1"])("P1", {"E": 9}, 9000, 480, 5, 1, 1, 2)
    with pytest.raises(Unreadable) as wrong:
        solve(made, Wanted(5))
    assert wrong.value.field == "P1"


def test_a_time_too_short_for_any_roster_has_its_own_status(tmp_path):
    (tmp_path / "one.txt").write_text(text(1, people=3, days=14, tight=False))
    status, said = _ran(str(tmp_path / "one.txt"), "--seconds", "0.000001", "--out", str(tmp_path / "S.json"))
    assert status == 3
    assert said["error"]["field"] == "seconds"
