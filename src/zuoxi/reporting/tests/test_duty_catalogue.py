# SPDX-License-Identifier: Apache-2.0
"""What the handbooks ask of each post: who owes what to whom, until when."""

from __future__ import annotations

import pytest

from zuoxi.policy import packs
from zuoxi.policy.handbook import handbook_of
from zuoxi.reporting.handbook import DUTIES, EVENTS

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def duties():
    return handbook_of("tv_shopping").entries(DUTIES)


@pytest.mark.clause("RPT-002", "RPT-003", "RPT-004", "RPT-005", "RPT-006", "RPT-007", "RPT-008", "RPT-009", "RPT-010")
def test_the_safe_return_goes_where_each_post_is_told_and_nowhere_else(duties):
    lines = {body.who[0]: body.to for key, body in duties.items() if key.startswith("safe_return_")}
    assert lines == {
        "OM": ("DIR",), "ODM": ("OM",), "SM": ("DIR",), "TSRS": ("ODM",), "QAS": ("SM",), "TRS": ("SM",),
        "CSRS": ("OM",), "CSRL": ("CSRS",), "TSRL": ("TSRS",),
    }  # fmt: skip
    for key, body in duties.items():
        if key.startswith("safe_return_"):
            assert (body.earliest, body.due.minutes, body.due.boundary) == (90, 120, "inclusive")
            assert body.channel == "sms"


@pytest.mark.clause("RPT-011", "ORG-015")
def test_office_staff_tell_their_own_superior_that_they_are_home(duties):
    lines = {body.who[0]: body.to[0] for key, body in duties.items() if key.startswith("home_safe_")}
    assert lines == {"TR": "TRS", "QA": "QAS", "DA": "SM", "IT": "SM", "FD": "SM"}


@pytest.mark.clause(
    "RPT-012", "RPT-013", "RPT-014", "RPT-015", "RPT-016", "RPT-017", "RPT-018", "RPT-019", "RPT-020", "RPT-021",
    "RPT-022", "RPT-024", "RPT-031", "RPT-032",
)  # fmt: skip
@pytest.mark.clause("PAY-001", "PAY-002", "SCH-002", "SCH-014", "TRN-029", "TRN-030", "TRN-031", "TRN-033", "TRN-034")
@pytest.mark.clause("QA-007", "QA-011", "QA-019", "MTG-003", "MTG-009", "ORG-006", "ORG-007", "ORG-008", "ORG-021")
@pytest.mark.clause("ORG-004", "ORG-013", "ORG-016", "ORG-017", "ORG-018", "ADM-012", "ADM-017", "ADM-020", "FLR-014")
@pytest.mark.parametrize(
    ("clause", "who", "to", "every"),
    [
        ("RPT-012", {"TSRL", "TSRS"}, {"DIR"}, {"shift_end"}),
        ("RPT-013", {"OM", "SM"}, {"DIR"}, {"week", "month", "quarter"}),
        ("RPT-014", {"TSRS", "QAS", "CSRS"}, {"ODM"}, {"week", "month", "quarter"}),
        ("RPT-015", {"TRS", "TR"}, {"SM", "TRS"}, {"week", "month", "quarter"}),
        ("RPT-016", {"CSRS"}, {"ODM"}, {"month"}),
        ("RPT-017", {"ODM"}, {"OM"}, {"month"}),
        ("RPT-018", {"ODM"}, {"OM"}, {"month"}),
        ("RPT-019", {"TSRL", "CSRL"}, {"SUPERIOR"}, {"shift_end"}),
        ("RPT-020", {"DA"}, {"OM", "SM"}, {"day", "week", "month"}),
        ("RPT-021", {"DA"}, {"DIR", "OM", "SM"}, {"day"}),
        ("RPT-022", {"DA"}, {"OM", "SM"}, {"week", "month"}),
        ("RPT-024", {"SM"}, {"DIR"}, {"month"}),
        ("RPT-031", {"QAS"}, {"DIR"}, {"month"}),
        ("RPT-032", {"FD"}, {"SUPERIOR"}, {"working_day"}),
        ("PAY-001", {"OM"}, {"DIR"}, {"month"}),
        ("PAY-002", {"SM"}, {"DIR"}, {"month"}),
        ("SCH-002", {"ODM"}, {"OM", "SM"}, {"month"}),
        ("SCH-014", {"DA"}, {"SM"}, {"month"}),
        ("TRN-029", {"TR"}, {"TRS"}, {"month"}),
        ("TRN-030", {"TR"}, {"ODM"}, {"month"}),
        ("TRN-031", {"TSRS", "CSRS"}, {"ODM"}, {"month"}),
        ("TRN-033", {"OM", "SM"}, {"DIR"}, {"quarter"}),
        ("TRN-034", {"TSRS", "TR"}, {"OM", "TRS", "TSRL", "CSRL"}, {"month"}),
        ("QA-007", {"QA"}, {"QAS"}, {"week"}),
        ("QA-011", {"QA"}, {"QAS"}, {"working_day", "week", "month"}),
        ("QA-019", {"QAS"}, {"DIR"}, {"month", "event"}),
        ("MTG-003", {"OM"}, {"DIR"}, {"month"}),
        ("MTG-009", {"CSRS"}, {"ODM"}, {"week"}),
        ("ORG-006", {"OM"}, {"DIR"}, {"month"}),
        ("ORG-007", {"ODM"}, {"OM"}, {"month"}),
        ("ORG-008", {"ODM"}, {"OM"}, {"month"}),
        ("ORG-013", {"QAS"}, {"SM"}, {"month"}),
        ("ORG-016", {"TRS"}, {"SM"}, {"month"}),
        ("ORG-017", {"TR"}, {"TRS"}, {"month"}),
        ("ORG-018", {"CSRS"}, {"ODM"}, {"week"}),
        ("ORG-021", {"DA"}, {"SM"}, {"month"}),
        ("ADM-012", {"FD"}, {"SM"}, {"week"}),
        ("ADM-017", {"FD"}, {"SM"}, {"month"}),
        ("ADM-020", {"FD"}, {"SM"}, {"week"}),
        ("FLR-014", {"TSRS"}, {"ODM"}, {"shift_end"}),
    ],
)
def test_each_obligation_of_the_handbook_is_a_duty_of_the_pack(duties, clause, who, to, every):
    found = [body for body in duties.values() if clause in body.clauses]
    assert {one for body in found for one in body.who} == who
    assert {one for body in found for one in body.to} == to
    assert {body.when.every for body in found} == every


def test_everything_the_operations_manager_owes_upwards_goes_to_the_director(duties):
    """ORG-004."""
    own = [body for body in duties.values() if body.who == ("OM",) or "OM" in body.who]
    assert own
    assert all(set(body.to) <= {"DIR"} for body in own)


@pytest.mark.clause("RPT-025", "RPT-026", "RPT-027", "RPT-028", "RPT-029", "RPT-030", "SCH-017", "MTG-005", "MTG-006")
@pytest.mark.clause("MTG-007", "MTG-008", "MTG-010", "ADM-025", "ADM-027", "ORG-033", "TRN-036", "QA-025")
@pytest.mark.parametrize(
    ("pack", "clause", "every"),
    [
        ("telesales", "RPT-025", {"working_day"}),
        ("telesales", "RPT-026", {"month"}),
        ("telesales", "RPT-027", {"shift_end"}),
        ("telesales", "MTG-005", {"week"}),
        ("telesales", "MTG-006", {"week"}),
        ("telesales", "MTG-007", {"week"}),
        ("telesales", "MTG-008", {"working_day"}),
        ("tax_hotline", "RPT-028", {"working_day", "month"}),
        ("tax_hotline", "TRN-036", {"working_day"}),
        ("hospital", "RPT-029", {"month"}),
        ("hospital", "RPT-030", {"day"}),
        ("hospital", "QA-025", {"week", "month"}),
        ("property", "MTG-010", {"week"}),
        ("property", "ADM-027", {"week", "month"}),
        ("seat_rules", "SCH-017", {"month"}),
        ("power_95598", "ORG-033", {"month"}),
        ("gov_window", "ADM-025", {"quarter", "half_year"}),
    ],
)
def test_a_trade_adds_its_own_obligations(pack, clause, every):
    found = [body for body in handbook_of(pack).entries(DUTIES).values() if clause in body.clauses]
    assert {body.when.every for body in found} == every


@pytest.mark.parametrize("pack", packs.pack_codes())
def test_what_begins_a_duty_can_be_recorded_by_somebody(pack):
    handbook = handbook_of(pack)
    wanted = {body.when.event for body in handbook.entries(DUTIES).values() if body.when.event}
    assert wanted <= set(handbook.entries(EVENTS))


def test_whoever_leaves_the_hour_open_says_that_ours_stands_in(duties):
    """Only these deadlines are in the documents."""
    stated = {key for key, body in duties.items() if "due" not in body.ours}
    assert stated >= {"daily_figures", "onboarding_summary", "pre_shift_meeting", "monthly_exam"}
    assert all("due" in body.ours for key, body in duties.items() if key.startswith(("safe_return", "summary_")))
