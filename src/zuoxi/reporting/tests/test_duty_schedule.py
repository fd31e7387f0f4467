# SPDX-License-Identifier: Apache-2.0
"""When duties fall due and for whom, at the edges of months, nights and posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from zuoxi.policy.handbook import handbook_of
from zuoxi.reporting.duties.facts import Duty, Happening
from zuoxi.reporting.duties.schedule import due_items
from zuoxi.reporting.handbook import DUTIES
from zuoxi.reporting.tests.duty_centres import ZONE, at, centre, duty, holding, shift

pytestmark = pytest.mark.once
OM = holding(1, "OM")
DAY = date(2026, 11, 18)  # a Wednesday


def _dues(items):
    return [item.due_at.astimezone(ZONE).strftime("%m-%d %H:%M") for item in items]


@pytest.mark.clause("RPT-001")
def test_yesterdays_figures_are_due_before_ten_of_the_next_day_holidays_included():
    daily = duty(when={"every": "day"}, due={"at": "10:00", "days": 1, "boundary": "exclusive"})
    items = due_items(daily, date(2026, 9, 30), date(2026, 10, 2), centre(OM))
    assert _dues(items) == ["10-01 10:00", "10-02 10:00", "10-03 10:00"]
    assert not any(item.inclusive for item in items)
    assert items[0].about_first == items[0].about_last == date(2026, 9, 30)
    assert items[0].opens_at == at("2026-10-01 00:00")


@pytest.mark.clause("RPT-026", "TRN-029")
@pytest.mark.parametrize(("month", "wanted"), [("2026-02", 28), ("2028-02", 29), ("2026-04", 30), ("2026-05", 30)])
def test_the_thirtieth_is_the_last_day_of_a_shorter_month(month, wanted):
    monthly = duty(when={"every": "month", "day": 30})
    first = date.fromisoformat(f"{month}-01")
    (item,) = due_items(monthly, first, first + timedelta(days=27), centre(OM)) or due_items(
        monthly, first + timedelta(days=28), first + timedelta(days=30), centre(OM)
    )
    assert item.day.day == wanted


@pytest.mark.clause("RPT-026", "TRN-030", "SCH-017")
def test_a_day_off_gives_way_to_the_working_day_before_or_after():
    spring = (date(2026, 2, 28), date(2026, 2, 28))  # Saturday, worked in exchange for the Spring Festival
    for month_end, rest_day, wanted in [
        (date(2026, 5, 30), "before", "05-29 18:00"),  # Saturday
        (date(2026, 5, 30), "after", "06-01 18:00"),
        (date(2026, 5, 30), "keep", "05-30 18:00"),
        (spring[0], "before", "02-28 18:00"),
        (date(2026, 10, 5), "before", "09-30 18:00"),  # within the national holiday
    ]:
        one = duty(when={"every": "month", "day": month_end.day, "rest_day": rest_day})
        assert _dues(due_items(one, month_end, month_end, centre(OM))) == [wanted]


@pytest.mark.clause("TRN-003")
def test_a_training_that_ends_on_friday_is_summed_up_by_tuesday():
    summary = duty(
        who=["TR"], when={"every": "event", "event": "onboarding_ended"}, due={"at": "18:00", "working_days": 2}
    )
    ended = Happening(7, "onboarding_ended", date(2026, 11, 20), at("2026-11-20 17:30"), 5)
    other = Happening(8, "training_ended", date(2026, 11, 20), at("2026-11-20 17:30"), 5)
    where = centre(holding(5, "TR"), happenings=(ended, other))
    items = due_items(summary, DAY, date(2026, 11, 30), where)
    assert _dues(items) == ["11-24 18:00"]
    assert items[0].occasion == "event:7"


@pytest.mark.clause("RPT-025")
def test_fridays_record_is_due_before_monday_begins():
    record = duty(
        who=["TSR"], when={"every": "working_day"}, due={"at": "09:00", "working_days": 1, "boundary": "exclusive"}
    )
    items = due_items(record, date(2026, 11, 19), date(2026, 11, 22), centre(holding(9, "TSR")))
    assert _dues(items) == ["11-20 09:00", "11-23 09:00"]
    assert [item.opens_at for item in items] == [at("2026-11-19 00:00"), at("2026-11-20 00:00")]


SAFE = {
    "when": {"every": "shift_end", "whose": "below"},
    "earliest": 90,
    "due": {"minutes": 120},
}


@pytest.mark.clause("RPT-002", "RPT-010")
def test_the_safe_return_of_a_shift_is_not_before_ninety_minutes_nor_after_a_hundred_and_twenty():
    where = centre(OM, holding(2, "TSR", "T1"), shifts=(shift(2, DAY),))
    (item,) = due_items(duty(**SAFE), DAY, DAY, where)
    assert (item.earliest_at, item.due_at) == (at("2026-11-18 19:30"), at("2026-11-18 20:00"))
    assert item.inclusive
    assert item.people == (2,)


@pytest.mark.clause("RPT-002")
def test_a_shift_across_midnight_belongs_to_the_day_it_starts():
    where = centre(OM, holding(2, "TSR", "T1"), shifts=(shift(2, DAY, "22:30", 9),))
    (item,) = due_items(duty(**SAFE), DAY, DAY, where)
    assert item.day == DAY
    assert item.due_at == at("2026-11-19 09:30")
    assert due_items(duty(**SAFE), DAY + timedelta(days=1), DAY + timedelta(days=1), where) == []


def test_each_distinct_end_of_a_day_is_reported_once_with_the_people_of_it():
    people = [holding(n, "TSR", "T1") for n in (2, 3, 4)]
    where = centre(OM, *people, shifts=(shift(2, DAY), shift(3, DAY), shift(4, DAY, "13:00")))
    items = due_items(duty(**SAFE), DAY, DAY, where)
    assert [item.people for item in items] == [(2, 3), (4,)]
    once = duty(**SAFE | {"when": {"every": "shift_end", "whose": "below", "once": True}})
    assert [item.people for item in due_items(once, DAY, DAY, where)] == [(4,)]


@pytest.mark.clause("RPT-010", "RPT-005")
def test_somebody_answers_for_the_shifts_of_his_own_teams():
    leaders = [holding(11, "TSRL", "T1"), holding(12, "TSRL", "T2")]
    agents = [holding(2, "TSR", "T1"), holding(3, "TSR", "T2"), holding(4, "CSR", "T3")]
    where = centre(*leaders, *agents, holding(20, "TSRS", "T1"), shifts=tuple(shift(n, DAY) for n in (2, 3, 4)))
    leads = due_items(duty(**SAFE | {"who": ["TSRL"]}), DAY, DAY, where)
    assert {item.holders: item.people for item in leads} == {(11,): (2,), (12,): (3,)}
    (supervisor,) = due_items(duty(**SAFE | {"who": ["TSRS"]}), DAY, DAY, where)
    assert supervisor.people == (2,)


@pytest.mark.clause("MTG-001")
def test_the_meeting_before_the_shift_is_twenty_minutes_ahead_of_it_for_each_team():
    meeting = duty(who=["TSRL"], per="team", when={"every": "shift_start", "whose": "below"}, due={"minutes": -20})
    where = centre(holding(11, "TSRL", "T1"), holding(2, "TSR", "T1"), shifts=(shift(2, DAY, "08:45"),))
    (item,) = due_items(meeting, DAY, DAY, where)
    assert (item.due_at, item.team, item.holders) == (at("2026-11-18 08:25"), "T1", (11,))


def test_a_vacant_post_falls_to_the_next_above_and_says_so():
    gone = holding(1, "OM", until=date(2026, 11, 1))
    daily = duty(when={"every": "day"}, due={"at": "10:00", "days": 1})
    items = due_items(daily, date(2026, 10, 30), date(2026, 11, 1), centre(gone, holding(9, "DIR")))
    assert [(item.holders, item.vacant, item.position) for item in items] == [
        ((1,), False, "OM"),  # due on the 31st, when he still holds the post
        ((9,), True, "OM"),
        ((9,), True, "OM"),
    ]


def test_a_post_that_this_centre_never_had_owes_nothing():
    assert due_items(duty(when={"every": "day"}), DAY, DAY, centre(holding(9, "DIR"))) == []


def test_a_team_without_leader_is_answered_for_by_its_supervisor():
    where = centre(
        holding(11, "TSRL", "T1"), holding(2, "TSR", "T1"), holding(3, "TSR", "T2"),
        holding(20, "TSRS", "T1"), holding(21, "TSRS", "T2"),
    )  # fmt: skip
    weekly = duty(who=["TSRL"], per="team", when={"every": "week", "weekdays": [3]})
    items = due_items(weekly, DAY, DAY, where)
    assert [(item.team, item.holders, item.vacant) for item in items] == [("T1", (11,), False), ("T2", (21,), True)]


def test_two_holders_owe_it_each_or_any_of_them_as_the_duty_says():
    where = centre(OM, holding(8, "OM"))
    each = due_items(duty(when={"every": "day"}), DAY, DAY, where)
    assert [item.holders for item in each] == [(1,), (8,)]
    assert len({item.key for item in each}) == 2
    (shared,) = due_items(duty(when={"every": "day"}, holders="any"), DAY, DAY, where)
    assert shared.holders == (1, 8)


def test_a_change_of_post_within_the_month_moves_what_falls_due_after_it():
    where = centre(holding(1, "OM", until=date(2026, 11, 16)), holding(2, "OM", since=date(2026, 11, 16)))
    daily = duty(when={"every": "day"}, due={"at": "10:00", "days": 1})
    items = due_items(daily, date(2026, 11, 13), date(2026, 11, 16), where)
    assert [item.holders for item in items] == [(1,), (1,), (2,), (2,)]
    month = duty(when={"every": "month", "day": 16})
    assert [item.holders for item in due_items(month, date(2026, 11, 1), date(2026, 11, 30), where)] == [(2,)]


def test_a_report_on_what_is_past_says_which_days_it_is_about():
    def about(when, day):
        (item,) = due_items(duty(when=when, covers="previous"), day, day, centre(OM))
        return item.about_first, item.about_last

    assert about({"every": "month", "day": 3}, date(2026, 1, 3)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert about({"every": "month", "day": 3}, date(2028, 3, 3)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert about({"every": "quarter", "day": 5}, date(2026, 10, 5)) == (date(2026, 7, 1), date(2026, 9, 30))
    assert about({"every": "year", "month": 1, "day": 15}, date(2026, 1, 15)) == (date(2025, 1, 1), date(2025, 12, 31))
    assert about({"every": "week", "weekdays": [1]}, date(2026, 11, 16)) == (date(2026, 11, 9), date(2026, 11, 15))


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": {"every": "week"}},
        {"when": {"every": "day", "weekdays": [1]}},
        {"when": {"every": "month", "day": 32}},
        {"when": {"every": "quarter", "month": 4}},
        {"when": {"every": "event"}},
        {"when": {"every": "day"}, "due": {"minutes": 30}},
        {"when": {"every": "shift_end"}, "due": {"minutes": 80}, "earliest": 90},
        {"when": {"every": "day"}, "who": ["NOBODY"]},
        {"when": {"every": "day"}, "due": {"at": "25:00"}},
        {"when": {"every": "day"}, "mood": "good"},
    ],
)
def test_a_duty_that_cannot_be_is_refused(wrong):
    with pytest.raises((ValidationError, ValueError)):
        duty(**wrong)


WHENS = st.sampled_from(
    [
        {"every": "day"},
        {"every": "working_day"},
        {"every": "week", "weekdays": [1, 5]},
        {"every": "month", "day": 30, "rest_day": "before"},
        {"every": "month", "day": "last", "rest_day": "after"},
        {"every": "quarter", "month": 3, "day": 31},
        {"every": "half_year", "month": 6, "day": "last"},
        {"every": "year", "month": 2, "day": 29},
        {"every": "shift_end", "whose": "below"},
        {"every": "shift_end", "whose": "below", "once": True},
        {"every": "shift_start", "whose": "own"},
    ]
)
STARTS = st.dates(date(2027, 11, 1), date(2028, 4, 1))


@st.composite
def centres(draw):
    """A manager who may be relieved, agents who may change teams, and shifts that may cross midnight."""
    change = draw(STARTS)
    holdings = [holding(1, "OM", until=change), holding(9, "DIR")]
    if draw(st.booleans()):
        holdings.append(holding(2, "OM", since=change + timedelta(days=draw(st.integers(0, 9)))))
    holdings += [holding(10 + n, "TSR", "T1") for n in range(2)]
    days = draw(st.lists(st.tuples(STARTS, st.sampled_from(["08:00", "22:30"]), st.integers(1, 11)), max_size=6))
    shifts = {shift(draw(st.sampled_from([1, 10, 11])), day, start) for day, start, _n in days}
    return centre(*holdings, shifts=tuple(sorted(shifts, key=lambda one: (one.starts_at, one.staff))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(where=centres(), when=WHENS, first=STARTS, parts=st.lists(st.integers(0, 40), min_size=1, max_size=4))
def test_any_split_of_a_range_gives_the_same_once_each_and_nothing_is_missing(where, when, first, parts):
    due = {"minutes": 60} if when["every"].startswith("shift") else {"at": "18:00"}
    for holders in ("each", "any"):
        one = duty(when=when, due=due, holders=holders)
        last = first + timedelta(days=sum(parts) + len(parts) - 1)
        whole = due_items(one, first, last, where)
        found, here = [], first
        for length in parts:
            found += due_items(one, here, here + timedelta(days=length), where)
            here += timedelta(days=length + 1)
        assert sorted(item.key for item in found) == sorted(item.key for item in whole)
        assert len({item.key for item in whole}) == len(whole)
        assert all(first <= item.day <= last for item in whole)


@pytest.mark.clause("ORG-038", "TRN-036", "VAR-004")
def test_the_meeting_of_the_tax_season_comes_round_on_its_working_days_alone():
    book = handbook_of("tax_hotline")
    meeting = Duty("season_meeting", book.entry(DUTIES, "season_meeting"))
    supervised = replace(centre(holding(1, "CSRS"), holding(2, "TSRS")), handbook=book)
    days = [item.day.day for item in due_items(meeting, date(2026, 11, 1), date(2026, 11, 30), supervised)]
    assert days == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]  # the 1st and the 15th are Sundays


def test_a_season_without_a_handbook_never_comes():
    seasonal = duty(when={"every": "day", "within": ["tax_season.from_day", "tax_season.to_day"]})
    assert not due_items(seasonal, DAY, DAY, centre(OM))


def test_a_season_belongs_to_what_comes_round_by_the_day():
    with pytest.raises(ValidationError, match="by the day or the week"):
        duty(when={"every": "month", "within": ["tax_season.from_day", "tax_season.to_day"]})
