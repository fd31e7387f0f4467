# SPDX-License-Identifier: Apache-2.0
"""The live floor in a real Chromium."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.floor import keeper, services
from zuoxi.floor.models import RaisedHand
from zuoxi.floor.tests.centre import ago, small_centre, user
from zuoxi.people.models import Staff
from zuoxi.telephony.models import Command


@pytest.fixture
def switch(transactional_db):
    keeper.begin_anew()
    yield small_centre(8)
    keeper.begin_anew()


def watching(page, path="/floor/"):
    page.goto(path)
    expect(page.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    return page


@pytest.fixture
def floor(switch, sign_in_as):
    return watching(sign_in_as(user=user("8001")))


@pytest.mark.clause("CALL-004")
def test_agents_and_callers_move_by_themselves(floor, switch):
    tile = floor.locator("#agent-1001")
    expect(tile).to_be_hidden()
    switch.sign_in("1001")
    expect(tile).to_have_attribute("data-state", "ready")
    expect(tile).to_be_visible()
    uid = switch.join(1, caller="13812345678")
    expect(floor.locator("#total-waiting .zx-stat-value")).to_have_text("1")
    switch.connect(uid, "1001")
    expect(tile).to_have_attribute("data-state", "on_call")
    expect(tile).to_contain_text("138****5678")
    expect(floor.locator("#total-waiting .zx-stat-value")).to_have_text("0")
    expect(floor.locator("#total-level .zx-stat-value")).to_have_text("100.0%")


@pytest.mark.clause("FLR-006")
def test_an_overrun_break_asks_for_the_leader(floor, switch):
    switch.sign_in("1001", at=ago(hours=1))
    switch.pause("1001", "break", at=ago(minutes=4, seconds=57))
    expect(floor.locator("#agent-1001")).to_have_attribute("data-state", "break")
    expect(floor.locator("[data-kind=limit]")).to_have_count(0)
    expect(floor.locator("[data-kind=limit]")).to_contain_text("座席0")
    expect(floor.locator("#agent-1001 .zx-since")).to_have_attribute("data-level", "alarm")


@pytest.mark.clause("FLR-005")
def test_a_raised_hand_is_seen_and_answered(floor, switch):
    switch.sign_in("1001")
    services.raise_hand("1001", "耳机没声音", timezone.now())
    alert = floor.locator("#floor-alerts [data-kind=hand]")
    expect(alert).to_contain_text("耳机没声音")
    alert.locator("button").click()
    expect(alert).to_have_count(0)
    assert RaisedHand.objects.get().answered_by.code == "8001"


def test_an_agents_panel_opens_and_listening_is_asked_for(floor, switch):
    switch.sign_in("1001")
    switch.connect(switch.join(1), "1001")
    floor.locator("#agent-1001").click()
    panel = floor.locator("#floor-panel")
    expect(panel).to_contain_text("座席0")
    panel.locator("button[value=listen]").click()
    expect(panel.locator("#panel-said")).to_contain_text("您的话机在响")
    command = Command.objects.get()
    assert (command.verb, command.agent, command.arguments) == ("listen", "8001", {"target": "1001"})
    Command.objects.update(status="done")
    expect(panel.locator("#panel-said")).to_contain_text("别人听不到您")


def test_the_calls_that_go_on_come_and_go_on_one_page_by_themselves(switch, sign_in_as):
    page = sign_in_as(user=user("3003"))
    page.goto("/floor/calls/")
    expect(page.locator("#live-1001")).to_have_count(0)
    switch.sign_in("1001")
    switch.connect(switch.join(1), "1001")
    expect(page.locator("#live-1001")).to_contain_text("座席0", timeout=12000)
    expect(page.locator("nav.zx-nav")).to_have_count(1)


def test_filters_work_by_the_address_alone(floor, switch):
    for agent in ("1001", "1002"):
        switch.sign_in(agent)
    switch.pause("1002", "meal")
    watching(floor, "/floor/?state=meal")
    expect(floor.locator("#agent-1002")).to_be_visible()
    expect(floor.locator("#agent-1001")).to_be_hidden()
    switch.pause("1001", "meal")
    expect(floor.locator("#agent-1001")).to_be_visible()


def test_who_has_left_sees_nothing_any_more(switch, sign_in_as):
    page = watching(sign_in_as(user=user("2001")))
    switch.sign_in("1001")
    expect(page.locator("#agent-1001")).to_be_visible()
    Staff.objects.filter(code="2001").update(status="left")
    expect(page.locator("#live-banner")).to_be_visible(timeout=40_000)


def test_after_a_cut_and_a_restart_of_the_server_the_page_is_right_again(switch, sign_in_as, cable):
    floor = watching(sign_in_as(user=user("8001")), f"{cable.url}/floor/")
    switch.sign_in("1001")
    expect(floor.locator("#agent-1001")).to_have_attribute("data-state", "ready")
    cable.pull()
    expect(floor.locator("#live-banner")).to_be_visible(timeout=40_000)
    switch.pause("1001", "meal")
    switch.join(1)
    keeper.begin_anew()  # as after a restart of the server: what it kept is gone
    cable.mend()
    expect(floor.locator("#agent-1001")).to_have_attribute("data-state", "meal", timeout=30_000)
    expect(floor.locator("#total-waiting .zx-stat-value")).to_have_text("1")


@pytest.mark.parametrize("view", ["cards", "rows", "teams"])
def test_the_floor_is_open_to_everybody_and_its_console_is_quiet(floor, switch, accessible, troubles, view):
    for agent in ("1001", "1002", "1003"):
        switch.sign_in(agent)
    switch.pause("1002", "break")
    switch.join(1)
    watching(floor, f"/floor/?view={view}")
    floor.wait_for_timeout(700)
    accessible(floor)
    assert troubles == []


def test_pictures_for_people_to_look_at(floor, switch, shot):
    for agent in ("1001", "1002", "1003", "1004", "1005"):
        switch.sign_in(agent, at=ago(hours=1))
    switch.pause("1002", "break", at=ago(minutes=7))
    switch.pause("1003", "nr:errand", at=ago(minutes=3))
    switch.connect(switch.join(1, at=ago(minutes=1)), "1001")
    switch.join(2, at=ago(seconds=40))
    services.raise_hand("1004", "客户要求找主管", timezone.now())
    shot(floor, "floor")
