# SPDX-License-Identifier: Apache-2.0
import csv
import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from zuoxi.people import staff_import
from zuoxi.people.models import Assignment, Staff, Team
from zuoxi.people.staff_file import Unreadable, read
from zuoxi.people.tests.conftest import DAY
from zuoxi.people.views.imports import own_headings
from zuoxi.vault import import_shelf
from zuoxi.vault.exports import refused_lines

HEAD = "工号,姓名,岗位,班组,项目,状态,入职日期,手机"


def file(*rows, head=HEAD, encoding="utf-8"):
    return read("\n".join([head, *rows]).encode(encoding))


def problems(report):
    return [(one.line, one.column) for one in report.problems]


def excel(rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                else:
                    sheet.write(line, place, value)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_offices_use(encoding):
    assert file("1001,王芳,客服座席,,,,,", encoding=encoding).row(0)["name"] == "王芳"


def test_excel_numbers_and_days_are_read_as_people_see_them():
    content = excel([["工号", "姓名", "岗位", "入职日期"], [1001, "王芳", "客服座席", date(2026, 3, 2)]])
    assert read(content).row(0) == {
        "code": "1001",
        "name": "王芳",
        "position": "客服座席",
        "joined_on": "2026-03-02",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        "姓名,岗位\n王芳,客服座席".encode(),
        "工号,姓名,姓名,岗位\n1,2,3,4".encode(),
        b"\xd0\xcf\x11\xe0\x00\x00old excel",
        b"PK\x03\x04 not a workbook",
        '工号,姓名,岗位\n1001,"王芳,客服座席'.encode(),
        b"x" * (5 * 1024 * 1024 + 1),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_words(content):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert str(refused.value.message).endswith("。")


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Unreadable, match="60 MB"):
        read(out.getvalue())


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_make_the_reader_crash(content):
    with suppress(Unreadable):
        read(content)


def test_headings_of_ones_own_are_told_by_name():
    found = read("编号,名称,职务\n1001,王芳,客服座席".encode(), {"编号": "工号", "名称": "姓名"})
    assert found.row(0)["code"] == "1001"


@pytest.mark.parametrize("said", ["编号=工号, 名称=姓名", "编号\uff1d工号\uff0c名称\uff1d姓名"])
def test_headings_of_ones_own_may_be_typed_with_wide_signs(said):
    assert own_headings(said) == {"编号": "工号", "名称": "姓名"}


def test_good_rows_are_taken_with_post_and_team(house):
    report = staff_import.take(file("1001,王芳,客服代表,b1,B,试用,2026-02-01,138 1234 5678"), DAY, "hr")
    assert (report.new, report.problems) == (1, [])
    staff = Staff.objects.get(code="1001")
    assert (staff.name, staff.status, staff.mobile) == ("王芳", "probation", "13812345678")
    assert staff.joined_on == date(2026, 2, 1)
    post = staff.assignments.get()
    assert (post.position.code, post.team.code) == ("CSR", "b1")


def test_a_supervisor_gets_each_of_his_teams(house):
    staff_import.take(file("3001,李雷,TSR主管,a1、a2,A,,,"), DAY, "hr")
    assert set(Staff.objects.get(code="3001").assignments.values_list("team__code", flat=True)) == {"a1", "a2"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",王芳,客服座席,,,,,", "工号"),
        ("10 01,王芳,客服座席,,,,,", "工号"),
        ("1001,,客服座席,,,,,", "姓名"),
        ("1001,王芳,太上皇,,,,,", "岗位"),
        ("1001,王芳,客服座席,z9,,,,", "班组"),
        ("1001,王芳,客服座席,,Z,,,", "项目"),
        ("1001,王芳,客服座席,,,飞行,,", "状态"),
        ("1001,王芳,客服座席,,,,2026-02-30,", "入职日期"),
        ("1001,王芳,客服座席,,,,,12345", "手机"),
        ("1001,王芳,客服座席,,,离职,,", "离职日期"),
        ("1001,=cmd|' /C calc'!A0,客服座席,,,,,", "姓名"),
    ],
)
def test_each_bad_cell_is_named_by_line_and_column_with_what_to_do(house, row, column):
    report, good = staff_import.check(file("1000,张三,客服座席,,,,,", row), DAY)
    assert problems(report) == [(3, column)]
    assert report.problems[0].wrong and report.problems[0].todo
    assert [one.code for one in good] == ["1000"]


def test_the_same_number_twice_in_a_file_is_refused_the_second_time(house):
    report, good = staff_import.check(file("1001,王芳,客服座席,,,,,", "1001,王芳二,客服座席,,,,,"), DAY)
    assert problems(report) == [(3, "工号")]
    assert len(good) == 1


def test_checking_changes_nothing(house):
    staff_import.check(file("1001,王芳,客服座席,新组,A,,,"), DAY, create=True)
    assert not Staff.objects.exists()
    assert not Team.objects.filter(name_zh="新组").exists()


def test_importing_again_changes_nothing(house):
    rows = file("1001,王芳,客服座席,b1,B,,2026-02-01,13812345678", "1002,李娜,CSR班长,b1,B,,,")
    staff_import.take(rows, DAY, "hr")
    before = list(Staff.objects.values()), list(Assignment.objects.values())
    report = staff_import.take(rows, DAY, "hr")
    assert (report.new, report.changed, report.same) == (0, 0, 2)
    assert (list(Staff.objects.values()), list(Assignment.objects.values())) == before


def test_an_empty_cell_does_not_empty_what_is_known(house):
    staff_import.take(file("1001,王芳,客服座席,b1,B,试用,,13812345678"), DAY, "hr")
    report = staff_import.take(file("1001,王小芳,客服座席,b1,B,试用,,"), DAY, "hr")
    assert report.changed == 1
    staff = Staff.objects.get(code="1001")
    assert (staff.name, staff.mobile) == ("王小芳", "13812345678")


@pytest.mark.clause("ORG-023")
@pytest.mark.parametrize("row", ["1001,王芳,CSR班长,b1,B,,,", "1001,王芳,客服座席,a1,A,,,", "1001,王芳,客服座席,,,,,"])
def test_a_file_moves_nobody_because_that_takes_a_signature(house, row):
    staff_import.take(file("1001,王芳,客服座席,b1,B,,,"), DAY, "hr")
    report, _good = staff_import.check(file(row), DAY)
    assert problems(report) == [(2, "岗位")]


def test_two_new_teams_that_sound_alike_stay_two(house):
    staff_import.take(file("1001,王芳,客服座席,一组,B,,,", "1002,李娜,客服座席,壹组,B,,,"), DAY, "hr", create=True)
    assert Team.objects.filter(name_zh__in=["一组", "壹组"]).count() == 2


def test_refused_rows_come_back_as_a_file_that_a_spreadsheet_does_not_run(house):
    source = file("1001,=1+1,客服座席,,,,,")
    report, _good = staff_import.check(source, DAY)
    text = "".join(refused_lines(source, report.problems)).removeprefix("\ufeff")
    head, row = list(csv.reader(io.StringIO(text)))
    assert head[:3] == ["工号", "姓名", "岗位"]
    assert row[1] == "'=1+1"
    assert row[8] == "2"


@pytest.fixture
def hr(house, client):
    house.hire("hr", "HR")
    user = house.user("hr")
    user.must_change_password = False
    user.save()
    client.force_login(user)
    return client


def test_in_the_page_a_file_is_checked_then_taken(hr):
    upload = SimpleUploadedFile("staff.csv", f"{HEAD}\n1001,王芳,客服座席,b1,B,,,\n1002,,客服座席,,,,,".encode())
    answer = hr.post(reverse("people:import"), {"file": upload})
    page = hr.get(answer.url)
    assert "1002" not in page.content.decode()
    assert not Staff.objects.filter(code="1001").exists()
    rejects = hr.get(f"{answer.url}rejects.csv")
    assert "1002" in b"".join(rejects.streaming_content).decode()
    hr.post(f"{answer.url}take/")
    assert Staff.objects.filter(code="1001").exists()


def test_somebody_elses_file_is_not_found(house):
    token = import_shelf.keep(b"content", 1)
    assert import_shelf.find(token, 2) is None
    assert import_shelf.find(token, 1) == b"content"
    assert import_shelf.find("../../etc/passwd", 1) is None


def test_the_command_says_what_it_did_and_exits_with_it(house, tmp_path, capsys):
    path = tmp_path / "staff.csv"
    path.write_text(f"{HEAD}\n1001,王芳,客服座席,b1,B,,,\n1002,,客服座席,,,,,", encoding="gbk")
    with pytest.raises(SystemExit) as dry:
        call_command("import_staff", str(path), "--dry-run")
    assert dry.value.code == 1
    assert not Staff.objects.exists()
    with pytest.raises(SystemExit) as real:
        call_command("import_staff", str(path), "--rejects", str(tmp_path / "bad.csv"))
    assert real.value.code == 1
    assert ":3: 姓名:" in capsys.readouterr().err
    assert Staff.objects.count() == 1
    assert (tmp_path / "bad.csv").read_text(encoding="utf-8").count("\n") == 2
    with pytest.raises(SystemExit) as missing:
        call_command("import_staff", str(tmp_path / "none.csv"))
    assert missing.value.code == 2
