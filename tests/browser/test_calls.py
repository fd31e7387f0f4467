# SPDX-License-Identifier: Apache-2.0
"""Calls, recordings, states and their settings in a real Chromium."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.telephony.models import Queue
from zuoxi.telephony.page_models import RecordingPlay, SavedView
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry


@pytest.fixture
def folder(tmp_path, settings):
    settings.RECORDINGS = tmp_path / "recordings"
    settings.HOME = tmp_path
    return settings.RECORDINGS


@pytest.fixture
def rich_call(transactional_db, folder):
    """An overflowed, transferred, recorded call a quarter of an hour ago, with everything a page can show of it."""
    make.queue("sales")
    make.queue("care")
    for code, name in (("1001", "王芳"), ("1002", "李娜")):
        make.person(code, "TSR", make.team(), name=name)
    at = (timezone.now() - timedelta(minutes=15)).replace(microsecond=0)
    call = make.call(at, agent="1002", caller="13987654321", wait_seconds=20, talk_seconds=60, doubts="clock")
    make.attempt(call, "1001", 10, 8)
    make.event("queue.joined", at, call.uid, queue="sales", caller="13987654321")
    make.event("call.held", at + timedelta(seconds=30), call.uid, "1002", channel="x")
    make.event("call.resumed", at + timedelta(seconds=45), call.uid, "1002", channel="x")
    make.state("1002", "ready", at - timedelta(minutes=5), 5.3)
    make.state("1002", "on_call", at + timedelta(seconds=20), 1, subject=call.uid, cause="agent.connected")
    make.state("1002", "wrap_up", at + timedelta(seconds=80), None)
    recording = make.recording(call, status="complete", seconds=60)
    make.tone(folder / recording.path, 60, 2)
    call.recording = recording
    return call


def quiet(troubles):
    return [one for one in troubles if "Content Security Policy" in one or "Refused" in one or "Error" in one]


def test_the_list_is_walked_by_keyboard_and_enter_opens_the_call(sign_in_as, rich_call, troubles, accessible):
    other = make.call(timezone.now() - timedelta(minutes=40))
    page = sign_in_as("DIR")
    page.goto("/calls/?when=7d")
    page.wait_for_selector("#calls-list[data-ready]")
    accessible(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/calls/{other.pk}/")
    assert quiet(troubles) == []


def test_a_choice_in_the_filters_goes_off_by_itself_and_can_be_kept_as_a_view(sign_in_as, rich_call):
    make.call(timezone.now() - timedelta(minutes=20), outcome="abandoned")
    page = sign_in_as("DIR")
    page.goto("/calls/?when=7d")
    page.wait_for_selector(".zx-filters[data-ready]")
    page.select_option("#id_outcome_one", "abandoned")
    page.wait_for_url("**outcome=abandoned**")
    expect(page.locator("#calls-list tbody tr")).to_have_count(1)
    page.get_by_text("保存视图").click()
    page.fill("#view-name", "没接到的")
    page.locator("form:has(#view-name) button[type=submit]").click()
    expect(page.locator(".tp-views")).to_contain_text("没接到的")
    assert "outcome=abandoned" in SavedView.objects.get().query


def test_columns_are_chosen_and_stay_in_the_address(sign_in_as, rich_call):
    page = sign_in_as("DIR")
    page.goto("/calls/?when=7d")
    page.locator("summary:has-text('列')").click()
    page.uncheck("input[name=col][value=direction]")
    page.check("input[name=col][value=ended_by]")
    page.get_by_text("显示所选列").click()
    page.wait_for_url("**col=ended_by**")
    heads = page.locator("#calls-list thead th").all_inner_texts()
    assert "挂机方" in heads
    assert "方向" not in heads


def test_the_page_of_a_call_draws_its_course_and_shuts_nobody_out(sign_in_as, rich_call, troubles, accessible):
    page = sign_in_as("DIR")
    page.goto(f"/calls/{rich_call.pk}/")
    page.wait_for_selector("figure[data-ready]")
    for kind in ("wait", "talk", "missed", "hold", "state-on_call", "recording-complete"):
        box = page.locator(f".k-{kind}").first.bounding_box()
        assert box, kind
        assert box["width"] >= 1, kind
    accessible(page)
    assert quiet(troubles) == []


@pytest.mark.clause("CALL-002")
def test_a_recording_plays_and_seeks_and_is_written_down_once(sign_in_as, rich_call, troubles):
    page = sign_in_as("DIR")
    page.goto(f"/recordings/{rich_call.recording.pk}/")
    page.wait_for_selector("figure[data-ready]")
    assert not RecordingPlay.objects.exists()
    page.locator("[data-wave-play]").click()
    expect(page.locator("[data-wave-play]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-wave-time]")).not_to_have_text("0:00 / 1:00")
    for _ in range(3):
        page.locator("[data-wave-skip='10']").click()
        page.wait_for_timeout(200)
    assert AuditEntry.objects.filter(verb="telephony.recording.played").count() == 1
    assert quiet(troubles) == []


def test_a_number_is_shown_after_its_purpose_is_given(sign_in_as, rich_call):
    page = sign_in_as("DIR")
    page.goto(f"/calls/{rich_call.pk}/")
    expect(page.locator("#number")).to_contain_text("139****4321")
    page.locator("[data-dialog=reveal]").click()
    page.select_option("#purpose", "complaint")
    page.locator("#reveal button[type=submit]").click()
    expect(page.locator("#number")).to_contain_text("13987654321")
    assert AuditEntry.objects.filter(verb="telephony.number.revealed").count() == 1


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("DIR", "/recordings/?when=7d"),
        ("DIR", "/states/"),
        ("DIR", "/states/1002/"),
        ("IT", "/telephony/drift/"),
        ("IT", "/telephony/quarantine/"),
        ("IT", "/telephony/settings/queue/"),
        ("IT", "/telephony/settings/queue/new/"),
        ("IT", "/telephony/settings/number/new/"),
        ("IT", "/telephony/settings/calendar/new/"),
        ("IT", "/telephony/settings/members/"),
    ],
)
def test_every_page_is_open_to_a_screen_reader_and_breaks_no_rule(
    sign_in_as, rich_call, troubles, accessible, role, address
):
    page = sign_in_as(role)
    page.goto(address)
    accessible(page)
    assert quiet(troubles) == []


def test_the_state_log_draws_hatched_what_was_not_seen(sign_in_as, rich_call):
    make.state("1001", "unknown", timezone.now() - timedelta(minutes=30), 10)
    page = sign_in_as("DIR")
    page.goto("/states/")
    box = page.locator(".k-state-unknown").first.bounding_box()
    assert box
    assert box["width"] > 1


def test_opening_hours_typed_by_hand_come_back_as_a_picture(sign_in_as, transactional_db):
    page = sign_in_as("IT")
    page.goto("/telephony/settings/calendar/new/")
    page.fill("#id_code", "day")
    page.fill("#id_name_zh", "白班")
    page.fill("#id_name_en", "Day")
    page.fill("#id_day_mon", "8:45-12:00，13:30-17:30")
    page.locator("form:has(#id_code) button[type=submit]").click()
    page.get_by_role("link", name="day").click()
    expect(page.locator(".k-open")).to_have_count(2)


def test_pages_stand_without_script(browser, origin, sign_in_as, rich_call):
    signed = sign_in_as("DIR")
    bare = browser.new_context(java_script_enabled=False, base_url=origin, locale="zh-CN")
    bare.add_cookies(signed.context.cookies())
    page = bare.new_page()
    page.goto("/calls/?when=7d")
    page.select_option("#id_outcome_one", "answered")
    page.locator(".zx-filters button[type=submit]").click()
    page.locator("#calls-list tbody a").first.click()
    assert page.locator(".k-talk").count() == 1
    assert page.locator("audio").count() == 1
    assert Queue.objects.count() == 2
    bare.close()
