# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import orjson
import pytest
from django.utils import timezone

from zuoxi.events.hub import Channel
from zuoxi.floor import services
from zuoxi.floor.board import Touched
from zuoxi.floor.drawing.floor import FLOOR_VIEWS
from zuoxi.floor.keeper import RESYNC, STEPS, Keeper
from zuoxi.floor.picture import Audience
from zuoxi.floor.tests.centre import ago
from zuoxi.people.models import Staff

pytestmark = pytest.mark.django_db
EVERYBODY = Audience(FLOOR_VIEWS["cards"], "zh-hans")


def turn(kept: Keeper) -> list[dict]:
    """What one turn tells the audiences, as they hear it."""
    told = kept._turn(Touched(), False)
    return [orjson.loads(body.split(b"data: ", 1)[1]) for _audience, _place, body in told if body != RESYNC]


def targets(message: dict) -> set[str]:
    return {patch["target"] for patch in message["patches"]}


def watched(kept: Keeper, *audiences: Audience) -> None:
    for audience in audiences:
        kept.hub._channels[audience] = Channel()
    kept.picture(timezone.now())
    turn(kept)


def test_only_what_changed_is_told_once_to_each_audience(switch):
    switch.sign_in("1001")
    switch.sign_in("1002")
    kept = Keeper()
    own_team = Audience(FLOOR_VIEWS["cards"], "en", frozenset({"1001"}))
    watched(kept, EVERYBODY, own_team)
    switch.pause("1002", "break")
    kept.picture(timezone.now())
    messages = turn(kept)
    everybodys, teams = [{one for one in targets(message) if "agent" in one} for message in messages]
    assert (everybodys, teams) == ({"#agent-1002"}, set())
    assert turn(kept) == []


def test_the_work_of_a_turn_does_not_grow_with_the_number_of_viewers(switch):
    kept = Keeper()
    watched(kept, EVERYBODY)
    kept.hub._channels[EVERYBODY].viewers = 200
    before = kept.rendered
    switch.sign_in("1001")
    kept.picture(timezone.now())
    turn(kept)
    assert kept.rendered == before + 1


def test_a_page_that_stands_behind_gets_what_changed_since_and_no_more(switch):
    switch.sign_in("1001")
    kept = Keeper()
    kept.picture(timezone.now())
    place = kept.place
    switch.sign_in("1002")
    body, _number = kept._caught_up(EVERYBODY, place, 0)
    heard = orjson.loads(body.split(b"data: ", 1)[1])
    assert "#agent-1002" in targets(heard) and "#agent-1001" not in targets(heard)
    assert heard["id"] > place


def test_a_whole_floor_that_comes_back_at_once_is_drawn_for_once(switch):
    switch.sign_in("1001")
    kept = Keeper()
    kept.picture(timezone.now())
    place = kept.place
    bodies = {kept._caught_up(EVERYBODY, place, 0)[0] for _ in range(50)}
    assert len(bodies) == 1 and kept.rendered == 1


@pytest.mark.parametrize("place", [0, 10**12 * STEPS])
def test_a_page_of_another_time_or_ledger_is_told_to_read_itself_anew(switch, place):
    switch.sign_in("1001")
    body, _number = Keeper()._caught_up(EVERYBODY, place, 0)
    assert body == RESYNC


def test_after_a_restart_a_page_at_the_same_event_goes_on_without_a_resync(switch):
    switch.sign_in("1001")
    first = Keeper()
    first.picture(timezone.now())
    first._steps = 7
    body, _number = Keeper()._caught_up(EVERYBODY, first.place, 0)
    heard = orjson.loads(body.split(b"data: ", 1)[1])
    assert heard["id"] == first.place + 1


def test_the_places_of_messages_only_ever_grow(switch):
    kept = Keeper()
    watched(kept, EVERYBODY)
    places = [kept.place]
    for number in range(4):
        switch.join(number)
        kept.picture(timezone.now())
        for message in turn(kept):
            places.append(message["id"])
    assert places == sorted(set(places)) and len(places) >= 5


@pytest.mark.clause("FLR-006")
def test_a_limit_that_passes_is_told_by_the_clock_alone(switch):
    switch.sign_in("1001", at=ago(hours=1))
    switch.pause("1001", "break", at=ago(minutes=4, seconds=59))
    kept = Keeper()
    watched(kept, EVERYBODY)
    assert "alert-limit" not in kept._told[EVERYBODY]["#floor-alerts"]
    state = kept._board.agents["1001"]
    kept._board.agents["1001"] = state._replace(since=ago(minutes=5, seconds=2))
    (message,) = turn(kept)
    assert "#floor-alerts" in targets(message)


@pytest.mark.clause("CALL-008")
def test_fifteen_minutes_of_not_ready_exactly_are_no_alarm_yet(switch):
    from zuoxi.floor.drawing.rows import alerts
    from zuoxi.floor.picture import Picture

    switch.sign_in("1001", at=ago(hours=2))
    switch.pause("1001", "nr:errand", at=ago(minutes=30))
    kept = Keeper()
    board, roster, _now = kept.picture(timezone.now())
    since = board.agents["1001"].since
    limit = roster.limit_of("not_ready", "errand")
    assert limit == 900

    def alarmed(seconds: float) -> bool:
        moment = since + timezone.timedelta(seconds=seconds)
        return any(row.kind == "limit" for row in alerts(Picture(board, roster, moment), EVERYBODY, ["1001"]))

    assert not alarmed(900) and alarmed(901)


@pytest.mark.clause("FLR-005", "CALL-022")
def test_a_raised_hand_stands_on_the_board_until_it_is_answered(switch):
    switch.sign_in("1001")
    kept = Keeper()
    watched(kept, EVERYBODY)
    hand = services.raise_hand("1001", "键盘坏了", timezone.now())
    assert kept.picture(timezone.now()).board.hands["1001"].note == "键盘坏了"
    assert {"#agent-1001", "#floor-alerts"} <= targets(turn(kept)[0])
    services.answer_hand(hand.pk, Staff.objects.get(code="2001"), timezone.now())
    assert kept.picture(timezone.now()).board.hands == {}


def test_a_kept_picture_that_drifted_is_replaced_and_pages_are_renewed(switch):
    switch.sign_in("1001")
    kept = Keeper()
    watched(kept, EVERYBODY)
    kept._board.agents.pop("1001")
    kept._compared_at = ago(hours=1)
    told = kept._turn(Touched(), False)
    assert [body for _audience, _place, body in told] == [RESYNC]
    assert "1001" in kept._board.agents


def test_a_new_day_begins_with_empty_counts(switch):
    from datetime import timedelta

    uid = switch.join(1)
    switch.connect(uid, "1001")
    kept = Keeper()
    now = timezone.now()
    assert kept.picture(now).board.today("sales").offered == 1
    assert kept.picture(now + timedelta(days=1)).board.today("sales").offered == 0


@pytest.mark.django_db(transaction=True)
async def test_watchers_who_come_while_the_last_one_leaves_are_served(transactional_db):
    import asyncio
    import itertools
    from contextlib import aclosing

    from asgiref.sync import sync_to_async
    from django.db import connections

    from zuoxi.floor.tests.centre import small_centre

    def in_thread(work):
        try:
            return work()
        finally:
            connections.close_all()

    kept, numbers = Keeper(), itertools.count(1)
    switch = await sync_to_async(in_thread)(small_centre)

    async def first_change() -> dict:
        async with aclosing(kept.watch(EVERYBODY, 0)) as bodies:
            assert await anext(bodies)
            await sync_to_async(in_thread)(lambda: switch.join(next(numbers)))
            async for body in bodies:
                if body and b"#floor-totals" in body:
                    return orjson.loads(body.split(b"data: ", 1)[1])
        return {}

    for _ in range(3):
        assert "#floor-totals" in targets(await asyncio.wait_for(first_change(), 15))
    while kept._task and not kept._task.done():
        await asyncio.sleep(0.1)
    await asyncio.get_running_loop().run_in_executor(kept._thread, connections.close_all)
