# SPDX-License-Identifier: Apache-2.0
from datetime import datetime, timedelta

import numpy as np
import pytest

from zuoxi.workforce.forecasting.reading import BadInput, read

pytestmark = pytest.mark.once


at = datetime.fromisoformat
MONDAY = at("2026-03-02")


def lines(days=3, step=30, start=MONDAY, calls=lambda one: one.hour, form="%Y-%m-%dT%H:%M"):
    moments = [start + timedelta(minutes=step) * place for place in range(days * 1440 // step)]
    return [f"{one.strftime(form)},{calls(one)}" for one in moments]


def content(rows, heading="start,calls", end="\n", encoding="utf-8"):
    return (end.join([heading, *rows]) + end).encode(encoding)


def refused(data, minutes=None):
    with pytest.raises(BadInput) as wrong:
        read(data, minutes)
    return wrong.value.field, wrong.value.row, wrong.value.message


@pytest.mark.parametrize(
    "data",
    [
        content(lines()),
        content(lines(), end="\r\n", encoding="utf-8-sig"),
        content(lines(form="%Y/%m/%d %H:%M"), heading="时间,来电量", encoding="gbk"),
        content(lines(form="%Y-%m-%d %H:%M:%S"), encoding="utf-16"),
        content([one.replace(",", ";") for one in lines()], heading="start;calls"),
        content([f"x,{one}" for one in reversed(lines())], heading="queue,start,calls"),
    ],
)
def test_every_way_to_write_the_same_file_reads_the_same(data):
    held = read(data)
    assert held.history.start == at("2026-03-02")
    assert held.history.minutes == 30
    assert held.history.counts.tolist() == [one // 2 % 24 for one in range(144)]
    assert not held.notes


def test_moments_with_an_offset_keep_it():
    held = read(content([one.replace(",", "+08:00,") for one in lines()]))
    assert held.offset == timedelta(hours=8)
    assert held.history.start == at("2026-03-02")


@pytest.mark.parametrize(
    ("change", "field", "row", "says"),
    [
        (lambda rows: rows.__setitem__(4, "2026-03-02T02:00,-1"), "calls", 5, "negative"),
        (lambda rows: rows.__setitem__(4, "2026-03-02T02:00,many"), "calls", 5, "no number"),
        (lambda rows: rows.__setitem__(4, "yesterday,1"), "start", 5, "no moment"),
        (lambda rows: rows.insert(9, rows[8]), "start", 10, "stands in row 9 too"),
        (lambda rows: rows.__setitem__(4, "2026-03-02T02:00+08:00,1"), "start", 5, "offset"),
        (lambda rows: rows.append("2086-03-02T02:00,1"), "start", 145, "years"),
        (lambda rows: rows.clear(), "file", None, "no rows"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(change, field, row, says):
    rows = lines()
    change(rows)
    found = refused(content(rows))
    assert found[:2] == (field, row)
    assert says in found[2]


def test_an_empty_file_and_a_missing_column_are_refused():
    assert refused(b"")[0] == "file"
    assert refused(content(lines(), heading="when,calls"))[0] == "start"


def test_missing_rows_and_empty_cells_are_unknown_and_never_nought():
    rows = lines()
    rows[5] = "2026-03-02T02:30,"
    del rows[30:34]
    counts = read(content(rows)).history.counts
    assert np.isnan(counts[[5, 30, 31, 32, 33]]).all()
    assert np.isnan(counts).sum() == 5


def test_a_file_that_leaves_out_empty_intervals_means_noughts_by_night():
    rows = lines(28, calls=lambda one: (one.day % 3 == 0) if one.hour < 6 else 20 + one.hour)
    rows = [one.replace("True", "1") for one in rows if not one.endswith("False")]
    held = read(content(rows))
    assert held.history.counts[36] == 1
    assert held.history.counts[36 + 48] == 0
    assert any("taken for empty" in note for note in held.notes)


def test_finer_rows_are_summed_and_coarser_ones_are_not_torn_apart():
    assert read(content(lines(step=15)), 30).history.counts[20] == 20
    assert read(content(lines(step=60))).history.minutes == 60
    assert refused(content(lines(step=60)), 30)[0] == "frequency"
    assert refused(content(lines()), 7 * 60)[0] == "frequency"


def test_half_of_a_half_hour_speaks_for_the_whole_and_a_third_does_not():
    rows = lines(21, step=10, calls=lambda one: 5)
    del rows[6:8]
    del rows[0]
    counts = read(content(rows), 30).history.counts
    assert counts[0] == 15
    assert np.isnan(counts[2])


def test_one_row_a_call_is_counted_and_silence_is_nought():
    rng = np.random.default_rng(1)
    start = at("2026-03-02T08:00")
    moments = sorted(start + timedelta(seconds=int(second)) for second in rng.integers(0, 7 * 86400, 500))
    held = read(content([one.isoformat() for one in moments], heading="start"))
    assert held.history.minutes == 30
    assert held.history.counts.sum() == 500
    assert (held.history.counts == 0).any()


def test_the_hour_that_the_clock_repeats_is_averaged_and_told():
    rows = lines(start=at("2026-10-25"), calls=lambda one: 10)
    rows[6:6] = ["2026-10-25T02:00,30", "2026-10-25T02:30,30"]
    held = read(content(rows))
    assert held.history.counts[4:6].tolist() == [20, 20]
    assert "clock change" in held.notes[0]


def test_the_hour_that_the_clock_leaves_out_is_unknown():
    rows = lines(start=at("2026-03-29"), calls=lambda one: 10)
    del rows[4:6]
    assert np.isnan(read(content(rows)).history.counts[4:6]).all()


def test_an_interval_that_is_not_over_is_left_out():
    assert len(read(content(lines(step=10)[:-1]), 30).history.counts) == 143
