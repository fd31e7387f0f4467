# SPDX-License-Identifier: Apache-2.0
from datetime import date

import numpy as np
import pytest

from zuoxi.workforce.forecasting import bands
from zuoxi.workforce.forecasting.calendars import statutory
from zuoxi.workforce.forecasting.handling import handling
from zuoxi.workforce.forecasting.intraday import Course, brought_up, learnt, updated
from zuoxi.workforce.forecasting.naive import seasonal_naive
from zuoxi.workforce.forecasting.series import Days, History
from zuoxi.workforce.forecasting.tests.samples import START, history
from zuoxi.workforce.forecasting.twins import with_past_of

pytestmark = pytest.mark.once


def test_the_new_year_of_2026_is_free_and_its_weekends_are_worked():
    calendar = statutory("CN", date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.festival(date(2026, 2, 17))
    assert not calendar.festival(date(2026, 10, 1))
    assert calendar.make_up
    assert not calendar.make_up & calendar.holidays.keys()


def test_an_unknown_country_is_refused():
    with pytest.raises(ValueError, match="XX"):
        statutory("XX", date(2026, 1, 1), date(2026, 1, 2))


def test_the_week_before_stands_in_for_the_next_and_skips_unknown_weeks():
    counts = np.arange(21.0)[:, None]
    counts[14] = np.nan
    days = Days(START.date(), 1440, counts)
    assert seasonal_naive(days, 8)[:, 0].tolist() == [7, 15, 16, 17, 18, 19, 20, 7]


def test_nothing_known_of_today_leaves_the_forecast():
    mean = np.full(48, 10.0)
    assert updated(mean, np.full(48, np.nan), 22, np.empty((0, 48)), np.empty((0, 48))) is mean


def test_without_a_past_part_of_the_surprise_goes_on_and_more_of_it_where_many_called():
    came = np.full(48, np.nan)
    few, many = [
        updated(np.full(48, level), _first(came, 1.3 * level), 22, *[np.empty((0, 48))] * 2) for level in (2.0, 90.0)
    ]
    assert 1 < few[22] / 2 < many[22] / 90 < 1.3
    assert many[22] > many[40]  # what passes has passed
    assert few[:22].tolist() == [2.0] * 22


def _first(came, level, now=22):
    found = came.copy()
    found[:now] = level
    return found


def test_a_day_whose_level_is_learnt_from_the_past_is_followed_whole_and_its_band_becomes_narrow():
    rng = np.random.default_rng(3)
    mean = np.full((90, 48), 200.0)
    came = rng.poisson(mean * rng.normal(1, 0.2, 90)[:, None]).astype(float)
    course = learnt(mean, came)
    found = brought_up(mean[0], _first(np.full(48, np.nan), 260.0), 22, course)
    assert found.mean[30] == pytest.approx(260, rel=0.03)
    assert found.width[30] < 0.6 and found.width[10] == 1
    assert Course.from_json(course.as_json()).level == course.level


def test_where_mornings_tell_nothing_the_afternoon_is_left_alone():
    rng = np.random.default_rng(1)
    mean = np.full((60, 48), 20.0)
    came = rng.poisson(mean).astype(float)
    came[:, :22] *= rng.choice([0.5, 1.5], 60)[:, None]
    today = np.full(48, np.nan)
    today[:22] = 40.0
    assert updated(mean[0], today, 22, mean, came)[30] == pytest.approx(20, rel=0.15)


def test_bands_of_plain_counts_are_those_of_counts():
    rng = np.random.default_rng(2)
    mean = np.full((80, 48), 100.0)
    scatter = bands.learnt(mean, rng.poisson(mean).astype(float))
    assert scatter.single + scatter.share**2 * 100 == pytest.approx(1, rel=0.25)
    low, high = scatter.quantile(mean[:1], 0.1)[0, 0], scatter.quantile(mean[:1], 0.9)[0, 0]
    assert (low, high) == (pytest.approx(87.2, abs=2.5), pytest.approx(112.8, abs=2.5))


def test_few_days_give_a_rule_of_thumb():
    assert bands.learnt(np.ones((1, 48)), np.ones((1, 48))).share == bands.plain().share


def test_a_new_queue_borrows_the_past_of_its_twin_at_its_own_scale():
    twin = history(40)
    own = History(twin.start.replace(day=twin.start.day + 20), 30, twin.counts[20 * 48 :] * 0.25)
    both = with_past_of(own, twin)
    assert both.start == twin.start
    assert both.counts[: 20 * 48] == pytest.approx(twin.counts[: 20 * 48] * 0.25)


def test_a_queue_without_a_call_needs_to_be_told_its_share():
    twin = history(40)
    own = History(twin.end, 30, np.zeros(0))
    with pytest.raises(ValueError, match="share"):
        with_past_of(own, twin)
    assert with_past_of(own, twin, 0.5).counts.sum() == pytest.approx(twin.counts.sum() / 2)


def test_handling_is_drawn_to_the_mean_where_few_were_answered():
    calls, seconds = np.zeros((28, 48)), np.zeros((28, 48))
    calls[:, 20], seconds[:, 20] = 50, 50 * 300
    calls[0, 3], seconds[0, 3] = 1, 5000
    found = handling(Days(START.date(), 30, seconds), Days(START.date(), 30, calls), date(2026, 3, 2), 7)
    assert found[:, 20] == pytest.approx(300, rel=0.05)
    assert found[0, 3] < 450
    assert handling(Days(START.date(), 30, seconds * 0), Days(START.date(), 30, calls * 0), START.date(), 1) is None
