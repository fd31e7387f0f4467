# SPDX-License-Identifier: Apache-2.0
"""A replay judges again only what an amendment can touch; it must say what judging everything again would say."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from zuoxi.attendance import ledger
from zuoxi.attendance.computing import compute, month_end
from zuoxi.attendance.judging import Judges
from zuoxi.attendance.recomputing import open_runs, people_of
from zuoxi.attendance.replays import _differences, again
from zuoxi.attendance.tests.world import MONTH
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.handbook import Change
from zuoxi.policy.selectors import site_handbook

DAYS = {
    12: ("08:40", "17:31"), 13: ("08:50", "17:31"), 14: ("09:00", "17:30"), 15: ("09:00:01", "17:31"),
    16: ("09:16", "17:20"), 19: (None, None), 20: (None, None), 21: ("08:45", "17:15"), 22: ("08:44", None),
    23: ("12:00", "13:30"),
}  # fmt: skip


@pytest.fixture
def month(world):
    """Every grade of lateness, leaving early and absence."""
    for day, (came, went) in DAYS.items():
        world.attend("tsr1", day, came, went)
        world.attend("tsrl", day, "08:20", "17:40")
    for day in (12, 13):
        world.attend("tsr2", day)


def everything_again(before, after):
    now = datetime.combine(month_end(MONTH) + timedelta(days=40), time(), before.zone)
    people = people_of(MONTH)
    facts, runs = ledger.read(MONTH, month_end(MONTH), before, people), open_runs(MONTH, people)
    new = {one.staff_id: one for one in compute(facts, MONTH, Judges(after), runs, now)}
    for one in compute(facts, MONTH, Judges(before), runs, now):
        yield from _differences(one, new[one.staff_id], ("", "", ""))


def told(changes):
    return sorted(
        (one.staff_id, str(one.day), one.before.as_json()["rule"], str(one.before), str(one.after), one.money)
        for one in changes
    )


def other_values(value):
    if isinstance(value, Decimal):
        return [value + 1, value * 2 + 7, max(value - 4, Decimal(0)), Decimal(1000)]
    return [value[:-1]] if isinstance(value, tuple) and len(value) > 1 else []


@pytest.mark.django_db
def test_a_replay_says_the_same_as_judging_everything_again_whatever_figure_is_amended(month):
    before = site_handbook()
    felt = set()
    for key in before.entries(FIGURES):
        if not key.startswith("attendance."):
            continue
        for value in other_values(before.values_of(key)[-1][1]):
            after = before.changed(Change(key, MONTH, value))
            found = told(again(before, after, MONTH, lambda *_args: None))
            assert found == told(everything_again(before, after)), (key, value)
            if found:
                felt.add(key)
    assert {"attendance.late.after_minutes", "attendance.late.half_day_absence_after_minutes"} <= felt


@pytest.mark.django_db
def test_a_day_that_no_amended_figure_touches_is_not_judged_again(month, monkeypatch):
    before = site_handbook()
    after = before.changed(Change("attendance.late.half_day_absence_after_minutes", MONTH, 10))
    asked = []
    judge = Judges.ask

    def noted(judges, name, facts, day):
        if judges.handbook is after and name != "month":
            asked.append(day.day)
        return judge(judges, name, facts, day)

    monkeypatch.setattr(Judges, "ask", noted)
    list(again(before, after, MONTH, lambda *_args: None))
    assert set(asked) <= {13, 14, 15, 16, 23}
