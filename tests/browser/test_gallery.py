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


def test_words_of_a_tile_and_names_in_a_table_are_never_cut_into_pieces(sign_in_as):
    page = sign_in_as("IT")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/staff/")
    assert page.locator(".zx-table:not(.cards) td").first.evaluate("e => getComputedStyle(e).wordBreak") == "keep-all"
    page.goto("/gallery/")
    labels = page.locator(".zx-stat-label .clip")
    assert labels.count() and not labels.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")


def test_live_figures_arrive_a_cut_is_told_and_mended_by_itself(sign_in_as, cable):
    page = sign_in_as("IT")
    page.goto(cable.url + "/gallery/")
    value = page.locator("#gallery-live-value")
    banner = page.locator("#live-banner")
    expect(value).to_have_text(re.compile(r"^\d+$"))
    expect(banner).to_be_hidden()

    cable.pull()
    expect(banner).to_be_visible()
    expect(banner).to_contain_text(re.compile(r"自 \d\d:\d\d:\d\d 起连接中断"))
    last = int(value.inner_text())
    assert page.locator("#agent-1001").is_visible(), "what was known stays in sight"

    cable.mend()
    expect(banner).to_be_hidden(timeout=40_000)
    expect(value).not_to_have_text(str(last))
    assert int(value.inner_text()) > last, "the stream goes on where it was cut"


def test_two_tabs_share_one_stream(sign_in_as, cable):
    page = sign_in_as("IT")
    page.goto(cable.url + "/gallery/")
    expect(page.locator("#gallery-live-value")).to_have_text(re.compile(r"^\d+$"))
    other = page.context.new_page()
    other.goto(cable.url + "/gallery/")
    expect(other.locator("#gallery-live-value")).to_have_text(re.compile(r"^\d+$"))
    for _ in range(5):  # between one look and the other the figure may have moved on
        page.wait_for_timeout(1500)
        if (seen := page.locator("#gallery-live-value").inner_text()) == other.locator(
            "#gallery-live-value"
        ).inner_text():
            break
    else:
        raise AssertionError(f"one stands at {seen}")


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


def test_no_sound_is_played_whose_listening_could_not_be_written_down(sign_in_as):
    page = sign_in_as("IT")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto("/gallery/")
    page.wait_for_selector("#g-wave[data-ready]")
    page.locator("#g-wave [data-wave-play]").click()
    expect(page.locator(".zx-toasts")).to_contain_text("录音未播放")
    assert any(one.startswith("POST") and one.endswith("/gallery/none/") for one in asked)
    assert page.locator("#g-wave audio, audio").evaluate_all("all => all.every((one) => one.paused)")


def test_a_consequence_is_asked_once_and_may_be_declined(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.locator('[data-dialog="gallery-dialog"]').click()
    save = page.locator("#gallery-dialog [data-confirm]")
    save.click()
    question = page.locator("dialog", has_text="将在一小时内回呼客户")
    expect(question).to_be_visible()
    question.locator("button", has_text="取消").click()
    expect(page.locator("#gallery-dialog")).to_be_visible()
    save.click()
    question.locator("button", has_text="确定").click()
    expect(page.locator("#gallery-dialog")).to_be_hidden()


def test_an_answer_that_refuses_is_told_and_leaves_the_page_as_it_was(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/")
    page.wait_for_selector("#gallery-calls[data-ready]")
    page.route("**/gallery/none/", lambda route: route.fulfill(status=403, body="<html>403</html>"))
    with page.expect_request("**/gallery/none/") as sent:
        page.locator("#gallery-refused").click()
    assert sent.value.headers["x-csrftoken"]
    expect(page.locator(".zx-toasts")).to_contain_text("无权进行此操作")
    expect(page.locator("#states .zx-state").first).to_be_visible()


def test_the_wall_turns_its_slides_and_keeps_the_clock(sign_in_as):
    page = sign_in_as("IT")
    page.goto("/gallery/wall/")
    page.wait_for_selector(".zx-wall[data-ready]")
    slides = page.locator("[data-wall-slide]")
    expect(slides.nth(0)).to_have_class("shown")
    page.keyboard.press("ArrowRight")
    expect(slides.nth(1)).to_have_class("shown")
    expect(slides.nth(0)).not_to_have_class("shown")
    before = page.locator("[data-wall-clock]").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator("[data-wall-clock]").inner_text() != before
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "a wall is not scrolled"


def test_a_page_stands_without_script(browser, origin, sign_in_as):
    signed_in = sign_in_as("IT")
    bare = browser.new_context(java_script_enabled=False, locale="zh-CN")
    bare.add_cookies(signed_in.context.cookies())
    page = bare.new_page()
    page.goto(origin + "/gallery/?sort=wait&page=2")
    expect(page.locator(".zx-filters [data-no-script]")).to_be_visible()
    expect(page.locator('th[aria-sort="ascending"]')).to_contain_text("等待")
    expect(page.locator(".zx-pager [rel=prev]")).to_be_visible()
    page.locator(".zx-chart-table summary").first.click()
    expect(page.locator(".zx-chart-table td").first).to_be_visible()
    bare.close()
