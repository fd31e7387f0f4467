# SPDX-License-Identifier: Apache-2.0
"""Two at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.utils import timezone

from zuoxi.approvals import selectors, services
from zuoxi.approvals.models import Request

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps"),
]


def both(*acts):
    """What each act gave or raised, begun together on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            return act()
        except Exception as trouble:
            return trouble
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_supervisors_click_at_once_and_the_second_is_told_who_decided(world):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["tsrs", "csrs"]
    request = world.ask(world.t1)
    step = selectors.open_step(request).pk

    def click(code, verdict):
        return lambda: services.decide(
            Request.objects.get(pk=request.pk),
            by=world.house.user(code),
            verdict=verdict,
            note="人手不够",
            now=timezone.now(),
            step=step,
        )

    given = both(click("tsrs", "approve"), click("csrs", "refuse"))
    overtaken = [one for one in given if isinstance(one, services.Overtaken)]
    decided = [one for one in given if isinstance(one, services.Decided)]
    assert (len(decided), len(overtaken)) == (1, 1), given
    request.refresh_from_db()
    assert request.state == decided[0].outcome
    assert request.signatures.get().decided_by.name in str(overtaken[0])
    assert len(world.log) == 1


def test_requests_handed_in_at_once_get_numbers_of_their_own(world):
    given = both(lambda: world.ask(world.t1), lambda: world.ask(world.t2), lambda: world.ask(world.c1))
    assert {one.number[-3:] for one in given} == {"001", "002", "003"}, given


def test_withdrawing_and_deciding_at_once_leaves_one_outcome(world):
    request = world.ask(world.t1)
    given = both(
        lambda: services.withdraw(Request.objects.get(pk=request.pk), by=world.house.user("t1"), now=timezone.now()),
        lambda: world.say(Request.objects.get(pk=request.pk), "tsrl"),
    )
    refused = [one for one in given if isinstance(one, services.Overtaken)]
    assert len(refused) == 1, given
    request.refresh_from_db()
    assert (request.state == Request.State.APPROVED) == bool(world.log and world.log[0][0] == "approved")
