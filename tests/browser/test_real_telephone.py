# SPDX-License-Identifier: Apache-2.0
"""The telephone in the page on a real Asterisk: a customer's call from the queue, heard and recorded on both sides."""

from __future__ import annotations

import os
import time
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.switch_room import switch_for_browsers
from tests.telephony.ami import Manager
from tests.telephony.sipp import Caller, Field, tone_file

from zuoxi.telephony.asterisk.lab import Laboratory

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]
NAMESPACE = os.environ.get("ZUOXI_TEST_NAMESPACE", "zuoxi") + "-browser"
PHONE = ".zx-phone[data-config-url]"


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    yield from switch_for_browsers(NAMESPACE)


@pytest.fixture
def telephone(sign_in_as, member, laboratory, settings) -> Page:
    """A page whose telephone is 1901, registered with the switch."""
    state = laboratory.state()
    line = state.line()
    policy = {
        **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "connect-src": ["'self'", line["websocket"].rsplit("/", 1)[0]],
    }
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    settings.SECURE_CSP = policy
    page = sign_in_as(user=member("IT"))
    config = {
        "ws": line["websocket"],
        "uri": f"sip:1901@{state.address}",
        "user": "1901",
        "password": state.passwords["1901"],
        "display_name": "1901",
    }
    page.route("**/gallery/none/", lambda route: route.fulfill(json=config))
    page.goto("/gallery/")
    expect(page.locator(PHONE)).to_have_attribute("data-reach", "yes")
    return page


def loudness(path: Path) -> list[float]:
    with wave.open(str(path)) as file:
        samples = array("h", file.readframes(file.getnframes()))
    return [sum(map(abs, side)) / max(1, len(side)) for side in (samples[0::2], samples[1::2])]


def test_a_customers_call_rings_in_the_page_and_both_sides_are_recorded(telephone, laboratory, tmp_path):
    state = laboratory.state()
    manager = Manager(NAMESPACE, state.passwords["ami"], listen=True)
    field = Field(NAMESPACE, tmp_path)
    try:
        manager.ask("QueueAdd", Queue="sales", Interface="PJSIP/1901", MemberName="1901")
        caller = field.call(Caller("8000", hold_seconds=90, sound=tone_file(tmp_path / "tone.ulaw")))
        phone = telephone.locator(PHONE)
        expect(phone).to_have_attribute("data-call", "ringing")
        phone.locator('[data-phone-do="answer"]').click()
        expect(phone).to_have_attribute("data-call", "talking")
        manager.until("AgentConnect", MemberName="1901")
        telephone.wait_for_timeout(4000)
        phone.locator('[data-phone-do="hangup"]').click()
        expect(phone).to_have_attribute("data-call", "none")
        assert caller.end()["successful"] == 1
        stopped = manager.until("UserEvent", UserEvent="ZuoxiRecording", State="stopped")
        file = Path(state.line()["recordings"]) / stopped["Path"]
        edge = time.monotonic() + 60
        while not file.exists() and time.monotonic() < edge:
            time.sleep(0.2)
        left, right = loudness(file)
        assert left > 500  # the customer's tone
        assert right > 20  # what the browser's microphone sent
    finally:
        field.close()
        manager.close()
