# SPDX-License-Identifier: Apache-2.0
"""Calls of the days before the ledger, from a file: read, refused, kept, laid before what the ledger has."""

import io
from datetime import timedelta

import numpy as np
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from zuoxi.people.models import Staff
from zuoxi.vault.models import AuditEntry
from zuoxi.workforce import services
from zuoxi.workforce.demand.history import Past, _joined
from zuoxi.workforce.demand.history_file import read_history
from zuoxi.workforce.demand_models import DemandHistory, ForecastRun
from zuoxi.workforce.selectors import demand_of
from zuoxi.workforce.tests.test_demand import NOW, TODAY, at, queues

__all__ = ["queues"]
NAMES = {"orders": "orders", "订购": "orders", "vip": "vip", "贵宾": "vip"}
AT = NOW.replace(tzinfo=None)


def rows_of(first, last, name="贵宾", calls=20, aht=""):
    """From nine to six, half as many at weekends."""
    found, day = ["技能组,开始时间,来电量,平均处理时长"], first
    while day <= last:
        many = calls // 2 if day.isoweekday() > 5 else calls
        found += [f"{name},{day} {half // 2:02}:{half % 2 * 30:02},{many},{aht}" for half in range(18, 36)]
        day += timedelta(days=1)
    return "\n".join(found).encode()


def read(text, chosen=""):
    return read_history(text.encode(), NAMES, chosen, AT)


def test_quarters_of_an_hour_are_summed_and_an_empty_count_is_unknown():
    found = read("time,calls\n2026-11-02 09:00,3\n2026-11-02 09:15,4\n2026-11-02 09:30,\n2026-11-02 09:45,\n", "orders")
    (day,) = found.days.values()
    assert (day.calls[18], day.calls[19], day.calls[20]) == (7, None, None)
    assert found.minutes == 15


def test_of_a_half_hour_known_in_part_the_rest_is_like_it():
    found = read("time,calls\n2026-11-02 09:00,3\n2026-11-02 09:15,\n2026-11-02 09:30,2\n2026-11-02 09:45,2", "orders")
    (day,) = found.days.values()
    assert (day.calls[18], day.calls[19]) == (6, 4)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("贵宾,2026-11-02 09:00,-3,", "来电量"),
        ("贵宾,2026-11-02 09:00,many,", "来电量"),
        ("贵宾,2026-11-02 09:00,13900000000,", "来电量"),
        ("贵宾,2026-11-02 09:00,5,-1", "平均处理时长"),
        ("贵宾,2026-13-02 09:00,5,", "开始时间"),
        ("贵宾,2026-11-02,5,", "开始时间"),
        ("贵宾,2027-11-02 09:00,5,", "开始时间"),
        ("贵宾,1902-11-02 09:00,5,", "开始时间"),
        ("没有这组,2026-11-02 09:00,5,", "技能组"),
        (",2026-11-02 09:00,5,", "技能组"),
        ("贵宾,2026-11-01 09:00,5,", "开始时间"),
    ],
)
def test_what_cannot_be_true_is_named_by_line_and_column(line, column):
    found = read(f"技能组,开始时间,来电量,平均处理时长\n贵宾,2026-11-01 09:00,5,\n{line}\n")
    (wrong,) = found.problems
    assert (wrong.line, wrong.column) == (3, column)


def test_a_queue_by_half_hour_beside_one_by_quarters_is_not_doubled():
    rows = [f"贵宾,2026-11-02 {half // 2:02}:{half % 2 * 30:02},4" for half in range(18, 24)]
    rows += [f"订购,2026-11-02 {part // 4:02}:{part % 4 * 15:02},4" for part in range(36, 60)]
    found = read("\n".join(["技能组,时间,来电量", *rows]))
    by_queue = {queue: day.calls for (queue, _day), day in found.days.items()}
    assert by_queue["vip"][18:24] == [4] * 6
    assert by_queue["orders"][18:30] == [8] * 12


def test_days_by_half_hour_before_days_by_quarters_are_not_doubled():
    rows = [f"2026-10-01 {half // 2:02}:{half % 2 * 30:02},4" for half in range(18, 24)]
    rows += [f"2026-10-02 {part // 4:02}:{part % 4 * 15:02},4" for part in range(36, 60)]
    early, late = read("\n".join(["时间,来电量", *rows]), "vip").days.values()
    assert early.calls[18:24] == [4] * 6
    assert late.calls[18:30] == [8] * 12


@pytest.mark.parametrize("zone", ["Z", "+00:00", " UTC", "+08"])
def test_a_moment_with_a_zone_is_not_taken_for_the_wall_clock(zone):
    found = read(f"时间,来电量\n2026-11-02T01:30:00{zone},4", "vip")
    assert [one.line for one in found.problems] == [2] and not found.days


def test_parts_of_a_second_are_no_hindrance():
    (day,) = read("时间,来电量\n2026-11-02 01:30:00.000,4", "vip").days.values()
    assert day.calls[3] == 4


@pytest.fixture
def sheet():
    def made(moments):
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content)
        page, shape = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_row(0, 0, ["时间", "来电量"])
        for row, moment in enumerate(moments, 1):
            page.write_number(row, 0, moment, shape)
            page.write_number(row, 1, 5)
        book.close()
        return content.getvalue()

    return made


def test_a_day_from_excel_whose_times_were_filled_downwards_has_each_row_in_its_half_hour(sheet):
    """Each cell is a little off, and midnight has no time of day."""
    moments = [45992 + half / 48 + (-1e-8 if half % 2 else 1e-8) * bool(half) for half in range(48)]
    found = read_history(sheet(moments), NAMES, "vip", AT)
    assert not found.problems
    (day,) = found.days.values()
    assert day.calls == [5] * 48


def test_an_excel_file_with_one_row_a_day_does_not_tell_of_half_hours(sheet):
    found = read_history(sheet([45992, 45993]), NAMES, "vip", AT)
    assert len(found.problems) == 1 and not found.days
    assert read_history(sheet([45992]), NAMES, "vip", AT).problems


@pytest.mark.django_db
def test_days_are_written_in_one_order_whatever_the_files_was(queues, centre):
    """Two files with the same days do not wait for each other in a ring."""
    content = rows_of(TODAY - timedelta(days=3), TODAY - timedelta(days=1)).decode().splitlines()
    held = read_history("\n".join([content[0], *reversed(content[1:])]).encode(), NAMES, "", AT)
    services.keep_history(held.days, source="x.csv", by=centre.staff["8002"], now=NOW)
    days = DemandHistory.objects.order_by("pk").values_list("day", flat=True)
    assert list(days) == sorted(days)


def test_one_row_an_hour_does_not_tell_of_half_hours():
    found = read("time,calls\n2026-11-02 09:00,3\n2026-11-02 10:00,4\n2026-11-02 11:00,4", "orders")
    assert len(found.problems) == 1 and not found.days


@pytest.mark.django_db
@pytest.mark.clause("SCH-001")
def test_a_queue_without_a_call_is_forecast_from_a_file(queues, centre):
    held = read_history(rows_of(TODAY - timedelta(days=60), TODAY - timedelta(days=1), aht="300"), NAMES, "", AT)
    assert services.keep_history(held.days, source="x.csv", by=centre.staff["8002"], now=NOW) == (60, 0)
    services.make_forecasts(TODAY + timedelta(days=7), by=None, now=NOW)
    run = ForecastRun.objects.get(queue="vip")
    assert run.history_days == 60
    by_start = {one.start: one for one in demand_of("vip", TODAY, TODAY + timedelta(days=7))}
    monday = next(one for one in by_start.values() if one.start.isoweekday() == 1 and one.start.hour == 12)
    assert monday.calls == pytest.approx(20, rel=0.15)
    assert monday.aht_seconds == pytest.approx(300, abs=15)
    assert by_start[at(TODAY, 3)].calls == 0


@pytest.mark.django_db
def test_days_of_the_ledger_stay_the_ledgers_and_days_before_it_are_the_files(queues, centre):
    """The ledger has six calls in a half hour for 35 days; the file says sixty throughout."""
    held = read_history(rows_of(TODAY - timedelta(days=80), TODAY - timedelta(days=1), "订购", 60), NAMES, "", AT)
    services.keep_history(held.days, source="x.csv", by=centre.staff["8002"], now=NOW)
    services.make_forecasts(TODAY + timedelta(days=2), by=None, now=NOW, queues=["orders"])
    run = ForecastRun.objects.get(queue="orders")
    assert (run.history_from, run.history_days) == (TODAY - timedelta(days=80), 80)
    noon = next(one for one in demand_of("orders", TODAY, TODAY) if one.start == at(TODAY, 12))
    assert noon.calls < 15


@pytest.mark.django_db
@pytest.mark.clause("SCH-001")
def test_files_at_quite_another_level_are_brought_to_the_ledgers_and_the_page_says_so(queues, browse, time_machine):
    """The ledger has six calls in a half hour, the file thirty: the old system counted three queues as one."""
    time_machine.move_to(NOW, tick=False)
    held = read_history(rows_of(TODAY - timedelta(days=300), TODAY - timedelta(days=36), "订购", 30), NAMES, "", AT)
    services.keep_history(held.days, source="x.csv", by=Staff.objects.get(code="8002"), now=NOW)
    services.make_forecasts(TODAY + timedelta(days=20), by=None, now=NOW, queues=["orders", "service"])
    assert {one.queue: one.said["times"] for one in ForecastRun.objects.all()} == {
        "orders": pytest.approx(0.2),
        "service": 1,
    }
    later = [one.calls for one in demand_of("orders", TODAY, TODAY + timedelta(days=20)) if one.start.hour == 12]
    assert max(later) < 9
    for address in (reverse("workforce:forecast") + "?queue=orders", reverse("workforce:forecast_history")):
        assert "× 0.20" in browse("8002").get(address).content.decode()
    assert "× 1" not in browse("8002").get(reverse("workforce:forecast") + "?queue=service").content.decode()


def test_the_level_is_compared_at_hours_that_the_file_tells_of_and_only_where_enough_days_tell():
    def joined(ledger_days, each, known=48):
        filed = [
            DemandHistory(queue="a", day=TODAY - timedelta(days=back), calls=[10] * known + [None] * (48 - known))
            for back in range(100, 40, -1)
        ]
        whole = np.full((ledger_days, 48), float(each))
        past = Past(TODAY - timedelta(days=ledger_days), whole, whole * 0, whole * 0)
        return _joined(past, filed, TODAY - timedelta(days=1), 0.0)

    assert joined(30, 10, known=12).times == 1
    assert joined(30, 15).times == 1 and joined(30, 16).times == pytest.approx(1.6)
    assert joined(14, 40).times == 1  # the first day may have begun at noon
    found = joined(15, 40)
    assert found.times == 4 and found.calls[0, 5] == 40 and found.calls[-1, 5] == 40


def test_a_weekday_that_only_the_files_tell_of_does_not_disturb_the_level():
    filed = [DemandHistory(queue="a", day=TODAY - timedelta(days=back), calls=[10] * 48) for back in range(100, 40, -1)]
    first = TODAY - timedelta(days=30)
    whole = np.full((30, 48), 40.0)
    whole[[(first + timedelta(days=place)).isoweekday() == 7 for place in range(30)]] = 0
    assert _joined(Past(first, whole, whole * 0, whole * 0), filed, TODAY - timedelta(days=1), 0.0).times == 4


@pytest.mark.django_db
def test_a_queue_whose_file_tells_no_handling_time_can_still_be_staffed(queues, centre):
    from zuoxi.workforce.today.requirements import USUAL_HANDLE, required_of

    held = read_history(rows_of(TODAY - timedelta(days=40), TODAY - timedelta(days=1)), NAMES, "", AT)
    services.keep_history(held.days, source="x.csv", by=centre.staff["8002"], now=NOW)
    services.make_forecasts(TODAY + timedelta(days=2), by=None, now=NOW, queues=["vip"])
    needs = required_of(TODAY, TODAY, "vip")
    assert needs and {one.aht_seconds for one in needs} == {USUAL_HANDLE}


@pytest.mark.django_db
def test_a_planner_takes_a_file_in_sees_it_and_takes_it_out(queues, browse, centre, django_assert_max_num_queries):
    today = timezone.localdate()
    content, planner = rows_of(today - timedelta(days=30), today - timedelta(days=1)), browse("8002")
    address = reverse("workforce:forecast_history")
    for many in (30, 0):
        file = SimpleUploadedFile("旧系统.csv", content.replace(b",20,", b",22,") if not many else content)
        page = planner.post(address, {"file": file, "queue": ""}, follow=True).content.decode()
        assert "30" in page and "旧系统.csv" in page
    assert DemandHistory.objects.count() == 30
    planner.get(address)
    with django_assert_max_num_queries(12):
        planner.get(address)
    assert planner.get(reverse("workforce:forecast_history_example")).content.decode("utf-8-sig").count("\r\n") == 3
    planner.post(reverse("workforce:forecast_history_drop", args=["vip"]))
    assert not DemandHistory.objects.exists()
    verbs = AuditEntry.objects.filter(verb__startswith="workforce.history").values_list("verb", flat=True)
    assert sorted(verbs) == ["workforce.history.dropped", *["workforce.history.kept"] * 2]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "时间,来电量\n".encode(), b"\x00\x01"])
def test_a_file_that_tells_nothing_is_refused_and_nothing_is_lost(queues, browse, content):
    answer = browse("8002").post(
        reverse("workforce:forecast_history"), {"file": SimpleUploadedFile("x.csv", content), "queue": "vip"}
    )
    assert answer.status_code == 422 and not DemandHistory.objects.exists()


@pytest.mark.django_db
def test_a_mistake_in_one_line_keeps_the_whole_file_out_and_says_where(queues, browse):
    text = "时间,来电量\n2026-01-05 09:00,4\n2026-01-05 09:30,-4\n"
    answer = browse("8002").post(
        reverse("workforce:forecast_history"), {"file": SimpleUploadedFile("x.csv", text.encode()), "queue": "vip"}
    )
    assert answer.status_code == 422 and not DemandHistory.objects.exists()
    assert answer.context["problems"][0].line == 3


@pytest.mark.django_db
def test_a_name_that_two_queues_have_is_asked_about_and_the_code_is_taken(queues, browse):
    queues[0].name_zh = queues[2].name_zh
    queues[0].save()
    today = timezone.localdate()
    planner, address = browse("8002"), reverse("workforce:forecast_history")
    for name, status, kept in (("贵宾", 422, set()), ("orders", 302, {"orders"})):
        content = rows_of(today - timedelta(days=2), today - timedelta(days=1), name)
        answer = planner.post(address, {"file": SimpleUploadedFile("x.csv", content), "queue": ""})
        assert answer.status_code == status
        assert set(DemandHistory.objects.values_list("queue", flat=True)) == kept


def test_days_between_a_file_and_the_ledger_are_unknown_not_nought():
    row = DemandHistory(queue="a", day=TODAY - timedelta(days=10), calls=[1] * 48, handled=[])
    ledger = Past(TODAY - timedelta(days=5), np.full((5, 48), 2.0), np.zeros((5, 48)), np.zeros((5, 48)))
    found = _joined(ledger, [row], TODAY - timedelta(days=1), 0.0)
    assert found.calls[:, 20].tolist()[0] == 1 and np.isnan(found.calls[1:5]).all() and (found.calls[5:] == 2).all()


def test_of_the_ledgers_first_day_whoever_counts_more_is_believed():
    """The telephones were joined at noon; the file has the day whole. A file with less does not take a day away."""
    ledger = np.full((20, 48), 2.0)
    ledger[0, :24] = 0

    def joined(each):
        row = DemandHistory(queue="a", day=TODAY - timedelta(days=20), calls=[each] * 48, handled=[90.0] * 48)
        past = Past(TODAY - timedelta(days=20), ledger, ledger.copy(), ledger * 60)
        return _joined(past, [row], TODAY - timedelta(days=1), 30.0)

    whole = joined(2)
    assert whole.calls[0].tolist() == [2] * 48 and (whole.calls[1:] == 2).all()
    assert whole.answered[0, 0] == 2 and whole.seconds[0, 0] == 120
    assert joined(0.9).calls[0].tolist() == [0] * 24 + [2] * 24
