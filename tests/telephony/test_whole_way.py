# SPDX-License-Identifier: Apache-2.0
"""A real SIP call, through a real Asterisk and `zuoxi listen`, to what `zuoxi calls` says about it."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.telephony.ami import Manager
from tests.telephony.house import House
from tests.telephony.sipp import Caller, Phones

from zuoxi.telephony.asterisk.lab import reach

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]
HEARD = ("complete", "short")  # on a busy machine a recorder begins late, and is told of


@pytest.fixture
def house(lab, tmp_path: Path) -> Iterator[House]:
    one = House(lab.namespace, tmp_path)
    yield one
    one.close()


def ended(house: House, count: int):
    """The calls once `count` of them have ended."""

    def ready():
        calls = house.calls()
        return calls if len([call for call in calls if call["ended_at"]]) >= count else None

    return house.until(ready)


def test_one_call_from_the_callers_telephone_to_one_row(house, field, tone):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.3))
    assert field.call(Caller("8000", hold_seconds=8, sound=tone)).end()["successful"] == 1
    (call,) = ended(house, 1)
    assert (call["direction"], call["outcome"], call["queue"]) == ("inbound", "answered", "sales")
    assert (call["caller"], call["called"], call["agent"]) == ("13900001", "8000", "1001")
    # the caller stays for eight seconds; how many of them pass before the telephone rings is the machine's affair
    assert 7 <= call["wait_seconds"] + call["talk_seconds"] <= 9
    assert [(leg["agent"], leg["kind"]) for leg in call["legs"]] == [("1001", "answered")]
    assert call["recording"]["status"] in HEARD
    assert call["recording"]["seconds"] >= 0.98 * (call["talk_seconds"] - 2)
    assert call["quarantined"] == []
    assert house.stop() == 0


def test_three_hundred_mixed_calls_are_told_exactly_as_the_callers_know_them(house, field):
    house.listen()
    agents = [str(1001 + index) for index in range(36)]
    house.zuoxi("agents", "sign-in", *agents, "--queue", "sales", "--wait", "40")
    phones = field.phones(Phones(ring_seconds=0.3, talk_seconds=10, refuse=("1001", "1002")))
    groups = {
        # Some 23 of the 34 agents talk at once, so that hardly anybody gives up because all of them do.
        "caller ends": field.call(Caller("8000", hold_seconds=9), calls=100, rate=1.2),
        "agent ends": field.call(Caller("8000", hold_seconds=40), calls=80, rate=0.8),
        "after a menu": field.call(Caller("8001", hold_seconds=30, keys="1"), calls=20, rate=0.4),
        "abandoned": field.call(Caller("8001", hold_seconds=6, keys="2"), calls=60, rate=1.5),
        "closed": field.call(Caller("8002", hold_seconds=30), calls=40, rate=1),
    }
    counts = {name: group.end(300) for name, group in groups.items()}
    assert {name: count["failed"] for name, count in counts.items()} == dict.fromkeys(groups, 0)
    assert sum(count["successful"] for count in counts.values()) == 300
    calls = ended(house, 300)
    assert len({call["id"] for call in calls}) == len(calls) == 300
    # Who of those that call "sales" is answered, the desk phones know: on a slow machine a caller who stays for nine
    # seconds may be gone before one of them rings, and that is an abandoned call like any other.
    taken = phones.taken()
    assert taken.total() >= 100
    assert Counter(call["agent"] for call in calls if call["outcome"] == "answered") == taken
    outcomes = Counter((call["outcome"], call["queue"]) for call in calls if call["outcome"] != "closed")
    gave_up = 200 - taken.total()
    assert outcomes == Counter({("answered", "sales"): taken.total(), ("abandoned", "support"): 60}) + Counter(
        {("abandoned", "sales"): gave_up}
    )
    assert sum(call["outcome"] == "closed" for call in calls) == 40
    assert not {"1001", "1002", None} & {call["agent"] for call in calls if call["legs"]}
    assert not any(call["quarantined"] for call in calls)
    talks = [call["talk_seconds"] for call in calls if call["outcome"] == "answered"]
    assert min(talks) >= 0 and max(talks) <= 15, "the telephones hang up after ten seconds"
    assert json.loads(house.zuoxi("ledger", "verify", "--json"))["sound"] is True
    assert house.stop() == 0


def test_calls_that_end_while_nobody_listens_are_there_afterwards(house, field):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "1002", "1003", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.3, talk_seconds=2))
    before = field.call(Caller("8000", hold_seconds=20), calls=3, rate=1)
    before.end()
    house.stop(signal.SIGKILL)
    away = field.call(Caller("8000", hold_seconds=20), calls=5, rate=1)
    assert away.end()["successful"] == 5
    house.listen()
    calls = ended(house, 8)
    assert Counter(call["outcome"] for call in calls) == {"answered": 8}
    assert len({call["id"] for call in calls}) == 8


def test_a_blind_transfer_is_one_call_with_two_legs(house, lab, field, manager, tone, everybody_hangs_up):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    manager.drain(2)
    channel = next(e["Channel"] for e in manager.events if e["Event"] == "BridgeEnter" and "/1001-" in e["Channel"])
    manager.ask("BlindTransfer", Channel=channel, Context="zuoxi-transfer", Exten="1009")
    manager.until("UserEvent", UserEvent="ZuoxiRecording", State="started", Leg="1009")
    manager.drain(2)
    everybody_hangs_up()
    assert call.end()["successful"] == 1
    (row,) = ended(house, 1)
    assert (row["direction"], row["outcome"], row["queue"]) == ("inbound", "answered", "sales")
    assert [(leg["agent"], leg["kind"]) for leg in row["legs"]] == [("1001", "answered"), ("1009", "transferred")]


def test_a_caller_who_rates_the_call_lengthens_neither_talk_nor_recording(house, field, tone):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "--queue", "rated")
    field.phones(Phones(ring_seconds=0.2, talk_seconds=3))
    field.call(Caller("8003", hold_seconds=30, sound=tone, keys="5", key_after_seconds=6)).end(60)
    (row,) = ended(house, 1)
    assert (row["outcome"], row["queue"], row["agent"]) == ("answered", "rated", "1001")
    assert row["talk_seconds"] in (2, 3, 4) and row["recording"]["seconds"] < row["talk_seconds"] + 1
    wanted = "'survey_asked', 'survey_score', 'survey_means', 'ended_by'"
    kept = f"list(Call.objects.filter(called='8003').values_list({wanted}))"
    said = house.python(f"from zuoxi.telephony.models import Call\nprint(json.dumps({kept}))")
    assert said == [[2, 5, "satisfied", "agent"]]


def test_an_outbound_call_is_told_with_its_agent_and_both_numbers(house, field):
    house.listen()
    field.phones(Phones(ring_seconds=0.2))
    field.customers(Phones(ring_seconds=0.5, talk_seconds=3))
    words = {"Channel": "PJSIP/1002", "Context": "from-agent", "Exten": "13912345678", "Priority": "1"}
    with closing(Manager(house.namespace, reach(house.namespace)["ami_secret"])) as desk:
        desk.ask("Originate", Variable="ZUOXI_PRESENT=4001112222", Async="true", **words)
    (row,) = ended(house, 1)
    assert (row["direction"], row["outcome"], row["agent"]) == ("outbound", "answered", "1002")
    assert (row["caller"], row["called"]) == ("4001112222", "13912345678")
    assert row["talk_seconds"] in range(2, 8)


def test_a_switch_that_is_killed_in_a_call_leaves_the_call_and_what_was_said(house, laboratory, lab, field, tone):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "1002", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.2))
    whole = field.call(Caller("8000", hold_seconds=6, sound=tone))
    whole.end()
    field.call(Caller("8000", hold_seconds=60, sound=tone))
    house.until(lambda: len([c for c in house.calls() if c["outcome"] in ("answered", "open")]) == 2 or None)
    time.sleep(4)
    laboratory.stop(signal.SIGKILL)
    laboratory.up(agents=40)
    house.until(lambda: house.log().count("switch: connected") == 2)
    first, second = ended(house, 2)
    assert first["recording"]["status"] in HEARD
    assert second["agent"] in ("1001", "1002")
    assert second["talk_seconds"] is None or second["talk_seconds"] >= 3
    time.sleep(6)  # what a killed switch left is taken up once it is quiet
    (recording,) = [call["recording"] for call in house.calls() if call["id"] == second["id"]]
    # the end of the talk is known only as the moment in which the switch was missed: a second or two late
    assert recording["status"] in ("complete", "repaired", "short")
    assert recording["seconds"] >= max(3, (second["talk_seconds"] or 0) - 3)
