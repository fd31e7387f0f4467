# SPDX-License-Identifier: Apache-2.0
"""`zuoxi calls`: which calls a time means."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import orjson
import pytest
from django.core.management import CommandError, call_command

from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db


def listed(start, end):
    out = StringIO()
    call_command("calls", "--from", start.isoformat(), "--to", end.isoformat(), "--json", stdout=out)
    return [orjson.loads(line)["id"] for line in out.getvalue().splitlines()]


def test_a_call_in_the_second_in_which_the_time_begins_is_in_it():
    one = make.call()
    hour = timedelta(hours=1)
    assert listed(one.offered_at + timedelta(milliseconds=870), one.offered_at + hour) == [one.pk]
    assert listed(one.offered_at + timedelta(seconds=1), one.offered_at + hour) == []
    assert listed(one.offered_at - hour, one.offered_at) == []


def test_times_that_follow_each_other_hold_each_call_once():
    one = make.call()
    hour, between = timedelta(hours=1), one.offered_at + timedelta(milliseconds=400)
    assert listed(one.offered_at - hour, between) + listed(between, one.offered_at + hour) == [one.pk]


def test_a_time_that_ends_before_it_begins_is_refused():
    at = make.call().offered_at
    with pytest.raises(CommandError, match="later"):
        listed(at, at)
