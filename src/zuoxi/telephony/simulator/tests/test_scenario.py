# SPDX-License-Identifier: Apache-2.0
"""A scenario of the twin as a switch."""

from collections import Counter
from datetime import date

import pytest

from zuoxi.telephony.simulator.day import minute_rates, work_plan
from zuoxi.telephony.simulator.history import facts_of
from zuoxi.telephony.simulator.scenario import BadScenario, centre_of

pytestmark = pytest.mark.once
DAY = date(2026, 11, 3)


def _file():
    calls = [0.0] * 48
    calls[18:36] = [20.0] * 18
    agents = [0] * 48
    agents[18:36] = [6] * 18
    agents[24:30] = [8] * 6
    return {
        "queues": [
            {"id": "a", "arrivals_per_interval": calls, "aht_seconds": 240, "aht_cv": 0.5, "patience_seconds": 120},
            {"id": "b", "arrivals_per_interval": [2], "interval_seconds": 3600, "aht_seconds": [60, 90], "priority": 2},
        ],
        "groups": [{"id": "g", "skills": ["a", "b"], "agents_per_interval": agents},
                   {"id": "n", "skills": ["b"], "agents_per_interval": [1]}],
    }  # fmt: skip


def test_the_calls_of_each_half_hour_and_the_agents_of_each_place_are_those_of_the_file():
    centre = centre_of(_file())
    first, second = centre.queues
    assert minute_rates(centre, first, DAY).sum() == pytest.approx(360)
    assert minute_rates(centre, first, DAY)[: 5 * 60].sum() == 0  # from four to nine nobody calls
    assert minute_rates(centre, second, DAY).sum() == pytest.approx(48, rel=0.05)
    assert len(centre.agents) == 9
    assert [one.queues for one in centre.agents][-2:] == [("a", "b"), ("b",)]
    eight = work_plan(centre, 7, DAY)
    assert (eight.signs_out - eight.signs_in) / 3.6e9 == pytest.approx(3, abs=0.2)


def test_a_day_of_the_switch_brings_those_calls_to_those_agents():
    kinds = Counter(fact.kind for fact in facts_of(centre_of(_file()), DAY))
    assert kinds["queue.joined"] == pytest.approx(400, rel=0.2)
    assert kinds["agent.connected"] > 0.8 * kinds["queue.joined"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"queues": []}, "queues"),
        ({"groups": [{"id": "g", "skills": ["x"], "agents_per_interval": [3]}]}, "no agent serves"),
        ({"queues": [{"id": "a", "arrivals_per_interval": [-1], "aht_seconds": 60}]}, "arrivals_per_interval"),
        ({"queues": [{"id": "a", "arrivals_per_interval": [1]}]}, "aht_seconds"),
    ],
)
def test_a_file_that_says_too_little_is_refused_by_the_field(change, said):
    with pytest.raises(BadScenario, match=said):
        centre_of(_file() | change)
