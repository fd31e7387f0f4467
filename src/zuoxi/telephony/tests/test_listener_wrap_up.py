# SPDX-License-Identifier: Apache-2.0
"""When an agent is paused and made ready again around a call; and the spool between reading and storing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.telephony.asterisk.frames import Frame, Parser, Rejected
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.asterisk.resync import boot_second
from zuoxi.telephony.asterisk.spool import Heard, Spool
from zuoxi.telephony.asterisk.wrap_up import Wish, WrapUps
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, trace

BOOT = Boot("lab", 1795336489, SYSTEM_NAME)


@pytest.fixture
def wrap_ups() -> WrapUps:
    return WrapUps({"sales": 30, "quick": 0})


def on_call(wrap_ups: WrapUps) -> None:
    wrap_ups.connected("1002", "sales")
    wrap_ups.paused("1002", "oncall", 0)


def in_wrap_up(wrap_ups: WrapUps, at: float = 100) -> None:
    on_call(wrap_ups)
    wrap_ups.completed("1002", "sales", at)
    wrap_ups.paused("1002", "wrapup", at)


def test_an_agent_is_paused_for_the_call_and_then_for_the_wrap_up(wrap_ups: WrapUps) -> None:
    assert wrap_ups.connected("1002", "sales") == Wish("1002", "oncall")
    wrap_ups.paused("1002", "oncall", 1)
    assert wrap_ups.completed("1002", "sales", 60) == Wish("1002", "wrapup")


def test_the_wrap_up_ends_when_the_queues_time_is_over_and_not_before(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups, at=100)
    assert list(wrap_ups.due(129.9)) == []
    assert list(wrap_ups.due(130.0)) == [Wish("1002", "")]


def test_a_switch_that_did_not_hear_is_asked_again_a_second_later(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups, at=100)
    assert list(wrap_ups.due(130)) == [Wish("1002", "")]
    assert list(wrap_ups.due(130.5)) == []
    assert list(wrap_ups.due(131)) == [Wish("1002", "")]
    wrap_ups.ready("1002")
    assert list(wrap_ups.due(140)) == []


def test_a_short_call_whose_pause_was_not_confirmed_yet_is_wrapped_up_too(wrap_ups: WrapUps) -> None:
    wrap_ups.connected("1002", "sales")
    assert wrap_ups.completed("1002", "sales", 1) == Wish("1002", "wrapup")
    wrap_ups.paused("1002", "oncall", 1)
    wrap_ups.paused("1002", "wrapup", 1)
    assert list(wrap_ups.due(31)) == [Wish("1002", "")]


def test_a_pause_that_the_agent_chose_stands(wrap_ups: WrapUps) -> None:
    on_call(wrap_ups)
    wrap_ups.paused("1002", "meal", 10)
    assert wrap_ups.completed("1002", "sales", 20) is None
    assert wrap_ups.connected("1002", "sales") is None
    assert list(wrap_ups.due(1000)) == []


def test_an_agent_who_ends_his_wrap_up_early_is_left_alone(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups)
    wrap_ups.ready("1002")
    assert list(wrap_ups.due(1000)) == []


def test_a_meal_after_the_wrap_up_began_ends_it(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups)
    wrap_ups.paused("1002", "meal", 110)
    assert list(wrap_ups.due(1000)) == []


def test_a_queue_without_wrap_up_pauses_nobody(wrap_ups: WrapUps) -> None:
    assert wrap_ups.connected("1002", "quick") is None
    assert wrap_ups.completed("1002", "quick", 5) is None
    assert wrap_ups.connected("1002", "unheard-of") is None


def test_a_wrap_up_is_extended_once_by_its_own_length(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups, at=100)
    assert wrap_ups.extend("1002")
    assert not wrap_ups.extend("1002")
    assert list(wrap_ups.due(159)) == []
    assert list(wrap_ups.due(160)) == [Wish("1002", "")]


def taken_over(wrap_ups: WrapUps, at: float = 100) -> None:
    wrap_ups.connected("1002", "sales", "first")
    wrap_ups.paused("1002", "oncall", 0)
    assert wrap_ups.left("1002", "first", at) == Wish("1002", "wrapup")
    wrap_ups.paused("1002", "wrapup", at)


def test_whose_caller_is_taken_over_is_in_wrap_up_at_once(wrap_ups: WrapUps) -> None:
    taken_over(wrap_ups, at=100)
    assert list(wrap_ups.due(129.9)) == []
    assert list(wrap_ups.due(130)) == [Wish("1002", "")]


@pytest.mark.parametrize("named", ["first", ""])
def test_the_late_end_of_a_call_that_was_taken_over_begins_no_second_wrap_up(wrap_ups: WrapUps, named: str) -> None:
    taken_over(wrap_ups)
    wrap_ups.ready("1002")
    wrap_ups.connected("1002", "sales", "second")
    wrap_ups.paused("1002", "oncall", 140)
    assert wrap_ups.completed("1002", "sales", 150, named) is None
    assert list(wrap_ups.due(1000)) == []
    assert wrap_ups.completed("1002", "sales", 160, "second") == Wish("1002", "wrapup")


def test_a_telephone_that_hangs_up_after_the_queue_has_ended_the_call_changes_nothing(wrap_ups: WrapUps) -> None:
    wrap_ups.connected("1002", "sales", "first")
    wrap_ups.completed("1002", "sales", 100, "first")
    assert wrap_ups.left("1002", "first", 101) is None
    assert wrap_ups.left("1002", "unheard-of", 101) is None
    assert wrap_ups.left("1003", "", 101) is None


def test_nothing_is_extended_where_there_is_no_wrap_up(wrap_ups: WrapUps) -> None:
    assert not wrap_ups.extend("1002")
    on_call(wrap_ups)
    assert not wrap_ups.extend("1002")


def test_after_a_reconnection_the_rest_of_a_wrap_up_is_kept(wrap_ups: WrapUps) -> None:
    assert wrap_ups.adopt("1002", "wrapup", False, 12, now=500) is None
    assert list(wrap_ups.due(511)) == []
    assert list(wrap_ups.due(512)) == [Wish("1002", "")]


def test_after_a_reconnection_a_call_that_has_ended_becomes_the_rest_of_its_wrap_up(wrap_ups: WrapUps) -> None:
    assert wrap_ups.adopt("1002", "oncall", False, 12, now=500) == Wish("1002", "wrapup")
    assert wrap_ups.adopt("1003", "oncall", False, -5, now=500) == Wish("1003", "")
    assert wrap_ups.adopt("1004", "oncall", True, 0, now=500) is None


def test_what_was_heard_since_the_connection_began_goes_before_what_was_found(wrap_ups: WrapUps) -> None:
    in_wrap_up(wrap_ups, at=500)
    assert wrap_ups.adopt("1002", "oncall", False, 0, now=500.2) is None
    assert list(wrap_ups.due(530)) == [Wish("1002", "")]
    wrap_ups.forget()
    assert wrap_ups.adopt("1002", "oncall", False, 0, now=600) == Wish("1002", "")


@given(
    st.lists(
        st.sampled_from(["connect", "complete", "leave", "oncall", "wrapup", "meal", "ready", "extend"]), max_size=30
    )
)
def test_whatever_happens_only_wrap_ups_are_ever_lifted(happenings: list[str]) -> None:
    wrap_ups, reason, now = WrapUps({"sales": 5}), "", 0.0
    for what in happenings:
        now += 1
        if what == "connect":
            wrap_ups.connected("1002", "sales", str(now))
        elif what == "leave":
            wrap_ups.left("1002", str(now - 1), now)
        elif what == "complete":
            wrap_ups.completed("1002", "sales", now)
        elif what == "ready":
            reason = ""
            wrap_ups.ready("1002")
        elif what == "extend":
            wrap_ups.extend("1002")
        else:
            reason = what
            wrap_ups.paused("1002", what, now)
        for wish in wrap_ups.due(now):
            assert wish == Wish("1002", "")
            assert reason not in ("meal",)


# The spool


def heard(name: str = "queued_call.txt") -> list[Heard]:
    items = Parser(SYSTEM_NAME).feed(b"Asterisk Call Manager/11.0.0\r\n" + trace(name))
    return [Heard(item, BOOT, float(i)) for i, item in enumerate(items)]


async def drained(spool: Spool, most: int = 5) -> list[Heard]:
    found = []
    while len(spool):
        batch = await spool.take(most, 0)
        found += batch
        spool.done(len(batch))
    return found


async def test_what_is_put_comes_out_in_order_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    for one in heard():
        spool.put(one)
    assert await drained(spool) == heard()


async def test_what_does_not_fit_goes_to_disk_and_comes_back_in_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", room=3)
    everything = [*heard(), Heard(Rejected(b"x\r\ny", "why"), BOOT, 9.5), *heard("turned_away.txt")]
    for one in everything:
        spool.put(one)
    assert (tmp_path / "s").exists()
    first = await spool.take(2, 0)
    spool.done(2)
    spool.put(everything[0])
    assert first + await drained(spool) == [*everything, everything[0]]
    assert not (tmp_path / "s").exists()


async def test_what_was_not_stored_is_taken_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    for one in heard():
        spool.put(one)
    assert await spool.take(3, 0) == await spool.take(3, 0)


async def test_what_is_kept_at_the_end_is_found_by_the_next(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", room=4)
    for one in heard():
        spool.put(one)
    spool.keep()
    assert await drained(Spool(tmp_path / "s")) == heard()


async def test_an_entry_that_a_kill_cut_short_is_dropped_and_the_others_stand(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s", room=0)
    for one in heard():
        spool.put(one)
    spool.close()
    whole = (tmp_path / "s").read_bytes()
    (tmp_path / "s").write_bytes(whole[:-7])
    later = Spool(tmp_path / "s")
    later.put(heard()[0])
    assert await drained(later) == [*heard()[:-1], heard()[0]]


async def test_taking_waits_for_something(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    waiting = asyncio.create_task(spool.take(5, 0))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    spool.put(heard()[0])
    assert isinstance((await waiting)[0].item, Frame)


# Which run of the switch


@pytest.mark.parametrize("zone_hours", [-11, -3.5, 0, 5.75, 8, 14])
@pytest.mark.parametrize("uptime", [0, 30, 899, 901, 40_000, 8_000_000])
def test_the_second_of_a_start_is_found_whatever_zone_the_switch_writes(zone_hours: float, uptime: int) -> None:
    since = 1795336489
    written = datetime.fromtimestamp(since + zone_hours * 3600, UTC)
    now = datetime.fromtimestamp(since + uptime + 3, UTC)
    assert boot_second(written, now, uptime) == since
