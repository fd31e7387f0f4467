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
QUEUE = {"id": "a", "arrivals_per_interval": [1], "aht_seconds": 60}
GROUP = {"id": "g", "skills": ["a"], "agents_per_interval": [2]}


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
        ({"queues": [QUEUE | {"interval_seconds": 0}]}, r"queues\[0\].interval_seconds"),
        ({"queues": [QUEUE | {"patience_seconds": "long"}]}, r"queues\[0\].patience_seconds"),
        ({"queues": [QUEUE | {"skills": 5}]}, r"queues\[0\].skills"),
        ({"queues": [QUEUE | {"id": ["a"]}]}, r"queues\[0\].id"),
        ({"queues": [QUEUE, QUEUE]}, r"queues\[1\].id"),
        ({"queues": [QUEUE | {"arrivals_per_interval": [1e12]}]}, "calls a day"),
        ({"groups": [GROUP | {"interval_seconds": 0, "agents_per_interval": [1, 0]}]}, r"groups\[0\].interval_seconds"),
        ({"groups": [GROUP | {"skills": {"a": 1}}]}, r"groups\[0\].skills"),
        ({"groups": [GROUP | {"agents_per_interval": [1.5]}]}, "whole people"),
        ({"groups": [GROUP | {"agents_per_interval": [10**9]}]}, "at most"),
    ],
)
def test_a_file_that_says_too_little_is_refused_by_the_field(change, said):
    with pytest.raises(BadScenario, match=said):
        centre_of(_file() | change)


def test_a_queue_whose_id_no_switch_takes_for_a_name_gets_a_number_and_keeps_its_own_words():
    for name in ("热线", "a\r\nEvent: x", "a" * 41):
        centre = centre_of({"queues": [QUEUE | {"id": name}], "groups": [GROUP | {"skills": [name]}]})
        assert (centre.queues[0].name, centre.queues[0].label) == ("queue1", name)
        assert centre.agents[0].queues == ("queue1",)


def test_agents_of_a_second_day_are_not_there_on_the_first():
    group = GROUP | {"agents_per_interval": [1] * 48 + [0] * 12 + [5]}
    assert len(centre_of({"queues": [QUEUE], "groups": [group]}).agents) == 1
