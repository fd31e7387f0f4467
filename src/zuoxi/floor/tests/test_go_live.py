# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from zuoxi.floor import asking
from zuoxi.people import services as people
from zuoxi.people.tests.conftest import House


@pytest.mark.clause("ORG-036")
def test_under_the_seat_rules_nobody_signs_in_to_calls_before_every_gate(db, settings):
    settings.PACK = "seat_rules"
    staff = House().hire("t1", "TSR", "a1")
    with pytest.raises(asking.Refused, match="备案"):
        asking.ask("sign_in", "t1", {}, None)
    for gate in ("examined", "confirmed", "filed"):
        people.clear(staff, gate, date(2026, 3, 2))
    with pytest.raises(asking.Refused) as other:
        asking.ask("sign_in", "t1", {}, None)
    assert "备案" not in str(other.value)
