# SPDX-License-Identifier: Apache-2.0
"""History from elsewhere comes in once, whole, and says what it could not take."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from zuoxi.events.services import ScribeFailed
from zuoxi.telephony.imports import calls as call_import
from zuoxi.telephony.imports import cells, storing
from zuoxi.telephony.imports.cells import BadCell
from zuoxi.telephony.imports.mapping import BadMapping, mapping_for, plain
from zuoxi.telephony.imports.queue_log_file import QueueLogImport
from zuoxi.telephony.models import Call, QueueVisit

pytestmark = pytest.mark.django_db
HEADER = "开始时间,主叫号码,被叫号码,技能组,工号,呼叫类型,通话结果,等待时长(秒),通话时长"
ROWS = [
    "2026/11/20 9:00:05,13800000001,8000,sales,1001,呼入,接通,5,0:01:05",
    "2026-11-20 09:10:00,13800000002,8000,sales,,呼入,放弃,12,",
    "2026年11月20日 09:20:00,8000,13800000003,,1002,呼出,接通,,2分10秒",
]


@pytest.fixture(autouse=True)
def own_home(tmp_path, settings):
    settings.HOME = tmp_path / "home"


def written(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def run(*words) -> dict:
    out = StringIO()
    call_command("import_history", *words, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.mark.parametrize("said", ["等待时长(秒)", "等待时长\uff08秒\uff09", "等待时长\uff1a", "等待 时长【秒】"])
def test_a_heading_is_known_without_its_unit_in_brackets_of_any_width(said):
    assert plain(said) == "等待时长"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_chinese_call_list_comes_in_whatever_it_was_saved_as(tmp_path, encoding):
    told = run("calls", str(written(tmp_path / "a.csv", [HEADER, *ROWS], encoding)))
    assert told == {"read": 3, "stored": 3, "known": 0, "rejected": 0, "rejects_file": None}
    first = Call.objects.order_by("offered_at").first()
    assert first.offered_at == datetime(2026, 11, 20, 1, 0, 5, tzinfo=UTC)
    assert (first.caller, first.queue, first.agent, first.outcome) == ("13800000001", "sales", "1001", "answered")
    assert (first.wait_seconds, first.talk_seconds) == (5, 65)
    assert first.ended_at == first.offered_at + timedelta(seconds=70)
    assert QueueVisit.objects.get(call_id=first.id).agent == "1001"
    assert Call.objects.get(direction="outbound").talk_seconds == 130
    assert Call.objects.get(outcome="abandoned").wait_seconds == 12


def test_importing_twice_stores_nothing_new(tmp_path):
    file = written(tmp_path / "a.csv", [HEADER, *ROWS])
    run("calls", str(file))
    assert run("calls", str(file)) == {"read": 3, "stored": 0, "known": 3, "rejected": 0, "rejects_file": None}
    assert Call.objects.count() == 3


def test_a_dry_run_counts_and_stores_nothing(tmp_path):
    file = written(tmp_path / "a.csv", [HEADER, *ROWS, ROWS[0]])
    told = run("calls", str(file), "--dry-run")
    assert (told["read"], told["stored"], told["known"]) == (4, 3, 1)
    assert Call.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",138,8000,sales,1001,呼入,接通,5,60", "开始|beginning"),
        ("昨天,138,8000,sales,1001,呼入,接通,5,60", "昨天"),
        ("2026-11-20 09:00:00,1.38E+10,8000,sales,1001,呼入,接通,5,60", "E\\+10"),
        ("2026-11-20 09:00:00,138,8000,sales,1001,呼入,不详,5,60", "不详"),
        ("2026-11-20 09:00:00,138,8000,sales,1001,呼入,接通,5,99:00:00", "99:00:00"),
        ("2036-11-20 09:00:00,138,8000,sales,1001,呼入,接通,5,60", "2036"),
        ("2026-11-20 09:00:00,138,8000", "≠"),
    ],
)
def test_a_row_that_cannot_be_taken_is_put_aside_with_its_reason(tmp_path, row, reason):
    told = run("calls", str(written(tmp_path / "a.csv", [HEADER, row, ROWS[0]])))
    assert (told["read"], told["stored"], told["rejected"]) == (2, 1, 1)
    with Path(told["rejects_file"]).open(encoding="utf-8-sig", newline="") as file:
        (aside,) = list(csv.reader(file))[1:]
    assert aside[-2] == "2"
    import re

    assert re.search(reason, aside[-1])


def test_a_row_that_ends_before_it_begins_is_put_aside(tmp_path):
    lines = ["start,answer,end,caller", "2026-11-20 09:00:00,,2026-11-20 08:59:59,138"]
    assert run("calls", str(written(tmp_path / "a.csv", lines)))["rejected"] == 1


def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(call_import, "BATCH", 2)
    rows = [f"2026-11-20 09:00:{n:02d},138{n:08d},8000,sales,1001,呼入,接通,5,60" for n in range(7)]
    file = written(tmp_path / "a.csv", [HEADER, *rows])
    real, taken = storing.store, []

    def breaks(ingest, facts, tally):
        taken.append(len(facts))
        if len(taken) == 3:
            raise RuntimeError("power cut")
        real(ingest, facts, tally)

    monkeypatch.setattr(call_import, "store", breaks)
    with pytest.raises(RuntimeError):
        run("calls", str(file))
    assert Call.objects.count() == 4
    taken.extend([0] * 10)
    told = run("calls", str(file))
    assert (told["read"], told["stored"], told["known"]) == (7, 7, 0)
    assert Call.objects.count() == 7


def test_a_mapping_names_columns_and_words(tmp_path):
    file = written(tmp_path / "a.csv", ["t;x;y", "2026-11-20 01:00:00;0571-88888888;OK"])
    mapping = written(
        tmp_path / "m.yaml",
        ["columns: {start: t, caller: x, outcome: y}", "values: {outcome: {OK: answered}}", "zone: UTC"],
    )
    run("calls", str(file), "--mapping", str(mapping))
    call = Call.objects.get()
    assert (call.caller, call.outcome) == ("057188888888", "answered")
    assert call.offered_at == datetime(2026, 11, 20, 1, tzinfo=UTC)


def test_a_list_without_times_is_refused_with_its_columns():
    with pytest.raises(BadMapping, match="主叫"):
        mapping_for(["主叫", "被叫"], {})
    with pytest.raises(CommandError):
        call_command("import_history", "calls", "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("65", 65),
        ("65.0", 65),
        ("1:05", 65),
        ("00:01:05", 65),
        ("1分5秒", 65),
        ("1小时", 3600),
        ("", None),
        ("-", None),
    ],
)
def test_durations_are_read_as_people_write_them(text, found):
    assert cells.seconds(text) == found


@pytest.mark.parametrize("text", ["-5", "abc", "1:99", "86401"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(BadCell):
        cells.seconds(text)


LOG = """1763600000|NONE|NONE|NONE|QUEUESTART|
1763600010|1763600009.1|sales|NONE|ENTERQUEUE||13800000001|1
1763600015|1763600009.1|sales|1001|CONNECT|5|1763600010.2|3
1763600075|1763600009.1|sales|1001|COMPLETECALLER|5|60|1
1763600080|1763600079.3|sales|NONE|ENTERQUEUE||13800000002|1
1763600090|1763600079.3|sales|NONE|ABANDON|1|1|10
1763600095|forged|sales|1001|COMPLETECALLER|5|60|1
"""


def test_a_queue_log_comes_in_and_its_broken_lines_are_put_aside(tmp_path):
    file = tmp_path / "queue_log"
    file.write_text(LOG)
    told = run("queue-log", str(file), "--switch", "lab")
    assert (told["read"], told["stored"], told["known"], told["rejected"]) == (7, 5, 0, 1)
    assert Path(told["rejects_file"]).exists()
    answered = Call.objects.get(outcome="answered")
    assert (answered.wait_seconds, answered.talk_seconds, answered.agent) == (5, 60, "1001")
    again = run("queue-log", str(file), "--switch", "lab")
    assert (again["stored"], again["known"], Call.objects.count()) == (0, 5, 2)


def test_a_file_that_is_no_queue_log_is_refused(tmp_path):
    file = written(tmp_path / "letter.txt", ["Dear all,"])
    with pytest.raises(CommandError):
        run("queue-log", str(file))


def test_a_writing_process_that_fails_is_told_with_what_to_do(tmp_path, monkeypatch):
    def ended(_log: object) -> None:
        raise ScribeFailed("the writing process ended with -9")

    monkeypatch.setattr(QueueLogImport, "run", ended)
    with pytest.raises(CommandError, match=r"ended with -9.*import the same file again"):
        call_command("import_history", "queue-log", str(written(tmp_path / "queue_log", ["x"])))


def test_a_quotation_mark_that_nobody_closes_spoils_its_own_line_alone(tmp_path):
    spoilt = '2026-11-20 09:05:00,"13800000009,8000,sales,1001,呼入,接通,5,65'
    at_the_end = '2026-11-20 09:06:00,13800000009,8000,sales,1001,呼入,接通,5,"65'
    lines = [
        HEADER,
        ROWS[0],
        spoilt,
        *ROWS[1:],
        at_the_end,
        *(f"2026-11-21 10:{n:02}:00" + ROWS[0][18:] for n in range(60)),
    ]
    told = run("calls", str(written(tmp_path / "a.csv", lines)))
    assert (told["read"], told["stored"], told["rejected"]) == (65, 63, 2)
    rejects = list(csv.reader(Path(told["rejects_file"]).read_text(encoding="utf-8-sig").splitlines()))
    assert [row[-2] for row in rejects[1:]] == ["3", "6"]
    assert run("calls", str(tmp_path / "a.csv"))["stored"] == 0


def test_a_note_of_several_lines_is_one_cell(tmp_path):
    lines = [f"{HEADER},备注", f'{ROWS[0]},"客户说""好""', '再联系"', f"{ROWS[1]},"]
    told = run("calls", str(written(tmp_path / "a.csv", lines)))
    assert (told["read"], told["stored"], told["rejected"]) == (2, 2, 0)


def test_excels_own_line_about_the_separator_is_no_header(tmp_path):
    lines = ["sep=;", *(line.replace(",", ";") for line in [HEADER, *ROWS])]
    assert run("calls", str(written(tmp_path / "a.csv", lines)))["stored"] == 3


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2026-11-02 24:00", "2026-11-03 00:00:00"),
        ("2026/12/31 24:00:00", "2027-01-01 00:00:00"),
        ("2026-11-02T23:59:59", "2026-11-02 23:59:59"),
        ("0001-01-01 00:00:00", None),
        ("1900/1/0 0:00:00", "x"),
        ("1970-01-01 08:00:00", None),
        ("2026-11-02 24:00:01", "x"),
        ("2026-11-02 25:00", "x"),
        ("2026-02-29 10:00", "x"),
        ("9999-12-31 24:00", "x"),
    ],
)
def test_the_end_of_a_day_is_a_time_and_where_databases_begin_to_count_is_none(written, found):
    if found == "x":
        with translation.override("en"), pytest.raises(BadCell, match="no time"):
            cells.moment(written, UTC)
    else:
        assert cells.moment(written, UTC) == (found and datetime.fromisoformat(f"{found}+00:00"))


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("colums: {start: 开始时间}", "colums"),
        ("columns: [start]", "columns holds no mapping"),
        ("values: {outcome: 接通}", "outcome holds no mapping"),
        ("values: {outcome: {接通: ok}}", "cannot mean ok; there are answered"),
        ("values: {agent: {甲: 1001}}", "agent"),
        ("delimiter: '||'", "single character"),
        ("zone: Asia", "Asia is no time zone"),
        ("zone: ../../etc/passwd", "no time zone"),
        ("encoding: utf-9", "utf-9"),
        ("- start", "no mapping"),
        ("columns: {start: 没有}", "没有"),
        ("{", "mapping"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_said_so_before_anything_is_read(tmp_path, mapping, said):
    path = tmp_path / "mapping.yaml"
    path.write_text(mapping, encoding="utf-8")
    with translation.override("en"), pytest.raises(CommandError, match=said):
        run("calls", str(written(tmp_path / "a.csv", [HEADER, *ROWS])), "--mapping", str(path))
    assert not Call.objects.exists()


@pytest.mark.parametrize(("start", "said"), [(b"PK\x03\x04", "workbook"), (b"\x1f\x8b\x08", "compressed")])
def test_a_workbook_or_a_packed_file_is_named_as_that(tmp_path, start, said):
    (tmp_path / "a.csv").write_bytes(start + b"\0" * 40)
    with translation.override("en"), pytest.raises(CommandError, match=said):
        run("calls", str(tmp_path / "a.csv"))


@pytest.mark.parametrize("name", ["", "a b", "x" * 33, "lab;", "实验"])
def test_a_switch_that_could_not_be_set_up_takes_no_history(tmp_path, name):
    with pytest.raises(CommandError, match="at most 32"):
        run("calls", str(written(tmp_path / "a.csv", [HEADER, *ROWS])), "--switch", name)
