# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.attendance.matching import (
    NO_SIGN_IN,
    NO_SIGN_OUT,
    OTHER_SOURCE,
    OUT_BEFORE_IN,
    UNROSTERED,
    Due,
    Reach,
    Record,
    match,
    minutes_in,
    rest_of,
    worked,
)

pytestmark = pytest.mark.once
DAY = date(2026, 10, 12)
MIDNIGHT = datetime(2026, 10, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
REACH = Reach(3 * HOUR, 4 * HOUR, 60 * SECOND, 12 * HOUR, ("switch", "terminal", "file", "manual"))


def at(hours, minutes=0, seconds=0):
    return MIDNIGHT + hours * HOUR + minutes * MINUTE + seconds * SECOND


def due(start, end, number=1, lunch=None):
    spans = ((at(start), at(lunch[0])), (at(lunch[1]), at(end))) if lunch else ((at(start), at(end)),)
    return Due(number, 1, (MIDNIGHT + start * HOUR).date(), at(start), at(end), spans)


def record(moment, direction="in", source="switch", number=None):
    return Record(number or int(moment.timestamp()), moment, direction, source)


def test_the_first_sign_in_and_the_last_sign_out_of_a_shift_count():
    found = match(
        [due(9, 18)],
        [record(at(12), "out"), record(at(8, 55)), record(at(18, 2), "out"), record(at(13, 30))],
        REACH,
    )
    assert [(one.first_in, one.last_out, one.doubts) for one in found] == [(at(8, 55), at(18, 2), ())]


def test_reconnects_at_the_switch_are_one_attendance():
    records = [record(at(9)), record(at(10), "out"), record(at(10, 0, 4)), record(at(18), "out")]
    assert [(one.first_in, one.last_out) for one in match([due(9, 18)], records, REACH)] == [(at(9), at(18))]


def test_two_records_a_second_apart_are_one():
    records = [record(at(8, 59, 59)), record(at(9, 0, 0)), record(at(18), "out"), record(at(18, 0, 1), "out")]
    found = match([due(9, 18)], records, REACH)[0]
    assert (found.first_in, found.last_out) == (at(8, 59, 59), at(18, 0, 1))
    assert len(found.records) == 2


def test_a_shift_across_midnight_takes_its_sign_out_of_the_next_day():
    found = match([due(22, 30)], [record(at(21, 50)), record(at(30, 5), "out")], REACH)
    assert [(one.first_in, one.last_out) for one in found] == [(at(21, 50), at(30, 5))]


def test_a_missing_sign_out_across_midnight_is_not_taken_from_the_next_shift():
    night, morning = due(22, 30, 1), due(33, 42, 2)
    found = match([night, morning], [record(at(21, 50)), record(at(32, 50)), record(at(42, 1), "out")], REACH)
    assert (found[0].first_in, found[0].last_out, found[0].doubts) == (at(21, 50), None, (NO_SIGN_OUT,))
    assert (found[1].first_in, found[1].last_out) == (at(32, 50), at(42, 1))


def test_between_two_shifts_a_sign_out_ends_the_first_and_a_sign_in_begins_the_second():
    first, second = due(8, 12, 1), due(14, 18, 2)
    records = [record(at(7, 58)), record(at(12, 40), "out"), record(at(12, 50)), record(at(18), "out")]
    found = match([first, second], records, REACH)
    assert [(one.first_in, one.last_out) for one in found] == [(at(7, 58), at(12, 40)), (at(12, 50), at(18))]


def test_a_sign_in_after_the_last_sign_out_leaves_the_end_unknown():
    records = [record(at(9)), record(at(12), "out"), record(at(13, 30))]
    found = match([due(9, 18)], records, REACH)[0]
    assert (found.last_out, found.doubts) == (None, (NO_SIGN_OUT,))


def test_a_sign_out_before_the_only_sign_in_is_an_error_row():
    found = match([due(9, 18)], [record(at(9), "out"), record(at(9, 30))], REACH)[0]
    assert OUT_BEFORE_IN in found.doubts
    assert (found.first_in, found.last_out) == (at(9, 30), None)


def test_a_lonely_record_without_direction_means_the_nearer_end():
    assert match([due(9, 18)], [record(at(17), "unknown", "terminal")], REACH)[0].doubts[:1] == (NO_SIGN_IN,)
    assert match([due(9, 18)], [record(at(10), "unknown", "terminal")], REACH)[0].first_in == at(10)


def test_the_leading_source_decides_and_the_other_one_fills_what_it_does_not_know():
    records = [record(at(8, 40), "in", "terminal"), record(at(8, 52)), record(at(18, 5), "out", "terminal")]
    found = match([due(9, 18)], records, REACH)[0]
    assert (found.first_in, found.last_out) == (at(8, 52), at(18, 5))
    assert OTHER_SOURCE in found.doubts


def test_a_correction_counts_before_every_machine():
    records = [record(at(9, 20)), record(at(9), "in", "correction"), record(at(18), "out")]
    found = match([due(9, 18)], records, REACH)[0]
    assert (found.first_in, found.doubts) == (at(9), ())


def test_work_that_nobody_rostered_is_shown_as_stays():
    records = [record(at(9)), record(at(12), "out"), record(at(33)), record(at(40), "out")]
    found = match([], records, REACH)
    assert [(one.first_in, one.last_out, one.doubts) for one in found] == [
        (at(9), at(12), (UNROSTERED,)),
        (at(33), at(40), (UNROSTERED,)),
    ]


def test_a_record_earlier_than_the_window_belongs_to_no_shift():
    found = match([due(9, 18)], [record(at(5, 59, 59))], REACH)
    assert not found[0].seen
    assert found[1].due is None
    assert match([due(9, 18)], [record(at(6))], REACH)[0].seen


def test_no_record_is_no_record():
    found = match([due(9, 18)], [], REACH)[0]
    assert (found.seen, found.first_in, found.last_out, found.doubts) == (False, None, None, ())


moments = st.integers(0, 72 * 60).map(lambda minute: MIDNIGHT + minute * MINUTE)
records = st.lists(
    st.builds(
        Record,
        st.integers(1, 10_000),
        moments,
        st.sampled_from(["in", "out", "unknown"]),
        st.sampled_from(["switch", "terminal", "correction", "something"]),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)
rosters = st.sampled_from([[], [due(9, 18)], [due(8, 12, 1), due(14, 18, 2)], [due(22, 30, 1), due(33, 42, 2)]])


@given(rosters, records, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(dues, given_records, chance):
    shuffled = list(given_records)
    chance.shuffle(shuffled)
    assert match(dues, given_records, REACH) == match(list(reversed(dues)), shuffled, REACH)


@given(rosters, records)
def test_every_record_is_used_at_most_once_and_none_is_made_up(dues, given_records):
    used = [one.id for found in match(dues, given_records, REACH) for one in found.records]
    assert len(used) == len(set(used))
    assert set(used) <= {one.id for one in given_records}


@given(rosters, records)
def test_nobody_goes_before_he_comes_and_what_is_said_was_recorded(dues, given_records):
    known = {one.at for one in given_records}
    for found in match(dues, given_records, REACH):
        assert {found.first_in, found.last_out} - {None} <= known
        if found.first_in and found.last_out:
            assert found.first_in <= found.last_out


@given(rosters, records)
def test_reading_a_file_twice_changes_no_end(dues, given_records):
    """The ledger's key keeps a record out the second time; even if it did not, the ends would stand."""
    once = match(dues, given_records, REACH)
    again = match(dues, [*given_records, *given_records], REACH)
    assert [(one.first_in, one.last_out) for one in once] == [(one.first_in, one.last_out) for one in again]


def test_leave_cuts_the_working_time_and_what_is_left_is_due():
    spans = due(9, 18, lunch=(12, 13)).spans
    assert rest_of(spans, [(at(9), at(13))]) == ((at(13), at(18)),)
    assert rest_of(spans, [(at(10), at(11))]) == ((at(9), at(10)), (at(11), at(12)), (at(13), at(18)))
    assert rest_of(spans, [(at(8), at(19))]) == ()
    assert minutes_in(spans) == 480


def test_time_at_work_is_counted_within_the_spans_and_unknown_stays_unknown():
    spans = due(9, 18, lunch=(12, 13)).spans
    assert worked(spans, at(8), at(19)) == 480
    assert worked(spans, at(10), at(12, 30)) == 120
    assert worked(spans, at(10), None) is None
