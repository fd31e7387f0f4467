# SPDX-License-Identifier: Apache-2.0
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from zuoxi.attendance import services
from zuoxi.attendance.computing import month_before, month_of
from zuoxi.attendance.excusing import Cause
from zuoxi.attendance.models import Correction, DayRecord, Punch, Sheet
from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.tests.world import AFTER, MONTH, at
from zuoxi.policy.happenings import happened

LAST = month_before(month_of(timezone.localdate()))


def url(name, *args):
    return reverse(f"attendance:{name}", args=args)


@pytest.fixture
def lived(world):
    """October: one normal, one late, one absent and one excused day, and the sheet computed."""
    world.attend("tsr1", 12)
    world.attend("tsr1", 13, "08:50")
    world.shift("tsr1", 14)
    world.attend("tsr2", 12)
    recompute(MONTH, AFTER)
    return world


@pytest.fixture
def as_(lived, client):
    def sign_in(code):
        client.force_login(lived.user(code))
        return client

    return sign_in


@pytest.mark.clause("ATT-002", "ATT-005")
def test_the_person_sees_his_month_with_its_reasons(as_):
    page = as_("tsr1").get(url("mine"), {"month": "2026-10"}).content.decode()
    assert "迟到" in page
    assert "旷工" in page
    assert "ATT-002" in page
    assert url("day", "tsr1", "2026-10-13") in page


def test_a_day_shows_what_was_due_what_was_recorded_and_why(as_):
    page = as_("tsr1").get(url("day", "tsr1", "2026-10-13")).content.decode()
    assert "08:45" in page
    assert "08:50:00" in page
    assert "ATT-002" in page


@pytest.mark.clause("ATT-002")
def test_a_shift_that_has_not_begun_is_planned_with_its_times_and_one_that_runs_is_not_over(lived, client, monkeypatch):
    lived.shift("tsr1", 20)
    recompute(MONTH, at(12, "23:00"))
    client.force_login(lived.user("tsr1"))
    monkeypatch.setattr(timezone, "now", lambda: at(20, "08:44"))
    before = client.get(url("mine"), {"month": "2026-10"}).content.decode()
    assert "已排班" in before
    assert "08:45–17:30" in before
    assert "已排班" in client.get(url("day", "tsr1", "2026-10-20")).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: at(20, "08:45"))
    begun = client.get(url("mine"), {"month": "2026-10"}).content.decode()
    assert "已排班" not in begun
    assert "未结束" in begun


def test_nobody_sees_the_day_of_somebody_out_of_reach(as_):
    assert as_("tsr1").get(url("day", "tsr2", "2026-10-12")).status_code == 404
    assert as_("tsrl").get(url("day", "tsr2", "2026-10-12")).status_code == 200
    assert as_("tsr1").get(url("person", "tsr2", "2026-10")).status_code == 403


def test_a_leader_of_another_team_sees_nothing_of_this_one(lived, client):
    leader = lived.hire("tsrl2", "TSRL", lived.other)
    client.force_login(leader.user)
    assert client.get(url("day", "tsr1", "2026-10-12")).status_code == 404
    assert "人tsr1" not in client.get(url("sheet", "2026-10")).content.decode()


def leave_team(world, code, day, team=None):
    """Somebody's post ends on a day of the month; he goes on in another team where one is named."""
    post = world.staff[code].assignments.get()
    world.staff[code].assignments.update(until_on=MONTH.replace(day=day))
    if team is not None:
        world.staff[code].assignments.create(position=post.position, team=team, from_on=MONTH.replace(day=day))


@pytest.mark.clause("SEC-008")
def test_a_leader_sees_the_days_of_somebody_who_left_his_team_and_none_of_the_days_after(world, client):
    world.attend("tsr1", 12, "08:50")
    leave_team(world, "tsr1", 14, world.other)
    world.attend("tsr1", 14, "08:50", team=world.other)
    recompute(MONTH, AFTER)
    client.force_login(world.user("tsrl"))
    with time_machine.travel(AFTER, tick=False):
        page = client.get(url("sheet", "2026-10"))
    (line,) = page.context["gone"]
    assert (line.staff.code, line.count.late) == ("tsr1", 1)
    assert [cell.day.day for cell in line.cells if cell.rows] == [12]
    text = page.content.decode()
    assert url("day", "tsr1", "2026-10-12") in text
    assert url("day", "tsr1", "2026-10-14") not in text


def test_a_leader_sees_the_days_of_somebody_who_left_the_house(world, client):
    world.attend("tsr1", 12)
    leave_team(world, "tsr1", 14)
    recompute(MONTH, AFTER)
    with time_machine.travel(AFTER, tick=False):
        client.force_login(world.user("tsrl"))
        assert [line.staff.code for line in client.get(url("sheet", "2026-10")).context["gone"]] == ["tsr1"]
        client.force_login(world.hire("tsrl2", "TSRL", world.other).user)
        assert client.get(url("sheet", "2026-10")).context["gone"] == []


def test_of_more_people_who_left_than_have_room_each_shown_is_counted_whole(world, client, monkeypatch):
    monkeypatch.setattr("zuoxi.attendance.views.sheet.GONE", 3)
    for code in ("tsr1", "tsr2"):
        for day in (12, 13):
            world.attend(code, day)
        leave_team(world, code, 14)
    recompute(MONTH, AFTER)
    client.force_login(world.user("tsrl"))
    with time_machine.travel(AFTER, tick=False):
        page = client.get(url("sheet", "2026-10"))
        monkeypatch.setattr("zuoxi.attendance.views.sheet.GONE", 4)
        whole = client.get(url("sheet", "2026-10"))
    assert [(line.staff.code, line.count.present) for line in page.context["gone"]] == [("tsr1", 2)]
    assert "请选择班组" in page.content.decode()
    assert [line.staff.code for line in whole.context["gone"]] == ["tsr1", "tsr2"]
    assert "请选择班组" not in whole.content.decode()


def test_who_sees_everybody_finds_whoever_left_a_team_where_he_asks_for_that_team(world, client):
    world.attend("tsr1", 12)
    leave_team(world, "tsr1", 14, world.other)
    world.attend("tsr1", 14, team=world.other)
    recompute(MONTH, AFTER)
    client.force_login(world.user("fd"))
    with time_machine.travel(AFTER, tick=False):
        assert client.get(url("sheet", "2026-10")).context["gone"] == []
        there = client.get(url("sheet", "2026-10"), {"team": "t1"}).context["gone"]
    assert [(line.staff.code, line.count.present) for line in there] == [("tsr1", 1)]


@pytest.mark.clause("ATT-002")
def test_a_clause_tells_how_often_it_struck_this_month_and_whom(lived):
    with translation.override("zh-hans"):
        told = happened("ATT-002", MONTH, MONTH.replace(day=31))
        found = {str(title): (one.count, one.people) for title, one in told}
    assert found["迟到次数"] == (1, 1)
    assert not happened("ATT-002", MONTH.replace(month=9), MONTH.replace(month=9, day=30))


@pytest.mark.clause("ATT-021", "ATT-022", "ATT-023")
def test_every_sign_on_the_sheet_opens_its_day(as_):
    page = as_("fd").get(url("sheet", "2026-10")).content.decode()
    assert url("day", "tsr1", "2026-10-14") in page
    assert url("person", "tsr1", "2026-10") in page


def test_the_pages_cost_the_same_for_many_as_for_few(as_, lived, django_assert_max_num_queries):
    for number in range(20):
        code = f"x{number}"
        lived.hire(code, "TSR")
        for day in (12, 13, 14):
            lived.attend(code, day, "08:50")
    recompute(MONTH, AFTER)
    client = as_("fd")
    client.get(url("sheet", "2026-10"))
    with django_assert_max_num_queries(25):
        client.get(url("sheet", "2026-10"))
    with django_assert_max_num_queries(16):
        client.get(url("board"), {"team": "t1"})
    for name in ("statistics", "corrections", "excuses", "suspicions"):
        with django_assert_max_num_queries(12):
            assert client.get(url(name)).status_code == 200
    client = as_("tsr1")
    client.get(url("mine"))
    with django_assert_max_num_queries(12):
        client.get(url("mine"), {"month": "2026-10"})
    with django_assert_max_num_queries(12):
        client.get(url("day", "tsr1", "2026-10-13"))


@pytest.mark.clause("ATT-021")
def test_the_board_says_who_should_be_here_and_is_not(world, client):
    now = timezone.localtime()
    start = now - timedelta(hours=1)
    today = start.date()
    clock = f"{start:%H:%M}-{(start + timedelta(hours=8)):%H:%M}"
    for code in ("tsr1", "tsr2"):
        world.shift(code, today, clock)
    world.punch("tsr2", start)
    client.force_login(world.user("tsrl"))
    page = client.get(url("board")).content.decode()
    assert "应在未到" in page
    assert "在岗" in page


def test_the_excel_file_holds_every_day_and_every_exception_with_its_clause(as_, lived):
    assert as_("fd").get(url("export", "2026-10")).status_code == 403
    assert as_("da").get(url("export", "2026-10")).status_code == 302, "the analyst's waits for a second look"
    answer = as_("om").get(url("export", "2026-10"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    first, second = (book.get_sheet_by_index(number).to_python() for number in (0, 1))
    names = [row[1] for row in first]
    assert {"人tsr1", "人tsr2"} <= set(names)
    line = first[names.index("人tsr1")]
    assert line[3 + 11] == "√"  # the twelfth
    assert any("ATT-002" in str(row) and "人tsr1" in str(row) for row in second)
    assert any("ATT-005" in str(row) for row in second)


@pytest.mark.clause("ATT-022")
def test_the_reception_puts_a_record_right_with_a_reason_and_the_original_stays(as_, lived):
    original = Punch.objects.get(staff=lived.staff["tsr1"], at=at(13, "08:50"))
    client = as_("fd")
    data = {
        "code": "tsr1", "day": "2026-10-13", "original": original.pk, "direction": "in", "at": "2026-10-13T08:43",
        "evidence": "监控", "reason": "话机未注册",
    }  # fmt: skip
    assert client.post(url("correct"), data | {"reason": ""}).status_code == 400
    answer = client.post(url("correct"), data)
    assert answer.url == url("day", "tsr1", "2026-10-13")
    assert DayRecord.objects.get(staff=lived.staff["tsr1"], day=MONTH.replace(day=13)).status == "normal"
    assert Punch.objects.filter(pk=original.pk).exists()
    page = client.get(answer.url).content.decode()
    assert "话机未注册" in page
    assert "不计" in page
    again = client.post(url("correct"), data)
    assert again.status_code == 400
    assert Correction.objects.count() == 1


@pytest.mark.clause("ATT-016")
def test_a_supervisor_finds_an_excuse_false_and_an_agent_cannot(as_, lived):
    cause = Cause("duty", at(14, "08:00"), at(14, "18:00"), "外出", "外出单", None, staff=lived.staff["tsr1"])
    excuse = services.accept_excuse(cause, proposed_by="tsrl", decided_by="tsrs", now=at(14, "19:00"))
    assert as_("tsrl").post(url("untrue", excuse.pk), {"note": "没有外出"}).status_code == 403
    client = as_("tsrs")
    client.post(url("untrue", excuse.pk), {"note": ""})
    excuse.refresh_from_db()
    assert excuse.untrue_at is None
    client.post(url("untrue", excuse.pk), {"note": "没有外出"})
    excuse.refresh_from_db()
    assert excuse.untrue_by == "tsrs"


def test_a_file_is_checked_taken_and_its_bad_rows_come_back(as_, lived):
    client = as_("fd")
    text = "考勤号,打卡时间,方向\ntsr2,2026-10-13 08:41:00,签到\nnobody,2026-10-13 08:41,签到\ntsr2,gestern,签到\n"
    file = SimpleUploadedFile("打卡.csv", text.encode("gb18030"))
    answer = client.post(url("import"), {"file": file, "source": "terminal", "headings": ""})
    checked = client.get(answer.url).content.decode()
    assert "nobody" not in checked or "没有人" in checked
    assert not Punch.objects.filter(source="terminal").exists()
    rejects = client.get(f"{answer.url}rejects.csv")
    assert "gestern" in b"".join(rejects.streaming_content).decode()
    client.post(f"{answer.url}take/")
    assert Punch.objects.filter(source="terminal", staff=lived.staff["tsr2"]).count() == 1


def test_signing_in_the_page_follows_the_order(as_, lived):
    client = as_("fd")
    client.post(url("sign", "2026-10"), {"step": "reception"})
    assert not Sheet.objects.get(month=MONTH).signatures.exists()
    as_("tsrl").post(url("sign", "2026-10"), {"step": "leader", "team": "t1"})
    as_("fd").post(url("sign", "2026-10"), {"step": "reception"})
    assert set(Sheet.objects.get(month=MONTH).signatures.values_list("step", flat=True)) == {"leader", "reception"}
    assert as_("tsr1").post(url("sign", "2026-10"), {"step": "leader", "team": "t1"}).status_code == 403
    assert as_("tsrl").post(url("sign", "2026-10"), {"step": "manager"}).status_code == 403


@pytest.mark.clause("ATT-018", "ATT-023")
def test_the_statistics_show_rates_of_a_day_a_week_and_a_month(as_):
    client = as_("da")
    for period in ("day", "week", "month"):
        page = client.get(url("statistics"), {"period": period, "day": "2026-10-13"}).content.decode()
        assert "出勤率" in page


def test_an_unreadable_month_is_this_month_and_an_unreadable_day_is_not_found(as_):
    assert as_("tsr1").get(url("mine"), {"month": "2026-13"}).status_code == 200
    assert as_("tsr1").get(url("day", "tsr1", "gestern")).status_code == 404
