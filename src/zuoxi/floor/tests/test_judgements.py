# SPDX-License-Identifier: Apache-2.0
"""Faults, permits, leaving and stand-ins by the packs: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from zuoxi.floor import presence
from zuoxi.floor.duty_judgements import (
    PatrolsDueFacts,
    PermitFacts,
    ReleaseFacts,
    SignOutFacts,
    ViolationFacts,
    judge_patrols_due,
    judge_permit,
    judge_release,
    judge_sign_out,
    judge_violation,
)
from zuoxi.floor.judgements import RingingFacts, StandInFacts, judge_ringing, judge_stand_in
from zuoxi.floor.patrols import checklist, drawn
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = pytest.mark.once

MONDAY, TUESDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 28)


def fault(pack: str, item: str, on: date = TUESDAY, **told: object):
    facts = {"seat_kind": "agent", "manager": False, "visit_day": False, "inspection_day": False,
             "make_up_day": False, "same_cause": False} | told  # fmt: skip
    return judge_violation(ViolationFacts(item, on, **facts), handbook_of(pack).on(on))


@pytest.mark.clause("FLR-018")
def test_the_uniform_fine_is_waived_as_long_as_its_switch_is_off():
    assert fault("telesales", "dress.uniform").outcome == "switched_off"
    assert "FLR-018" in fault("telesales", "dress.uniform").clauses


@pytest.mark.clause("CALL-011", "CALL-012")
@pytest.mark.parametrize("item", ["seat.headset", "seat.line_held"])
def test_telesales_fines_five_yuan_and_says_that_it_is_a_legal_risk(item):
    found = fault("telesales", item)
    assert found.outcome == "counts"
    assert found.details == {"consequence": "fine", "amount": "5", "legal_risk": True}


@pytest.mark.clause("FLR-015")
def test_the_handbook_deducts_points_by_a_figure_that_is_marked_as_ours():
    found = fault("tv_shopping", "badge.missing")
    assert (found.details["consequence"], found.details["amount"]) == ("points", "1")
    assert found.ours == ("conduct.points.each",) and found.gaps == ("C-31",)


@pytest.mark.clause("FLR-001")
def test_managers_dress_formally_from_monday_to_friday_and_on_working_weekend_days():
    def outcome(on: date, **told: object) -> str:
        return fault("tv_shopping", "dress.manager_not_formal", on, **({"manager": True} | told)).outcome

    assert outcome(MONDAY) == "counts"
    assert outcome(SATURDAY) == "not_this_day"
    assert outcome(SATURDAY, make_up_day=True) == "counts"
    assert outcome(MONDAY, manager=False) == "not_this_person"


@pytest.mark.clause("FLR-019")
def test_the_uniform_is_worn_on_mondays_and_on_days_of_inspection():
    assert fault("seat_rules", "dress.uniform", MONDAY).outcome == "counts"
    assert fault("seat_rules", "dress.uniform", TUESDAY).outcome == "not_this_day"
    assert fault("seat_rules", "dress.uniform", TUESDAY, inspection_day=True).outcome == "counts"


@pytest.mark.clause("FLR-031")
def test_business_dress_is_asked_for_on_days_with_visitors_only():
    assert fault("community", "dress.visit_day").outcome == "not_this_day"
    assert fault("community", "dress.visit_day", visit_day=True).outcome == "counts"


@pytest.mark.clause("FLR-009")
def test_leaders_may_have_a_file_box_and_agents_may_not():
    assert fault("seat_rules", "desk.file_box").outcome == "not_this_seat"
    assert fault("seat_rules", "desk.file_box", seat_kind="leader").outcome == "counts"
    assert fault("seat_rules", "desk.folder_cup", seat_kind="leader").outcome == "not_this_seat"


@pytest.mark.clause("FLR-026")
def test_the_tie_clip_is_for_counters():
    assert fault("gov_window", "dress.counter").outcome == "not_this_seat"
    assert fault("gov_window", "dress.counter", seat_kind="counter").outcome == "counts"


def test_the_same_cause_is_not_punished_twice():
    assert fault("tv_shopping", "badge.missing", same_cause=True).outcome == "already"


def test_a_fault_that_the_pack_does_not_know_is_impossible():
    with pytest.raises(Impossible):
        fault("tv_shopping", "no.such")


@pytest.mark.clause("CALL-015", "CALL-016")
@pytest.mark.parametrize(
    ("pack", "position", "outcome"),
    [
        ("tv_shopping", "TSRL", "refused"),
        ("tv_shopping", "TSRS", "allowed"),
        ("telesales", "TSRL", "allowed"),
        ("telesales", "TSR", "refused"),
    ],
)
def test_private_calls_are_for_the_supervisor_or_in_telesales_the_group_leader(pack, position, outcome):
    reading = handbook_of(pack).on(MONDAY)
    assert judge_permit(PermitFacts("private_call", position), reading).outcome == outcome


@pytest.mark.clause("MTG-004", "SCH-019", "EMG-025")
@pytest.mark.parametrize(("written", "outcome"), [(False, "handover_missing"), (True, "allowed")])
def test_nobody_signs_out_without_the_form_where_the_pack_asks_for_it(written, outcome):
    assert judge_sign_out(SignOutFacts(written, MONDAY), handbook_of("tv_shopping").on(MONDAY)).outcome == outcome
    assert judge_sign_out(SignOutFacts(written, MONDAY), handbook_of("base").on(MONDAY)).outcome == "allowed"


@pytest.mark.clause("FLR-016")
@pytest.mark.parametrize(("seats", "ticked", "outcome"), [(3, 2, "refused"), (3, 3, "allowed"), (0, 0, "refused")])
def test_a_team_goes_only_when_every_seat_is_ticked(seats, ticked, outcome):
    assert judge_release(ReleaseFacts(seats, ticked), handbook_of("base").on(MONDAY)).outcome == outcome


@pytest.mark.clause("FLR-014")
@pytest.mark.parametrize(("done", "missing"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_two_rounds_are_due_in_a_shift(done, missing):
    found = judge_patrols_due(PatrolsDueFacts(done, MONDAY), handbook_of("base").on(MONDAY))
    assert found.details["missing"] == missing and found.gaps == ("FJ-07",)


@pytest.mark.clause("FLR-007")
@pytest.mark.parametrize(("position", "outcome"), [("TSR", "refused"), ("TSRL", "allowed"), ("QA", "refused")])
def test_only_a_team_leader_or_above_stands_in(position, outcome):
    facts = StandInFacts("某人", position)
    assert judge_stand_in(facts, handbook_of("base").on(MONDAY)).outcome == outcome


@pytest.mark.clause("CALL-013")
def test_rings_that_are_told_need_no_reckoning_and_without_either_nothing_is_said():
    reading = handbook_of("base").on
    assert judge_ringing(RingingFacts(4, None, MONDAY), reading(MONDAY)).outcome == "over"
    assert judge_ringing(RingingFacts(3, Decimal(60), MONDAY), reading(MONDAY)).outcome == "within"
    assert judge_ringing(RingingFacts(None, None, MONDAY), reading(MONDAY)).outcome == "unknown"


@pytest.mark.clause("FLR-015")
def test_the_same_seed_chooses_the_same_people():
    pool = [str(1000 + n) for n in range(40)]
    assert drawn(7, pool, 3) == drawn(7, list(reversed(pool)), 3)
    assert len(drawn(7, pool, 3)) == 3 and drawn(7, pool[:2], 3) == pool[:2]


@pytest.mark.clause("FLR-014")
def test_the_list_of_a_round_has_the_ten_lines_of_the_missing_form():
    book = handbook_of("tv_shopping")
    keys = {line.key for line in (*checklist(book, "agent"), *checklist(book, "agent", room=True))}
    assert keys >= {"dress", "badge", "desk", "posture", "private_call", "phone", "away", "climate", "hygiene", "state"}


@pytest.mark.clause("FLR-007")
def test_gaps_are_what_no_watch_covers():
    def at(hour: int) -> datetime:
        return datetime(2026, 11, 23, hour, tzinfo=UTC)

    assert presence.gaps([(at(1), at(9))], []) == [(at(1), at(9))]
    assert presence.gaps([(at(1), at(9))], [(at(0), at(3)), (at(5), at(12))]) == [(at(3), at(5))]
    assert presence.gaps([(at(1), at(5)), (at(4), at(9))], [(at(2), at(9))]) == [(at(1), at(2))]
    assert presence.gaps([], [(at(2), at(9))]) == []
