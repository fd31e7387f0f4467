# SPDX-License-Identifier: Apache-2.0
"""An agent's shift in a real Chromium: the page moves with the switch's words, and only with them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from zuoxi.floor import keeper
from zuoxi.floor.tests.centre import small_centre, user
from zuoxi.telephony.models import Command


@pytest.fixture
def switch(transactional_db):
    keeper.begin_anew()
    yield small_centre()
    keeper.begin_anew()


@pytest.fixture
def desk(switch, sign_in_as):
    page = sign_in_as(user=user("1001"))
    page.goto("/desk/")
    expect(page.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    return page


@pytest.mark.clause("CALL-004")
def test_the_state_moves_with_the_switchs_word_and_not_with_the_click(desk, switch):
    state = desk.locator("#desk-state")
    expect(state).to_have_attribute("data-state", "signed_out")
    desk.locator("button[value=sign_in]").click()
    expect(desk.locator("#desk-said .zx-said")).to_have_attribute("data-tone", "wait")
    desk.wait_for_timeout(600)
    expect(state).to_have_attribute("data-state", "signed_out")
    assert Command.objects.get().verb == "sign_in"
    switch.sign_in("1001")
    expect(state).to_have_attribute("data-state", "ready")
    expect(desk.locator("button[value=break]")).to_be_visible()
    expect(desk.locator("button[value=sign_in]")).to_be_hidden()
    switch.pause("1001", "break")
    expect(state).to_have_attribute("data-state", "break")
    expect(desk.locator("#desk-state .zx-desk-timer")).to_have_text(re.compile(r"^0:\d\d$"))


def test_a_refusal_of_the_switch_is_told_with_its_reason(desk):
    desk.locator("button[value=sign_in]").click()
    expect(desk.locator("#desk-said .zx-said")).to_have_attribute("data-tone", "wait")
    Command.objects.update(status="failed", message="the telephone cannot be reached")
    expect(desk.locator("#desk-said .zx-said")).to_contain_text("话机不可达")


@pytest.mark.clause("CALL-001")
def test_a_call_rings_is_talked_and_is_written_up(desk, switch):
    switch.sign_in("1001")
    uid = switch.join(1, caller="13812345678")
    switch.ring(uid, "1001")
    expect(desk.locator("#desk-call")).to_contain_text("138****5678")
    desk.locator("#desk-call button[value=answer]").click()
    expect(desk.locator("#desk-said .zx-said")).to_be_visible()
    assert Command.objects.get().verb == "answer"
    switch.connect(uid, "1001")
    expect(desk.locator("#desk-call button[value=hang_up]")).to_be_visible()
    note = desk.locator("#desk-call textarea[name=note]")
    note.fill("客户询问发货时间")
    desk.get_by_text("物流配送").click()
    switch.complete(uid, "1001")
    switch.pause("1001", "wrapup")
    expect(desk.locator("#desk-call .zx-wrap-left")).to_be_visible()
    expect(note).to_have_value("客户询问发货时间")  # what was typed during the call is still there after it
    desk.get_by_text("当场解决").click()
    desk.locator("#desk-call button[value=ready]").click()
    expect(desk.locator("#desk-said")).to_contain_text("就绪")
    from zuoxi.telephony.models import WrapUp

    kept = WrapUp.objects.get()
    assert (kept.topic, kept.result, kept.note) == ("delivery", "solved", "客户询问发货时间")


@pytest.mark.clause("CALL-014")
def test_holding_too_long_brings_the_sentence_to_say(desk, switch):
    from zuoxi.floor.tests.centre import ago

    switch.sign_in("1001")
    uid = switch.join(1)
    switch.connect(uid, "1001")
    switch.say("call.held", uid, "1001", at=ago(seconds=1), channel="PJSIP/1001-1")
    prompt = desk.locator(".zx-hold-prompt .say")
    expect(desk.locator(".zx-hold-prompt")).to_be_visible()
    expect(prompt).to_be_hidden()
    expect(prompt).to_be_visible(timeout=40_000)


@pytest.mark.clause("CALL-009")
def test_the_second_tab_is_told_and_may_take_the_desk(desk, context):
    second = context.new_page()
    second.goto("/desk/")
    guard = second.locator("#desk-guard .zx-desk-guard")
    expect(guard).to_contain_text("另一个标签页")
    expect(desk.locator("#desk-guard .zx-desk-guard")).to_have_count(0)
    guard.locator("button").click()
    expect(guard).to_have_count(0)
    expect(desk.locator("#desk-guard .zx-desk-guard")).to_be_visible(timeout=15_000)


def test_a_reload_does_not_count_as_a_second_tab(desk):
    desk.reload()
    expect(desk.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    desk.wait_for_timeout(2500)
    expect(desk.locator("#desk-guard .zx-desk-guard")).to_have_count(0)


@pytest.mark.clause("FLR-005")
def test_a_leaders_message_and_a_raised_hand_pass_between_desk_and_leader(desk, switch):
    from django.utils import timezone

    from zuoxi.floor import services
    from zuoxi.floor.models import RaisedHand

    services.send_message("1001", "请放慢语速", None, timezone.now())
    expect(desk.locator("#desk-notes")).to_contain_text("请放慢语速")
    desk.locator(".zx-desk-note button").click()
    expect(desk.locator("#desk-notes")).not_to_contain_text("请放慢语速")
    desk.get_by_label("想告诉班长的话").fill("系统慢")
    desk.locator("button[value=raise]").click()
    expect(desk.locator("#desk-notes")).to_contain_text("已举手")
    services.answer_hand(RaisedHand.objects.get().pk, None, timezone.now())
    expect(desk.locator("#desk-notes")).not_to_contain_text("已举手")


def test_the_desk_is_open_to_everybody_and_its_console_is_quiet(desk, switch, accessible, troubles):
    switch.sign_in("1001")
    uid = switch.join(1)
    switch.connect(uid, "1001")
    expect(desk.locator("#desk-call button[value=hang_up]")).to_be_visible()
    desk.wait_for_selector("#desk-figures")
    accessible(desk)
    assert troubles == []


def test_pictures_for_people_to_look_at(desk, switch, shot):
    switch.sign_in("1001")
    earlier = switch.join(1)
    switch.connect(earlier, "1001")
    switch.complete(earlier, "1001")
    switch.connect(switch.join(2), "1001")
    shot(desk, "desk", full=True)


def test_by_keyboard_the_focus_goes_on_to_what_is_pressed_next(desk, switch):
    desk.locator("button[value=sign_in]").focus()
    desk.keyboard.press("Enter")
    switch.sign_in("1001")
    expect(desk.locator("button[value=break]")).to_be_focused()
    uid = switch.join(1, caller="13812345678")
    switch.ring(uid, "1001")
    expect(desk.locator("#desk-call button[value=answer]")).to_be_focused()
    switch.connect(uid, "1001")
    expect(desk.locator(".zx-wrap-form .btn-primary")).to_be_focused()
    note = desk.locator("#desk-call textarea[name=note]")
    note.fill("请回电")
    switch.pause("1001", "break")
    expect(desk.locator("#desk-state")).to_be_visible()
    desk.wait_for_timeout(400)
    expect(note).to_be_focused()
