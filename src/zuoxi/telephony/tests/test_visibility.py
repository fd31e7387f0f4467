# SPDX-License-Identifier: Apache-2.0
"""Which calls a person sees, asked for a few and for all of them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from zuoxi.telephony.models import Leg
from zuoxi.telephony.tests import factories as make
from zuoxi.telephony.visibility import visible_calls

pytestmark = pytest.mark.django_db


def test_a_few_calls_are_looked_at_one_by_one_and_are_the_same_ones():
    team = make.team()
    agent = make.user("1001", "TSR", team)
    make.person("1002", "TSR", team)
    mine, passed_on, others = make.call(agent="1001"), make.call(agent="1002"), make.call(agent="1002")
    Leg.objects.create(call_id=passed_on.pk, seq=9, agent="1001", kind="queue", from_at=timezone.now())
    for few in (False, True):
        rows = visible_calls(agent, few=few).filter(pk__in=[mine.pk, passed_on.pk, others.pk])
        assert set(rows.values_list("pk", flat=True)) == {mine.pk, passed_on.pk}, few
    assert "UNION" in str(visible_calls(agent).query)
    assert "UNION" not in str(visible_calls(agent, few=True).query)
