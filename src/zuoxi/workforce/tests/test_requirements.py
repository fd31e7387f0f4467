# SPDX-License-Identifier: Apache-2.0
"""What the site's queues need by half hour."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import judge
from zuoxi.telephony.models import Queue, QueueVisit, Switch
from zuoxi.workforce.today.requirements import required_of, trainee_shares
from zuoxi.workforce.today.rules import RequirementFacts
from zuoxi.workforce.today.terms import terms_on


@pytest.fixture
def traffic(centre):
    """Four weeks of a queue: thirty calls between ten and half past on every day, of three minutes each."""
    switch = Switch.objects.create(name="lab", kind=Switch.Kind.SIMULATOR)
    Queue.objects.create(
        switch=switch, code="sales", name_zh="订购", name_en="Sales", project=centre.project, target_seconds=20,
        target_percent=80, wrap_seconds=20,
    )  # fmt: skip
    rows, number = [], 0
    today = timezone.localdate()
    for back in range(1, 29):
        at = timezone.make_aware(datetime.combine(today - timedelta(days=back), time(10)))
        for minute in range(30):
            number += 1
            rows.append(
                QueueVisit(
                    call_id=number,
                    seq=0,
                    queue="sales",
                    agent="1001",
                    entered_at=at + timedelta(minutes=minute),
                    left_at=at + timedelta(minutes=minute, seconds=10),
                    outcome="answered",
                    wait_seconds=10,
                    talk_seconds=160,
                )
            )
    QueueVisit.objects.bulk_create(rows)
    return centre


@pytest.mark.clause("SCH-001", "CALL-023")
def test_without_a_forecast_the_weeks_before_say_what_a_half_hour_needs(traffic):
    today = timezone.localdate()
    (one,) = required_of(today, today)
    assert (one.queue, one.calls, round(one.aht_seconds)) == ("sales", 30, 180)
    assert timezone.localtime(one.start).hour == 10
    assert not one.forecast
    assert one.agents == 5
    assert one.positions == 7
    assert 0.8 <= one.service < 1


def test_other_parts_ask_the_selector(traffic):
    today = timezone.localdate()
    assert [one.agents for one in required_of(today, today + timedelta(days=2))] == [5, 5, 5]
    assert required_of(today, today, "none") == []


def test_a_target_over_the_day_never_needs_more(traffic):
    today = timezone.localdate()
    each, whole = required_of(today, today), required_of(today, today, by="day")
    assert sum(one.agents for one in whole) <= sum(one.agents for one in each)


def test_the_number_of_days_costs_no_questions(traffic, django_assert_max_num_queries):
    today = timezone.localdate()
    with django_assert_max_num_queries(9):
        required_of(today, today + timedelta(days=27))


def test_nobody_serves_nothing_and_newcomers_are_counted_to_the_last_day(traffic):
    from zuoxi.telephony.models import QueueMembership

    terms = terms_on(handbook_of("tv_shopping"), timezone.localdate())
    queue = Queue.objects.get()
    for code, days in (("1001", 90), ("1002", 91)):
        staff = traffic.staff[code]
        staff.joined_on = timezone.localdate() - timedelta(days=days)
        staff.save()
        QueueMembership.objects.create(queue=queue, staff=staff)
    assert trainee_shares(timezone.localdate(), terms) == {"sales": 0.5}


def facts(**other):
    said = {
        "calls": Decimal(100), "aht_seconds": Decimal(180), "interval_minutes": 30, "target_percent": Decimal(80),
        "target_seconds": Decimal(20), "trainee_percent": Decimal(0),
    }  # fmt: skip
    return RequirementFacts(**(said | other))


@pytest.mark.once
@pytest.mark.clause("SCH-001", "CALL-023")
def test_the_rule_says_agents_people_and_what_it_rests_on():
    found = judge("staffing.requirement", facts(), handbook_of("tv_shopping"), timezone.localdate())
    assert found.outcome == "needed"
    assert (found.details["agents"], found.details["people"]) == (12, 16)
    assert "staffing.shrinkage.break" in found.figures
    assert "staffing.patience_seconds" in found.ours


@pytest.mark.once
def test_trainees_ask_for_more_and_no_calls_for_nobody():
    handbook, today = handbook_of("tv_shopping"), timezone.localdate()
    slow = judge("staffing.requirement", facts(trainee_percent=Decimal(100)), handbook, today)
    assert slow.details["agents"] > 12
    assert judge("staffing.requirement", facts(calls=Decimal(0)), handbook, today).outcome == "nobody"


@pytest.mark.once
@pytest.mark.parametrize("wrong", [{"target_percent": Decimal(100)}, {"trainee_percent": Decimal(101)}])
def test_impossible_targets_are_refused(wrong):
    with pytest.raises(ValueError, match="lies"):
        facts(**wrong)


@pytest.mark.once
def test_the_causes_of_shrinkage_add_up_to_the_figure_of_the_monthly_plan():
    handbook, today = handbook_of("base"), timezone.localdate()
    whole = handbook.on(today).number("staffing.shrinkage_percent")
    assert round(terms_on(handbook, today).lost_in_all * 100) == whole
