# SPDX-License-Identifier: Apache-2.0
"""The warehouse tells what the live database tells, is mended by late facts and may be thrown away."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest

from zuoxi.reporting import dialects, live, loading, measures, selectors, shelves, warehouse
from zuoxi.reporting.compilation import Membership
from zuoxi.reporting.facts import FigureQuery
from zuoxi.reporting.memberships import lent
from zuoxi.reporting.shelves import Shelves
from zuoxi.reporting.tests.generated import AGENTS, START, ZONE, centre
from zuoxi.reporting.tests.test_figures import CHECKED, STATE_FIGURES, compare
from zuoxi.telephony.models import Call, QueueVisit, StateInterval, WrapUp

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=4)
END = START + timedelta(days=3)
GROUPINGS = [(), ("interval",), ("day",), ("month",), ("agent",), ("queue",), ("interval", "agent"),
             ("interval", "queue"), ("queue", "agent"), ("reason",), ("day", "reason", "agent")]  # fmt: skip


def sums(cells):
    return {group: cells.row(place) for place, group in enumerate(cells.groups())}


def nonzero(table):
    return {key: row for key, row in table.items() if any(row.values())}


@pytest.fixture
def filled():
    made = centre(seed=21, calls=500, days=3)
    made.store()
    loading.refresh(NOW)
    return made


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("threshold", [20, 7])
def test_cubes_and_columns_equal_the_live_database_in_every_group(filled, by, threshold):
    query = FigureQuery(START, END, by=by, threshold=threshold)
    days, rest = warehouse.split(query, ZONE)
    assert (len(days), rest) == (3, [])
    stored = sums(warehouse.compute(query, days, ZONE, NOW))
    assert nonzero(stored) == nonzero(sums(live.compute(query, ZONE, NOW)))


@pytest.mark.clause("ORG-011")
def test_an_hour_lent_from_a_quarter_past_on_counts_by_the_second_in_a_closed_day_too(filled):
    query, half = FigureQuery(START, END, by=("team",)), int(START.timestamp()) + 30 * 3600 + 900
    teams = lent(
        [Membership(agent, "a", 0, 2**40) for agent in AGENTS],
        [Membership(agent, "b", half, half + 5 * 3600) for agent in AGENTS],
    )
    days, _rest = warehouse.split(query, ZONE)
    stored = sums(warehouse.compute(query, days, ZONE, NOW, teams=teams))
    assert nonzero(stored) == nonzero(sums(live.compute(query, ZONE, NOW, teams)))


def test_closed_days_and_the_open_day_add_up_to_the_recount(filled):
    held = Shelves.open()
    del held.folders[date(2026, 11, 19)]
    held.save()
    query = FigureQuery(START + timedelta(hours=3), END, by=("agent",))
    days, rest = warehouse.split(query, ZONE)
    assert (len(days), len(rest)) == (1, 1)
    compare(filled, ("agent",), query.since, query.until, figures=CHECKED + STATE_FIGURES)


def test_the_warehouse_may_be_thrown_away(filled, own_home):
    query = FigureQuery(START, END, by=("agent",))
    before = selectors.figures(query, NOW)
    shutil.rmtree(own_home / "warehouse")
    assert selectors.figures(query, NOW) == before
    assert len(loading.rebuild(NOW)) >= 3
    assert selectors.figures(query, NOW) == before


def test_a_day_is_loaded_when_it_is_over_and_not_before(filled):
    assert max(Shelves.open().folders) == date(2026, 11, 20)
    assert loading.refresh(NOW + timedelta(minutes=59)) == []
    assert loading.refresh(NOW + timedelta(minutes=60)) == [date(2026, 11, 21)]


def test_a_late_fact_makes_its_day_be_loaded_again(filled):
    from zuoxi.telephony.tests import factories

    call = Call.objects.filter(outcome="answered", queue="sales").first()
    day = call.offered_at.astimezone(ZONE).date()
    factories.event("call.ended", call.offered_at, subject=call.uid)
    QueueVisit.objects.filter(call_id=call.id).update(talk_seconds=7777)
    assert day in loading.refresh(NOW)
    compare(_again(filled), ("day",), START, END)


def test_a_late_fact_counts_at_once_and_not_only_when_its_day_has_been_loaded_again(filled):
    from zuoxi.telephony.tests import factories

    query = FigureQuery(START, END, by=("day",))
    before = selectors.figures(query, NOW)[0].figures["answered"].value
    made = factories.call(START + timedelta(hours=5))
    assert selectors.figures(query, NOW)[0].figures["answered"].value == before
    factories.event("queue.joined", made.offered_at, subject=made.uid, queue="sales")
    assert selectors.figures(query, NOW)[0].figures["answered"].value == before + 1
    assert loading.refresh(NOW) == [date(2026, 11, 18)]
    assert selectors.figures(query, NOW)[0].figures["answered"].value == before + 1


def test_a_late_fact_of_an_agent_reaches_to_his_next_one(filled):
    from zuoxi.telephony.tests import factories

    factories.event("member.paused", START + timedelta(hours=2), party="1001", reason="meal")
    factories.event("member.paused", START + timedelta(hours=50), party="1001", reason="meal")
    assert loading.refresh(NOW) == [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]


def test_a_result_written_after_the_day_was_loaded_still_counts(filled):
    call = Call.objects.exclude(id__in=WrapUp.objects.values("call_id")).filter(outcome="answered").first()
    WrapUp.objects.create(call_id=call.id, agent=call.agent, success=True, saved_at=NOW + timedelta(minutes=1))
    assert loading.refresh(NOW) == [call.offered_at.astimezone(ZONE).date()]
    assert loading.refresh(NOW) == []


def test_a_warehouse_of_a_ledger_that_was_begun_anew_is_loaded_anew(filled):
    held = Shelves.open()
    held.through = 10**9
    held.save()
    assert len(loading.refresh(NOW)) == len(held.folders)


def test_a_warehouse_of_another_zone_does_not_count(filled, settings):
    settings.TIME_ZONE = "UTC"
    assert Shelves.open().folders == {}


def test_a_warehouse_without_a_column_that_has_come_since_does_not_count(filled, monkeypatch):
    assert Shelves.open().folders
    with monkeypatch.context() as before:
        before.setitem(dialects.COLUMNS, "call", dialects.COLUMNS["call"].replace(" asked means", ""))
        assert Shelves.open().folders == {}
    monkeypatch.setattr(shelves, "ALL", measures.ALL[:-1])
    assert Shelves.open().folders == {}


def test_a_centre_without_facts_has_an_empty_warehouse():
    assert loading.refresh(NOW) == []


def _again(made):
    """The rows as the database has them now."""
    made.calls = list(Call.objects.all())
    made.visits = list(QueueVisit.objects.all())
    made.states = list(StateInterval.objects.all())
    return made
