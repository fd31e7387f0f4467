# SPDX-License-Identifier: Apache-2.0
"""An agent's work in Chromium on a real Asterisk: signs in, takes a call, holds it, passes it on, writes it up, and a
supervisor hears the recording in the page. Listener and pages are processes of their own, as an operator runs them."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.switch_room import switch_for_browsers
from tests.telephony.house import House
from tests.telephony.sipp import Caller, Field, Phones, tone_file

from zuoxi.telephony.asterisk.lab import Laboratory

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]
NAMESPACE = os.environ.get("ZUOXI_TEST_NAMESPACE", "zuoxi") + "-shift"
SHOTS = os.environ.get("ZUOXI_SHOTS", "")
PASSWORD = "correct horse battery"
HEARD = {"complete", "short"}  # on a busy machine a recorder begins late, and is told of

SEATS = """
from zuoxi.telephony.models import Extension, Number, Queue, QueueMembership, Switch
from zuoxi.telephony.tests import factories as make
told = {told}
switch = Switch.objects.get(name="lab")
Switch.objects.update(websocket_url=told["websocket"], sip_domain=told["address"])
queues = [Queue.objects.create(switch=switch, code=code, name_zh=name, wrap_seconds=40, surveyed=code == "rated")
          for code, name in (("sales", "订购热线"), ("rated", "客户服务"))]
team = make.team("t1")
for code, role in (("1901", "TSR"), ("1902", "TSR"), ("1001", "TSR"), ("8001", "TSRS")):
    staff = make.person(code, role, team)
    staff.user.set_password({password!r})
    staff.user.save()
    if role == "TSR":
        Extension.objects.create(number=code, switch=switch, staff=staff, browser=code > "1900",
                                 secret=told["passwords"][code])
        for queue in queues:
            QueueMembership.objects.create(queue=queue, staff=staff)
"""


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    yield from switch_for_browsers(NAMESPACE)


@pytest.fixture
def house(laboratory: Laboratory, tmp_path: Path) -> Iterator[House]:
    state = laboratory.state()
    assert state is not None
    line = state.line()
    one = House(NAMESPACE, tmp_path, settings={"ZUOXI_SOFTPHONE_ORIGINS": line["websocket"].rsplit("/", 1)[0]})
    one.listen()
    told = {"websocket": line["websocket"], "address": state.address, "passwords": state.passwords}
    one.python(SEATS.format(told=told, password=PASSWORD))
    one.serve()
    yield one
    one.close()
    for code in ("1901", "1902"):
        for queue in ("sales", "rated"):
            laboratory.command(f"queue remove member PJSIP/{code} from {queue}")


@pytest.fixture
def field(house: House, tmp_path: Path) -> Iterator[Field]:
    people = Field(NAMESPACE, tmp_path)
    yield people
    people.close()


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Any]:
    contexts = []

    def signed_in(code: str) -> Page:
        """A page of that person, through the sign-in form."""
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai",
            base_url=f"http://127.0.0.1:{house.port}",
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(code)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def seen(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def at_the_desk(page: Page) -> Locator:
    """The desk of somebody who has signed in to his queues, his telephone registered."""
    page.goto("/desk/")
    phone = page.locator(".zx-phone[data-config-url]")
    expect(phone).to_have_attribute("data-reach", "yes")
    expect(page.locator("[data-island=live]")).to_have_attribute("data-live", "open")
    page.locator("button[value=sign_in]").click()
    expect(page.locator("#desk-state")).to_have_attribute("data-state", "ready")
    return phone


def take(phone: Locator) -> None:
    expect(phone).to_have_attribute("data-call", "ringing", timeout=60_000)
    phone.locator('[data-phone-do="answer"]').click()
    expect(phone).to_have_attribute("data-call", "talking")


def pass_on(page: Page, phone: Locator, to: str, how: str) -> None:
    phone.locator('button[data-dialog$="phone-transfer"]').click()
    page.locator('dialog[id$="phone-transfer"] [data-phone-number]').fill(to)
    page.locator(f'dialog[id$="phone-transfer"] [data-phone-do="{how}"]').click()


def rows(house: House, count: int) -> list[dict[str, Any]]:
    def ended() -> list[dict[str, Any]] | None:
        calls = [one for one in house.calls() if one["direction"] == "inbound"]
        return calls if len([one for one in calls if one["ended_at"]]) >= count else None

    found: list[dict[str, Any]] = house.until(ended)
    return found


@pytest.mark.clause("CALL-001")
@pytest.mark.clause("CALL-002")
def test_a_call_is_taken_held_written_up_and_heard_again_in_the_page(house, field, enter, tmp_path):
    desk = enter("1901")
    phone = at_the_desk(desk)
    seen(desk, "1-ready")
    caller = field.call(Caller("8000", hold_seconds=120, sound=tone_file(tmp_path / "tone.ulaw")))
    take(phone)
    expect(desk.locator("#desk-state")).to_have_attribute("data-state", "on_call")
    expect(desk.locator("#desk-call")).to_contain_text("139")
    seen(desk, "2-talking")
    phone.locator('[data-phone-do="hold"]').click()
    held = time.monotonic()
    expect(phone).to_have_attribute("data-call", "held")
    expect(desk.locator(".zx-hold-prompt")).to_be_visible()
    seen(desk, "3-held")
    desk.wait_for_timeout(2500)
    phone.locator('[data-phone-do="hold"]').click()
    expect(phone).to_have_attribute("data-call", "talking")
    held = time.monotonic() - held
    desk.wait_for_timeout(2500)
    phone.locator('[data-phone-do="hangup"]').click()
    expect(phone).to_have_attribute("data-call", "none")
    assert caller.end()["successful"] == 1
    expect(desk.locator("#desk-state")).to_have_attribute("data-state", "wrap_up")
    expect(desk.locator("#desk-call .zx-wrap-left")).to_be_visible()
    desk.get_by_text("物流配送").click()
    desk.get_by_text("当场解决").click()
    desk.locator("#desk-call textarea[name=note]").fill("催促发货，已登记")
    seen(desk, "4-wrap-up")
    desk.locator("#desk-call button[value=ready]").click()
    expect(desk.locator("#desk-state")).to_have_attribute("data-state", "ready")
    (row,) = rows(house, 1)
    assert (row["outcome"], row["agent"], row["queue"]) == ("answered", "1901", "sales")
    assert 2 <= row["hold_seconds"] <= held + 1
    assert row["recording"]["status"] in HEARD
    heard(house, enter("8001"), row)


def heard(house: House, page: Page, row: dict[str, Any]) -> None:
    """The supervisor opens the call, sees its shape of sound, plays it, and that stands in the audit chain."""
    page.goto(f"/calls/{row['id']}/")
    player = page.locator("[data-island=waveform]").first
    expect(player).to_be_visible()
    expect(page.locator("body")).to_contain_text("催促发货，已登记")
    player.locator("[data-wave-play]").click()
    expect(player.locator("[data-wave-time]")).to_have_text(re.compile(r"^0?0:0[2-9] / "))
    seen(page, "5-recording")
    played = house.python(
        "from zuoxi.vault.models import AuditEntry\n"
        "rows = AuditEntry.objects.filter(verb='telephony.recording.played')\n"
        "print(json.dumps(list(rows.values_list('who', flat=True))))"
    )
    assert played == ["8001"]


def test_a_call_is_passed_on_at_once_and_after_asking(house, laboratory, field, enter, tmp_path):
    first, second = enter("1901"), enter("1902")
    mine = at_the_desk(first)
    field.phones(Phones(ring_seconds=0.3))
    sound = tone_file(tmp_path / "tone.ulaw")
    blind = field.call(Caller("8000", hold_seconds=120, sound=sound))
    take(mine)
    first.wait_for_timeout(1500)
    pass_on(first, mine, "1001", "blind")
    expect(mine).to_have_attribute("data-call", "none")
    first.wait_for_timeout(2500)
    laboratory.command("channel request hangup all")  # the customer and the colleague have talked
    assert blind.end(40)["successful"] == 1
    first.locator("button[value=ready]").first.click()
    expect(first.locator("#desk-state")).to_have_attribute("data-state", "ready")

    second.goto("/desk/")
    theirs = second.locator(".zx-phone[data-config-url]")
    expect(theirs).to_have_attribute("data-reach", "yes")
    asked = field.call(Caller("8000", hold_seconds=120, sound=sound))
    take(mine)
    pass_on(first, mine, "1902", "consult")
    take(theirs)
    expect(mine).to_have_attribute("data-second", re.compile("yes|talking|up"))
    seen(first, "6-asking")
    first.wait_for_timeout(1500)
    mine.locator('[data-phone-do="complete"]').click()
    expect(mine).to_have_attribute("data-call", "none")
    expect(theirs).to_have_attribute("data-call", "talking")
    second.wait_for_timeout(2500)
    theirs.locator('[data-phone-do="hangup"]').click()
    assert asked.end(60)["successful"] == 1
    one, two = sorted(rows(house, 2), key=lambda row: row["id"])
    told = [[(leg["agent"], leg["kind"]) for leg in row["legs"]] for row in (one, two)]
    assert told[0] == [("1901", "answered"), ("1001", "transferred")]
    assert told[1][0] == ("1901", "answered") and told[1][-1] == ("1902", "transferred")
    assert {row["recording"]["status"] for row in (one, two)} <= HEARD, json.dumps([one, two])


def test_three_talk_and_the_agent_goes(house, laboratory, field, enter, tmp_path):
    desk = enter("1901")
    phone = at_the_desk(desk)
    field.phones(Phones(ring_seconds=0.3))
    caller = field.call(Caller("8000", hold_seconds=120, sound=tone_file(tmp_path / "tone.ulaw")))
    take(phone)
    pass_on(desk, phone, "1001", "consult")
    expect(phone.locator('[data-phone-do="conference"]')).to_be_visible()
    time.sleep(2)
    phone.locator('[data-phone-do="conference"]').click()
    desk.wait_for_timeout(2500)
    seen(desk, "7-three-way")
    phone.locator('[data-phone-do="hangup"]').click()
    expect(phone).to_have_attribute("data-call", "none")
    laboratory.command("channel request hangup all")
    caller.end(40)
    (row,) = rows(house, 1)
    assert (row["outcome"], row["agent"]) == ("answered", "1901")
    (asked,) = [one for one in house.calls() if one["direction"] == "internal"]
    assert (asked["agent"], asked["called"], asked["outcome"]) == ("1901", "1001", "answered")
