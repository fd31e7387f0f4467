# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from zuoxi.workforce.rostering import kernels, settling
from zuoxi.workforce.rostering.answer import as_json
from zuoxi.workforce.rostering.checking import check, rows_of
from zuoxi.workforce.rostering.counts import relax, whole_counts
from zuoxi.workforce.rostering.layout import duties, lay_out
from zuoxi.workforce.rostering.problem import DAY, Fixed
from zuoxi.workforce.rostering.samples import centre
from zuoxi.workforce.rostering.sharing import Shares
from zuoxi.workforce.rostering.solve import solve

pytestmark = pytest.mark.once


def placed(problem):
    layout = lay_out(problem)
    roster = layout.start.copy()
    left = whole_counts(relax(layout).counts)
    kernels.place(layout.tables, roster, left, 1)
    settling.press(layout.tables, roster, left, 1)
    return layout, roster


def covered(layout, roster):
    cover = np.zeros((len(layout.lines), layout.slots), np.int64)
    kernels.count(layout.tables, roster, cover)
    return cover


def test_people_exchange_until_less_is_broken_and_the_cover_stays():
    layout, roster = placed(centre(50, days=14, patterns=8, contracts=3))
    before, own = covered(layout, roster), np.zeros(50)
    strain = settling.strains(layout.tables, roster, own)
    duty, back = duties(layout)
    people = Shares(layout, 1).everybody
    change = settling.settle(layout.tables, roster, own, people, duty, back, 200_000, 20.0, 1.5, 1)
    assert change < -0.5 * strain
    assert (covered(layout, roster) == before).all()
    told = own.copy()
    assert settling.strains(layout.tables, roster, own) == pytest.approx(strain + change)
    assert own == pytest.approx(told)


def test_a_lawful_row_is_strained_by_what_it_costs_alone():
    problem = centre(50, days=14, patterns=8, contracts=3)
    made = solve(problem, seconds=30, effort=20)
    tables = made.layout.tables
    for i in range(50):
        assert settling.strain(tables, i, made.roster[i]) == pytest.approx(kernels.judge(tables, i, made.roster[i]))


def test_whoever_breaks_a_limit_loses_shifts_until_he_does_not_and_keeps_what_is_fixed():
    problem = centre(20, days=14, patterns=4, contracts=2)
    first = replace(problem.people[0], away=(), fixed=(Fixed(3, problem.patterns[0].id),))
    layout, roster = placed(replace(problem, people=(first, *problem.people[1:])))
    roster[0] = np.where(layout.tables.free[0], 2, roster[0])
    assert kernels.judge(layout.tables, 0, roster[0]) >= kernels.UNLAWFUL
    settling.make_lawful(layout.tables, roster)
    assert all(kernels.judge(layout.tables, i, roster[i]) < kernels.UNLAWFUL for i in range(20))
    assert roster[0, 3] == layout.start[0, 3] > 0


@pytest.mark.parametrize("seed", range(20))
def test_two_who_work_at_once_share_neither_a_person_nor_a_half_hour(seed):
    layout = lay_out(centre(60, days=14, patterns=40))
    assert any(one.end > DAY for one in layout.problem.patterns)
    shares = Shares(layout, seed)
    (one, mine), (other, his) = shares.deal()
    assert sorted([*one, *other]) == list(range(60))
    assert len(mine)
    assert len(his)
    assert not {day + reach for day in mine for reach in (0, 1)} & {day + reach for day in his for reach in (0, 1)}


def test_few_people_are_not_shared_out():
    (people, days), *others = Shares(lay_out(centre(10, days=14, patterns=4, contracts=2)), 1).deal()
    assert (len(people), len(days), others) == (10, 14, [])


def test_a_shared_out_roster_is_the_same_with_the_same_seed():
    problem = centre(50, days=14, patterns=8, contracts=2)
    one, other = (solve(problem, seconds=60, effort=30, seed=3) for _ in range(2))
    assert (one.roster == other.roster).all()


def _broken_rules(problem, person, row):
    """The limits that a row breaks, reckoned day by day from the definitions."""
    contract, found = problem.contract[person.contract], set()
    on = [problem.pattern[name] if name else None for name, _skill in row]
    for day, one in enumerate(on):
        if one is None:
            continue
        earlier = [before for before in range(day) if on[before]]
        if earlier and (day - earlier[-1]) * DAY + one.start - on[earlier[-1]].end < contract.rest_least:
            found.add("rest_least")
        if day >= contract.row_most and all(on[day - contract.row_most : day + 1]):
            found.add("row_most")
        if day in person.away:
            found.add("away")
        if contract.patterns and one.id not in contract.patterns:
            found.add("pattern")
    for first in range(0, problem.days, 7):
        if sum(one.worked for one in on[first : first + 7] if one) > contract.week_most:
            found.add("week_most")
    if sum(one.worked for one in on if one) > contract.minutes_most:
        found.add("minutes_most")
    if sum(one.night for one in on if one) > contract.nights_most:
        found.add("nights_most")
    if sum(any(on[day] for day in (first + 5, first + 6)) for first in range(0, problem.days, 7)) > 3:
        found.add("weekends_most")
    return found


def test_of_two_hundred_mutilated_rosters_every_breach_is_found_and_none_invented():
    problem = centre(30, days=28, patterns=12, contracts=5)
    made = solve(problem, seconds=30, effort=100)
    sound = rows_of(problem, as_json(made, pauses=False)["assignments"])
    assert check(problem, sound).breaches == []
    rng, seen = random.Random(4), set()
    for _ in range(200):
        rows = {name: list(row) for name, row in sound.items()}
        for person in rng.sample(problem.people, 3):
            for day in rng.sample(range(28), rng.randint(1, 4)):
                rows[person.id][day] = (rng.choice(problem.patterns).id, "calls")
        expected = {(one.id, rule) for one in problem.people for rule in _broken_rules(problem, one, rows[one.id])}
        assert {(one.person, one.rule) for one in check(problem, rows).breaches} == expected
        seen |= {rule for _person, rule in expected}
    assert seen >= {"rest_least", "row_most", "away", "pattern", "week_most", "minutes_most", "weekends_most"}
