# SPDX-License-Identifier: Apache-2.0
"""The telephone in the page: two real browsers' telephones, real WebRTC sound, and a stub that passes SIP on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.sip_stub import SipStub


@pytest.fixture
def stub(settings):
    one = SipStub().start()
    policy = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "connect-src": ["'self'", one.url.rsplit("/", 1)[0]]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    settings.SECURE_CSP = policy
    yield one
    one.stop()


@pytest.fixture
def telephone(sign_in_as, member, stub):
    """telephone("1001") → a page whose telephone is that extension."""
    person = []

    def take_up(number: str, clock: bool = False) -> Page:
        if not person:
            person.append(member("IT"))
        page = sign_in_as(user=person[0])
        if clock:
            page.clock.install()
        config = {"ws": stub.url, "uri": f"sip:{number}@zuoxi.test", "password": "x", "display_name": number}
        page.route("**/gallery/none/", lambda route: route.fulfill(json=config))
        page.goto("/gallery/")
        expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-reach", "yes")
        return page

    return take_up


def dial(page: Page, number: str) -> None:
    page.locator('[data-dialog="phone-dial"]').click()
    page.locator("#phone-dial-number").fill(number)
    page.locator('.zx-top [data-phone-do="dial"]').click()


def call(page: Page) -> str | None:
    return page.locator(".zx-top .zx-phone").get_attribute("data-call")


def sound_arrives(page: Page) -> bool:
    """Whether the far side's sound is playing: the speaker's stream is live and its clock moves."""
    return page.evaluate(
        """async () => {
            const audio = document.querySelector(".zx-top .zx-phone audio");
            const before = audio.currentTime;
            for (let tries = 0; tries < 40; tries += 1) {
                await new Promise((next) => setTimeout(next, 250));
                if (audio.srcObject?.active && audio.currentTime !== before) return true;
            }
            return false;
        }"""
    )


def test_two_colleagues_talk_hold_and_hang_up(telephone):
    one, two = telephone("1001"), telephone("1002")
    dial(one, "1002")
    expect(two.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "ringing")
    expect(two.locator('.zx-top [data-phone="who"]')).to_have_text("1001")
    two.locator('.zx-top [data-phone-do="answer"]').click()
    for page in (one, two):
        expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "talking")
    assert sound_arrives(one)
    assert sound_arrives(two)

    two.locator('.zx-top [data-phone-do="hold"]').click()
    expect(two.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "held")
    expect(two.locator('.zx-top [data-phone-do="hold"]')).to_have_attribute("aria-pressed", "true")
    two.locator('.zx-top [data-phone-do="hold"]').click()
    expect(two.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "talking")

    two.locator('.zx-top [data-phone-do="mute"]').click()
    expect(two.locator('.zx-top [data-phone-do="mute"]')).to_have_attribute("aria-pressed", "true")

    one.locator('.zx-top [data-phone-do="hangup"]').click()
    for page in (one, two):
        expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "none")


def test_a_call_that_is_refused_is_over_for_both(telephone):
    one, two = telephone("1001"), telephone("1002")
    dial(one, "1002")
    expect(two.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "ringing")
    two.locator('.zx-top [data-phone-do="hangup"]').click()
    for page in (one, two):
        expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "none")


def test_a_lost_switch_is_told_and_found_again(telephone, stub):
    page = telephone("1001")
    stub.drop()
    expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-reach", "no")
    expect(page.locator('.zx-top [data-phone="reach"]')).to_have_text("话机不可达")
    expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-reach", "yes")


def test_a_browser_that_was_asleep_for_ten_minutes_takes_up_its_telephone_on_a_new_line(telephone, stub):
    page = telephone("1001", clock=True)
    page.wait_for_timeout(500)
    line = stub.registered["1001"]
    page.clock.fast_forward("00:20")
    page.wait_for_timeout(1000)
    assert stub.registered["1001"] is line, "a pause is no sleep"
    page.clock.fast_forward("10:00")
    for _ in range(100):
        page.wait_for_timeout(100)
        if stub.registered["1001"] is not line:
            break
    assert stub.registered["1001"] is not line
    expect(page.locator(".zx-top .zx-phone")).to_have_attribute("data-reach", "yes")


def test_what_is_no_number_is_not_dialled(telephone, stub):
    page = telephone("1001")
    before = stub.requests.count("INVITE")
    dial(page, "1002\r\nX: y; drop")
    expect(page.locator(".zx-toasts")).to_contain_text(re.compile("无法拨打"))
    assert call(page) == "none"
    assert stub.requests.count("INVITE") == before


def test_three_talk_together_and_the_caller_is_kept_when_one_leaves(telephone):
    agent, caller, colleague = telephone("1001"), telephone("1002"), telephone("1003")
    dial(caller, "1001")
    agent.locator('.zx-top [data-phone-do="answer"]').click()
    expect(caller.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "talking")

    agent.locator('[data-dialog="phone-transfer"]').click()
    agent.locator("#phone-transfer-number").fill("1003")
    agent.locator('.zx-top [data-phone-do="consult"]').click()
    colleague.locator('.zx-top [data-phone-do="answer"]').click()
    expect(agent.locator(".zx-top .zx-phone")).to_have_attribute("data-second", "yes")
    expect(agent.locator('.zx-top [data-phone="second"]')).to_have_text("1003")

    agent.locator('.zx-top [data-phone-do="conference"]').click()
    agent.wait_for_timeout(800)
    for page in (agent, caller, colleague):
        assert sound_arrives(page)

    colleague.locator('.zx-top [data-phone-do="hangup"]').click()
    expect(agent.locator(".zx-top .zx-phone")).to_have_attribute("data-second", "no")
    expect(agent.locator(".zx-top .zx-phone")).to_have_attribute("data-call", "talking")
    assert sound_arrives(caller)


def test_a_second_window_does_not_take_the_telephone_away_but_may_follow(telephone, stub):
    first = telephone("1001")
    second = first.context.new_page()
    config = {"ws": stub.url, "uri": "sip:1001@zuoxi.test", "password": "x"}
    second.route("**/gallery/none/", lambda route: route.fulfill(json=config))
    second.goto("/gallery/")
    expect(second.locator('.zx-top [data-phone="reach"]')).to_have_text("话机在另一个窗口")
    assert stub.requests.count("REGISTER") == 1
    first.close()
    expect(second.locator(".zx-top .zx-phone")).to_have_attribute("data-reach", "yes")
