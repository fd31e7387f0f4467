# SPDX-License-Identifier: Apache-2.0
from datetime import datetime, timedelta

import numpy as np
import pytest

from zuoxi.workforce.forecasting.calendars import NO_HOLIDAYS, Calendar, Event
from zuoxi.workforce.forecasting.cleaning import Cause
from zuoxi.workforce.forecasting.engine import forecast
from zuoxi.workforce.forecasting.series import History, folded
from zuoxi.workforce.forecasting.tests.samples import START, cut, day_of, history, rates, with_counts
from zuoxi.workforce.forecasting.trial import NAIVE, wape

pytestmark = pytest.mark.once


def quick(held, days, calendar=NO_HOLIDAYS, **words):
    return forecast(held, days * 48, calendar, tested=0, **words).mean.reshape(days, 48)


def test_a_day_ahead_is_far_closer_than_the_week_before():
    made = forecast(history(112), 48)
    assert made.backtest.days == 84
    assert made.backtest.wape < 0.8 * made.backtest.wape_seasonal_naive
    assert abs(made.backtest.bias) < 0.02
    assert made.start == START + timedelta(days=112)


@pytest.mark.parametrize("days", [30, 42, 48])
def test_a_history_of_a_month_tells_how_many_counts_lay_within_the_bands(days):
    made = forecast(history(days), 48).backtest
    assert made.days == days - 21
    assert made.coverage_80 is not None and 0.6 <= made.coverage_80 <= 0.97
    assert forecast(history(28), 48).backtest.coverage_80 is None  # one week of trials: nothing to learn bands from


def test_four_weeks_ahead_is_never_worse_than_the_week_before():
    whole = history(140)
    came = whole.counts[112 * 48 :]
    made, naive = forecast(cut(whole, 112), 28 * 48), forecast(cut(whole, 112), 28 * 48, only=NAIVE)
    assert wape(made.mean, came) <= wape(naive.mean, came)


def test_bands_of_eighty_hold_about_eighty_of_a_hundred():
    whole = history(126, seed=11)
    inside = many = 0
    for day in range(112, 126):
        made = forecast(cut(whole, day), 48, tested=42)
        came = whole.counts[day * 48 : day * 48 + 48]
        inside += int(((came >= made.quantiles[0.1]) & (came <= made.quantiles[0.9]) & (made.mean > 0.5)).sum())
        many += int((made.mean > 0.5).sum())
    assert 0.74 <= inside / many <= 0.88


def test_bands_grow_with_the_distance_and_hold_the_mean():
    made = forecast(history(112), 28 * 48)
    low, high = made.quantiles[0.1], made.quantiles[0.9]
    assert (low <= made.mean + 1e-9).all()
    assert (high >= made.mean - 1e-9).all()
    width = (high - low).reshape(28, 48).sum(axis=1) / made.mean.reshape(28, 48).sum(axis=1)
    assert width[21:].mean() >= width[:7].mean() * 0.98


def test_the_rest_of_a_day_follows_what_has_come_by_eleven():
    whole = history(126, seed=5, wander=0.12)
    before = after = 0.0
    for day in range(112, 126):
        came = whole.counts[day * 48 + 22 : day * 48 + 48]
        before += np.abs(forecast(cut(whole, day), 48, tested=56).mean[22:] - came).sum()
        after += np.abs(forecast(cut(whole, day, 22), 26, tested=56).mean - came).sum()
    assert after < 0.85 * before


def test_a_history_that_ends_within_a_day_goes_on_from_there():
    made = forecast(cut(history(60), 50, 22), 30, tested=14)
    assert made.start == START + timedelta(days=50, hours=11)
    assert len(made.mean) == 30
    assert made.mean[:20].sum() > 100


def test_nights_without_calls_stay_without_calls():
    silent = with_counts(history(60), lambda counts: counts.__setitem__((slice(None), slice(0, 14)), 0.0))
    made = forecast(silent, 7 * 48, tested=21)
    assert made.mean.reshape(7, 48)[:, :14].max() < 0.05
    assert made.quantiles[0.9].reshape(7, 48)[:, :14].max() < 1


def test_hours_and_days_that_never_exist_are_closed():
    def close(counts):
        counts[:, :14] = np.nan
        counts[:, 42:] = np.nan
        counts[5::7] = np.nan
        counts[6::7] = np.nan

    made = forecast(with_counts(history(70), close), 14 * 48, tested=21)
    week = made.mean.reshape(14, 48)
    assert week[5:7].sum() == 0
    assert week[:, :14].sum() == 0
    assert week[0, 14:42].sum() == pytest.approx(rates(70)[:, 14:42][0::7].sum(axis=1).mean(), rel=0.2)
    assert not any("unknown" in note for note in made.notes)


def test_the_day_after_an_unplanned_closed_day_carries_its_backlog():
    def close(counts):
        counts[5::7] = np.nan
        counts[6::7] = np.nan

    open_all = with_counts(history(70, wander=0.01), close)
    shut = with_counts(open_all, lambda counts: counts.__setitem__(63, np.nan))  # the last Monday
    tuesday = quick(cut(shut, 64), 1).sum()
    assert tuesday > 1.08 * quick(cut(open_all, 64), 1).sum()


@pytest.mark.parametrize("days", [1, 2, 3, 5, 10, 15, 22, 30])
def test_short_histories_are_answered_and_say_so(days):
    made = forecast(history(days), 28 * 48)
    assert np.isfinite(made.mean).all()
    assert made.mean.sum() > 28 * 400
    if days <= 22:
        assert any(f"the history has {days} days" in note for note in made.notes)
        assert made.backtest.wape is None


def test_no_known_interval_is_refused():
    with pytest.raises(ValueError, match="no known interval"):
        forecast(History(START, 30, np.full(480, np.nan)), 48)


def test_all_noughts_are_forecast_as_noughts():
    made = forecast(History(START, 30, np.zeros(48 * 40)), 48)
    assert made.mean.max() == 0
    assert made.quantiles[0.9].max() == 0


def test_gaps_do_not_pull_the_level_down():
    rng = np.random.default_rng(8)

    def holes(counts):
        counts[rng.random(counts.shape) < 0.3] = np.nan

    whole = history(70, wander=0.01)
    assert quick(with_counts(whole, holes), 7).sum() == pytest.approx(quick(whole, 7).sum(), rel=0.05)


def test_one_caller_who_rings_nine_hundred_times_is_taken_out_and_written_down():
    troubled = with_counts(history(70), lambda counts: counts.__setitem__((66, 30), 1000.0))
    made = forecast(troubled, 48, tested=0)
    (spike,) = [one for one in made.repairs if one.cause == Cause.SPIKE]
    assert spike.found == 1000
    assert spike.start == datetime.combine(day_of(66), datetime.min.time()) + timedelta(hours=15)
    assert made.mean.sum() == pytest.approx(quick(history(70), 1).sum(), rel=0.05)


def test_a_dead_line_is_an_outage_and_no_lull():
    dead = with_counts(history(70), lambda counts: counts.__setitem__((69, slice(18, 26)), 0.0))
    made = forecast(dead, 48, tested=0)
    (outage,) = [one for one in made.repairs if one.cause == Cause.OUTAGE]
    assert (outage.start.hour, outage.end.hour) == (9, 13)
    assert outage.expected > 150
    assert made.mean.sum() == pytest.approx(quick(history(70), 1).sum(), rel=0.1)


def test_holidays_are_like_sundays_until_they_are_known_better():
    whole = history(70, wander=0.01)
    monday = day_of(70)
    plain, free = quick(whole, 1).sum(), quick(whole, 1, Calendar({monday: "国庆节"})).sum()
    assert free == pytest.approx(plain * 0.4 / 1.2, rel=0.15)


def test_a_weekend_day_that_is_worked_is_like_a_working_day():
    whole = cut(history(75, wander=0.01), 75)  # the next day is a Saturday
    worked = quick(whole, 1, Calendar(make_up=frozenset({day_of(75)}))).sum()
    assert worked > 1.6 * quick(whole, 1).sum()


def test_what_a_named_event_does_is_learnt_from_the_ones_before():
    def billing(counts):
        for day in (10, 24, 38, 52, 66):
            counts[day] *= 1.6

    events = tuple(Event("billing", day_of(day), day_of(day)) for day in (10, 24, 38, 52, 66, 80))
    whole = with_counts(history(80, wander=0.01), billing)
    with_it, without = (
        quick(whole, 1, Calendar(events=events)).sum(),
        quick(whole, 1, Calendar(events=events[:5])).sum(),
    )
    assert 1.35 < with_it / without < 1.7


def test_an_entered_effect_is_taken_as_it_is():
    whole = history(70)
    event = Event("storm", day_of(70), day_of(70), effect=1.5)
    assert quick(whole, 1, Calendar(events=(event,))).sum() == pytest.approx(1.5 * quick(whole, 1).sum(), rel=0.01)


def test_an_event_of_some_hours_moves_those_hours_only():
    event = Event("broadcast", day_of(70), day_of(70), 2.0, 20 * 60, 22 * 60)
    plain, moved = quick(history(70), 1)[0], quick(history(70), 1, Calendar(events=(event,)))[0]
    assert moved[40:44] == pytest.approx(2 * plain[40:44])
    assert moved[:40] == pytest.approx(plain[:40])


def test_the_edge_of_a_broadcast_stays_an_edge():
    rng = np.random.default_rng(6)
    base = np.full((30, 48), 4.0)
    base[:, 16:46:4] = 40.0
    made = quick(History(START, 30, rng.poisson(base).astype(float).reshape(-1)), 1)[0]
    assert made[20] == pytest.approx(40, rel=0.15)
    assert made[21] == pytest.approx(4, rel=0.3)


def test_steady_growth_is_followed_not_lagged_behind():
    rng = np.random.default_rng(4)
    grown = rates(112, wander=0.0) * np.linspace(1.0, 2.0, 112)[:, None]
    made = quick(History(START, 30, rng.poisson(grown).astype(float).reshape(-1)), 7)
    aim = rates(119, wander=0.0)[112:] * 2.0
    assert made.sum() == pytest.approx(aim.sum(), rel=0.1)


def test_folding_keeps_what_lies_before_and_after_unknown():
    days = folded(History(START.replace(hour=8), 30, np.ones(40)))
    assert days.ahead == 40
    assert np.isnan(days.counts[0, :16]).all()
    assert days.counts[0, 16:].sum() == 32
    assert days.counts[1, :8].sum() == 8
