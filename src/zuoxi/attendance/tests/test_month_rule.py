# SPDX-License-Identifier: Apache-2.0
"""A month's ladder, pack by pack: it only ever gets graver, and says everything."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from zuoxi.attendance.facts import MonthFacts
from zuoxi.attendance.sanctions import SANCTIONS
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import pack_codes
from zuoxi.policy.rulebook import Impossible, judge

pytestmark = pytest.mark.once
DAY = date(2026, 11, 2)
PACKS = [code for code in pack_codes() if handbook_of(code).has("sanctions", "attendance.month")]
DETAILS = {"bonus", "performance", "wage", "deduction_days", "fine_yuan", "employment", "legal_risk"}
EMPLOYMENT = ["continues", "deemed_resigned", "dismissed"]


def month(pack, late=0, early=0, absent="0", run=0):
    return judge("attendance.month", MonthFacts(late, early, Decimal(absent), run), handbook_of(pack), DAY)


def gravity(found):
    details = found.details
    return (
        details["bonus"] == "withheld",
        details["performance"] == "zero",
        details["wage"] == "withheld",
        Decimal(details["deduction_days"]),
        Decimal(details["fine_yuan"]),
        EMPLOYMENT.index(details["employment"]),
        details["legal_risk"],
    )


def test_thirteen_trades_have_a_ladder():
    assert len(PACKS) == 13


@pytest.mark.parametrize("pack", PACKS)
def test_every_detail_is_always_said_and_normal_means_that_nothing_follows(pack):
    for late, early, absent, run in product((0, 2, 3), (0, 1), ("0.5", "1", "3", "6"), (1, 3)):
        found = month(pack, late, early, absent, run)
        assert set(found.details) == DETAILS
        neutral = gravity(found) == (False, False, False, 0, 0, 0, False)
        assert (found.outcome == "normal") == neutral
        assert "None" not in found.why.zh


@pytest.mark.parametrize("pack", PACKS)
def test_more_of_anything_is_never_milder(pack):
    steps = [(late, absent, run) for late in range(5) for absent in range(1, 13) for run in (1, 2, 3)]
    for late, halves, run in steps:
        here = gravity(month(pack, late, 0, str(Decimal(halves) / 2), run))
        more = (
            gravity(month(pack, late + 1, 0, str(Decimal(halves) / 2), run)),
            gravity(month(pack, late, 0, str(Decimal(halves + 1) / 2), run)),
            gravity(month(pack, late, 0, str(Decimal(halves) / 2), run + 1)),
        )
        assert all(all(a <= b for a, b in zip(here, one, strict=True)) for one in more)


@pytest.mark.parametrize("pack", PACKS)
def test_every_figure_of_a_ladder_exists(pack):
    handbook = handbook_of(pack)
    body = handbook.entry(SANCTIONS, "attendance.month")
    keys = {one.at for one in body.consequences}
    keys |= {body.fine_each_time, body.fine_each_day, body.wage_days_each_day} - {""}
    if body.added_absence is not None:
        keys |= {body.added_absence.times, body.added_absence.days}
    assert not [key for key in keys if not handbook.has("figures", key)]


@pytest.mark.clause("ATT-005", "PAY-005")
def test_a_wage_withheld_and_a_fine_raise_the_flag_and_a_lost_bonus_does_not():
    assert month("tv_shopping", absent="3", run=1).details["legal_risk"] is True
    assert month("chengdu", late=1).details["legal_risk"] is True
    assert month("chengdu", absent="0.5", run=1).details["legal_risk"] is True
    assert month("tv_shopping", late=3).details["legal_risk"] is False


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ((-1, 0, "0", 0), "late"),
        ((0, -1, "0", 0), "early"),
        ((0, 0, "-0.5", 0), "absence_days"),
        ((0, 0, "0.25", 0), "absence_days"),
        ((0, 0, "NaN", 0), "absence_days"),
        ((0, 0, "31.5", 0), "absence_days"),
        ((0, 0, "1", -1), "longest_absent_run"),
        ((0, 0, "0", 1), "longest_absent_run"),
    ],
)
def test_a_month_that_cannot_be_is_refused_by_its_field(facts, field):
    late, early, absent, run = facts
    with pytest.raises(Impossible) as wrong:
        MonthFacts(late, early, Decimal(absent), run)
    assert wrong.value.field == field


@pytest.mark.clause("PAY-007")
def test_days_of_wage_beyond_the_time_missed_set_off_their_warning():
    from zuoxi.policy.statutory import set_off

    twice = month("chengdu", absent="0.5", run=1)
    assert "days_deducted_beyond_absence" in {one.key for one in set_off(twice.rule, twice.details, DAY)}
    fined = month("chengdu", late=1)
    assert "days_deducted_beyond_absence" not in {one.key for one in set_off(fined.rule, fined.details, DAY)}
