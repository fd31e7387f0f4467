# SPDX-License-Identifier: Apache-2.0
"""Deadlines reckoned by hand with a calendar beside them, compared with what the clock says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import judge
from zuoxi.tickets import clock, services, watching
from zuoxi.tickets.facts import DeadlineFacts

SITE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SITE)


def free(day):
    """The first of May 2026 and the two days after it are free, the ninth (a Saturday) is worked."""
    return day not in {date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)} and (
        day.isoweekday() < 6 or day == date(2026, 5, 9)
    )


def hours(*intervals, **more):
    return clock.BusinessHours(SITE, tuple(clock.interval(one) for one in intervals), free, **more)


OFFICE = hours("09:00-12:00", "13:00-18:00")
THREE = hours("06:00-08:00", "11:00-13:30", "20:00-24:00")
NIGHT = hours("00:00-02:00", "22:00-24:00")


@pytest.mark.once
@pytest.mark.clause("CUS-012", "CUS-014")
@pytest.mark.parametrize(
    ("open_hours", "received", "amount", "due"),
    [
        (OFFICE, "2026-04-27T11:30", 1, "2026-04-27T13:30"),  # half an hour before lunch, half an hour after it
        (OFFICE, "2026-04-27T12:20", 1, "2026-04-27T14:00"),  # at lunch: from one o'clock
        (OFFICE, "2026-04-27T12:00", 5, "2026-04-27T18:00"),  # exactly to closing time
        (OFFICE, "2026-04-27T17:59", 1, "2026-04-28T09:59"),  # a minute today, the rest tomorrow
        (OFFICE, "2026-04-27T18:00", 1, "2026-04-28T10:00"),  # the closing minute itself is closed
        (OFFICE, "2026-04-27T03:00", 8, "2026-04-27T18:00"),  # before opening
        (OFFICE, "2026-04-30T17:00", 2, "2026-05-06T10:00"),  # over five days off
        (OFFICE, "2026-05-02T10:00", 1, "2026-05-06T10:00"),  # received on a free day
        (OFFICE, "2026-05-08T17:00", 2, "2026-05-09T10:00"),  # the Saturday is worked
        (OFFICE, "2026-05-09T17:00", 2, "2026-05-11T10:00"),  # and the Sunday after it is not
        (OFFICE, "2026-04-27T09:00", 40, "2026-05-06T18:00"),  # four days of eight, the holidays, one more
        (THREE, "2026-04-27T07:30", 2, "2026-04-27T12:30"),  # three openings a day
        (THREE, "2026-04-27T13:00", 4, "2026-04-27T23:30"),
        (THREE, "2026-04-27T23:00", 2, "2026-04-28T07:00"),  # over midnight into the morning
        (NIGHT, "2026-04-27T23:30", 1, "2026-04-28T00:30"),  # over midnight without a gap
        (NIGHT, "2026-04-30T23:00", 2, "2026-05-06T01:00"),  # the night before the holiday
    ],
)
def test_due_as_reckoned_by_hand(open_hours, received, amount, due):
    assert clock.due(open_hours, at(received), amount * HOUR) == at(due)
    assert clock.elapsed(open_hours, at(received), at(due)) == amount * HOUR


@pytest.mark.once
@pytest.mark.parametrize(
    ("received", "amount", "pause", "due"),
    [
        ("2026-04-27T10:00", 2, ("10:30", "2026-04-27T11:30"), "2026-04-27T14:00"),
        ("2026-04-27T10:00", 2, ("11:30", "2026-04-27T13:30"), "2026-04-27T14:00"),  # over lunch: an hour of it counts
        ("2026-04-27T10:00", 2, ("12:10", "2026-04-27T12:50"), "2026-04-27T12:00"),  # at lunch: costs nothing
        ("2026-04-30T16:00", 4, ("17:00", "2026-05-06T11:00"), "2026-05-06T15:00"),  # over the holiday
        ("2026-04-30T16:00", 4, ("17:00", "2026-05-04T11:00"), "2026-05-06T12:00"),  # ended on a free day
    ],
)
def test_a_pause_as_reckoned_by_hand(received, amount, pause, due):
    since = at(f"{received[:10]}T{pause[0]}")
    assert clock.due(OFFICE, at(received), amount * HOUR, [(since, at(pause[1]))]) == at(due)


@pytest.mark.once
def test_a_single_day_has_other_hours_and_lunch_whatever_day_it_is():
    special = {date(2026, 5, 1): (clock.interval("10:00-12:00"), clock.interval("14:00-15:00")), date(2026, 4, 30): ()}
    some = hours("09:00-12:00", "13:00-18:00", special=special)
    assert clock.due(some, at("2026-04-29T17:00"), 3 * HOUR) == at("2026-05-01T12:00")
    assert clock.due(some, at("2026-04-29T17:00"), 4 * HOUR) == at("2026-05-01T15:00")
    assert clock.due(some, at("2026-04-29T17:00"), 5 * HOUR) == at("2026-05-06T10:00")


@pytest.mark.once
def test_where_clocks_are_turned_an_hour_that_is_not_there_does_not_count():
    berlin = clock.BusinessHours(ZoneInfo("Europe/Berlin"), clock.WHOLE_DAY)
    start = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert clock.due(berlin, start, 24 * HOUR) == datetime(2026, 3, 29, 13, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def deadline(pack, kind, received):
    moment = datetime.fromisoformat(received)
    return judge("service.deadline", DeadlineFacts(kind, moment), handbook_of(pack), moment.date()).details["due_at"]


@pytest.mark.once
@pytest.mark.clause("CUS-007", "CUS-009", "CUS-012", "CUS-014", "CUS-018", "CUS-020")
@pytest.mark.parametrize(
    ("pack", "kind", "received", "due"),
    [
        ("community", "immediate", "2026-05-02T23:59:59", "2026-05-02T23:59:59"),  # a free day: still the same day
        ("community", "village", "2026-11-20T17:00:00", "2026-11-23T23:59:59"),  # Friday at five
        ("community", "village", "2025-09-28T10:00:00", "2025-09-29T23:59:59"),  # received on a make-up Sunday
        ("community", "village", "2026-02-13T17:00:00", "2026-02-14T23:59:59"),  # the next day is a make-up Saturday
        ("community", "upper", "2026-02-13T10:00:00", "2026-02-27T23:59:59"),  # nine days of Spring Festival
        ("community", "county", "2026-09-30T09:00:00", "2026-10-13T23:59:59"),
        ("heating", "contact", "2026-02-17T23:50:00", "2026-02-18T00:20:00"),  # around the clock, on New Year's Day
        ("heating", "visit", "2026-12-31T23:00:00", "2027-01-01T01:00:00"),
        ("heating", "repair", "2026-01-05T08:00:00", "2026-01-05T10:00:00"),
        ("power_95598", "callback", "2026-11-22T12:31:00", "2026-11-22T13:01:00"),
        ("gov_window", "transfer", "2026-04-30T16:59:00", "2026-05-08T23:59:59"),
        ("hospital", "first_response", "2026-12-31T09:30:00", "2027-01-01T09:30:00"),
        ("property", "same_day", "2026-11-22T00:00:00", "2026-11-22T23:59:59"),
        ("property", "立行立改", "2026-11-22T08:00:00", "2026-11-22T23:59:59"),
        ("security", "look_up", "2026-11-22T08:00:00", "2026-11-22T08:30:00"),
    ],
)
def test_the_deadlines_of_every_pack_as_reckoned_by_hand(pack, kind, received, due):
    assert deadline(pack, kind, received) == f"{due}+08:00"


def with_free(*days):
    """The site's handbook with these free days added."""
    from zuoxi.policy.selectors import site_handbook

    handbook = site_handbook()
    held = handbook.entries_by_section["calendars"]["business"]
    body = held.body.model_copy(update={"free": days})
    sections = {**handbook.entries_by_section, "calendars": {"business": replace(held, body=body)}}
    return replace(handbook, entries_by_section=sections, _days={})


@pytest.mark.clause("CUS-012", "CUS-013")
def test_a_calendar_that_changes_while_a_ticket_waits_counts_once_the_wait_is_over(desk, monkeypatch):
    opened = desk.open()  # Monday the 2nd of March: three working days end on Thursday
    assert opened.clocks.get(code="done").due_at.astimezone(SITE).date() == date(2026, 3, 5)
    services.hold(opened, reason="customer", note="等客户回复", by=desk.agent, now=desk.later(hours=1))
    handbook = with_free(date(2026, 3, 4))
    assert watching.recalculate(desk.now, handbook=handbook) == 0, "while it waits nothing is told to have moved"
    assert opened.clocks.get(code="done").due_at.astimezone(SITE).date() == date(2026, 3, 5)
    monkeypatch.setattr("zuoxi.tickets.running.site_handbook", lambda: handbook)
    services.resume(opened, by=desk.agent, now=desk.later(days=1))  # Tuesday: Monday's end went by while it waited
    opened.refresh_from_db()
    due = {row.code: row.due_at.astimezone(SITE) for row in opened.clocks.all()}
    assert due["done"].date() == date(2026, 3, 6), "the 4th is free now"
    assert due["respond"] == at("2026-03-04T10:00"), "a day of waiting for a clock that runs by the hour"
    assert opened.due_at == due["respond"]
