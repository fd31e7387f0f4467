# SPDX-License-Identifier: Apache-2.0
"""The dialler's judgement: whatever it is told, never more calls than free agents."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.outbound.dialling import (
    AWAY,
    AgentNow,
    Campaigns,
    Close,
    Dial,
    HangUp,
    Open,
    Waiting,
    Withdraw,
    decide,
)

pytestmark = pytest.mark.once
STATES = ["ready", "ringing", "on_call", "wrap_up", *sorted(AWAY)]


def agent(code="1001", state="ready", **more):
    return AgentNow(code, 1, state, **more)


def waiting(lead=1, number=None, **more):
    return Waiting(lead, 1, number or f"138{lead:08d}", **more)


def under_way(**changed):
    values = {
        "attempt": 1, "agent": "1001", "number": "13800000001", "state": "dialling", "wish": "sent", "ago": 1.0,
        "agent_state": "ringing",
    } | changed  # fmt: skip
    return Open(**values)


ON = Campaigns(frozenset({1}))


def dials(*args):
    return [one for one in decide(*args) if isinstance(one, Dial)]


def test_a_free_agent_gets_the_first_contact():
    assert dials([agent()], [waiting(1), waiting(2)], [], ON) == [Dial("1001", waiting(1))]


@pytest.mark.parametrize("state", [one for one in STATES if one != "ready"])
def test_who_is_not_ready_gets_no_call(state):
    assert not dials([agent(state=state)], [waiting()], [], ON)


@pytest.mark.parametrize("more", [{"owes": True}, {"heard": False}])
def test_who_owes_a_result_or_cannot_be_heard_gets_no_call(more):
    assert not dials([agent(**more)], [waiting()], [], ON)


def test_nothing_is_dialled_for_a_campaign_that_stands_still():
    assert not dials([agent()], [waiting()], [], Campaigns(frozenset()))


def test_a_contact_who_belongs_to_somebody_goes_to_him_first_and_to_nobody_else():
    own = waiting(2, owner="1001")
    assert dials([agent()], [waiting(1), own], [], ON) == [Dial("1001", own)]
    assert not dials([agent("1002")], [own], [], ON)


def test_the_same_number_in_two_places_is_called_once():
    one, same = waiting(1, "13800000009"), waiting(2, "13800000009")
    assert len(dials([agent("1001"), agent("1002")], [one, same], [], ON)) == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"wish": "pending", "ago": 8.0}, None),
        ({"wish": "pending", "ago": 8.1}, Withdraw),
        ({"wish": "pending", "agent_state": "signed_out"}, Withdraw),
        ({"wish": "sent", "ago": 75.0}, None),
        ({"wish": "sent", "ago": 75.1}, Close),
        ({"wish": "done", "ago": 15.0}, None),
        ({"wish": "done", "ago": 15.1}, Close),
        ({"wish": "failed"}, Close),
        ({"placed": True, "agent_state": "on_call"}, None),
        ({"placed": True, "agent_state": "signed_out"}, HangUp),
        ({"placed": True, "agent_state": "signed_out", "state": "talking"}, None),
    ],
)
def test_what_a_call_under_way_needs(changed, expected):
    found = decide([], [], [under_way(**changed)], ON)
    assert [type(one) for one in found] == ([expected] if expected else [])


def test_a_refusal_of_the_switch_is_not_dialled_and_a_dead_listener_is_unknown():
    refused, lost = decide([], [], [under_way(wish="failed"), under_way(attempt=2, wish="failed", uncertain=True)], ON)
    assert (refused.unknown, lost.unknown) == (False, True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(STATES), st.integers(1, 3), st.booleans(), st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 8), st.integers(-1, 11)), max_size=30),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 8)), max_size=8),
    st.sets(st.integers(1, 3)),
)
def test_never_beyond_free_agents_whatever_stands(people, contacts, calls, dialling):
    agents = [AgentNow(str(i), campaign, state, owes, heard) for i, (state, campaign, owes, heard) in enumerate(people)]
    queue = [
        Waiting(i, campaign, f"n{number}", str(owner) if owner >= 0 else "")
        for i, (campaign, number, owner) in enumerate(contacts)
    ]
    busy = [under_way(attempt=i, agent=str(who), number=f"n{number}") for i, (who, number) in enumerate(calls)]
    made = dials(agents, queue, busy, Campaigns(frozenset(dialling)))
    free = {
        one.code
        for one in agents
        if one.state == "ready" and not one.owes and one.heard and one.code not in {call.agent for call in busy}
    }
    codes, numbers = [one.agent for one in made], [one.waiting.number for one in made]
    assert set(codes) <= free
    assert len(codes) == len(set(codes))
    assert len(numbers) == len(set(numbers))
    assert not set(numbers) & {call.number for call in busy}
    assert all(one.waiting.campaign in dialling and one.waiting.owner in ("", one.agent) for one in made)
