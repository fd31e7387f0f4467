# SPDX-License-Identifier: Apache-2.0
"""What a recording must hold at least."""

from decimal import Decimal

import pytest

from zuoxi.telephony.recording_spans import Due

pytestmark = pytest.mark.once
SHARE = 0.98


@pytest.mark.parametrize(
    ("exact", "least"),
    [
        (Decimal("15"), Decimal("14.7")),  # the share alone: the late start of the recorder is inside it
        (Decimal("5"), Decimal("4.9")),
        (Decimal("2.6"), Decimal("2.548")),  # a stay of a few seconds too: 2.5 of 2.6 is 96.1 per cent, and is told of
        (Decimal("1"), Decimal("0.98")),
    ],
)
def test_of_a_stay_that_is_known_exactly_the_file_holds_the_share_however_short_it_was(exact, least):
    assert Due(talk=None, exact=float(exact)).least(SHARE) == pytest.approx(float(least))


def test_whole_seconds_alone_allow_one_second_of_rounding():
    assert Due(talk=15).least(SHARE) == pytest.approx(14.0)


def test_nobody_knows_what_to_expect_where_nothing_was_told():
    assert Due(talk=None).least(SHARE) is None
