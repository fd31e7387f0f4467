# SPDX-License-Identifier: Apache-2.0
"""A real SIP call, through a real Asterisk and `zuoxi listen`, to what `zuoxi calls` says about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.telephony.house import House
from tests.telephony.sipp import Caller, Phones

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]


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
    assert field.call(Caller("8000", hold_seconds=6, sound=tone)).end()["successful"] == 1
    (call,) = ended(house, 1)
    assert (call["direction"], call["outcome"], call["queue"]) == ("inbound", "answered", "sales")
    assert (call["caller"], call["called"], call["agent"]) == ("13900001", "8000", "1001")
    assert call["talk_seconds"] in (5, 6)
    assert call["wait_seconds"] in (0, 1)
    assert [(leg["agent"], leg["kind"]) for leg in call["legs"]] == [("1001", "answered")]
    assert call["quarantined"] == []
    assert house.stop() == 0
