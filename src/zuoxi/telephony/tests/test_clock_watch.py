# SPDX-License-Identifier: Apache-2.0
"""The switch's clock against ours."""

from datetime import UTC, datetime, timedelta

import pytest

from zuoxi.telephony.asterisk.clock_watch import ClockWatch

pytestmark = pytest.mark.once
START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def watched(*frames, pace=1.0, offset=0.0, steady=False):
    """What was noticed at each (our seconds, seconds of the switch beyond that)."""
    watch = ClockWatch(steady)
    found = []
    for ours, beyond in frames:
        at = START + timedelta(seconds=offset + ours * pace + beyond)
        found.append(watch.jumped(at, START.timestamp() + ours))
    return found


@pytest.mark.parametrize("hour", [3600, -3600])
def test_a_clock_set_by_an_hour_is_noticed_once(hour):
    assert watched((0, 0), (1, 0), (5, 0), (6, hour), (7, hour), (600, hour)) == [0, 0, 0, hour, 0, 0]


@pytest.mark.parametrize("hour", [3600, -3600])
def test_a_real_switchs_clock_is_noticed_from_its_first_frame_on(hour):
    assert watched((0, 0), (0.2, hour), (0.4, hour), steady=True) == [0, hour, 0]


def test_a_real_switch_whose_frames_were_read_late_at_first_was_not_set():
    assert watched((0, -50), (0.5, -40), (30, 0), (31, 0), steady=True) == [0, 0, 0, 0]


def test_a_first_frame_that_was_read_late_hides_no_jump():
    assert watched((0, -0.6), (3.4, 0), (14, 3600), (15, 3600)) == [0, 0, 3600, 0]


def test_a_switch_at_twice_the_pace_is_believed_from_its_first_seconds_on():
    assert watched((0, 0), (2, 0), (65, 0), pace=2) == [0, 0, 0]


def test_a_switch_that_is_an_hour_off_all_day_is_not_set():
    assert watched((0, 0), (10, 0), (20, 0), offset=3600) == [0, 0, 0]


def test_a_minute_is_not_yet_a_jump_and_more_is():
    assert watched((0, 0), (10, 0), (20, 60)) == [0, 0, 0]
    assert watched((0, 0), (10, 0), (20, 61)) == [0, 0, 61]


def test_a_reader_that_was_held_up_for_ten_minutes_reads_old_frames_and_no_clock_was_set():
    late = [(600 + n / 100, n * 10 - 600 - n / 100) for n in range(60)]
    assert not any(watched((0, 0), (5, 0), *late, (700, 0)))


def test_an_hour_of_silence_is_no_jump():
    assert watched((0, 0), (5, 0), (3605, 0), (3606, 0)) == [0, 0, 0, 0]


@pytest.mark.parametrize("pace", [10, 100, 1000])
def test_a_simulated_switch_that_runs_faster_than_the_day_is_believed(pace):
    assert not any(watched(*((n / 3, 0) for n in range(300)), pace=pace))


def test_a_clock_set_forward_and_back_again_is_noticed_twice():
    frames = [(0, 0), (5, 0), (6, 3600), (10, 3600), (11, 0), (12, 0)]
    assert watched(*frames) == [0, 0, 3600, 0, -3600, 0]
