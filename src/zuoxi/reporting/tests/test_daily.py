# SPDX-License-Identifier: Apache-2.0
"""The director has yesterday's figures before ten, every day; ten sharp is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from zuoxi.jobs import services as jobs
from zuoxi.jobs.models import Job, Schedule
from zuoxi.jobs.running import run_all
from zuoxi.messaging.lengths import sms_parts
from zuoxi.messaging.models import Message
from zuoxi.people.models import Staff
from zuoxi.reporting import punctuality, services
from zuoxi.reporting.daily_text import daily_text
from zuoxi.reporting.facts import FigureValue
from zuoxi.reporting.models import DailyReport
from zuoxi.reporting.punctuality import Standing, followed, judge, punctual_share
from zuoxi.reporting.tests.generated import centre
from zuoxi.telephony.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
TEN = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)  # ten o'clock in Shanghai
MORNING = datetime(2026, 11, 19, 1, 30, tzinfo=UTC)


@pytest.fixture
def director() -> Staff:
    staff = factories.person("9001", "DIR")
    Staff.objects.filter(pk=staff.pk).update(mobile="13812345678")
    return staff


@pytest.fixture
def filled():
    made = centre(seed=5, calls=200, days=1)
    made.store()
    return made


@pytest.mark.clause("RPT-001")
@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        (TEN - timedelta(microseconds=1), Standing.PUNCTUAL),
        (TEN, Standing.LATE),
        (TEN + timedelta(seconds=1), Standing.LATE),
        (None, Standing.MISSING),
    ],
)
def test_ten_sharp_is_late(sent, wanted):
    assert services.due_at(DAY) == TEN
    assert judge([sent], TEN, TEN + timedelta(hours=1)) is wanted


def test_a_report_whose_hour_has_not_come_is_neither_late_nor_missing():
    assert judge([], TEN, TEN - timedelta(seconds=1)) is Standing.NOT_DUE
    assert judge([], TEN, TEN) is Standing.MISSING
    assert judge([TEN - timedelta(hours=1), None], TEN, TEN) is Standing.MISSING


@pytest.mark.clause("RPT-001")
def test_a_report_on_a_holiday_is_due_like_any_other():
    assert services.due_at(date(2026, 9, 30)) == datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
    assert services.due_at(date(2026, 11, 21)) == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def _value(name, value, unit):
    return FigureValue(name, 1, value, None, None, unit)


def test_the_text_fits_one_short_message_in_both_languages():
    values = {
        "offered": _value("offered", 123456, "count"),
        "answered": _value("answered", 118000, "count"),
        "connect_rate": _value("connect_rate", 95.61, "%"),
        "service_level": _value("service_level", 83.25, "%"),
        "abandon_rate": _value("abandon_rate", None, "%"),
        "asa": _value("asa", 8.4, "s"),
        "aht": _value("aht", 185, "s"),
        "occupancy": _value("occupancy", 72.0, "%"),
    }
    chinese, english = (daily_text(one, DAY, values, 20, incomplete=True) for one in ("zh", "en"))
    assert chinese.startswith("11-18运营:呼入123456 接通118000 接通率95.6% 20秒接通83.3% 弃呼- 均答0:08")
    assert chinese.endswith("(数据不全)")
    assert (sms_parts(chinese), sms_parts(english)) == (1, 1)
    assert english.startswith("11-18: offered 123456, answered 118000, ans. rate 95.6%")


@pytest.mark.clause("RPT-001")
def test_the_report_is_composed_and_sent_by_itself_in_time(director, filled):
    with time_machine.travel(datetime(2026, 11, 18, 23, 0, tzinfo=UTC), tick=False):
        jobs.watch_schedules()
    times = {row.name: row.next_at for row in Schedule.objects.all()}
    assert times["reporting.daily.compose"] == datetime(2026, 11, 19, 0, 30, tzinfo=UTC)
    assert times["reporting.daily.send"] == MORNING
    with time_machine.travel(MORNING, tick=False):
        jobs.begin_due(MORNING)
        run_all()
    report = DailyReport.objects.get()
    (one,) = followed([report], TEN)
    assert (report.day, one.standing, one.sent_at) == (DAY, Standing.PUNCTUAL, MORNING)
    message = Message.objects.get()
    assert (message.to, message.body, message.state) == ("13812345678", report.text_zh, "sent")
    assert "呼入" in report.text_zh


def test_sending_twice_sends_once(director, filled):
    report = services.compose_daily(DAY, MORNING)
    assert services.send_daily(report, MORNING) == 1
    assert services.send_daily(report, MORNING) == 1
    assert Message.objects.count() == 1


def test_without_a_director_the_job_tries_again_and_says_so(filled):
    report = services.compose_daily(DAY, MORNING)
    with pytest.raises(services.NobodyToTell):
        services.send_daily(report, MORNING)
    with time_machine.travel(MORNING, tick=False):
        jobs.enqueue("reporting.daily.send")
        run_all()
    job = Job.objects.get()
    assert (job.state, "NobodyToTell" in job.error) == ("waiting", True)


def test_corrected_words_are_kept_and_words_that_left_stand(director, filled):
    report = services.compose_daily(DAY, MORNING)
    assert services.correct_daily(report, "改过", "mended", 1, MORNING)
    services.compose_daily(DAY, MORNING)
    report.refresh_from_db()
    assert report.text_zh == "改过"
    services.send_daily(report, MORNING)
    assert not services.correct_daily(report, "再改", "again", 1, MORNING)
    assert Message.objects.get().body == "改过"


@pytest.mark.clause("RPT-033")
def test_only_reports_that_are_due_count_in_the_share():
    def one(standing):
        return punctuality.Followed(DailyReport(), [], standing, None)

    rows = [one(Standing.PUNCTUAL), one(Standing.LATE), one(Standing.MISSING), one(Standing.NOT_DUE)]
    assert punctual_share(rows) == (1, 3)
    assert punctual_share([]) == (0, 0)


def test_the_manager_corrects_and_sends_and_the_director_only_reads(client, director, filled):
    services.compose_daily(DAY, MORNING)
    with time_machine.travel(MORNING, tick=False):
        client.force_login(factories.user("9002", "OM"))
        assert client.get("/reports/daily/").status_code == 200
        assert "呼入" in client.get("/reports/daily/2026-11-18/").content.decode()
        words = {"text_zh": "改过", "text_en": "mended", "send": "1"}
        assert client.post("/reports/daily/2026-11-18/send/", words).status_code == 302
        run_all()
        assert Message.objects.get().body == "改过"
        client.force_login(factories.user("9001", "DIR"))
        page = client.get("/reports/daily/2026-11-18/").content.decode()
        assert "改过" in page
        assert client.post("/reports/daily/2026-11-18/send/", words).status_code == 403
        client.force_login(factories.user("1001", "TSR"))
        assert client.get("/reports/daily/").status_code == 403
        client.force_login(factories.user("9001", "DIR"))
        assert client.get("/reports/daily/2026-13-99/").status_code == 404
