# SPDX-License-Identifier: Apache-2.0
"""Exact waiting formulas, against the balance of states worked out in sixty digits."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext

import numpy as np
import pytest

from zuoxi.workforce import erlang

pytestmark = pytest.mark.once
ENOUGH = Decimal("1e-40")


def _palm(x: Decimal, y: Decimal) -> Decimal:
    term = total = Decimal(1)
    step = 0
    while term > total * ENOUGH:
        step += 1
        term = term * y / (x + step)
        total += term
    return total


def _balanced(rate, handle, patience, agents, within):
    """(service level, wait probability, abandonment) from the probabilities of so many callers in the system."""
    with localcontext() as context:
        context.prec = 60
        calls, served, gone = Decimal(rate), 1 / Decimal(handle), 1 / Decimal(patience)
        states = [Decimal(1)]
        while len(states) <= agents + 1 or states[-1] > max(states) * ENOUGH:
            here = len(states)
            states.append(states[-1] * calls / (min(here, agents) * served + max(here - agents, 0) * gone))
        whole = sum(states)
        waits = sum(states[agents:]) / whole
        lost = sum((here - agents) * gone * states[here] for here in range(agents + 1, len(states))) / calls / whole
        x, y, left = agents * served / gone, calls / gone, (-gone * Decimal(within)).exp()
        late = (left.ln() * (x + 1) + y * (1 - left)).exp() * _palm(x + 1, y * left) / (x + 1)
        in_time = calls * states[agents - 1] / whole / gone * (_palm(x + 1, y) / (x + 1) - late)
        return float(1 - waits + in_time), float(waits), float(lost)


def _cases(count):
    chosen = random.Random(7)
    for _ in range(count):
        agents = chosen.randint(1, 120)
        handle, patience = chosen.uniform(20, 900), chosen.uniform(5, 2000)
        rate = agents * chosen.uniform(0.3, 2) / handle
        yield rate, handle, patience, agents, chosen.choice([0, 5, 20, 60, 240])


def test_callers_who_give_up_agree_with_the_balance_of_states():
    cases = list(_cases(40))
    found = erlang.steady_a(*(np.array(values) for values in zip(*cases, strict=True)))
    for place, case in enumerate(cases):
        told = found.service_level[place], found.wait_probability[place], found.abandonment[place]
        assert told == pytest.approx(_balanced(*case), abs=1e-10)


@pytest.mark.parametrize(("agents", "load"), [(10_000, 9_900), (10_000, 10_400), (5_000, 10_000)])
def test_ten_thousand_erlang_are_exact(agents, load):
    found = erlang.steady_a(load / 300, 300, 120, agents, 20)
    lost = max(0.0, 1 - agents / load)
    assert lost <= float(found.abandonment) < lost + 0.02
    assert 0 <= float(found.service_level) <= 1
    assert float(found.occupancy) == pytest.approx(load * (1 - float(found.abandonment)) / agents)


def test_a_textbook_load_waits_as_the_tables_say():
    """Ten erlang on fourteen agents: Erlang C 0.1741, three minutes a call."""
    found = erlang.steady_c(100 / 1800, 180, 14, 20)
    assert float(found.wait_probability) == pytest.approx(0.174132, abs=1e-6)
    assert float(found.service_level) == pytest.approx(0.888350, abs=1e-6)
    assert float(found.asa_seconds) == pytest.approx(7.835937, abs=1e-6)


def test_a_queue_that_only_grows_never_answers_in_time():
    found = erlang.steady_c(1, 100, 100, 20)
    assert float(found.service_level) == 0
    assert float(found.asa_seconds) == float("inf")
    assert float(found.wait_probability) == 1


@pytest.mark.parametrize("patience", [None, 90])
def test_one_agent_fewer_is_never_enough(patience):
    chosen = random.Random(3)
    for _ in range(60):
        load, handle, target = chosen.uniform(0.05, 80), chosen.uniform(30, 600), chosen.choice([0.5, 0.8, 0.95])
        cap = chosen.choice([1, 0.85, 0.6])
        found = erlang.fewest(load / handle, handle, 20, target, patience=patience, occupancy=cap)
        agents = int(found.agents)
        fewer = (
            erlang.steady_c(load / handle, handle, agents - 1, 20)
            if patience is None
            else erlang.steady_a(load / handle, handle, patience, agents - 1, 20)
        )
        assert found.service_level >= target
        assert found.occupancy <= cap + 1e-12
        assert fewer.service_level < target or fewer.occupancy > cap


def test_nobody_is_needed_where_nobody_calls():
    found = erlang.fewest([0, 0.05], 180, 20, 0.8)
    assert int(found.agents[0]) == 0
    assert float(found.service_level[0]) == 1
    assert int(found.agents[1]) > 9


@pytest.mark.parametrize(
    ("field", "figures"),
    [
        ("calls", {"rate": -1}),
        ("aht", {"handle": 0}),
        ("target", {"target": 1}),
        ("patience", {"patience": 0}),
        ("max_occupancy", {"occupancy": 1.2}),
        ("within", {"within": float("nan")}),
    ],
)
def test_a_figure_that_cannot_be_is_named(field, figures):
    given = {"rate": 1, "handle": 100, "within": 20, "target": 0.8} | figures
    with pytest.raises(erlang.Impossible) as wrong:
        erlang.fewest(**given)
    assert wrong.value.field == field
