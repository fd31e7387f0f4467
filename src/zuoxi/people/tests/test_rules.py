# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from zuoxi.people import rules
from zuoxi.people.rules import Held


@pytest.mark.clause("ORG-001")
def test_a_line_that_ends_at_the_top_has_no_loop():
    assert rules.superior_loop({"TSR": "TSRL", "TSRL": "DIR", "DIR": None}) == ()


@pytest.mark.clause("ORG-001")
def test_two_posts_that_report_to_each_other_are_a_loop_and_only_they_are_named():
    assert rules.superior_loop({"TSR": "OM", "OM": "ODM", "ODM": "OM", "DIR": None}) == ("OM", "ODM")


def test_a_post_that_reports_to_itself_is_a_loop():
    assert rules.superior_loop({"DIR": "DIR"}) == ("DIR",)


@pytest.mark.clause("ORG-001")
def test_a_loop_is_told_with_its_way_round():
    (breach,) = rules.loop_breaches({"OM": "ODM", "ODM": "OM"})
    assert breach.subject == "OM → ODM → OM"
    assert breach.clauses == ("ORG-001",)


def test_a_leaver_with_a_post_is_a_breach_and_an_employee_is_not():
    held = [Held("1001", "OM", None, employed=False), Held("1002", "OM", None)]
    assert [breach.subject for breach in rules.leaver_breaches(held)] == ["1001 OM"]


def test_two_different_positions_of_one_person_are_a_breach_but_two_teams_are_not():
    held = [
        Held("1", "TSRS", "a1"),
        Held("1", "TSRS", "a2"),
        Held("2", "TSR", "a1"),
        Held("2", "TSRL", "a1"),
    ]
    assert [breach.subject for breach in rules.double_post_breaches(held)] == ["2 TSR/TSRL"]


def test_a_team_led_only_by_someone_who_left_has_no_leader():
    held = [Held("1", "TSRL", "a1"), Held("2", "TSRL", "a2", employed=False), Held("3", "TSR", "b1")]
    found = rules.leaderless_breaches(["a1", "a2", "b1"], held, frozenset({"TSRL", "CSRL"}))
    assert [breach.subject for breach in found] == ["a2", "b1"]


@pytest.mark.clause("ORG-023")
@pytest.mark.parametrize(
    ("effective", "signed", "code"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), None),
        (date(2026, 3, 3), date(2026, 3, 2), None),
        (date(2026, 3, 1), date(2026, 3, 2), "before_signature"),
        (date(2026, 3, 2), None, "not_signed"),
    ],
)
def test_a_transfer_works_from_the_signature_on_and_not_a_day_before(effective, signed, code):
    breach = rules.early_effect(effective, signed)
    assert (breach.code if breach else None) == code


@pytest.mark.clause("ORG-024")
@pytest.mark.parametrize(
    ("status", "signed", "refused"),
    [
        ("training", False, True),
        ("probation", False, True),
        ("probation", True, False),
        ("active", False, False),
    ],
)
def test_on_trial_only_the_directors_signature_moves_anybody(status, signed, refused):
    assert bool(rules.too_early_to_move(status, signed)) is refused
