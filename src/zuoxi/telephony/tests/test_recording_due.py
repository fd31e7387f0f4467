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
        (Decimal("2"), Decimal("1.9")),  # two per cent of two seconds are two frames: the recorder's start is allowed
    ],
)
def test_the_late_start_is_allowed_only_where_it_is_more_than_the_share(exact, least):
    assert Due(talk=None, exact=float(exact)).least(SHARE) == pytest.approx(float(least))


def test_whole_seconds_alone_allow_one_second_of_rounding():
    assert Due(talk=15).least(SHARE) == pytest.approx(14.0)


def test_nobody_knows_what_to_expect_where_nothing_was_told():
    assert Due(talk=None).least(SHARE) is None
