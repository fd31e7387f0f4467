# SPDX-License-Identifier: Apache-2.0
"""The forecast as the centre keeps it: made from the ledger, changed by hand, compared, read by others."""

import csv
from datetime import date, datetime, time, timedelta
from io import StringIO
from itertools import count

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zuoxi.jobs.models import Job
from zuoxi.telephony.models import Queue, QueueVisit, Switch
from zuoxi.vault.models import AuditEntry
from zuoxi.workforce import services
from zuoxi.workforce.demand.accuracy import measured
from zuoxi.workforce.demand.slots import with_edits
from zuoxi.workforce.demand_forms import minute_of
from zuoxi.workforce.demand_models import DemandEvent, ForecastDay, ForecastEdit, ForecastRun
from zuoxi.workforce.selectors import demand_of
from zuoxi.workforce.tests.conftest import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, tzinfo=SHANGHAI)
TODAY = NOW.date()
DAYS = 35
_NUMBERS = count(1)


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def calls(queue, days=DAYS, each=6):
    """`each` calls in every half hour from nine to eighteen; on Sundays half of them."""
    rows = []
    for back in range(days, 0, -1):
        day = TODAY - timedelta(days=back)
        for half in range(18, 36):
            many = each // 2 if day.isoweekday() == 7 else each
            rows += [
                QueueVisit(
                    call_id=next(_NUMBERS), seq=0, outcome="answered", queue=queue, agent="1001",
                    talk_seconds=120 if half < 30 else 240,
                    entered_at=at(day, half // 2, half % 2 * 30) + timedelta(minutes=place),
                )
                for place in range(many)
            ]  # fmt: skip
    QueueVisit.objects.bulk_create(rows)


@pytest.fixture
def queues(centre):
    switch = Switch.objects.create(name="pbx")
    made = [
        Queue.objects.create(switch=switch, code=code, name_zh=zh, name_en=en, project=centre.project, wrap_seconds=30)
        for code, zh, en in (("orders", "订购", "Orders"), ("service", "售后", "Service"), ("vip", "贵宾", "VIP"))
    ]
    calls("orders")
    calls("service", each=4)
    return made


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def made(queues, centre):
    return services.make_forecasts(TODAY + timedelta(days=20), by=centre.staff["8002"], now=NOW)


@pytest.mark.clause("SCH-001")
def test_every_queue_with_calls_is_forecast_by_half_hour(made):
    assert [one.queue for one in made] == ["orders", "service"]
    slots = demand_of("orders", TODAY, TODAY + timedelta(days=20))
    assert len(slots) == 21 * 48
    by_start = {one.start: one for one in slots}
    noon = by_start[at(TODAY + timedelta(days=1), 12)]
    assert noon.calls == pytest.approx(6, rel=0.15)
    assert noon.low <= noon.calls <= noon.high
    assert by_start[at(TODAY, 3)].calls == 0
    sunday = next(one for one in slots if one.start.isoweekday() == 7 and one.start.hour == 12)
    assert sunday.calls == pytest.approx(3, rel=0.25)
    assert AuditEntry.objects.filter(verb="workforce.forecast.made").count() == 1


def test_handling_times_are_forecast_with_the_wrap_up(made):
    by_start = {one.start: one for one in demand_of("orders", TODAY, TODAY)}
    assert by_start[at(TODAY, 10)].aht_seconds == pytest.approx(150, abs=12)
    assert by_start[at(TODAY, 16)].aht_seconds == pytest.approx(270, abs=20)


def test_without_a_call_there_is_nothing_to_forecast(centre):
    with pytest.raises(services.NoHistory):
        services.make_forecasts(TODAY, by=None, now=NOW)


def test_a_new_queue_borrows_the_past_of_its_twin(queues):
    (vip,) = services.make_forecasts(
        TODAY + timedelta(days=2), by=None, now=NOW, queues=["vip"], twins={"vip": ("orders", 0.5)}
    )
    assert vip.twin == "orders"
    found = {one.start: one for one in demand_of("vip", TODAY, TODAY)}
    assert found[at(TODAY, 12)].calls == pytest.approx(3, rel=0.2)


def test_the_latest_reckoning_counts_and_the_older_one_stays(made, queues):
    QueueVisit.objects.filter(queue="orders").delete()
    calls("orders", each=12)
    services.make_forecasts(TODAY + timedelta(days=5), by=None, now=NOW + timedelta(hours=1), queues=["orders"])
    slots = {one.start: one.calls for one in demand_of("orders", TODAY, TODAY + timedelta(days=20))}
    assert slots[at(TODAY + timedelta(days=1), 12)] == pytest.approx(12, rel=0.15)
    assert slots[at(TODAY + timedelta(days=8), 12)] == pytest.approx(6, rel=0.15)
    assert ForecastRun.objects.filter(queue="orders").count() == 2


@pytest.mark.clause("SCH-001")
def test_an_edit_stands_over_the_reckoned_value_and_over_later_reckonings(made, centre):
    day = TODAY + timedelta(days=1)
    edit = services.edit_forecast(
        "orders",
        at(day, 10),
        at(day, 12),
        kind="factor",
        value=1.5,
        reason="专场直播",
        by=centre.staff["8002"],
        now=NOW,
    )
    found = {one.start: one for one in demand_of("orders", day, day)}
    assert found[at(day, 10)].calls == pytest.approx(1.5 * found[at(day, 10)].made)
    assert found[at(day, 10)].high > found[at(day, 12)].high * 1.2
    assert found[at(day, 10)].edited
    assert not found[at(day, 12)].edited
    services.make_forecasts(TODAY + timedelta(days=5), by=None, now=NOW + timedelta(hours=1))
    assert {one.start: one for one in demand_of("orders", day, day)}[at(day, 10)].edited
    assert services.withdraw_edit(edit, by=centre.staff["8001"], now=NOW)
    assert not services.withdraw_edit(edit, by=centre.staff["8001"], now=NOW)
    assert not any(one.edited for one in demand_of("orders", day, day))


@pytest.mark.parametrize(
    ("edits", "calls", "high"),
    [
        ([], 10.0, 15.0),
        ([("factor", 2.0)], 20.0, 30.0),
        ([("calls", 5.0)], 5.0, 7.5),
        ([("calls", 5.0), ("factor", 2.0)], 10.0, 15.0),
        ([("factor", 0.0)], 0.0, 0.0),
    ],
)
def test_edits_follow_one_another_and_take_the_band_along(edits, calls, high):
    assert with_edits(10.0, 6.0, 15.0, edits)[::2] == (calls, high)


def test_calls_put_where_none_were_reckoned_have_no_band():
    assert with_edits(0.0, 0.0, 0.0, [("calls", 4.0)]) == (4.0, 4.0, 4.0)


def test_a_named_event_moves_its_hours_in_the_next_reckoning(queues, centre):
    day = TODAY + timedelta(days=3)
    event = services.keep_event(
        name="双十二预热", queue="orders", first=day, last=day, minutes=(600, 720), effect=2.0, note="",
        by=centre.staff["8002"], now=NOW,
    )  # fmt: skip
    services.make_forecasts(day, by=None, now=NOW)
    orders = {one.start: one.calls for one in demand_of("orders", day, day)}
    service = {one.start: one.calls for one in demand_of("service", day, day)}
    assert orders[at(day, 10)] == pytest.approx(12, rel=0.15)
    assert orders[at(day, 13)] == pytest.approx(6, rel=0.15)
    assert service[at(day, 10)] == pytest.approx(4, rel=0.15)
    assert services.withdraw_event(event, by=centre.staff["8002"], now=NOW)
    assert not services.withdraw_event(event, by=centre.staff["8002"], now=NOW)


@pytest.mark.clause("SCH-001")
def test_a_negative_value_or_an_effect_of_nought_cannot_be_kept(centre):
    edit = ForecastEdit(
        queue="orders", starts_at=NOW, ends_at=NOW + timedelta(hours=1), kind="calls", value=-1, reason="-",
        by=centre.staff["8002"], at=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match=r"(?i)forecast_edit_not_negative|check"), transaction.atomic():
        edit.save()
    event = DemandEvent(name="x", first=TODAY, last=TODAY, effect=0, by=centre.staff["8002"], at=NOW)
    with pytest.raises(IntegrityError, match=r"(?i)demand_event_effect|check"), transaction.atomic():
        event.save()


def test_accuracy_takes_the_last_reckoning_from_before_the_day(queues):
    then = NOW - timedelta(days=7)
    services.make_forecasts(TODAY, by=None, now=then)
    whole, days = measured(["orders"], TODAY - timedelta(days=7), TODAY - timedelta(days=1), NOW)["orders"]
    assert whole.days == len(days) == 7
    assert whole.wape < 0.1
    assert whole.naive == 0
    assert abs(whole.bias) < 0.1


def test_accuracy_is_unknown_while_nothing_can_be_compared(made):
    whole, days = measured(["orders"], TODAY - timedelta(days=7), TODAY - timedelta(days=1), NOW)["orders"]
    assert (whole.wape, whole.naive, whole.days, days) == (None, None, 0, [])


def page(client, name="forecast", **query):
    return client.get(reverse(f"workforce:{name}"), query)


@pytest.mark.usefixtures("clock")
def test_the_pages_stand_within_their_budget_however_many_queues(made, browse, django_assert_max_num_queries, centre):
    client = browse("8002")
    for name in ("forecast", "forecast_accuracy", "forecast_events"):
        page(client, name)
        with django_assert_max_num_queries(14):
            assert page(client, name).status_code == 200
    text = page(client, queue="orders", day=TODAY + timedelta(days=2)).content.decode()
    assert "订购" in text
    assert "forecast-day-data" in text


@pytest.mark.usefixtures("clock")
def test_an_empty_centre_says_what_will_appear(centre, browse):
    assert "zx-empty" in page(browse("8002")).content.decode()


@pytest.mark.usefixtures("clock")
def test_an_edit_by_hand_is_kept_and_a_wrong_one_keeps_what_was_typed(made, browse):
    client, day = browse("8002"), TODAY + timedelta(days=1)
    address = reverse("workforce:forecast_edit") + f"?queue=orders&day={day}"
    said = {"day": day, "since": "10:00", "until": "24:00", "kind": "factor", "value": "1.2", "reason": "天冷"}
    wrong = client.post(address, said | {"since": "10:10", "reason": "暴雨预警"})
    assert wrong.status_code == 422
    assert "暴雨预警" in wrong.content.decode()
    assert not ForecastEdit.objects.exists()
    assert client.post(address, said | {"value": "11"}).status_code == 422
    assert client.post(address, said).status_code == 302
    edit = ForecastEdit.objects.get()
    assert (edit.starts_at, edit.ends_at) == (at(day, 10), at(day + timedelta(days=1), 0))
    assert "天冷" in page(client, queue="orders", day=day).content.decode()
    client.post(reverse("workforce:forecast_withdraw", args=[edit.pk]))
    assert ForecastEdit.objects.get().withdrawn_by.code == "8002"


@pytest.mark.usefixtures("clock")
def test_forecasting_anew_is_asked_once_and_not_too_far(made, browse):
    client = browse("8002")
    address = reverse("workforce:forecast_make")
    client.post(address, {"last": TODAY + timedelta(days=93)})
    client.post(address, {"last": TODAY - timedelta(days=1)})
    client.post(address, {"last": TODAY + timedelta(days=30), "twin_of": "vip", "twin": "vip"})
    assert not Job.objects.filter(task="workforce.forecast").exists()
    for _time in range(2):
        client.post(address, {"last": TODAY + timedelta(days=92)})
    assert Job.objects.filter(task="workforce.forecast").count() == 1


@pytest.mark.usefixtures("clock")
def test_an_event_is_written_down_for_one_day_and_withdrawn(queues, browse):
    client = browse("8002")
    address = reverse("workforce:forecast_events")
    said = {"name": "会员日", "queue": "", "first": "2026-11-25", "since": "00:00", "until": "24:00"}
    assert client.post(address, said | {"until": "00:00"}).status_code == 422
    assert client.post(address, said | {"last": "2026-11-20"}).status_code == 422
    assert client.post(address, said).status_code == 302
    event = DemandEvent.objects.get()
    assert (event.first, event.last, event.effect) == (date(2026, 11, 25), date(2026, 11, 25), None)
    assert "会员日" in client.get(address).content.decode()
    client.post(reverse("workforce:forecast_event_withdraw", args=[event.pk]))
    assert "会员日" not in client.get(address).content.decode()


@pytest.mark.usefixtures("clock")
def test_only_who_may_take_report_data_out_gets_the_file(made, browse):
    address = reverse("workforce:forecast_export", args=["csv"]) + f"?queue=orders&first={TODAY}&last={TODAY}"
    assert browse("8002").get(address).status_code == 403
    answer = browse("8001").get(address)
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 49
    assert rows[25][0] == "订购"
    assert browse("8001").get(reverse("workforce:forecast_export", args=["xlsx"])).content[:2] == b"PK"
    assert browse("8001").get(reverse("workforce:forecast_export", args=["exe"])).status_code == 404


@pytest.mark.usefixtures("clock")
def test_the_job_makes_what_the_page_shows(queues, centre):
    from zuoxi.workforce.tasks import forecast

    class Run:
        seen: list = []

        def progress(self, done, total=None, message=""):
            self.seen.append((done, total))

    assert forecast(Run(), by_code="8002")["queues"] == 2
    assert Run.seen[-1] == (2, 2)
    assert ForecastDay.objects.filter(run__queue="orders").count() == 63
    assert np.isfinite(ForecastDay.objects.first().mean).all()


def test_times_of_the_day_are_read_and_nonsense_is_not():
    assert [minute_of(text) for text in ("09:30", "24:00", "9:5", "24:30", "noon", "12:60")] == [
        570,
        1440,
        545,
        None,
        None,
        None,
    ]
