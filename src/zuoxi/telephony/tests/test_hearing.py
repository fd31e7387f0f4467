# SPDX-License-Identifier: Apache-2.0
"""How long a page says that somebody hears a call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from zuoxi.telephony.models import Command, Leg, Switch
from zuoxi.telephony.selectors import heard_call_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    switch, now = Switch.objects.create(name="main"), timezone.now()

    def ask(verb="listen", agent="2001", ago=30, **arguments):
        at = now - timedelta(seconds=ago)
        return Command.objects.create(
            switch=switch, verb=verb, agent=agent, arguments=arguments, asked_at=at, answered_at=at, status="done"
        )

    return ask


def leg(agent, ago, ended=None):
    now = timezone.now()
    to_at = None if ended is None else now - timedelta(seconds=ended)
    return Leg.objects.create(
        call_id=Leg.objects.count() + 1,
        seq=1,
        agent=agent,
        kind="answered",
        from_at=now - timedelta(seconds=ago),
        to_at=to_at,
    )


def test_it_lasts_as_long_as_the_call_that_is_heard(asked):
    heard = asked(target="1001")
    own = leg("1001", 90)
    assert not heard_call_over(heard)
    own.to_at = timezone.now()
    own.save()
    leg("1001", 5)
    assert heard_call_over(heard), "the agent's next call is another"


def test_who_leaves_or_goes_on_to_another_call_is_out_of_the_first(asked):
    leg("1001", 90)
    leg("1002", 90)
    first = asked(target="1001")
    second = asked(ago=20, target="1002")
    assert heard_call_over(first) and not heard_call_over(second)
    asked("hang_up", ago=10)
    assert heard_call_over(second)


def test_a_call_that_was_taken_over_lasts_as_long_as_his_own_part_in_it(asked):
    leg("1001", 90, ended=29)
    taken = asked("take_over", target="1001")
    own = leg("2001", 28)
    assert not heard_call_over(taken)
    own.to_at = timezone.now()
    own.save()
    assert heard_call_over(taken)
