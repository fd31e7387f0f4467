# SPDX-License-Identifier: Apache-2.0
"""The SQL against a recount by loops, in every group of every grouping."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from zuoxi.people.models import Assignment, Position, Project, Staff, Team
from zuoxi.reporting import selectors
from zuoxi.reporting.facts import FigureQuery, WrongQuestion
from zuoxi.reporting.tests.generated import AGENTS, START, Recount, centre
from zuoxi.telephony.models import Call, Leg, QueueVisit, UnknownWindow
from zuoxi.telephony.tests import factories

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=4)
CHECKED = (
    "offered answered abandoned short_abandoned overflow closed service_level connect_rate abandon_rate asa talk aht "
    "wrap_up success_rate outbound_dialled outbound_connected transfers ring_no_answer survey_average"
).split()
STATE_FIGURES = ["occupancy", "utilisation", "cph", "signed_in_time", "not_ready_time"]


def near(found, wanted):
    return found == wanted if found is None or wanted is None else abs(found - wanted) < 0.001


def compare(made, by, since, until, *, figures=None, team_of=lambda agent: "", **extra):
    query = FigureQuery(since, until, by=by, **extra)
    rows = selectors.figures(query, NOW)
    recount = Recount(made, since, until, by, query.threshold, query.short_abandon, team_of, NOW)
    found = {tuple(row.group.values()): row for row in rows}
    assert set(recount.groups) <= set(found)
    for key, row in found.items():
        for name in figures or CHECKED + STATE_FIGURES:
            if name in STATE_FIGURES and "queue" in by:
                assert row.figures[name].value is None
                continue
            assert near(row.figures[name].value, recount.figure(key, name)), (key, name, row.figures[name])


@pytest.mark.parametrize(
    "by", [(), ("interval",), ("hour",), ("day",), ("week",), ("month",), ("agent",), ("queue",), ("day", "agent"),
           ("interval", "queue"), ("queue", "agent")]
)  # fmt: skip
def test_every_group_equals_a_recount_by_loops(by):
    made = centre(seed=7, calls=400, days=3)
    made.store()
    compare(made, by, START, START + timedelta(days=3))


def test_a_time_that_begins_and_ends_inside_half_hours_is_cut_to_the_second():
    made = centre(seed=8, calls=300, days=2)
    made.store()
    compare(made, ("interval", "agent"), START + timedelta(seconds=4321), START + timedelta(hours=30, seconds=77))


def test_a_team_holds_its_agents_only_while_they_belong_to_it():
    made = centre(seed=9, calls=200, days=2)
    made.store()
    project = Project.objects.create(code="p", name_zh="项", name_en="P")
    teams = [Team.objects.create(code=c, name_zh=c, name_en=c, project=project) for c in ("t1", "t2")]
    position = Position.objects.create(code="XSR", name_zh="座席", name_en="Agent")
    for place, agent in enumerate(AGENTS[:4]):
        staff = Staff.objects.create(code=agent, name=agent)
        Assignment.objects.create(staff=staff, position=position, team=teams[place % 2], from_on=date(2026, 1, 1))

    def of(agent):
        return {a: f"t{n % 2 + 1}" for n, a in enumerate(AGENTS[:4])}.get(agent, "")

    compare(made, ("team",), START, START + timedelta(days=2), team_of=of)


def test_other_thresholds_give_other_levels():
    made = centre(seed=10, calls=300, days=1)
    made.store()
    compare(made, ("queue",), START, START + timedelta(days=1), threshold=5, short_abandon=6)


def _twelve_calls() -> None:
    plan = [("answered", 0)] * 4 + [("answered", 4)] * 3 + [("answered", 20)] * 3 + [("abandoned", 1)] * 2
    for number, (outcome, wait) in enumerate(plan, 1):
        at = START + timedelta(minutes=number)
        QueueVisit.objects.create(
            call_id=number, seq=1, queue="sales", agent="1001" if outcome == "answered" else "",
            entered_at=at, outcome=outcome, wait_seconds=wait, talk_seconds=10,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "percent"),
    [("answered_only", 40.0), ("with_abandoned", 50.0), ("offered", 33.3), ("offered_net", 40.0)],
)
def test_twelve_calls_have_four_service_levels(reading, percent):
    _twelve_calls()
    query = FigureQuery(
        START, START + timedelta(hours=1), threshold=2, short_abandon=2, readings={"service_level": reading}
    )
    assert round(selectors.total(query, NOW).figures["service_level"].value, 1) == percent


def test_nothing_to_divide_by_is_no_value_and_not_nought():
    row = selectors.total(FigureQuery(START, START + timedelta(hours=1)), NOW)
    assert row.figures["offered"].value == 0
    assert row.figures["service_level"].value is None
    assert row.figures["cph"].value is None


def test_handling_time_is_unknown_where_no_states_were_recorded():
    _twelve_calls()
    row = selectors.total(FigureQuery(START, START + timedelta(hours=1)), NOW)
    assert row.figures["aht"].value is None
    assert row.figures["talk"].value == 10


def test_an_unknown_window_marks_the_groups_it_touches_and_no_others():
    _twelve_calls()
    UnknownWindow.objects.create(
        switch="lab", from_at=START + timedelta(minutes=3), to_at=START + timedelta(minutes=5), why="test"
    )
    QueueVisit.objects.create(call_id=99, seq=1, queue="sales", entered_at=START + timedelta(hours=2),
                              outcome="answered", wait_seconds=1)  # fmt: skip
    rows = selectors.figures(FigureQuery(START, START + timedelta(hours=3), by=("interval",)), NOW)
    assert [row.incomplete.unknown_windows for row in rows] == [1, 0]


def test_a_wait_whose_end_is_unknown_is_marked_and_not_counted():
    _twelve_calls()
    Call.objects.create(id=13, uid="lab-1/13.0", switch="lab", direction="inbound", offered_at=START, outcome="unknown",
                        doubts="end of wait unknown")  # fmt: skip
    QueueVisit.objects.create(call_id=13, seq=1, queue="sales", entered_at=START, outcome="unknown")
    row = selectors.total(FigureQuery(START, START + timedelta(hours=1)), NOW)
    assert row.figures["offered"].value == 12
    assert (row.incomplete.unknown_calls, row.incomplete.doubted_calls) == (1, 1)


def test_questions_that_cannot_be_put_say_what_is_wrong():
    hour = START + timedelta(hours=1)
    with pytest.raises(WrongQuestion, match="weather"):
        FigureQuery(START, hour, by=("weather",))
    with pytest.raises(WrongQuestion, match="zone"):
        FigureQuery(START.replace(tzinfo=None), hour)
    with pytest.raises(WrongQuestion, match="rosy"):
        selectors.figures(FigureQuery(START, hour, readings={"service_level": "rosy"}), datetime.now(UTC))


def test_agents_and_queues_narrow_what_is_counted():
    _twelve_calls()
    for visit in QueueVisit.objects.exclude(agent=""):
        Leg.objects.create(call_id=visit.call_id, seq=1, agent="1001", kind="answered", from_at=visit.entered_at)
    hour = START + timedelta(hours=1)
    assert selectors.total(FigureQuery(START, hour, agents=frozenset({"1001"})), NOW).figures["offered"].value == 10
    assert selectors.total(FigureQuery(START, hour, queues=frozenset({"care"})), NOW).figures["offered"].value == 0
    assert selectors.total(FigureQuery(START, hour, agents=frozenset()), NOW).figures["offered"].value == 0


@pytest.mark.parametrize("since", [START, START + timedelta(hours=9, seconds=4321)])
def test_a_few_people_looked_up_have_the_figures_that_they_have_among_all(since):
    centre(seed=11, calls=500, days=3).store()
    few, until = frozenset({"1001", "1004", "nobody"}), START + timedelta(days=2, seconds=77)
    query = FigureQuery(since, until, by=("hour", "agent"))
    among_all = {tuple(row.group.values()): row.figures for row in selectors.figures(query, NOW)}
    theirs = {tuple(row.group.values()): row.figures for row in selectors.figures(replace(query, agents=few), NOW)}
    assert theirs == {key: figures for key, figures in among_all.items() if few & set(key)}
    assert len(theirs) > 50


def test_each_queue_is_held_to_its_own_target_unless_somebody_asks_for_another():
    now, day = datetime(2026, 11, 20, tzinfo=UTC), date(2026, 11, 18)
    for code, target in (("sales", 20), ("care", 60)):
        factories.queue(code, target_seconds=target)
    centre(seed=3, calls=200, days=1).store()
    query = selectors.day_query(day, by=("queue",), figures=("service_level",))
    common, sixty = (
        {row.label: row.figures["service_level"].value for row in selectors.figures(one, now)}
        for one in (query, replace(query, threshold=60))
    )
    own = {row.label: row for row in selectors.figures_of_queues(query, now)}
    assert set(own) == set(common)
    assert own["care"].figures["service_level"].value == sixty["care"] != common["care"]
    assert own["sales"].figures["service_level"].value == common["sales"] != sixty["sales"]
    assert (own["care"].terms, own["sales"].terms) == ((60, 5), None)
