# SPDX-License-Identifier: Apache-2.0
"""A month of attendance as it is lived: clocked, explained, put right, signed by everybody who signs, and locked."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zuoxi.approvals import services as approvals
from zuoxi.attendance import services
from zuoxi.attendance.models import AfterEntry, DayRecord, MonthRecord, Sheet
from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.tasks import after_import
from zuoxi.attendance.tests.test_months import take_leave
from zuoxi.attendance.tests.world import AFTER, MONTH, World, at
from zuoxi.jobs.models import Job
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.models import StateInterval

pytestmark = pytest.mark.clause("ATT-002", "ATT-005", "ATT-021", "ATT-022", "ATT-023", "ATT-030")
NOV = date(2026, 11, 1)


@pytest.fixture
def world(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return World()


def at_the_phone(code, day, came, went):
    """Signed in at the phones from one moment to another (None: the switch never told of the sign-in)."""
    if came:
        StateInterval.objects.create(agent=code, state=AgentState.READY, from_at=at(day, came), to_at=at(day, went))
        StateInterval.objects.create(
            agent=code, state=AgentState.SIGNED_OUT, from_at=at(day, went), to_at=at(day, "24:00")
        )


def status(world, code, day):
    return DayRecord.objects.get(staff=world.staff[code], day=MONTH.replace(day=day)).status


def approve(world, request, *who):
    """Each signs in turn."""
    for code in who:
        approvals.decide(request, by=world.user(code), verdict="approve", now=AFTER)
    request.refresh_from_db()
    assert request.state == "approved"


def test_a_month_ends_in_a_locked_sheet_in_which_every_figure_opens_its_why(world, client):
    # The roster, and what the phones saw of it.
    for day in (12, 13, 14, 15, 16):
        for code in ("tsr1", "tsr2"):
            world.shift(code, day)
        for code in ("tsrl", "hr"):
            world.shift(code, day, team=world.team)
            world.punch(code, at(day, "08:05"), "in", "terminal")
            world.punch(code, at(day, "17:40"), "out", "terminal")
    for code in ("tsr1", "tsr2"):
        at_the_phone(code, 12, "08:41", "17:31")
    at_the_phone("tsr1", 13, "09:35", "17:31")  # snow
    at_the_phone("tsr2", 13, "09:20", "17:31")
    at_the_phone("tsr1", 14, "08:52", "17:31")  # late without a cause
    at_the_phone("tsr2", 15, "08:40", "17:30")
    at_the_phone("tsr1", 16, "08:40", "17:31")
    at_the_phone("tsr2", 16, "08:40", "17:31")
    take_leave(world, "tsr1", 15, at(15, "00:00"), at(15, "24:00"), 1, "sick")
    services.take_days(MONTH, date(2026, 10, 31), site_handbook(), AFTER)
    recompute(MONTH, AFTER)
    assert [status(world, "tsr1", day) for day in (12, 13, 14, 15)] == ["normal", "absent", "late", "leave"]
    assert status(world, "tsr2", 14) == "absent"

    # The leader puts the snow forward for the whole centre, the supervisor agrees: both are excused.
    snow = {
        "team": "", "cause": "weather", "starts_at": "2026-10-13T06:00", "ends_at": "2026-10-13T10:00",
        "told_at": "2026-10-13T08:00", "proof": "红色预警截图", "reason": "大雪封路",
    }  # fmt: skip
    request = approvals.submit("attendance_excuse", world.staff["tsrl"], snow, by=world.user("tsrl"), now=AFTER)
    approve(world, request, "tsrs")
    assert [status(world, code, 13) for code in ("tsr1", "tsr2")] == ["excused", "excused"]

    # The agent was there on the fourteenth, and the terminal's file proves it.
    client.force_login(world.user("fd"))
    file = SimpleUploadedFile("14.csv", "工号,日期,上班,下班\ntsr2,2026-10-14,08:39,17:35\n".encode("gb18030"))
    answer = client.post(reverse("attendance:import"), {"file": file, "source": "terminal", "headings": ""})
    client.post(f"{answer.url}take/")
    after_import(_Run(), **Job.objects.get(task="attendance.after_import").arguments)
    assert status(world, "tsr2", 14) == "normal"

    # She asks for a correction of the fourteenth's lateness; the leader and the supervisor look and agree.
    wish = {
        "day": "2026-10-14",
        "direction": "in",
        "at": "2026-10-14T08:43",
        "evidence": "监控",
        "reason": "话机未注册",
    }
    request = approvals.submit("attendance_correction", world.staff["tsr1"], wish, by=world.user("tsr1"), now=AFTER)
    approve(world, request, "tsrl", "tsrs")
    assert status(world, "tsr1", 14) == "normal"

    # Signed in order; the manager locks.
    sheet = Sheet.objects.get(month=MONTH)
    steps = (("tsrl", "leader"), ("fd", "reception"), ("da", "analyst"), ("odm", "deputy"), ("om", "manager"))
    for who, step in steps:
        services.sign(sheet, step, world.staff[who], AFTER, team=world.team if step == "leader" else None)
    sheet.refresh_from_db()
    assert sheet.locked_at is not None

    # The director and human resources open every figure down to its why.
    for who in ("dir", "hr"):
        client.force_login(world.user(who))
        page = client.get(reverse("attendance:sheet", args=["2026-10"])).content.decode()
        days = sorted(set(re.findall(r'href="(/attendance/days/[^"]+)"', page)))
        assert len(days) >= MonthRecord.objects.count() * 3
        for address in days:
            shown = client.get(address)
            assert shown.status_code == 200
            assert re.search(r"(ATT|CALL)-\d{3}", shown.content.decode()), address

    # What comes to be known later does not touch it.
    before = list(DayRecord.objects.order_by("pk").values())
    services.correct(
        world.staff["tsr2"],
        date(2026, 10, 16),
        at=at(16, "09:05"),
        direction="in",
        reason="查实代签",
        by="da",
        now=AFTER,
    )
    assert list(DayRecord.objects.order_by("pk").values()) == before
    entry = AfterEntry.objects.get()
    assert (entry.entered_in, entry.day.day, entry.after["status"]) == (NOV, 16, "half_absent")


class _Run:
    """The job's run as far as a task needs it."""

    def progress(self, done, total=None, message=""):
        """Nobody watches."""
