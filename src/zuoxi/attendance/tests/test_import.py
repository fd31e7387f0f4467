# SPDX-License-Identifier: Apache-2.0
import io
from datetime import datetime

import pytest
import xlsxwriter

from zuoxi.attendance import punch_import
from zuoxi.attendance.models import Batch, Punch
from zuoxi.attendance.punch_file import read
from zuoxi.attendance.tests.world import AFTER, ZONE
from zuoxi.vault.exports import refused_lines
from zuoxi.web.tabular import Unreadable

HEAD = "工号,时间,方向,机器号"


def file(*rows, head=HEAD, encoding="utf-8"):
    return read("\n".join([head, *rows]).encode(encoding))


def moments(**filters):
    rows = Punch.objects.filter(**filters).order_by("at")
    return [(f"{row.at.astimezone(ZONE):%m-%d %H:%M:%S}", row.direction) for row in rows]


def take(*rows, **how):
    return punch_import.take(file(*rows, **how), "terminal", "打卡.csv", "fd", AFTER)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_people_have(world, encoding):
    report = take("tsr1,2026-10-12 08:41:00,签到,1号机", encoding=encoding)
    assert (report.new, report.problems) == (1, [])
    assert moments() == [("10-12 08:41:00", "in")]


def test_numbers_and_times_typed_full_width_are_the_same(world):
    report = take("ｔｓｒ１,２０２６-10-12 ０８:41:00,签到,1号机")
    assert (report.new, report.problems) == (1, [])
    assert moments() == [("10-12 08:41:00", "in")]


def test_days_and_times_may_stand_apart_and_in_any_usual_shape(world):
    report = take("tsr1,2026/10/12,8:41,上班", "tsr1,2026年10月12日,17:31:05,下班", head="工号,日期,时间,状态")
    assert report.problems == []
    assert moments() == [("10-12 08:41:00", "in"), ("10-12 17:31:05", "out")]


def test_a_line_may_hold_a_day_and_a_night_shift_ends_on_the_next(world):
    take("tsr1,2026-10-12,21:55,06:03", head="考勤号,日期,上班,下班")
    assert moments() == [("10-12 21:55:00", "in"), ("10-13 06:03:00", "out")]


def test_excel_serials_and_real_excel_times_are_the_same_moment(world):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["工号", "时间"])
    page.write_row(1, 0, ["tsr1", 46307.36180555556])
    page.write(2, 0, "tsr2")
    page.write_datetime(2, 1, datetime(2026, 10, 12, 8, 41), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))  # noqa: DTZ001
    book.close()
    punch_import.take(read(buffer.getvalue()), "terminal", "打卡.xlsx", "fd", AFTER)
    assert moments() == [("10-12 08:41:00", "unknown"), ("10-12 08:41:00", "unknown")]


def test_two_records_a_second_apart_are_both_kept(world):
    take("tsr1,2026-10-12 08:41:00,签到,1", "tsr1,2026-10-12 08:41:01,签到,1")
    assert len(moments()) == 2


@pytest.mark.clause("ATT-024")
def test_reading_a_file_again_or_in_another_order_adds_nothing(world):
    rows = ["tsr1,2026-10-12 17:31:00,签退,1", "tsr1,2026-10-12 08:41:00,签到,1"]
    assert take(*rows).new == 2
    report = take(*reversed(rows))
    assert (report.new, report.known) == (0, 2)
    assert Punch.objects.count() == 2
    assert Batch.objects.count() == 2


def test_a_file_broken_off_is_simply_read_again(world):
    rows = ["tsr1,2026-10-12 08:41:00,签到,1", "tsr1,2026-10-12 17:31:00,签退,1"]
    take(rows[0])
    assert take(*rows).new == 1
    assert Punch.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("nobody,2026-10-12 08:41,签到,1", "工号"),
        (",2026-10-12 08:41,签到,1", "工号"),
        ("tsr1,,签到,1", "时间"),
        ("tsr1,2026-10-12,签到,1", "时间"),
        ("tsr1,46307,签到,1", "时间"),
        ("tsr1,2026-13-40 08:41,签到,1", "时间"),
        ("tsr1,2026-10-12 25:41,签到,1", "时间"),
        ("tsr1,2030-10-12 08:41,签到,1", "时间"),
        ("tsr1,1999-10-12 08:41,签到,1", "时间"),
        ("tsr1,2026-10-12 08:41,横向,1", "方向"),
        ("tsr1,2026-10-12 08:41,签到,=1+1", "机器号"),
    ],
)
def test_a_bad_cell_is_refused_with_its_column_and_the_good_rows_are_taken(world, row, column):
    report = take(row, "tsr2,2026-10-12 08:41,签到,1")
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, column)]
    assert report.new == 1


def test_checking_changes_nothing_and_the_refused_rows_come_back_to_be_mended(world):
    source = file("tsr1,2026-10-12 08:41,签到,1", "nobody,2026-10-12 08:41,签到,1")
    report = punch_import.check(source, "terminal", AFTER)
    assert (report.new, len(report.problems)) == (1, 1)
    assert not Punch.objects.exists()
    lines = "".join(refused_lines(source, report.problems)).splitlines()
    assert lines[1].startswith("nobody,2026-10-12 08:41,签到,1,3,工号")


def test_somebody_who_had_left_has_no_record_any_more(world):
    from zuoxi.people.models import Staff

    Staff.objects.filter(code="tsr2").update(left_on=datetime(2026, 10, 10, tzinfo=ZONE).date())
    report = take("tsr2,2026-10-12 08:41,签到,1")
    assert [problem.column for problem in report.problems] == ["工号"]


def test_a_file_without_the_needed_column_says_which():
    with pytest.raises(Unreadable, match="工号"):
        read("姓名,时间\n甲,2026-10-12 08:41".encode())


def test_own_headings_are_understood(world):
    source = read("编码,打卡\ntsr1,2026-10-12 08:41".encode(), {"编码": "工号", "打卡": "时间"})
    assert punch_import.check(source, "terminal", AFTER).new == 1
