# SPDX-License-Identifier: Apache-2.0
"""What the manager interface did not tell is made good from the switch's own logs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zuoxi.telephony.asterisk.backfill import LogFile, Place, QueueLogTail, Recent, cel_between, end_of, first_place
from zuoxi.telephony.asterisk.config.logs import CEL_COLUMNS
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.facts import SwitchFact

BOOT = Boot("lab", 1795336489, "zx-5f1d9c27")
NOW = datetime.fromtimestamp(1795336600, UTC)
START = b"1795336489|NONE|NONE|NONE|QUEUESTART|\n"
JOIN = b"1795336491|zx-5f1d9c27-1795336490.0|sales|NONE|ENTERQUEUE||13800001111|1\n"
CONNECT = b"1795336492|zx-5f1d9c27-1795336490.0|sales|1002|CONNECT|1|zx-5f1d9c27-1795336491.1|1\n"
COMPLETE = b"1795336499|zx-5f1d9c27-1795336490.0|sales|1002|COMPLETECALLER|1|7|1\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "queue_log"
    path.write_bytes(START + JOIN + CONNECT + COMPLETE)
    return path


def read(path: Path, saved: dict | None = None, heard: Recent | None = None, now: datetime = NOW) -> QueueLogTail:
    tail = QueueLogTail(path, saved, BOOT, {})
    tail.facts, tail.doubts = tail.read(now, heard or Recent())
    return tail


def told(tail: QueueLogTail) -> list[str]:
    return [fact.kind for fact in tail.facts]


def test_a_log_is_read_from_the_last_start_on_and_goes_on_where_it_was(log: Path) -> None:
    tail = read(log)
    assert told(tail) == ["queue.joined", "agent.connected", "agent.completed"]
    assert told(read(log, tail.saved())) == []
    with log.open("ab") as file:
        file.write(b"1795336550|MANAGER|sales|1002|REMOVEMEMBER|\n")
    assert told(read(log, tail.saved())) == ["member.removed"]


def test_a_line_is_left_until_its_second_is_over(log: Path) -> None:
    at = datetime.fromtimestamp(1795336500, UTC)
    tail = read(log, now=at)
    assert told(tail) == ["queue.joined", "agent.connected"]
    assert told(read(log, tail.saved())) == ["agent.completed"]


def test_a_line_that_is_still_being_written_is_left(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b"1795336550|MANAGER|sales|1002|REMOVE")
    tail = read(log)
    assert len(tail.facts) == 3
    with log.open("ab") as file:
        file.write(b"MEMBER|\n")
    assert told(read(log, tail.saved())) == ["member.removed"]


def test_a_rotated_log_is_finished_before_its_successor(log: Path) -> None:
    saved = read(log).saved()
    with log.open("ab") as file:
        file.write(b"1795336550|MANAGER|sales|1002|REMOVEMEMBER|\n")
    log.rename(log.with_name("queue_log.1"))
    log.write_bytes(b"1795336560|MANAGER|sales|1003|ADDMEMBER|\n")
    tail = read(log, saved)
    assert told(tail) == ["member.removed", "member.added"]
    assert tail.saved()["inode"] == log.stat().st_ino


def test_a_log_that_was_cut_is_begun_again(log: Path) -> None:
    saved = read(log).saved()
    with log.open("r+b") as file:
        file.truncate(0)
        file.write(b"1795336560|MANAGER|sales|1003|ADDMEMBER|\n")
    assert told(read(log, saved)) == ["member.added"]


def test_what_was_heard_is_passed_over_and_what_was_not_is_stored(log: Path) -> None:
    heard = Recent()
    subject = "lab-1795336489/1795336490.0"
    moment = datetime(2026, 11, 22, 8, 34, 51, 213654, tzinfo=UTC)
    joined = SwitchFact("queue.joined", moment, subject, "", {"queue": "sales"}, "ami", b"k" * 16)
    heard.note(joined)
    tail = read(log, heard=heard)
    assert told(tail) == ["agent.connected", "agent.completed"]
    assert tail.reconciled == 1


def test_a_consultation_with_a_queue_belongs_to_the_call_it_serves(log: Path) -> None:
    heard = Recent(calls={"lab-1795336489/1795336490.0": "lab-1795336489/1795336400.7"})
    assert {fact.subject for fact in read(log, heard=heard).facts} == {"lab-1795336489/1795336400.7"}


def test_each_hearing_answers_for_one_line_only(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_bytes(START + b"1795336550|NONE|sales|1002|PAUSE|meal\n" * 2)
    heard = Recent()
    moment = datetime.fromtimestamp(1795336550, UTC)
    data = {"queue": "sales", "reason": "meal"}
    heard.note(SwitchFact("member.paused", moment, "", "1002", data, "ami", b"k" * 16))
    assert told(read(path, heard=heard)) == ["member.paused"]


def test_what_was_told_and_is_not_in_the_log_is_noted_once_the_log_is_past_it(log: Path) -> None:
    heard = Recent()
    moment = datetime.fromtimestamp(1795336492, UTC)
    forged = SwitchFact("agent.completed", moment, "lab-1795336489/1.0", "1002", {"queue": "sales"}, "ami", b"k" * 16)
    heard.note(forged)
    early = read(log, heard=heard)
    assert early.doubts == []
    with log.open("ab") as file:
        file.write(b"1795336503|MANAGER|sales|1002|REMOVEMEMBER|\n")
    late = read(log, early.saved(), heard)
    assert [doubt.reason for doubt in late.doubts] == ["told by the manager interface, absent from the queue log"]
    assert read(log, early.saved(), heard).doubts == []


def test_reading_the_whole_log_again_gives_the_same_keys(log: Path) -> None:
    assert [fact.key for fact in read(log).facts] == [fact.key for fact in read(log).facts]


def test_a_log_without_a_start_is_read_from_its_beginning_and_none_is_no_place(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    assert first_place(path) is None
    path.write_bytes(JOIN)
    assert first_place(path) == Place(path.stat().st_ino, 0)


def test_a_log_that_is_not_there_yet_says_nothing(tmp_path: Path) -> None:
    assert told(read(tmp_path / "queue_log")) == []


def test_garbage_in_the_log_is_a_doubt_and_stops_nothing(log: Path) -> None:
    log.write_bytes(START + b"\xff\xfe\n" + JOIN)
    tail = read(log)
    assert told(tail) == ["queue.joined"]
    assert [doubt.reason for doubt in tail.doubts] == ["not UTF-8"]


def cel_row(second: int, event: str, extra: str = "") -> bytes:
    """A row as our configuration asks for it."""
    values = {
        "eventtype": event,
        "eventtime": f"{second}.000000",
        "uniqueid": "zx-5f1d9c27-1795336491.1",
        "linkedid": "zx-5f1d9c27-1795336490.0",
        "channame": "PJSIP/1002-00000001",
        "eventextra": extra,
    }
    row = [values.get(column, "").replace('"', '""') for column in CEL_COLUMNS]
    return ",".join(f'"{value}"' for value in row).encode() + b"\n"


def test_the_channel_event_log_fills_the_stretch_that_was_not_heard(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    rows = [
        cel_row(1795336492, "BRIDGE_ENTER", '{"bridge_id":"1ec1"}'),
        cel_row(1795336510, "BRIDGE_EXIT", '{"bridge_id":"1ec1"}'),
        cel_row(1795336511, "BLINDTRANSFER", '{"extension":"1003"}'),
        cel_row(1795336512, "LINKEDID_END"),
        b'"not","a","row"\n',
    ]
    path.write_bytes(b"".join(rows))
    start = datetime.fromtimestamp(1795336500, UTC)
    facts, doubts = cel_between(path, None, [BOOT], start, start + timedelta(seconds=60))
    assert [(fact.kind, fact.party) for fact in facts] == [
        ("leg.left", "1002"),
        ("call.transferred", "1002"),
        ("call.ended", ""),
    ]
    assert facts[1].data == {"how": "blind", "to": "1003"}
    assert [doubt.source for doubt in doubts] == ["cel"]
    assert cel_between(path, end_of(path), [BOOT], start, NOW) == ([], [])


def test_a_row_belongs_to_the_run_that_was_up_when_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_bytes(cel_row(1795336492, "LINKEDID_END") + cel_row(1795336592, "LINKEDID_END"))
    later = Boot("lab", 1795336550, BOOT.system_name)
    start = datetime.fromtimestamp(1795336480, UTC)
    facts, _ = cel_between(path, None, [BOOT, later], start, NOW)
    assert [fact.subject for fact in facts] == ["lab-1795336489/1795336490.0", "lab-1795336550/1795336490.0"]


def test_lines_come_with_the_place_behind_them(log: Path) -> None:
    places = [place.offset for _, place in LogFile(log, None).lines()]
    assert places[-1] == log.stat().st_size


@pytest.mark.parametrize("second", [1_795_336_600 + 90_000, 4_000_000_000, 9_999_999_999])
def test_a_line_of_a_time_that_never_comes_holds_nothing_up(log: Path, second: int) -> None:
    log.write_bytes(START + b"%d|NONE|NONE|NONE|CONFIGRELOAD|\n" % second + JOIN)
    tail = read(log)
    assert told(tail) == ["queue.joined"]
    assert [doubt.reason for doubt in tail.doubts] == ["a time that has not come"]
