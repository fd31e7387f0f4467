# SPDX-License-Identifier: Apache-2.0
"""Two at the same moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from zuoxi.approvals import selectors, services
from zuoxi.approvals.models import Request, Signature
from zuoxi.approvals.watching import watch_steps

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


def test_the_watch_does_not_hold_a_step_while_its_request_is_being_decided(world):
    step = selectors.open_step(request := world.ask(world.t1)).pk

    def watch():
        try:
            return watch_steps(timezone.now() + timedelta(days=30))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Request.objects.select_for_update().get(pk=request.pk)
            watching = pool.submit(watch)
            sleep(0.5)
            assert not watching.done()
            Signature.objects.select_for_update(nowait=True).get(pk=step)
        watching.result(10)
