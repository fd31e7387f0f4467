# SPDX-License-Identifier: Apache-2.0
"""Lines of a list that one of the databases would not take."""

from __future__ import annotations

import pytest
from django.utils import timezone

from zuoxi.customers import importing
from zuoxi.customers.models import Address, Customer, CustomerImport, ImportReject
from zuoxi.people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("signs", "taken"), [(20, 2), (21, 1)])
def test_a_part_of_an_address_that_is_too_long_refuses_its_line_and_no_other(signs, taken):
    city = "市" * signs
    lines = f"姓名,电话,城市\n王小美,13800138000,{city}\n李四,13800138001,云州市\n"
    table = importing.open_table(lines.encode(), {})
    assert importing.check(table, CustomerImport.Policy.SKIP).made == taken
    user = User.objects.create(username="boss")
    batch = CustomerImport.objects.create(name="x", token="x", by=user, at=timezone.now(), total=2)
    importing.take(batch, table, timezone.now(), lambda _done, _total: None, None)
    assert (Customer.objects.count(), batch.made, batch.refused) == (taken, taken, 2 - taken)
    assert Address.objects.filter(city="云州市").count() == 1
    assert [("20" in one.why, one.line) for one in ImportReject.objects.all()] == [(True, 2)] * (2 - taken)
