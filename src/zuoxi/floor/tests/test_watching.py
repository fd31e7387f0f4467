# SPDX-License-Identifier: Apache-2.0
"""The watcher at and beside each boundary: pure, no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zuoxi.floor.watching import Line, Shift, Spell, Watched, Watcher, observe, sign_in_of
from zuoxi.policy.handbook import handbook_of

pytestmark = pytest.mark.once

BOOK = handbook_of("tv_shopping")
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=8)
SHIFT = Shift("2026-11-23:E:7", START, END, "A01")


def after(**span: float) -> datetime:
    return START + timedelta(**span)


def person(**told: object) -> Watched:
    made = Watched("1001", 1, 1, Spell("ready", "", START, None), SHIFT, None, START, (), "A01")
    return replace(made, **told)


def kinds(one: Watched, now: datetime) -> list[str]:
    return [found.kind for found in observe([one], BOOK, now)]


def away(state: str, since: datetime, until: datetime | None = None) -> dict[str, object]:
    spell = Spell(state, "", since, until)
    return {"now": spell, "spells": (spell,)}


@pytest.mark.clause("CALL-005")
@pytest.mark.parametrize(("minutes", "seconds", "seen"), [(2, 59, []), (3, 0, []), (3, 1, ["sign_in"])])
def test_three_minutes_after_the_handover_is_in_time_and_a_second_more_is_not(minutes, seconds, seen):
    at = after(minutes=minutes, seconds=seconds)
    assert kinds(person(signed_in_at=at), after(minutes=10)) == seen


@pytest.mark.clause("CALL-005")
def test_who_is_not_there_yet_is_overdue_once_three_minutes_have_passed():
    absent = person(now=None, signed_in_at=None)
    assert kinds(absent, after(minutes=3)) == []
    assert kinds(absent, after(minutes=3, seconds=1)) == ["sign_in"]


def test_who_is_on_leave_is_not_watched():
    assert kinds(person(now=None, signed_in_at=None, excused=True), after(minutes=30)) == []


def test_present_since_nobody_knows_when_is_not_called_late():
    assert kinds(person(signed_in_at=None), after(minutes=30)) == []


@pytest.mark.clause("CALL-005")
def test_another_seat_than_the_roster_has_is_seen():
    assert kinds(person(seat="B02"), after(minutes=5)) == ["wrong_seat"]
    assert kinds(person(seat=""), after(minutes=5)) == []


@pytest.mark.clause("CALL-006")
@pytest.mark.parametrize(("minutes", "seconds", "seen"), [(29, 59, ["left_early"]), (30, 0, []), (30, 1, [])])
def test_the_thirtieth_minute_exactly_is_free_and_a_second_before_is_not(minutes, seconds, seen):
    since = after(minutes=minutes, seconds=seconds)
    one = person(**away("break", since))
    assert kinds(one, since + timedelta(seconds=20)) == seen


@pytest.mark.clause("CALL-006")
def test_who_was_let_go_is_not_seen_as_leaving():
    since = after(minutes=10)
    one = person(**away("break", since), released=((after(minutes=9), after(minutes=19)),))
    assert kinds(one, since + timedelta(minutes=1)) == []


@pytest.mark.clause("CALL-006")
def test_a_lost_line_is_not_leaving_but_staying_signed_out_is():
    since = after(minutes=5)
    one = person(**away("signed_out", since))
    assert kinds(one, since + timedelta(minutes=10)) == []
    assert kinds(one, since + timedelta(minutes=10, seconds=1)) == ["left_early"]


@pytest.mark.clause("CALL-006")
def test_signing_in_again_after_a_lost_line_does_not_begin_the_thirty_minutes_anew():
    outs = [(START - timedelta(hours=12), after(minutes=1)), (after(minutes=20), after(minutes=22))]
    assert sign_in_of(outs, None, SHIFT, timedelta(minutes=10)) == after(minutes=1)
    assert sign_in_of(outs, None, None, timedelta(minutes=10)) == after(minutes=1)


def test_without_a_roster_a_long_absence_begins_a_new_shift():
    outs = [(START, after(hours=1)), (after(hours=3), after(hours=5))]
    assert sign_in_of(outs, None, None, timedelta(minutes=10)) == after(hours=5)
    assert sign_in_of([*outs, (after(hours=6), None)], None, None, timedelta(minutes=10)) is None


def test_somebody_who_never_signed_out_is_in_since_he_was_first_seen():
    assert sign_in_of([], after(minutes=2), SHIFT, timedelta(minutes=10)) == after(minutes=2)


@pytest.mark.clause("CALL-008")
@pytest.mark.parametrize(("minutes", "seconds", "seen"), [(14, 59, []), (15, 0, []), (15, 1, ["not_ready"])])
def test_a_quarter_of_an_hour_not_ready_exactly_is_allowed(minutes, seconds, seen):
    since = after(hours=2)
    one = person(**away("not_ready", since))
    found = observe([one], BOOK, since + timedelta(minutes=minutes, seconds=seconds))
    assert [each.kind for each in found] == seen
    assert [each.escalate_to for each in found] == ["DEPARTMENT_MANAGER"] * len(seen)


@pytest.mark.clause("CALL-008")
def test_short_spells_do_not_add_up_by_default():
    first, second = after(hours=2), after(hours=2, minutes=12)
    spells = (Spell("not_ready", "", first, first + timedelta(minutes=10)), Spell("not_ready", "", second, None))
    assert kinds(person(now=spells[1], spells=spells), second + timedelta(minutes=10)) == []


@pytest.mark.clause("FLR-006")
@pytest.mark.parametrize(("minutes", "seconds", "seen"), [(4, 59, []), (5, 0, []), (5, 1, ["break_long"])])
def test_five_minutes_of_break_exactly_are_allowed(minutes, seconds, seen):
    since = after(hours=2)
    assert kinds(person(**away("break", since)), since + timedelta(minutes=minutes, seconds=seconds)) == seen


@pytest.mark.clause("FLR-006")
def test_a_break_that_has_ended_is_judged_by_its_length():
    since = after(hours=2)
    one = person(
        **away("break", since, since + timedelta(minutes=6)),
    )
    found = observe([one], BOOK, since + timedelta(minutes=10))
    assert [(each.kind, each.until) for each in found] == [("break_long", since + timedelta(minutes=6))]


@pytest.mark.clause("FLR-006")
@pytest.mark.parametrize(("apart", "seen"), [(59, ["break_often"]), (60, []), (61, [])])
def test_a_second_break_within_the_hour_is_one_too_many(apart, seen):
    first, second = after(hours=2), after(hours=2, minutes=apart)
    spells = (Spell("break", "", first, first + timedelta(minutes=3)), Spell("break", "", second, None))
    assert kinds(person(now=spells[1], spells=spells), second + timedelta(minutes=1)) == seen


@pytest.mark.clause("CALL-007", "MTG-004")
@pytest.mark.parametrize(("minutes", "seconds", "seen"), [(5, 0, []), (5, 1, ["still_present"])])
def test_five_minutes_after_the_handover_the_floor_is_left(minutes, seconds, seen):
    one = person(shift=None, before=SHIFT)
    assert kinds(one, END + timedelta(minutes=minutes, seconds=seconds)) == seen


@pytest.mark.clause("CALL-007")
def test_who_still_talks_with_a_customer_is_let_finish():
    one = person(shift=None, before=SHIFT, now=Spell("on_call", "", END, None))
    assert kinds(one, END + timedelta(minutes=20)) == []


@pytest.mark.clause("CALL-013")
@pytest.mark.parametrize(("seconds", "seen"), [(14, []), (15, []), (15.1, ["ringing"])])
def test_three_rings_of_five_seconds_are_allowed(seconds, seen):
    since = after(hours=1)
    assert kinds(person(now=Spell("ringing", "", since, None)), since + timedelta(seconds=seconds)) == seen


@pytest.mark.clause("CALL-011")
def test_ready_with_nobody_at_the_page_is_suspect_and_without_a_page_nothing_is_known():
    since = after(hours=1)
    one = person(now=Spell("ready", "", since, None), seen_at=since)
    assert kinds(one, since + timedelta(minutes=10)) == []
    assert kinds(one, since + timedelta(minutes=10, seconds=1)) == ["no_state"]
    assert kinds(replace(one, seen_at=None), since + timedelta(hours=1)) == []


@pytest.mark.clause("CALL-012")
@pytest.mark.parametrize(("calls", "seen"), [(3, []), (4, ["line_held"])])
def test_the_same_number_again_and_again_is_a_hint(calls, seen):
    assert kinds(person(line=Line(calls, 1, after(hours=1))), after(hours=1, minutes=30)) == seen


@pytest.mark.clause("FLR-007")
def test_a_floor_without_anybody_in_charge_is_told_and_an_empty_one_is_not():
    def seen(in_charge: int, agents: int, since: datetime | None, now: datetime) -> list[str]:
        watcher = Watcher(BOOK, now)
        watcher.look_for_a_supervisor(in_charge, agents, since)
        return [one.kind for one in watcher.found]

    assert seen(1, 9, None, START) == []
    assert seen(0, 0, None, START) == []
    assert seen(0, 9, START, START) == []
    assert seen(0, 9, START, after(seconds=1)) == ["no_supervisor"]
    assert seen(0, 9, None, after(hours=1)) == []


def test_looking_again_finds_the_same_case():
    since = after(hours=2)
    one = person(**away("break", since))
    first, again = (observe([one], BOOK, since + timedelta(minutes=many)) for many in (6, 7))
    assert [each.case for each in first] == [each.case for each in again]


def test_every_case_says_its_clause_and_its_figures():
    since = after(hours=2)
    (found,) = observe([person(**away("break", since))], BOOK, since + timedelta(minutes=6))
    assert found.finding.clauses == ("FLR-006",) and found.finding.figures == {"floor.break.minutes": "5"}
    assert "6:00" in found.finding.why.zh and "5 分钟" in found.finding.why.zh
