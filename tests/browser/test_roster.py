# SPDX-License-Identifier: Apache-2.0
"""The roster board under the fingers: typed, walked, copied, filled, dragged, taken back."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.people import services as people
from zuoxi.people.models import Position, Staff, User
from zuoxi.workforce.models import Roster, RosterChange, ShiftAssignment
from zuoxi.workforce.units import next_month


@pytest.fixture
def month(transactional_db):
    cache.clear()
    people.load_positions()
    today = timezone.localdate()
    project = people.ensure_project("tv", "电视购物", "TV")
    team = people.ensure_team("A1", "甲一组", "Team A", project)
    since = today - timedelta(days=300)

    def hire(code, post, in_team):
        place = people.Placement(
            Position.objects.get(code=post), team if in_team else None, None if in_team else project
        )
        people.create_user_for(people.hire(code, f"人{code}", [place], since, status="active"), must_change=False)

    hire("8002", "ODM", False)
    for code in ("1001", "1002", "1003"):
        hire(code, "TSR", True)
    return next_month(today.replace(day=1))


@pytest.fixture
def sheet(sign_in_as, month):
    page = sign_in_as(user=User.objects.get(username="8002"))
    page.goto(f"/rosters/board/{month:%Y-%m}/")
    expect(page.locator("#roster[data-ready]")).to_be_visible()
    return page


def cell(page, code, number):
    staff = Staff.objects.get(code=code).pk
    return page.locator(f"tr[data-s='{staff}'] td").nth(number - 1)


def stands(code, month, number):
    rows = ShiftAssignment.objects.filter(staff__code=code, day=month.replace(day=number)).order_by("place")
    return "+".join(row.template or row.clock for row in rows)


def saved(page):
    expect(page.locator("#roster-state")).to_have_text("已保存")


def test_codes_are_typed_from_cell_to_cell_and_saved(sheet, month, accessible, shot):
    cell(sheet, "1001", 3).click()
    for text in ("e", "l", "n"):
        sheet.keyboard.type(text)
        sheet.keyboard.press("Tab")
    sheet.keyboard.type("9-17")
    sheet.keyboard.press("Enter")
    saved(sheet)
    expect(cell(sheet, "1001", 6)).to_have_text("09:00-17:00")
    assert [stands("1001", month, day) for day in (3, 4, 5, 6)] == ["E", "L", "N", "09:00-17:00"]
    accessible(sheet)
    shot(sheet, "roster-board")


def test_a_conflict_is_shown_as_it_is_typed(sheet):
    cell(sheet, "1001", 3).click()
    sheet.keyboard.type("L")
    sheet.keyboard.press("Tab")
    sheet.keyboard.type("05:00-09:00")
    sheet.keyboard.press("Enter")
    expect(cell(sheet, "1001", 4)).to_have_attribute("title", "距上一班只休息 4.5 小时，至少应 7 小时")


def test_what_cannot_be_is_said_and_the_cell_goes_back(sheet, month):
    cell(sheet, "1001", 3).click()
    sheet.keyboard.type("T+M")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("培训时段不得排话务")).to_be_visible()
    expect(cell(sheet, "1001", 3)).to_have_text("")
    assert stands("1001", month, 3) == ""


def test_a_range_is_filled_copied_dragged_and_taken_back(sheet, month):
    cell(sheet, "1001", 3).click()
    sheet.keyboard.type("E")
    sheet.keyboard.press("Tab")
    sheet.keyboard.type("R")
    sheet.keyboard.press("Enter")
    saved(sheet)
    cell(sheet, "1001", 3).click()
    cell(sheet, "1003", 4).click(modifiers=["Shift"])
    sheet.keyboard.press("Control+d")
    expect(cell(sheet, "1003", 4)).to_have_text("R")
    saved(sheet)
    expect(sheet.locator("td.wait")).to_have_count(0)
    assert [stands("1003", month, day) for day in (3, 4)] == ["E", "R"]
    sheet.keyboard.press("Control+z")
    expect(cell(sheet, "1003", 4)).to_have_text("")
    assert stands("1003", month, 3) == ""
    cell(sheet, "1001", 3).click()
    cell(sheet, "1001", 3).drag_to(cell(sheet, "1002", 10))
    expect(cell(sheet, "1002", 10)).to_have_text("E")
    expect(cell(sheet, "1001", 3)).to_have_text("")
    expect(sheet.locator("td.wait")).to_have_count(0)
    assert (stands("1001", month, 3), stands("1002", month, 10)) == ("", "E")


def test_two_who_write_one_cell_are_told_of_each_other(sheet, month):
    cell(sheet, "1001", 3).click()
    from zuoxi.workforce import services

    other = services.CellEdit(Staff.objects.get(code="1001").pk, month.replace(day=3), "N")
    services.edit_cells([other], by="1002", now=timezone.now())
    sheet.keyboard.type("E")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("您的改动未写入")).to_be_visible()
    expect(cell(sheet, "1001", 3)).to_have_text("N")
    assert RosterChange.objects.count() == 1


def test_what_was_typed_while_the_line_was_cut_is_sent_when_it_is_back(sheet, month, context, troubles):
    context.set_offline(True)
    cell(sheet, "1001", 3).click()
    sheet.keyboard.type("E")
    sheet.keyboard.press("Enter")
    expect(sheet.locator("#roster-state")).to_contain_text("未保存")
    context.set_offline(False)
    saved(sheet)
    assert stands("1001", month, 3) == "E"
    troubles.clear()


def test_ones_own_month_on_a_phone(sign_in_as, month, accessible, shot, sheet):
    cell(sheet, "1001", 3).click()
    sheet.keyboard.type("L")
    sheet.keyboard.press("Enter")
    saved(sheet)
    Roster.objects.update(state="published", version=1, published_at=timezone.now())
    page = sign_in_as(user=User.objects.get(username="1001"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/me/roster/?month={month:%Y-%m}")
    expect(page.get_by_role("cell", name="晚班")).to_be_visible()
    accessible(page)
    shot(page, "roster-mine")
