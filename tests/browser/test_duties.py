# SPDX-License-Identifier: Apache-2.0
"""Coming home safely and handing in a report, on a telephone's screen in a real Chromium."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.people import services as people
from zuoxi.reporting.duties import making
from zuoxi.reporting.models import DutyItem, HomeSafe
from zuoxi.reporting.tests.duty_world import roster
from zuoxi.telephony.tests import factories as make

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def after_work(transactional_db):
    """A leader and an agent whose shift ended two hours ago."""
    people.load_positions()
    team, start = make.team(), timezone.localtime() - timedelta(hours=3)
    found = {}
    for code, role, name in (("2001", "TSRL", "李山"), ("1001", "TSR", "王芳")):
        found[code] = make.person(code, role, team, name=name)
        roster(found[code], start.date(), f"{start:%H:%M}", 1, team=team.code)
    making.make_items(timezone.now())
    return found


def test_a_thumb_says_that_one_is_home(after_work, sign_in_as, accessible, shot, troubles):
    page = sign_in_as(user=after_work["1001"].user)
    page.set_viewport_size(PHONE)
    page.goto("/home-safe/")
    accessible(page)
    shot(page, "home_safe", sizes=("390",))
    button = page.locator(".zx-safe-button")
    assert button.bounding_box()["height"] >= 100
    button.click()
    expect(page.locator(".zx-safe-button")).to_have_count(0)
    assert HomeSafe.objects.get().staff == after_work["1001"]
    assert not [one for one in troubles if "Content Security Policy" in one]


def test_a_report_is_handed_in_on_a_telephone(after_work, sign_in_as, accessible):
    page = sign_in_as(user=after_work["2001"].user)
    page.set_viewport_size(PHONE)
    page.goto("/duties/")
    accessible(page)
    item = DutyItem.objects.get(duty="safe_return_tsrl")
    page.goto(f"/duties/{item.pk}/")
    accessible(page)
    expect(page.locator("#id_text")).not_to_be_empty()
    page.fill("#id_text", "已逐个电话确认，全部到家。")
    page.locator("button[name=send]").click()
    page.wait_for_url("**/duties/")
    item.refresh_from_db()
    assert item.text == "已逐个电话确认，全部到家。"
    assert item.handed_at is not None
