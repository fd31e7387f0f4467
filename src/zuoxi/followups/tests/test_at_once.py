# SPDX-License-Identifier: Apache-2.0
"""Two clerks at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from zuoxi.followups import services
from zuoxi.followups.models import CardStock
from zuoxi.followups.opinions import card_counts
from zuoxi.followups.tests.making import NOW, house

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps"),
]


@pytest.mark.clause("FUP-011")
def test_two_clerks_do_not_hand_out_the_same_cards(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    who, today = house("hospital", settings), NOW.date()
    services.count_cards("stocked", 10, day=today, by=who.agent, now=NOW)
    barrier = Barrier(2)

    def hand_out(staff):
        try:
            barrier.wait(10)
            return services.count_cards("given", 8, day=today, by=staff, now=NOW)
        except services.Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        given = list(pool.map(hand_out, (who.agent, who.other)))
    assert sum(isinstance(one, services.Refused) for one in given) == 1, given
    assert card_counts()["given"] == 8 and CardStock.objects.count() == 2
