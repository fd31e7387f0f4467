# SPDX-License-Identifier: Apache-2.0
"""A training that ends before its time, as it is typed into a cell."""

import pytest
from django.utils import timezone

from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.cells import CellError, menu_on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SCH-027")]


def parse(text):
    return menu_on(site_handbook(), timezone.localdate()).parse(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("T<10:30", "09:00-10:30"),
        ("t<12:00", "09:00-12:00"),
        ("T<12:30", "09:00-12:00"),
        ("T<13:30", "09:00-12:00,13:00-13:30"),
        ("T<18:00", "09:00-12:00,13:00-17:30"),
    ],
)
def test_a_training_that_ends_early_keeps_its_name_and_loses_its_end(text, clock):
    (part,) = parse(text)
    assert (part.kind, str(part.clock)) == ("training", clock)
    assert parse(str(part)) == (part,)


@pytest.mark.parametrize("text", ["T<09:00", "T<8", "E<10:30", "T<", "X<10:00", "T<10:75"])
def test_what_is_no_training_or_would_end_before_it_begins_is_refused(text):
    with pytest.raises(CellError):
        parse(text)
