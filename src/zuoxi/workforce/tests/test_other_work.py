# SPDX-License-Identifier: Apache-2.0
"""Tickets, follow-ups and campaigns beside the calls: when they are done, and whom they ask for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import falling_due
from zuoxi.workforce.day_plan import midnight_of
from zuoxi.workforce.falling_due import Due
from zuoxi.workforce.other_work import beside
from zuoxi.workforce.tests.test_intraday import early, running
from zuoxi.workforce.today.lines import NeedLine
from zuoxi.workforce.today.terms import terms_on

__all__ = ["running"]
pytestmark = pytest.mark.django_db
TICKET = "staffing.other.ticket_minutes"


def lines(day, agents=4, calls=12.0, aht=300.0):
    """Twelve calls of five minutes in every half hour keep two of four agents busy."""
    return [
        NeedLine(midnight_of(day) + timedelta(minutes=30 * half), calls, None, None, aht, agents, 6, 0, 0.9, 0.5, ())
        for half in range(48)
    ]


def due(day, count, since=0.0, by=24.0):
    first = midnight_of(day)
    return Due("x", count, 0, first + timedelta(hours=since), first + timedelta(hours=by), TICKET)


def placed(centre, *dues, **more):
    day = centre.day(3)
    handbook = site_handbook()
    return beside(lines(day, **more), [due(day, *one) for one in dues], terms_on(handbook, day), handbook.on(day))


@pytest.mark.clause("CALL-023")
def test_other_work_goes_into_the_time_that_calls_leave_before_anybody_more_is_asked_for(centre):
    """Ten minutes a ticket; 0.85 × 4 − 2 agents are free, 0.7 hours in each of the 22 half hours from 9 to 20."""
    fits = placed(centre, (92,))
    assert fits.hours == pytest.approx(92 / 6) and fits.within == pytest.approx(92 / 6)
    assert fits.extra == (0,) * 48 and fits.beyond == 0
    more = placed(centre, (93,))
    assert more.within == pytest.approx(15.4) and more.beyond == pytest.approx(0.1)
    assert sum(more.extra) > 0 and not any(more.extra[:18]) and not any(more.extra[40:])


def test_work_due_before_the_usual_hours_is_done_before_them_and_late_work_at_once(centre):
    early_due = placed(centre, (1, 0.0, 8.0)).pieces[0]
    assert [one.hour for one in (early_due.first, early_due.until)] == [0, 8] or early_due.until.hour == 0
    late = placed(centre, (1, 21.75, 21.75)).pieces[0]
    assert (late.until - late.first) == timedelta(minutes=30)
    at_nine = placed(centre, (1, 0.0, 10.0)).pieces[0]
    zone = site_handbook().zone
    assert [f"{one.astimezone(zone):%H:%M}" for one in (at_nine.first, at_nine.until)] == ["09:00", "10:00"]


def test_a_day_without_calls_asks_for_people_for_its_other_work(centre):
    found = placed(centre, (6,), agents=0, calls=0.0)
    # An hour at 85 % of three half hours; of two who are rostered for an agent a quarter of the paid time is lost.
    assert found.within == 0 and sorted(found.extra)[-4:] == [0, 2, 2, 2]


def test_the_staffing_page_counts_other_work_when_asked(running, browse, monkeypatch, django_assert_max_num_queries):
    early(running)
    first = midnight_of(running.today)
    told = Due("外呼名单", 60, 2, first, first + timedelta(hours=20), TICKET, "/secret/", "outbound.see")
    monkeypatch.setattr(falling_due, "_told", [lambda *_stretch: [told]])
    address = f"{reverse('workforce:staffing')}?day={running.today}"
    page = browse("8001").get(address).content.decode()
    assert "other=1" in page and "外呼名单" not in page
    client = browse("8001")
    with django_assert_max_num_queries(15):
        page = client.get(address + "&other=1").content.decode()
    assert "外呼名单" in page and "10.0" in page and "/secret/" in page


def test_every_package_that_has_such_work_tells_of_it(centre):
    rooms = {one.__module__.split(".")[1] for one in falling_due._told}
    assert rooms == {"tickets", "followups", "outbound"}
    assert falling_due.due_between(midnight_of(centre.day(3)), midnight_of(centre.day(4)), centre.now) == []
