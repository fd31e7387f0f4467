# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from zuoxi.workforce.rostering.answer import as_json
from zuoxi.workforce.rostering.checking import check, rows_of
from zuoxi.workforce.rostering.counts import relax
from zuoxi.workforce.rostering.fixed import contradictions
from zuoxi.workforce.rostering.layout import lay_out
from zuoxi.workforce.rostering.problem import (
    Before,
    Contract,
    Demand,
    Fixed,
    Pattern,
    Person,
    Problem,
    Unreadable,
    Weights,
    Wish,
    dump,
    look_over,
    read,
)
from zuoxi.workforce.rostering.replan import replan
from zuoxi.workforce.rostering.samples import centre
from zuoxi.workforce.rostering.solve import Contradictory, solve

pytestmark = pytest.mark.once

EARLY = Pattern("E", ((480, 960),))
LATE = Pattern("L", ((960, 1440),))
NIGHT = Pattern("N", ((1320, 1800),), night=True)
STAND_BY = Pattern("F", ((720, 1200),), reserve=True)


def small(*people: Person, need: int = 1, days: int = 7, **changes: object) -> Problem:
    day = tuple(need if 16 <= half < 32 else 0 for half in range(48))
    contract = changes.pop("contract", None) or Contract("C", 7 * 480, rest_least=660, row_most=5)
    base = Problem(
        date(2026, 6, 1), days, (EARLY, LATE, NIGHT, STAND_BY), (contract,), people, (Demand("calls", (day,) * days),)
    )
    return replace(base, **changes)


def person(name: str = "A", **changes: object) -> Person:
    return Person(name, "C", ("calls",), **changes)


def cells(problem: Problem, **options: object) -> dict[str, list[str]]:
    made = solve(problem, seconds=20, effort=300, **options)
    found = check(problem, rows_of(problem, as_json(made)["assignments"]))
    assert found.breaches == []
    assert found.by_constraint == pytest.approx(made.by_constraint)
    return {one.id: [made.cell(i, day)[0] for day in range(problem.days)] for i, one in enumerate(problem.people)}


def test_two_people_cover_a_week_that_one_may_not_work_alone():
    rows = cells(small(person("A"), person("B")))
    assert [sum(rows[who][day] == "E" for who in "AB") for day in range(7)] == [1] * 7


def test_nobody_works_on_a_day_of_leave():
    assert cells(small(person(away=(1, 2))))["A"][1:3] == ["", ""]


def test_what_is_fixed_stays():
    rows = cells(small(person(fixed=(Fixed(3, "L"), Fixed(4)))))
    assert rows["A"][3:5] == ["L", ""]


def test_a_wish_is_granted_where_somebody_else_can_work():
    rows = cells(small(person("A", wishes=(Wish(2, "off"),)), person("B")))
    assert rows["A"][2] == ""


def test_days_worked_before_the_first_count_in_the_row():
    rows = cells(small(person(before=Before(row=4))))["A"]
    assert "" in rows[:2]


def test_rest_since_the_last_shift_before_is_kept():
    night_before = Before(row=1, end=480)
    assert cells(small(person(before=night_before)))["A"][0] != "E"


def test_the_reserve_is_filled_before_hours_are_spent_on_nothing():
    rows = cells(small(person("A"), person("B"), reserve_least=1))
    assert all(any(rows[who][day] == "F" for who in "AB") or all(rows[who][day] for who in "AB") for day in range(2))


def test_the_bound_is_not_above_a_roster():
    problem = centre(60, days=14, patterns=12, contracts=4)
    made = solve(problem, seconds=30, effort=600)
    assert made.bound is not None
    assert made.bound <= made.objective + 1e-6
    assert made.gap < 0.15
    assert check(problem, rows_of(problem, as_json(made)["assignments"])).breaches == []


def test_the_same_seed_gives_the_same_roster():
    problem = centre(20, days=14, patterns=8, contracts=2)
    one, other = (solve(problem, seconds=60, effort=50, seed=3) for _ in range(2))
    assert (one.roster == other.roster).all()


def test_the_checker_finds_what_is_broken():
    problem = small(person(away=(6,)))
    rows = {"A": [("E", "calls")] * 7}
    rules = {one.rule for one in check(problem, rows).breaches}
    assert rules == {"away", "row_most"}


def test_the_checker_tells_a_short_rest():
    problem = small(person())
    found = check(problem, {"A": [("L", "calls"), ("E", "calls"), *[("", "")] * 5]})
    assert [(one.rule, one.day) for one in found.breaches] == [("rest_least", 1)]


def test_demand_beyond_everybody_is_told_with_place_and_amount():
    made = solve(small(person(), need=3), seconds=20, effort=200)
    told = as_json(made)
    assert told["short"][0]["need"] == 3
    assert told["short_half_hours"] >= 7 * 16 * 2
    assert told["binding"]


def test_two_fixed_shifts_without_rest_are_the_smallest_set_named():
    fixed = (Fixed(0, "E"), Fixed(2, "L"), Fixed(3, "E"), Fixed(5, "E"))
    found = contradictions(small(person(fixed=fixed)))
    assert [(one.rule, one.items) for one in found] == [("rest_least", (Fixed(2, "L"), Fixed(3, "E")))]


def test_a_row_too_long_is_named_with_just_its_days():
    fixed = tuple(Fixed(day, "E") for day in range(7))
    assert [len(one.items) for one in contradictions(small(person(fixed=fixed)))] == [6]


def test_a_row_of_exactly_the_most_stands():
    assert contradictions(small(person(fixed=tuple(Fixed(day, "E") for day in range(5))))) == []


def test_contradictory_fixed_assignments_are_refused():
    with pytest.raises(Contradictory, match="rest_least"):
        solve(small(person(fixed=(Fixed(2, "L"), Fixed(3, "E")))))


def test_a_problem_file_reads_as_it_was_written():
    problem = centre(5, days=7, patterns=4, contracts=2)
    assert read(dump(problem)) == problem


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("people", 0, "contract"), "X", "people.contract"),
        (("people", 0, "away"), [99], "people"),
        (("demand", 0, "need"), [[1] * 48], "demand.need"),
        (("patterns", 0, "spans"), [[600, 500]], "patterns.spans"),
        (("days",), 0, "days"),
        (("surprise",), 1, "surprise"),
    ],
)
def test_an_unreadable_problem_names_the_field(path, value, field):
    held = json.loads(dump(centre(3, days=7, patterns=4, contracts=2)))
    place = held
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Unreadable) as caught:
        read(json.dumps(held))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patterns": ()}, "patterns"),
        ({"weights": Weights(under=float("nan"))}, "weights.under"),
        ({"weights": Weights(over=-1)}, "weights.over"),
        ({"weights": Weights(under=30)}, "weights.under_far"),
        ({"patterns": (replace(EARLY, meal_minutes=-30),)}, "patterns.meal_minutes"),
        ({"patterns": (replace(EARLY, meal_minutes=481),)}, "patterns.meal_minutes"),
        ({"contract": Contract("C", 2400, rest_least=-1)}, "contracts.rest_least"),
        ({"reserve_least": -1}, "reserve_least"),
    ],
)
def test_what_no_roster_can_be_priced_by_is_named(changes, field):
    with pytest.raises(Unreadable) as wrong:
        look_over(small(person(), **changes))
    assert wrong.value.field == field


def test_a_price_far_off_may_equal_that_near_the_need():
    look_over(small(person(), weights=Weights(under=20, under_far=20)))


def test_one_absence_touches_at_most_three_and_only_that_day():
    problem = centre(60, days=14, patterns=12, contracts=4)
    made = solve(problem, seconds=30, effort=200)
    present = {
        one.id: tuple(made.cell(i, day)[0] for day in range(problem.days)) for i, one in enumerate(problem.people)
    }
    ill = next(name for name, row in present.items() if row[4])
    found = replan(problem, present, [(ill, 4)], change=1)
    assert len(found.changes) <= 3
    assert {one.day for one in found.changes} <= {4}
    assert ill not in {one.person for one in found.changes}
    assert found.after <= found.without
    rows = {name: [(pattern, "calls" if pattern else "") for pattern in row] for name, row in present.items()}
    rows[ill][4] = ("", "")
    for one in found.changes:
        rows[one.person][4] = (one.after, one.skill)
    assert check(problem, rows).breaches == []


def test_a_full_row_is_not_asked_to_stand_in():
    problem = small(person("A"), person("B"), contract=Contract("C", 7 * 480, row_most=3))
    present = {"A": ("E", "E", "E", "", "", "", ""), "B": ("", "", "", "E", "E", "", "")}
    found = replan(problem, present, [("B", 3)], change=1)
    assert found.changes == []


FULL = Contract("C", 3 * 480)
WEEK_OF_TWO = {"A": ("E", "", "E", "", "E", "", ""), "B": ("", "E", "E", "", "E", "", "")}


def test_one_whose_hours_are_full_comes_on_a_day_off_and_rests_where_two_are():
    problem = small(person("A"), person("B"), contract=FULL)
    found = replan(problem, WEEK_OF_TWO, [("A", 0)], change=1, days_off=True)
    assert [(one.person, one.day, one.before, one.after, one.rest) for one in found.changes] == [
        ("B", 0, "", "E", (2, "E"))
    ]
    assert found.after < found.without
    rows = {name: [(pattern, "calls" if pattern else "") for pattern in row] for name, row in WEEK_OF_TWO.items()}
    rows["A"][0] = ("", "")
    rows["B"][0], rows["B"][2] = ("E", "calls"), ("", "")
    assert check(problem, rows).breaches == []


def test_days_off_stay_where_nobody_says_that_they_may_be_moved():
    assert replan(small(person("A"), person("B"), contract=FULL), WEEK_OF_TWO, [("A", 0)], change=1).changes == []


def test_a_day_that_is_over_is_not_given_as_rest():
    problem = small(person("A"), person("B"), contract=FULL)
    present = {"A": ("E", "", "", "", "", "E", "E"), "B": ("E", "E", "E", "", "", "", "")}
    assert replan(problem, present, [("A", 6)], change=1, days_off=True).changes == []


def _commanded(problem, tmp_path, *words):
    (tmp_path / "P.json").write_text(dump(problem))
    out, status = StringIO(), 0
    try:
        call_command("roster", "solve", str(tmp_path / "P.json"), *words, "--json", stdout=out)
    except SystemExit as left:
        status = left.code
    return status, json.loads(out.getvalue())


def test_a_time_too_short_to_place_anybody_has_its_own_status(tmp_path):
    status, said = _commanded(small(person()), tmp_path, "--seconds", "0.000001")
    assert status == 3
    assert said["error"]["field"] == "seconds"


def test_a_time_that_suffices_has_status_nought(tmp_path):
    status, said = _commanded(small(person()), tmp_path, "--seconds", "20", "--effort", "20")
    assert status == 0
    assert said["lower_bound"] <= said["objective"]


@pytest.mark.parametrize(("words", "field"), [(("--seconds", "0"), "seconds"), (("--effort", "0"), "effort")])
def test_an_option_out_of_place_is_named(tmp_path, words, field):
    status, said = _commanded(small(person()), tmp_path, *words)
    assert status == 2
    assert said["error"]["field"] == field


def test_the_command_names_the_smallest_set_that_contradicts(tmp_path):
    fixed = (Fixed(0, "E"), Fixed(2, "L"), Fixed(3, "E"))
    status, said = _commanded(small(person(fixed=fixed)), tmp_path)
    assert status == 2
    assert said["error"]["row"] == 0
    assert [(one["rule"], [item["day"] for item in one["items"]]) for one in said["conflicts"]] == [
        ("rest_least", [2, 3])
    ]


def test_every_cell_kept_costs_nothing_where_changes_have_a_price():
    present = {"A": ("E", "E", "", "E", "E", "", "")}
    problem = small(person(), weights=Weights(change=1000), present=present)
    assert cells(problem)["A"] == list(present["A"])


def test_the_counts_of_nobody_are_bounded_by_the_whole_need():
    layout = lay_out(small())
    assert layout.kinds == ()


def test_counts_price_what_no_head_can_fill():
    bound = relax(lay_out(small(person(), need=2))).bound
    assert bound >= 7 * 16 * 10
