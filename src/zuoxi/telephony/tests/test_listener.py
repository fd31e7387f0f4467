# SPDX-License-Identifier: Apache-2.0
"""A listener against a switch that goes away, comes back, lies and is asked for things."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection
from django.utils import timezone

from zuoxi.events.models import Event, Quarantine
from zuoxi.events.selectors import in_order
from zuoxi.telephony.asterisk.clerk import Clerk
from zuoxi.telephony.asterisk.listener import Duty, Listener
from zuoxi.telephony.models import Call, Command, Queue, StateInterval, Switch, UnknownWindow
from zuoxi.telephony.services import ask
from zuoxi.telephony.tests.fake_switch import SYSTEM_NAME, FakeSwitch, frame, frames_of, trace

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
QUEUE = "emptyq"  # the queue of the traced call


async def from_books(question: Callable[[], T]) -> T:
    """A test database in memory is locked by table, and whoever comes second is refused instead of waiting."""

    def asked() -> T:
        try:
            if connection.vendor == "sqlite":  # reading must not keep the listener from writing either
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA read_uncommitted = 1")
            return question()
        finally:
            connection.close()

    for _ in range(50):
        try:
            return await sync_to_async(asked)()
        except OperationalError as refusal:
            if "locked" not in str(refusal):
                raise
        await asyncio.sleep(0.02)
    raise AssertionError("the database stayed locked")


async def until(question: Callable[[], T], seconds: float = 15.0) -> T:
    """The first true answer."""
    async with asyncio.timeout(seconds):
        while True:
            if answer := await from_books(question):
                return answer
            await asyncio.sleep(0.05)


def kinds() -> list[str]:
    return [event.kind for event in in_order()]


@dataclass
class House:
    switch: FakeSwitch
    duty: Duty
    listener: Listener | None = None
    task: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Begin, and wait until the listener is live."""
        synced = len([kind for kind in await from_books(kinds) if kind == "switch.synced"])
        self.listener = Listener(self.duty)
        self.task = asyncio.create_task(self.listener.run())
        await until(lambda: len([kind for kind in kinds() if kind == "switch.synced"]) > synced)

    async def stop(self) -> None:
        if self.listener is not None and self.task is not None:
            self.listener.stop()
            await asyncio.wait_for(self.task, 15)
        self.listener = None

    async def order(self, verb: str, agent: str, **arguments: Any) -> Command:
        row = await from_books(lambda: ask(Switch.objects.get(), verb, agent, arguments))
        answered = [Command.Status.DONE, Command.Status.FAILED]
        return await until(lambda: Command.objects.filter(pk=row.pk, status__in=answered).first())


@asynccontextmanager
async def house(tmp_path: Path, wrap_seconds: int = 1, **duty: Any) -> AsyncIterator[House]:
    async with FakeSwitch().running() as switch:
        row = await from_books(lambda: Switch.objects.create(name="lab", host="127.0.0.1", port=switch.port))
        await from_books(
            lambda: Queue.objects.create(code=QUEUE, switch=row, wrap_seconds=wrap_seconds, name_zh="甲", name_en="A")
        )
        home = House(switch, Duty("lab", switch.account, tmp_path / "lab.spool", **duty))
        try:
            yield home
        finally:
            await home.stop()


async def test_a_call_is_stored_and_folded(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit_trace("queued_call.txt")
        call = await until(lambda: Call.objects.filter(ended_at__isnull=False).first())
    assert (call.outcome, call.agent, call.wait_seconds, call.talk_seconds) == ("answered", "1002", 1, 8)
    assert call.uid == "lab-1795336489/1795336536.6"


async def test_the_same_events_again_store_nothing_new(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit_trace("left_on_timeout.txt")
        home.switch.emit_trace("left_on_timeout.txt")
        home.switch.emit_trace("turned_away.txt")
        await until(lambda: "call.diverted" in kinds())
    assert len([kind for kind in await from_books(kinds) if kind == "queue.joined"]) == 2


async def test_what_is_not_believed_is_quarantined_whole(tmp_path: Path) -> None:
    raw = frame("Hangup", "queued_call.txt").replace(b"Cause-txt", b"Cause-text")
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit(raw)
        row = await until(Quarantine.objects.first)
    assert bytes(row.raw) == raw.removesuffix(b"\r\n\r\n")
    assert row.reason == "unknown header Cause-text"


async def test_a_connection_begins_with_what_stands(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": "", "1003": "meal"}, "sales": {"1002": ""}}
        await home.listen()
        events = {event.party: event for event in await from_books(lambda: list(in_order())) if event.party}
        states = await from_books(lambda: dict(StateInterval.objects.values_list("agent", "state")))
    assert events["1002"].data["queues"] == [QUEUE, "sales"]
    assert states == {"1002": "ready", "1003": "meal"}


async def test_who_signed_out_while_nobody_listened_is_signed_out(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": ""}}
        await home.listen()
        await home.stop()
        home.switch.members = {}
        await home.listen()
        states = await from_books(
            lambda: list(StateInterval.objects.filter(to_at=None).values_list("state", flat=True))
        )
    assert states == ["signed_out"]


async def test_a_lost_switch_is_found_again_and_the_gap_is_unknown(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.drop()
        await until(lambda: kinds().count("switch.synced") == 2)
        windows = await from_books(lambda: list(UnknownWindow.objects.all()))
        home.switch.emit_trace("left_on_timeout.txt")
        await until(lambda: "queue.joined" in kinds())
    assert "switch.lost" in await from_books(kinds)
    assert [window.why for window in windows] == ["listener away"]
    assert windows[0].from_at < windows[0].to_at


async def test_a_half_open_switch_is_noticed_and_found_again(tmp_path: Path) -> None:
    async with house(tmp_path, silence=0.2) as home:
        await home.listen()
        home.switch.mute = True
        await until(lambda: "switch.lost" in kinds())
        home.switch.mute = False
        await until(lambda: kinds().count("switch.synced") == 2)


async def test_a_restarted_switch_is_another_instance_and_its_old_calls_have_ended(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit(frame("QueueCallerJoin", "queued_call.txt"))
        await until(lambda: Call.objects.filter(ended_at=None).first())
        home.switch.started += 3600
        home.switch.drop()
        await until(lambda: kinds().count("switch.synced") == 2)
        call = await from_books(Call.objects.get)
        switch = await from_books(Switch.objects.get)
    assert switch.instance == f"lab-{home.switch.started}"
    assert call.ended_at.timestamp() <= home.switch.started
    assert call.outcome == "unknown"


async def test_an_agent_whose_call_was_lost_with_the_switch_is_not_left_on_it(tmp_path: Path) -> None:
    """He is on a new call already when the listener comes back: only the old one is told to have ended."""
    async with house(tmp_path) as home:
        home.switch.members = {"sales": {"1002": ""}}
        await home.listen()
        for event in ("QueueCallerJoin", "AgentConnect", "BridgeEnter"):
            home.switch.emit(frame(event, "queued_call.txt", Timestamp=f"{time.time():.6f}"))
        await until(lambda: StateInterval.objects.filter(agent="1002", state="on_call", to_at=None).first())
        home.switch.started = int(time.time()) + 1
        home.switch.busy = {"1002"}
        home.switch.drop()
        await until(lambda: kinds().count("switch.synced") == 2)
        present = await from_books(lambda: StateInterval.objects.get(agent="1002", to_at=None))
    assert present.state != "on_call"  # until the switch tells of the new call


async def test_a_completion_without_channels_belongs_to_the_call_that_the_agent_had(tmp_path: Path) -> None:
    complete = frame("AgentComplete", "queued_call.txt")
    bare = complete[: complete.index(b"Channel: ")] + complete[complete.index(b"Queue: ") :]
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit(frame("QueueCallerJoin", "queued_call.txt"), frame("AgentConnect", "queued_call.txt"), bare)
        call = await until(lambda: Call.objects.filter(talk_seconds=8).first())
    assert call.agent == "1002"


async def test_a_channel_that_never_was_a_call_leaves_none(tmp_path: Path) -> None:
    """A supervisor who listened, or an agent who did not take up the telephone that was rung for him."""
    ended = frame(
        "Hangup", "queued_call.txt", Linkedid=f"{SYSTEM_NAME}-1795336600.1", Uniqueid=f"{SYSTEM_NAME}-1795336600.1"
    )
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit(ended)
        home.switch.emit_trace("queued_call.txt")
        await until(lambda: Call.objects.filter(ended_at__isnull=False).first())
        assert await from_books(Call.objects.count) == 1


async def test_stopping_stores_everything_that_was_heard(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit(trace("queued_call.txt") + trace("left_on_timeout.txt") + trace("turned_away.txt"))
        await asyncio.sleep(0.05)
        await home.stop()
        assert await from_books(Call.objects.count) == 3
        assert not (tmp_path / "lab.spool").exists()


async def test_a_database_that_is_away_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        store, away = home.listener._books.store, True

        def refusing(facts: Any, doubts: Any = ()) -> None:
            if away:
                raise OperationalError("the database is away")
            store(facts, doubts)

        monkeypatch.setattr(home.listener._books, "store", refusing)
        home.switch.emit_trace("queued_call.txt")
        await asyncio.sleep(0.5)
        assert len(home.listener._spool) > 0
        away = False
        await until(lambda: Call.objects.filter(ended_at__isnull=False).first())


async def test_what_a_killed_listener_left_on_disk_is_stored_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(clerk: Clerk) -> None:
        await asyncio.Event().wait()

    left = tmp_path / "lab.spool"
    async with house(tmp_path) as home:
        with monkeypatch.context() as killed:
            killed.setattr(Clerk, "run", never)
            await home.listen()
            home.listener._spool._room = 0  # everything goes to disk
            home.switch.emit_trace("queued_call.txt")
            async with asyncio.timeout(5):
                while len(home.listener._spool) < len(frames_of("queued_call.txt")):
                    await asyncio.sleep(0.02)
            home.listener._spool._behind.flush()
            on_disk = left.read_bytes()
            home.task.cancel()
            await asyncio.gather(home.task, return_exceptions=True)
        left.write_bytes(on_disk)  # as a kill would have left it
        await home.listen()
        await until(lambda: Call.objects.filter(ended_at__isnull=False).first())


async def test_signing_in_and_out_is_asked_of_the_switch_and_told_by_it(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        done = await home.order("sign_in", "1002", queues=[QUEUE])
        again = await home.order("sign_in", "1002", queues=[QUEUE])
        await until(lambda: StateInterval.objects.filter(agent="1002", state="ready", to_at=None).first())
        await home.order("pause", "1002", reason="meal")
        await until(lambda: StateInterval.objects.filter(agent="1002", state="meal", to_at=None).first())
        await home.order("ready", "1002")
        await until(lambda: StateInterval.objects.filter(agent="1002", state="ready", to_at=None).first())
        out = await home.order("sign_out", "1002", queues=[])
        await until(lambda: StateInterval.objects.filter(agent="1002", state="signed_out", to_at=None).first())
    assert [row.status for row in (done, again, out)] == ["done"] * 3


async def test_a_command_that_the_switch_refuses_fails_in_its_words(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        row = await home.order("pause", "1009", reason="meal")
    assert (row.status, row.message) == ("failed", "Interface not found")


async def test_a_command_with_a_value_of_the_wrong_shape_is_never_sent(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        row = await home.order("dial", "1002", number="139&Exec=rm")
        other = await home.order("listen", "1002", target="1002")
    assert row.status == other.status == "failed"
    assert not [action for action in home.switch.asked if action["Action"] == "Originate"]


async def test_dialling_rings_the_agent_first_and_presents_the_number_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        row = await home.order("dial", "1002", number="13900002222", present="4008008000")
    asked = next(action for action in home.switch.asked if action["Action"] == "Originate")
    assert row.status == "done"
    assert (asked["Channel"], asked["Context"], asked["Exten"]) == ("PJSIP/1002", "from-agent", "13900002222")
    assert asked["Variable"] == ["ZUOXI_AGENT=1002", "ZUOXI_PRESENT=4008008000"]


async def test_a_supervisor_listens_to_an_agent_who_has_a_call(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.switch.channels = ["PJSIP/1002-0000000a", "PJSIP/trunk-0000000b"]
        await home.listen()
        heard = await home.order("listen", "1901", target="1002")
        nobody = await home.order("whisper", "1901", target="1003")
        moved = await home.order("transfer_blind", "1002", to="1003")
    assert [heard.status, nobody.status, moved.status] == ["done", "failed", "done"]
    asked = next(action for action in home.switch.asked if action["Action"] == "Originate")
    assert (asked["Context"], asked["Exten"], asked["Variable"]) == ("zuoxi-spy", "listen", "ZUOXI_TARGET=1002")
    transfer = next(action for action in home.switch.asked if action["Action"] == "BlindTransfer")
    assert (transfer["Channel"], transfer["Exten"]) == ("PJSIP/1002-0000000a", "1003")


async def test_who_listens_to_one_call_and_asks_for_another_leaves_the_first(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.switch.channels = ["PJSIP/1002-0000000a", "PJSIP/1901-0000000c"]
        home.switch.apps = {"PJSIP/1901-0000000c": "ChanSpy"}
        await home.listen()
        moved = await home.order("listen", "1901", target="1002")
    assert moved.status == "done"
    told = [(one["Action"], one["Channel"]) for one in home.switch.asked if one["Action"] in ("Hangup", "Originate")]
    assert told == [("Hangup", "PJSIP/1901-0000000c"), ("Originate", "PJSIP/1901")]


async def test_an_order_whose_answer_a_former_listener_missed_is_failed_not_sent_again(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        row = await from_books(
            lambda: Command.objects.create(
                switch=Switch.objects.get(), verb="hang_up", agent="1002", asked_at=timezone.now(), status="sent"
            )
        )
        await home.listen()
        await from_books(row.refresh_from_db)
    assert row.status == "failed"
    assert not [action for action in home.switch.asked if action["Action"] == "Hangup"]


def call_for(agent: str = "1002") -> tuple[bytes, bytes]:
    """AgentConnect and AgentComplete of the traced call."""
    return frame("AgentConnect", "queued_call.txt"), frame("AgentComplete", "queued_call.txt")


async def test_wrap_up_is_a_pause_of_ours_that_ends_by_itself(tmp_path: Path) -> None:
    connect, complete = call_for()
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": ""}}
        await home.listen()
        home.switch.emit(connect)
        await until(lambda: home.switch.members[QUEUE]["1002"] == "oncall")
        home.switch.emit(complete)
        await until(lambda: len(home.switch.pauses()) == 3)
        reasons, moments = zip(*home.switch.pauses(), strict=True)
        assert reasons == ("oncall", "wrapup", "")
        assert moments[2] - moments[1] >= 1.0
        await until(lambda: home.switch.members[QUEUE]["1002"] == "")


async def test_wrap_up_is_extended_once(tmp_path: Path) -> None:
    connect, complete = call_for()
    async with house(tmp_path, wrap_seconds=60) as home:
        home.switch.members = {QUEUE: {"1002": ""}}
        await home.listen()
        home.switch.emit(connect, complete)
        await until(lambda: home.switch.members[QUEUE]["1002"] == "wrapup")
        once = await home.order("extend_wrap_up", "1002")
        twice = await home.order("extend_wrap_up", "1002")
    assert (once.status, twice.status) == ("done", "failed")


async def test_a_meal_asked_for_during_the_call_follows_it_without_wrap_up(tmp_path: Path) -> None:
    connect, complete = call_for()
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": ""}}
        await home.listen()
        home.switch.emit(connect)
        await until(lambda: home.switch.members[QUEUE]["1002"] == "oncall")
        await home.order("pause", "1002", reason="meal")
        home.switch.emit(complete)
        await asyncio.sleep(1.5)
        assert home.switch.members[QUEUE]["1002"] == "meal"


@pytest.mark.parametrize("stuck", ["oncall", "wrapup"])
async def test_nobody_stays_paused_when_a_listener_went_away_in_his_wrap_up(tmp_path: Path, stuck: str) -> None:
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": stuck, "1003": "meal"}}
        await home.listen()
        await until(lambda: home.switch.members[QUEUE]["1002"] == "")
        assert home.switch.members[QUEUE]["1003"] == "meal"


async def test_an_agent_still_on_his_call_keeps_his_pause(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.switch.members = {QUEUE: {"1002": "oncall"}}
        home.switch.busy = {"1002"}
        await home.listen()
        await asyncio.sleep(0.6)
        assert home.switch.members[QUEUE]["1002"] == "oncall"


async def test_two_listeners_never_carry_out_the_same_order(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        second = Listener(Duty("lab", home.switch.account, tmp_path / "second.spool"))
        task = asyncio.create_task(second.run())
        await until(lambda: kinds().count("switch.synced") == 2)
        for _ in range(5):
            await home.order("sign_in", "1002", queues=[QUEUE])
        second.stop()
        await task
    assert len([action for action in home.switch.asked if action["Action"] == "QueueAdd"]) == 5


async def test_events_are_counted_once_whatever_was_read_twice(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        for _ in range(3):
            home.switch.emit_trace("attended_transfer.txt")
        await until(lambda: Call.objects.filter(ended_at__isnull=False).first())
    assert await from_books(Event.objects.values("key").distinct().count) == await from_books(Event.objects.count)


async def test_whose_caller_was_taken_over_is_wrapped_up_at_once_and_not_again_when_the_caller_goes(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as home:
        home.switch.members = {"emptyq": {"1002": ""}}
        await home.listen()
        began, ended = call_for()
        leg = {"Channel": "PJSIP/1002-00000005", "Uniqueid": f"{SYSTEM_NAME}-1795336536.7"}
        home.switch.emit(began, frame("Hangup", "queued_call.txt", **leg))
        await until(lambda: Event.objects.filter(kind="leg.ended", party="1002").first())
        await until(lambda: home.switch.pauses()[2:])
        assert [reason for reason, _ in home.switch.pauses()] == ["oncall", "wrapup", ""]
        home.switch.emit(ended)
        await until(lambda: Event.objects.filter(kind="agent.completed").first())
        await asyncio.sleep(0.3)
        assert [reason for reason, _ in home.switch.pauses()] == ["oncall", "wrapup", ""]


async def test_a_telephone_that_hangs_up_at_the_end_of_a_call_is_no_news(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.listen()
        home.switch.emit_trace("queued_call.txt")
        await until(lambda: Call.objects.filter(ended_at__isnull=False).first())
        assert not await from_books(Event.objects.filter(kind="leg.ended").exists)
