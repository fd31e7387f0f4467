# SPDX-License-Identifier: Apache-2.0
"""Two at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from zuoxi.customers import indexing, services
from zuoxi.customers.finding import searched
from zuoxi.customers.models import Customer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps"),
]


def test_a_name_that_changes_while_its_turn_in_the_full_text_comes_is_found_by_the_new_one():
    now = timezone.now()
    one = services.save_customer(None, name="王小美", tags=[], note="", by=None, now=now - timedelta(hours=1))
    changed, go_on = Event(), Event()

    def change():
        try:
            with transaction.atomic():
                services.change_customer(one, {"name": "王大美"}, by=None, now=now)
                changed.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(change)
        assert changed.wait(10)
        indexing.catch_up(now)
        go_on.set()
        told.result(10)
    indexing.catch_up(now)
    assert indexing.reached() == one.pk
    assert list(searched("大美", Customer.objects.all())) == [one]
    assert not searched("小美", Customer.objects.all()).exists()
