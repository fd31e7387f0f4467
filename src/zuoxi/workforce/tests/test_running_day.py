# SPDX-License-Identifier: Apache-2.0
"""The running day: the forecast brought up to date by what has come."""

from datetime import timedelta

import numpy as np
import pytest

from zuoxi.telephony.models import QueueVisit, UnknownWindow
from zuoxi.workforce import services
from zuoxi.workforce.demand.running import running, running_days
from zuoxi.workforce.demand_models import ForecastRun
from zuoxi.workforce.forecasting.intraday import Course
from zuoxi.workforce.tests.test_demand import _NUMBERS, NOW, TODAY, at, calls, queues

__all__ = ["queues"]
pytestmark = pytest.mark.django_db


def come(queue, half, many):
    QueueVisit.objects.bulk_create(
        QueueVisit(
            call_id=next(_NUMBERS), seq=0, outcome="answered", queue=queue, agent="1001", talk_seconds=60,
            entered_at=at(TODAY, half // 2, half % 2 * 30) + timedelta(seconds=15 * place),
        )
        for place in range(many)
    )  # fmt: skip


@pytest.mark.clause("SCH-001")
def test_a_morning_above_the_forecast_raises_the_rest_of_the_day(
    queues, centre, django_assert_max_num_queries, time_machine
):
    time_machine.move_to(NOW, tick=False)
    calls("orders", each=60)
    services.make_forecasts(TODAY, by=centre.staff["8002"], now=NOW)
    for half in (18, 19):
        come("orders", half, 95)
    with django_assert_max_num_queries(6):
        found = running_days(TODAY, NOW)
    orders, service = found["orders"], found["service"]
    assert orders.passed == 20
    assert orders.mean[18] == 95
    assert orders.ratio > 1.05
    assert orders.mean[25] > orders.forecast[25] * 1.05
    assert orders.low[25] <= orders.mean[25] <= orders.high[25]
    assert service.ratio < 1  # nobody called there so far


def test_a_half_hour_in_which_the_switch_was_not_heard_is_unknown_and_not_nought(queues, centre, time_machine):
    time_machine.move_to(NOW, tick=False)
    calls("orders", each=60)
    services.make_forecasts(TODAY, by=centre.staff["8002"], now=NOW)
    heard = running_days(TODAY, NOW)["orders"]
    UnknownWindow.objects.create(switch="main", from_at=at(TODAY, 0), to_at=at(TODAY, 9, 40), why="x")
    come("orders", 19, 95)
    found = running_days(TODAY, NOW)["orders"]
    assert heard.ratio < 1  # nobody had called, the switch being there
    assert found.ratio == pytest.approx(1)
    assert found.mean[18] == found.forecast[18] > 0
    assert found.mean[19] == 95  # at least those who were heard of


def test_the_half_hour_at_hand_has_what_came_and_a_share_of_what_was_expected():
    mean = np.full(48, 100.0)
    came = np.zeros(48)
    came[:20], came[20] = 100.0, 50.0
    found = running("a", np.array([mean, mean - 15, mean + 15]), came, 20.5, Course())
    assert found.mean[20] == pytest.approx(100)
    assert found.low[20] >= 50
    assert found.high[20] - found.low[20] < 30


def test_before_the_day_the_forecast_stands_and_after_it_what_came():
    mean, came = np.full(48, 10.0), np.arange(48.0)
    band = np.array([mean, mean - 3, mean + 3])
    before = running("a", band, np.zeros(48), 0.0, Course())
    assert before.mean.tolist() == mean.tolist() and before.low.tolist() == band[1].tolist()
    after = running("a", band, came, 48.0, Course())
    assert after.mean.tolist() == after.high.tolist() == came.tolist()
    assert after.ratio is None


def test_a_reckoning_from_before_such_courses_were_kept_goes_by_a_rule_of_thumb(queues, centre, time_machine):
    time_machine.move_to(NOW, tick=False)
    services.make_forecasts(TODAY, by=centre.staff["8002"], now=NOW)
    for run in ForecastRun.objects.all():
        run.said = {}
        run.save()
    assert set(running_days(TODAY, NOW, ["orders"])) == {"orders"}
