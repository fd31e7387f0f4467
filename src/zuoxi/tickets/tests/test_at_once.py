# SPDX-License-Identifier: Apache-2.0
"""Two at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from zuoxi.tickets import services
from zuoxi.tickets.models import Ticket, TicketEvent
from zuoxi.tickets.refusing import Overtaken, Refused
from zuoxi.tickets.tests.conftest import NOW, Desk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps"),
]


@pytest.fixture
def desk(transactional_db):
    return Desk()


def both(*acts):
    """What each act gave or raised, begun together on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            return act()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.clause("CUS-010")
def test_of_two_who_accept_at_once_one_has_it_and_the_other_is_told_who(desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.leader, now=NOW)
    given = both(
        lambda: services.accept(Ticket.objects.get(pk=opened.pk), by=desk.head, now=NOW),
        lambda: services.accept(Ticket.objects.get(pk=opened.pk), by=desk.worker, now=NOW),
    )
    assert sum(isinstance(one, Overtaken) for one in given) == 1, given
    opened.refresh_from_db()
    assert TicketEvent.objects.filter(ticket=opened, verb="accept").count() == 1
    assert opened.owner.name in str(next(one for one in given if isinstance(one, Overtaken)))


def test_two_tickets_that_are_merged_into_each_other_at_once_do_not_wait_for_ever(desk):
    one, other = desk.open(), desk.open()
    given = both(
        lambda: services.merge(one, other, by=desk.agent, now=NOW),
        lambda: services.merge(other, one, by=desk.other, now=NOW),
    )
    assert sum(isinstance(each, Refused) for each in given) == 1, given
    assert Ticket.objects.filter(state="merged").count() == 1


def test_numbers_drawn_at_once_are_two(desk):
    given = both(lambda: desk.open().number, lambda: desk.open().number)
    assert len(set(given)) == 2, given
