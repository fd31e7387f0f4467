# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from zuoxi.leave import selectors
from zuoxi.leave.models import LeaveState
from zuoxi.leave.tests.making import MONDAY, at, granted, person

DAY = timedelta(days=1)


@pytest.fixture
def li(db):
    return person("1001")


def test_leave_is_found_from_its_first_to_its_last_day_and_not_beside_them(li):
    leave = granted(li, MONDAY, 3)
    assert [one.id for one in selectors.leave_between(MONDAY + 2 * DAY, MONDAY + 9 * DAY)] == [leave.pk]
    assert selectors.leave_between(MONDAY + 3 * DAY, MONDAY + 9 * DAY) == []
    assert selectors.leave_between(MONDAY - 9 * DAY, MONDAY - DAY) == []
    assert selectors.leave_between(MONDAY, MONDAY, [li.pk + 1]) == []
    spell = selectors.leave_between(MONDAY, MONDAY, [li.pk])[0]
    assert (spell.kind, spell.days, spell.paid, spell.state) == ("personal", Decimal(3), None, "approved")


@pytest.mark.parametrize("state", [one for one in LeaveState if one is not LeaveState.APPROVED])
def test_only_granted_leave_counts(li, state):
    granted(li, MONDAY, state=state)
    assert selectors.leave_between(MONDAY, MONDAY) == [] and selectors.leave_days_between(MONDAY, MONDAY) == []
    assert selectors.people_on_leave(MONDAY) == 0 and not selectors.is_on_leave(li.pk, at(MONDAY, 10))


def test_somebody_is_on_leave_until_the_end_of_the_last_shift_and_not_at_it(li):
    granted(li, MONDAY, 2)
    assert selectors.is_on_leave(li.pk, at(MONDAY)) and not selectors.is_on_leave(li.pk, at(MONDAY, 8, 59))
    assert selectors.is_on_leave(li.pk, at(MONDAY + DAY, 17, 59))
    assert not selectors.is_on_leave(li.pk, at(MONDAY + DAY, 18))


@pytest.mark.clause("ATT-019")
def test_a_duty_supervisors_places_are_counted_for_each_day_and_emergencies_take_none(li):
    chief, wang, zhao = person("2001", "TSRS"), person("1002"), person("1003")
    granted(li, MONDAY, 2, duty=chief)
    granted(wang, MONDAY, duty=chief, counts=False)
    granted(zhao, MONDAY)
    assert selectors.granted_today(chief.pk, MONDAY) == 1 and selectors.granted_today(chief.pk, MONDAY + DAY) == 1
    assert selectors.granted_today(chief.pk, MONDAY + 2 * DAY) == 0
    granted(zhao, MONDAY + DAY, duty=chief)
    assert selectors.granted_today(chief.pk, MONDAY + DAY) == 2


@pytest.mark.clause("ATT-020")
def test_everybody_whom_leave_keeps_away_that_day_is_counted_once(li):
    granted(li, MONDAY - 20 * DAY, 40)
    granted(person("1002"), MONDAY)
    granted(person("1003"), MONDAY + DAY)
    assert selectors.people_on_leave(MONDAY) == 2


@pytest.mark.clause("SCH-008")
def test_places_of_a_shift_are_counted_by_shift_and_day(li):
    granted(li, MONDAY, shift="early")
    granted(person("1002"), MONDAY, shift="late")
    assert selectors.granted_in_shift("early", MONDAY) == 1 and selectors.granted_in_shift("early", MONDAY + DAY) == 0
