# SPDX-License-Identifier: Apache-2.0
"""A training that ends before its time, as it is typed into a cell."""

import pytest
from django.utils import timezone

from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.cells import CellError, Menu, menu_on

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
        ("T<9:30", "09:00-09:30"),
        ("T<１１:00", "09:00-11:00"),
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


def test_one_end_is_kept_in_one_way_however_it_is_typed():
    assert {str(parse(text)[0]) for text in ("T<9:30", "t< 09:30", "T<０9:30")} == {"T<09:30"}


def test_a_long_code_is_kept_without_its_colon_and_one_longer_still_is_refused():
    menu = menu_on(site_handbook(), timezone.localdate())
    body, clock = menu.templates["T"], menu.clocks["T"]
    long = Menu({"COURSE1": body, "COURSES12345": body}, {"COURSE1": clock, "COURSES12345": clock})
    (part,) = long.parse("COURSE1<10:30")
    assert (part.template, str(part.clock)) == ("COURSE1<1030", "09:00-10:30")
    assert long.parse(part.template) == (part,)
    with pytest.raises(CellError):
        long.parse("COURSES12345<10:30")
