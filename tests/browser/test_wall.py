# SPDX-License-Identifier: Apache-2.0
"""The wall board in a real Chromium: no sign-in, no scrolling, no names."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.utils import timezone
from playwright.sync_api import expect

from zuoxi.floor import keeper, services
from zuoxi.floor.models import WallLink
from zuoxi.floor.tests.centre import small_centre, user


@pytest.fixture
def switch(transactional_db):
    keeper.begin_anew()
    yield small_centre(8)
    keeper.begin_anew()


@pytest.fixture
def wall(switch, page, cable):
    link = services.make_wall_link(
        "大厅", [], names=False, language="zh-hans", rotate_seconds=5, by=None, now=timezone.now()
    )
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{cable.url}/wall/k/{signing.Signer(salt='floor.wall').sign(str(link.pk))}/")
    expect(page.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    return page


@pytest.mark.clause("CALL-004")
def test_the_wall_shows_figures_without_a_sign_in_and_moves_by_itself(wall, switch):
    tile = wall.locator("#wall-summary .zx-wall-tile").first
    expect(tile.locator(".value")).to_have_text("0")
    switch.join(1)
    expect(tile.locator(".value")).to_have_text("1")
    expect(wall.locator("body")).not_to_contain_text("座席0")


def test_the_wall_turns_by_itself_and_never_scrolls(wall):
    first = wall.locator("[data-wall-slide].shown").get_attribute("aria-label")
    expect(wall.locator(f"[data-wall-slide].shown:not([aria-label='{first}'])")).to_have_count(1)
    assert wall.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert wall.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_figures_are_large_enough_for_eight_metres(wall):
    size = wall.locator("#wall-summary .value").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 1080 * 0.09


def test_a_revoked_link_goes_dark(wall):
    services.revoke_wall_link(WallLink.objects.get().pk, None, timezone.now())
    expect(wall.locator("#live-banner")).to_be_visible(timeout=40_000)


def test_a_cut_network_is_told_with_the_time_of_the_last_figures(wall, cable, switch):
    switch.join(1)
    expect(wall.locator("#wall-summary .value").first).to_have_text("1")
    cable.pull()
    expect(wall.locator("#live-banner")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"), timeout=40_000)
    expect(wall.locator("#wall-summary .value").first).to_have_text("1")
    switch.join(2)
    cable.mend()
    expect(wall.locator("#wall-summary .value").first).to_have_text("2", timeout=30_000)
    expect(wall.locator("#live-banner")).to_be_hidden()


def test_links_are_made_and_revoked_on_a_page(switch, sign_in_as, accessible):
    page = sign_in_as(user=user("8001"))
    page.goto("/wall/")
    page.fill("input[name=label]", "东厅")
    page.locator("main form .btn-primary").click()
    expect(page.locator("table")).to_contain_text("东厅")
    accessible(page)


def test_pictures_for_people_to_look_at(wall, switch, shot):
    for agent in ("1001", "1002", "1003"):
        switch.sign_in(agent)
    switch.pause("1002", "meal")
    switch.join(1)
    shot(wall, "wall-kiosk", sizes=("1440",))
