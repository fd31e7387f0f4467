# SPDX-License-Identifier: Apache-2.0
"""The gallery in a real Chromium: every component opens, nothing is refused by the content security policy."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_every_island_opens_and_the_policy_refuses_nothing(sign_in_as, troubles):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#g-curve[data-ready] canvas")
    page.wait_for_selector("#g-wave[data-ready]")
    page.wait_for_selector("#gallery-calls[data-ready]")
    refused = [one for one in troubles if "Content Security Policy" in one or "Refused" in one]
    assert refused == []
    assert page.locator("[data-failed]:not([data-failed=softphone])").count() == 0


def test_a_reader_of_the_page_with_a_screen_reader_is_not_shut_out(sign_in_as, accessible):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#g-curve[data-ready] canvas")
    accessible(page)


def test_live_figures_arrive_a_cut_is_told_and_mended_by_itself(sign_in_as, cable):
    page = sign_in_as("IT")
    page.goto(cable.url + "/gallery/")
    value = page.locator("#gallery-live-value")
    banner = page.locator("#live-banner")
    expect(value).to_have_text(re.compile(r"^\d+$"), timeout=8000)
    expect(banner).to_be_hidden()

    cable.pull()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text(re.compile(r"自 \d\d:\d\d:\d\d 起连接中断"))
    last = int(value.inner_text())
    assert page.locator("#agent-1001").is_visible(), "what was known stays in sight"

    cable.mend()
    expect(banner).to_be_hidden(timeout=20_000)
    expect(value).not_to_have_text(str(last), timeout=8000)
    assert int(value.inner_text()) > last, "the stream goes on where it was cut"


def test_two_tabs_share_one_stream(sign_in_as, cable):
    page = sign_in_as("IT")
    page.goto(cable.url + "/gallery/")
    expect(page.locator("#gallery-live-value")).to_have_text(re.compile(r"^\d+$"), timeout=8000)
    other = page.context.new_page()
    other.goto(cable.url + "/gallery/")
    expect(other.locator("#gallery-live-value")).to_have_text(re.compile(r"^\d+$"), timeout=8000)
    page.wait_for_timeout(2500)
    assert other.locator("#gallery-live-value").inner_text() == page.locator("#gallery-live-value").inner_text()


def test_counters_run_without_the_server(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    counter = page.locator("#agent-1001 .zx-since")
    before = counter.inner_text()
    page.wait_for_timeout(2200)
    assert counter.inner_text() != before


def test_the_table_is_walked_by_keyboard_and_slash_finds_the_search(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#gallery-calls[data-ready]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.rowIndex") == 2
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_column_put_away_stays_away_after_a_reload(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#gallery-calls[data-ready]")
    page.locator("[data-columns-menu] summary").click()
    page.locator("[data-columns] label").first.click()
    page.reload()
    page.wait_for_selector("#gallery-calls[data-ready]")
    expect(page.locator("#gallery-calls thead th").first).to_be_hidden()


def test_pictures_for_people_to_look_at(sign_in_as, shot):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#g-heat[data-ready] canvas")
    shot(page, "gallery", full=True)
    page.goto("/gallery/wall/")
    shot(page, "wall", sizes=("1440",))
    page.goto("/gallery/sign-in/")
    shot(page, "sign-in")
    page.goto("/gallery/error/403/")
    shot(page, "error")


def test_the_page_stands_in_both_languages(sign_in_as, origin):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    expect(page.locator("h1")).to_have_text("组件")
    page.locator(".zx-top button[name=language]").click()
    expect(page.locator("h1")).to_have_text("Components")
    assert page.locator("html").get_attribute("lang") == "en"
