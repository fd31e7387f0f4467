# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta
from decimal import Decimal

import pytest

from zuoxi.attendance import clocking, selectors
from zuoxi.attendance.day_rules import TeamRateFacts, judge_team_rate
from zuoxi.attendance.models import DayRecord, Punch
from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.tests.test_months import take_leave
from zuoxi.attendance.tests.world import AFTER, MONTH, at
from zuoxi.policy.rulebook import Impossible
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.models import StateInterval

LAST = date(2026, 10, 31)


@pytest.mark.clause("ATT-018")
@pytest.mark.parametrize(("worked", "outcome"), [(949, "below"), (950, "reached"), (1000, "reached"), (0, "below")])
def test_ninety_five_percent_exactly_is_enough(worked, outcome):
    found = judge_team_rate(TeamRateFacts(LAST, 1000, worked), site_handbook().on(LAST))
    assert found.outcome == outcome
    assert "ATT-018" in found.clauses


@pytest.mark.clause("ATT-018")
def test_a_rate_that_only_reads_as_ninety_five_is_below():
    assert judge_team_rate(TeamRateFacts(LAST, 10_000, 9_496), site_handbook().on(LAST)).outcome == "below"


def test_nothing_due_is_unknown_and_more_than_due_impossible():
    assert not judge_team_rate(TeamRateFacts(LAST, 0, 0), site_handbook().on(LAST)).known
    with pytest.raises(Impossible):
        TeamRateFacts(LAST, 10, 11)


@pytest.mark.clause("ATT-018")
def test_annual_leave_is_no_time_due_and_sick_leave_is(world):
    world.attend("tsr1", 12)
    for day, kind in ((13, "annual"), (14, "sick")):
        world.shift("tsr1", day)
        take_leave(world, "tsr1", day, at(day, "00:00"), at(day, "24:00"), 1, kind)
    recompute(MONTH, AFTER)
    rate = selectors.team_rate(world.team.pk, MONTH, LAST)
    assert (rate.due_minutes, rate.worked_minutes) == (2 * 435, 435)
    assert rate.percent == Decimal("50.00")
    assert rate.reached is False


def test_a_shift_without_a_known_end_counts_on_neither_side(world):
    world.attend("tsr1", 12)
    world.attend("tsr1", 13, "08:40", None)
    recompute(MONTH, AFTER)
    rate = selectors.team_rate(world.team.pk, MONTH, LAST)
    assert (rate.due_minutes, rate.unknown) == (435, 1)


def test_rates_by_team_and_by_day_say_the_same_as_the_team_alone(world):
    world.attend("tsr1", 12, "08:40", "16:30")
    world.attend("tsr2", 13)
    recompute(MONTH, AFTER)
    whole = selectors.team_rate(world.team.pk, MONTH, LAST)
    assert selectors.rates_by_team(MONTH, LAST, [world.team.pk])[world.team.pk] == whole
    days = selectors.rates_by_day(MONTH, LAST, [world.team.pk])
    assert sum(rate.due_minutes for rate in days.values()) == whole.due_minutes


def interval(agent, state, since, until):
    return StateInterval.objects.create(agent=agent, state=state, from_at=since, to_at=until)


@pytest.mark.clause("CALL-010")
def test_the_phones_are_read_once_however_often_they_are_read(world):
    world.shift("tsr1", 12)
    interval("tsr1", AgentState.READY, at(12, "08:46"), at(12, "12:00"))
    interval("tsr1", AgentState.SIGNED_OUT, at(12, "12:00"), at(12, "13:30"))
    interval("tsr1", AgentState.READY, at(12, "13:30"), at(12, "17:20"))
    interval("tsr1", AgentState.SIGNED_OUT, at(12, "17:20"), None)
    first = clocking.take_days(date(2026, 10, 12), date(2026, 10, 12), site_handbook(), AFTER)
    assert (first, Punch.objects.count()) == (4, 4)
    assert clocking.take_days(date(2026, 10, 11), date(2026, 10, 13), site_handbook(), AFTER) == 0
    recompute(MONTH, AFTER)
    row = DayRecord.objects.get()
    assert (row.status, row.first_in, row.last_out) == ("late_early", at(12, "08:46"), at(12, "17:20"))


def test_a_spell_over_midnight_is_one_spell(world):
    interval("tsr1", AgentState.READY, at(12, "21:50"), at(12, "25:00"))
    interval("tsr1", AgentState.BREAK, at(12, "25:00"), at(12, "25:10"))
    interval("tsr1", AgentState.READY, at(12, "25:10"), at(12, "30:01"))
    interval("tsr1", AgentState.SIGNED_OUT, at(12, "30:01"), None)
    for day in (12, 13):
        clocking.take_days(MONTH.replace(day=day), MONTH.replace(day=day), site_handbook(), AFTER)
    assert sorted((row.direction, row.at) for row in Punch.objects.all()) == [
        ("in", at(12, "21:50")), ("out", at(12, "30:01")),
    ]  # fmt: skip


def test_now_shows_who_is_here_missing_still_to_come_and_on_leave(world):
    now = at(12, "09:10")
    for code in ("tsr1", "tsr2", "tsrl"):
        world.shift(code, 12)
    world.shift("tsrs", 12, "13:00-21:00")
    interval("tsr1", AgentState.READY, at(12, "08:50"), None)
    take_leave(world, "tsrl", 12, at(12, "00:00"), at(12, "24:00"), 1)
    ids = [world.staff[code].pk for code in ("tsr1", "tsr2", "tsrl", "tsrs")]
    found = {one.code: one for one in selectors.live_days(ids, now)}
    assert {code: one.state for code, one in found.items()} == {
        "tsr1": "in", "tsr2": "missing", "tsrl": "leave", "tsrs": "due",
    }  # fmt: skip
    assert found["tsr1"].verdict.late
    assert not Punch.objects.exists()  # looking writes nothing


@pytest.mark.clause("FLR-025")
@pytest.mark.parametrize(("people", "apart", "seen"), [(3, 3, True), (2, 3, False), (3, 6, False)])
def test_many_numbers_at_one_device_within_seconds_are_told(world, people, apart, seen):
    for number, code in enumerate(("tsr1", "tsr2", "tsrl")[:people]):
        world.punch(code, at(12, "08:40") + timedelta(seconds=apart * number), "in", "terminal", "一号机")
    found = selectors.proxy_suspicions(MONTH, LAST)
    assert [(one.kind, one.devices) for one in found] == ([("many_at_one", ("一号机",))] if seen else [])


@pytest.mark.clause("CALL-009", "FLR-025")
def test_one_number_at_two_devices_at_once_is_told(world):
    world.punch("tsr1", at(12, "08:40:00"), "in", "terminal", "一号机")
    world.punch("tsr1", at(12, "08:40:08"), "in", "terminal", "二号机")
    assert [one.kind for one in selectors.proxy_suspicions(MONTH, LAST)] == ["one_at_many"]
