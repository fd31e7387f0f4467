# SPDX-License-Identifier: Apache-2.0
"""The floor by rule in a real Chromium: a break that is refused with its why, and a round on a telephone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from zuoxi.floor import keeper, permits
from zuoxi.floor.models import Patrol, PatrolCheck, Permit, Violation
from zuoxi.floor.tests.centre import ago, small_centre, user
from zuoxi.people.models import Staff
from zuoxi.telephony.models import Command


@pytest.fixture
def switch(transactional_db):
    keeper.begin_anew()
    yield small_centre()
    keeper.begin_anew()


@pytest.mark.clause("CALL-006")
def test_a_break_too_early_is_refused_with_its_why_and_the_leader_may_let_go(switch, sign_in_as, accessible):
    switch.sign_in("1001", at=ago(minutes=10))
    page = sign_in_as(user=user("1001"))
    page.goto("/desk/")
    expect(page.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    page.locator("button[value=break]").click()
    refused = page.locator(".zx-desk-refused")
    expect(refused).to_contain_text("30")
    expect(refused).to_contain_text("CALL-006")
    assert not Command.objects.filter(verb="pause").exists()
    accessible(page)
    refused.locator("input[name=note]").fill("急事")
    refused.get_by_role("button").click()
    expect(page.locator("#desk-said")).to_contain_text("已申请")
    asked = Permit.objects.get()
    permits.decide_permit(asked.pk, give=True, by=Staff.objects.get(code="2001"), now=asked.asked_at)
    expect(page.locator("#desk-duties")).to_contain_text("已批")
    page.locator("button[value=break]").click()
    expect(page.locator("#desk-said .zx-said")).to_have_attribute("data-tone", "wait")
    assert Command.objects.get().verb == "pause"


@pytest.mark.clause("FLR-014", "FLR-015")
def test_a_round_is_walked_on_a_telephone(switch, sign_in_as, accessible):
    page = sign_in_as(user=user("2001"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/floor/patrols/")
    accessible(page)
    page.get_by_role("button", name="开始巡视").click()
    page.locator("a.zx-seatcell", has_text="1001").click()
    accessible(page)
    page.locator("summary", has_text="工牌").click()
    page.locator("input[value='badge.missing']").check()
    shown = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(shown, "JPEG")
    page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shown.getvalue()})
    page.get_by_role("button", name="记录").click()
    expect(page.locator(".zx-seatcell[data-tone=bad]")).to_contain_text("1001")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".zx-stats")).to_be_visible()
    expect(page.locator("main")).to_contain_text("已提交")
    assert Patrol.objects.get().submitted_at is not None
    assert PatrolCheck.objects.get().photos.count() == 1
    assert Violation.objects.get().item == "badge.missing"
