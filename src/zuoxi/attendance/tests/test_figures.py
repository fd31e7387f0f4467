# SPDX-License-Identifier: Apache-2.0
"""Every figure of the month's sheet opens the days that it was counted from, and they come to it."""

import re
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from zuoxi.attendance.carrying import carry
from zuoxi.attendance.figures import FIGURES, shares_of
from zuoxi.attendance.judging import in_halves
from zuoxi.attendance.models import MonthRecord, Sheet
from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.selectors import days_of
from zuoxi.attendance.tests.test_months import take_leave
from zuoxi.attendance.tests.world import AFTER, MONTH, at
from zuoxi.policy.happenings import happened

pytestmark = pytest.mark.clause("ATT-004", "ATT-005", "ATT-022", "ATT-023")
OCTOBER = "2026-10"


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


@pytest.fixture
def lived(world):
    """A month with something of everything: late, early, absent for half a day and a day, on leave, unrostered."""
    world.attend("tsr1", 12)
    world.attend("tsr1", 13, "08:50")
    world.attend("tsr1", 14, "08:40", "17:20")
    world.attend("tsr1", 15, "09:05")
    world.shift("tsr1", 16)
    world.shift("tsr1", 19)
    take_leave(world, "tsr1", 19, at(19, "00:00"), at(19, "24:00"), 1, "sick")
    world.punch("tsr1", at(20, "09:00"))
    world.attend("tsr2", 12)
    recompute(MONTH, AFTER)
    return world


def test_the_days_come_to_every_figure_of_every_person(lived):
    for record in MonthRecord.objects.select_related("staff"):
        rows = days_of(record.staff_id, MONTH, MONTH.replace(day=31))
        for figure in FIGURES.values():
            told = sum((one.adds for one in shares_of(figure, rows, MONTH)), start=Decimal(0))
            assert told == figure.month(record), (record.staff.code, figure.code)


def test_each_figure_on_the_sheet_opens_a_page_with_its_days_and_their_reason(lived, client):
    client.force_login(lived.user("om"))
    sheet = client.get(url("sheet", OCTOBER)).content.decode()
    doors = {code: url("figure", "tsr1", OCTOBER, code) for code in ("late", "early", "absent", "unknown", "worked")}
    assert all(door in sheet for door in doors.values())
    late = client.get(doors["late"]).content.decode()
    assert url("day", "tsr1", "2026-10-13") in late
    assert url("day", "tsr1", "2026-10-14") not in late
    assert "ATT-002" in late
    absent = client.get(doors["absent"]).content.decode()
    assert all(url("day", "tsr1", f"2026-10-{day}") in absent for day in (15, 16))
    assert "没有计入的日子" in client.get(url("figure", "tsr2", OCTOBER, "late")).content.decode()
    for code in FIGURES:
        assert client.get(url("figure", "tsr1", OCTOBER, code)).status_code == 200


def test_what_the_month_comes_to_opens_whether_something_follows_or_not(lived, client):
    client.force_login(lived.user("om"))
    sheet = client.get(url("sheet", OCTOBER)).content.decode()
    for code in ("tsr1", "tsr2"):
        door = url("figure", code, OCTOBER, "comes")
        assert door in sheet
        assert "ATT-004" in client.get(door).content.decode()


def test_the_sums_at_the_head_of_the_sheet_open_everybody_behind_them_in_reach(lived, client):
    door = url("sheet_figure", OCTOBER, "late")
    client.force_login(lived.user("om"))
    assert door in client.get(url("sheet", OCTOBER)).content.decode()
    assert url("day", "tsr1", "2026-10-13") in client.get(door).content.decode()
    stranger = lived.hire("tsrl2", "TSRL", lived.other)
    client.force_login(stranger.user)
    assert "人tsr1" not in client.get(door).content.decode()
    assert client.get(url("sheet_figure", OCTOBER, "worked")).status_code == 404
    assert client.get(url("sheet_figure", OCTOBER, "nonsense")).status_code == 404


def test_a_person_opens_his_own_figures_and_nobody_elses(lived, client):
    client.force_login(lived.user("tsr1"))
    door = url("figure", "tsr1", OCTOBER, "absent")
    assert door in client.get(url("mine"), {"month": OCTOBER}).content.decode()
    assert client.get(door).status_code == 200
    assert client.get(url("figure", "tsr2", OCTOBER, "absent")).status_code == 404
    assert client.get(url("figure", "tsr1", OCTOBER, "nonsense")).status_code == 404
    assert client.get(url("figure", "tsr1", "2026-09", "absent")).status_code == 404


def test_finance_opens_the_people_of_the_sheet_that_it_sees(lived, client):
    client.force_login(lived.user("fin"))
    for door in (url("person", "tsr1", OCTOBER), url("figure", "tsr1", OCTOBER, "worked")):
        assert client.get(door).status_code == 200


@pytest.mark.clause("ATT-002")
def test_the_events_of_a_clause_open_whom_they_touched(lived):
    (told,) = [one for _title, one in happened("ATT-003", MONTH, MONTH.replace(day=31)) if "early" in one.url]
    assert (told.count, told.people, told.url) == (1, 1, url("sheet_figure", OCTOBER, "early"))


def test_the_pages_of_figures_cost_the_same_for_many_days_as_for_few(lived, client, django_assert_max_num_queries):
    for day in (20, 21, 22, 23, 26, 27, 28, 29, 30):
        lived.attend("tsr2", day, "08:50")
    recompute(MONTH, AFTER)
    client.force_login(lived.user("om"))
    client.get(url("sheet", OCTOBER))
    for door in (url("figure", "tsr2", OCTOBER, "late"), url("sheet_figure", OCTOBER, "late")):
        with django_assert_max_num_queries(14):
            page = client.get(door).content.decode()
        assert len(re.findall(r"/attendance/days/tsr2/", page)) == 9


def test_a_team_s_figure_lists_its_people_of_the_sheet_with_the_days_they_had_in_another_team(lived, client):
    lived.attend("tsr1", 21, "08:50", team=lived.other)
    recompute(MONTH, AFTER)
    client.force_login(lived.user("om"))
    kept = MonthRecord.objects.filter(team=lived.team).aggregate(n=Sum("late"))["n"]
    page = client.get(url("sheet_figure", OCTOBER, "late"), {"team": "t1"})
    assert (page.context["kept"], page.context["page"].total) == (kept, kept)
    assert url("day", "tsr1", "2026-10-21") in page.content.decode()
    assert client.get(url("sheet_figure", OCTOBER, "late"), {"team": "t2"}).context["page"].total == 0


def test_who_is_late_in_a_shift_that_still_runs_is_counted_when_it_is_over(world, client):
    world.attend("tsr1", 12, "08:50")
    world.shift("tsr1", 13)
    world.punch("tsr1", at(13, "08:50"))
    client.force_login(world.user("om"))
    door = url("sheet_figure", OCTOBER, "late")
    for now, times in ((at(13, "10:00"), 1), (AFTER, 2)):
        recompute(MONTH, now)
        assert MonthRecord.objects.get(staff__code="tsr1").late == times
        assert client.get(door).context["page"].total == times


def test_a_locked_month_keeps_its_figure_and_its_page_tells_what_became_known_later(lived, client):
    Sheet.objects.filter(month=MONTH).update(locked_at=AFTER)
    lived.punch("tsr1", at(13, "08:40"))
    (entry,) = carry(lived.staff["tsr1"], MONTH, AFTER, reason="打卡机补传")
    client.force_login(lived.user("tsr1"))
    page = client.get(url("figure", "tsr1", OCTOBER, "late"))
    assert (entry.day.day, page.context["agrees"], page.context["kept"]) == (13, True, 1)
    assert "打卡机补传" in page.content.decode()
    assert f"{url('mine')}?month={OCTOBER}" in page.content.decode()


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "x"])
def test_a_month_at_the_end_of_the_calendar_breaks_no_page(world, client, month):
    client.force_login(world.user("om"))
    assert client.get(url("sheet", month)).status_code == 200
    assert client.get(url("sheet_figure", month, "late")).status_code == 200
    assert client.get(url("day", "tsr1", f"{month}-31")).status_code == 404


@pytest.mark.once
def test_three_shifts_missed_in_a_day_are_a_day_and_one_of_three_is_a_half():
    third = Decimal("0.33")
    assert in_halves(third * 3) == in_halves(Decimal(1) / 3 * 3) == 1
    assert in_halves(third) == in_halves(third * 2) == Decimal("0.5")
    assert in_halves(Decimal(0)) == 0
