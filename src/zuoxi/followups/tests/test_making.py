# SPDX-License-Identifier: Apache-2.0
"""Follow-ups by rule: on which moment, how often, in which window, and brought back from lists."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zuoxi.customers.models import Customer
from zuoxi.followups import services
from zuoxi.followups.handbook import PLANS
from zuoxi.followups.models import Batch, FollowUpTask
from zuoxi.followups.tests.making import DAY, NOW, REFUSAL, at, customer, task
from zuoxi.orders.facts import OrderTold
from zuoxi.orders.moments import DELIVERED, REFUSED_BY_CUSTOMER
from zuoxi.policy.selectors import site_handbook

State = FollowUpTask.State


def told(number, who, shipment="S1", moment=NOW):
    return OrderTold(1, number, who.pk, moment, shipment)


@pytest.mark.clause("ORD-005")
def test_a_refused_parcel_makes_one_follow_up_due_within_a_day(shop):
    who = customer()
    REFUSED_BY_CUSTOMER.tell(told("D1", who))
    REFUSED_BY_CUSTOMER.tell(told("D1", who))
    made = FollowUpTask.objects.get()
    assert made.kind == "refused_parcel" and made.order == "D1" and made.customer == who
    assert made.due_by == NOW + DAY and made.number == "13900010001"
    assert "ORD-005" in made.finding["clauses"]


@pytest.mark.clause("FUP-007")
def test_a_tenth_of_the_deliveries_is_followed_up_and_nobody_twice_in_a_month(shop):
    people = [customer(f"139000{number:05}") for number in range(200)]
    for number, who in enumerate(people):
        DELIVERED.tell(told(f"D{number}", who, f"P{number}"))
    first = set(FollowUpTask.objects.values_list("customer_id", flat=True))
    assert 8 <= len(first) <= 35
    for number, who in enumerate(people):
        if who.pk in first:
            DELIVERED.tell(told(f"E{number}", who, f"Q{number}", NOW + DAY))
    assert FollowUpTask.objects.count() == len(first)


@pytest.mark.clause("FUP-007")
def test_plans_call_important_customers_each_month_and_regular_ones_each_quarter(shop):
    vip, regular, ordinary = (customer(f"1390002000{n}") for n in range(3))
    Customer.objects.filter(pk=vip.pk).update(grade="vip", made_at=NOW - 31 * DAY)
    Customer.objects.filter(pk=regular.pk).update(grade="regular", made_at=NOW - 31 * DAY)
    Customer.objects.filter(pk=ordinary.pk).update(made_at=NOW - 400 * DAY)
    for kind in {plan.kind for plan in site_handbook().entries(PLANS).values()}:
        services.make(kind, at=NOW, now=NOW, number="13900019999")  # of nobody known: it hides no customer
    assert services.make_planned(NOW) == {"made": 1}
    assert services.make_planned(NOW + DAY) == {"made": 0}
    assert services.make_planned(NOW + 31 * DAY) == {"made": 1}
    assert services.make_planned(NOW + 60 * DAY)["made"] == 1  # the regular one, and not the important one again
    asked = FollowUpTask.objects.filter(customer__isnull=False)
    assert set(asked.values_list("customer_id", flat=True)) == {vip.pk, regular.pk}


@pytest.mark.clause("FUP-004")
def test_five_kinds_of_callback_stand_in_the_tax_hotline(db, settings):
    from zuoxi.followups.handbook import KINDS
    from zuoxi.policy.handbook import handbook_of

    kinds = handbook_of("tax_hotline").entries(KINDS)
    five = {"agreement", "home_visit", "card_returned", "phone_message", "web_message"}
    assert five <= set(kinds)
    assert all("FUP-004" in kinds[key].clauses for key in five)


@pytest.mark.clause("FUP-008")
def test_a_discharge_makes_its_follow_up_and_a_file_without_a_number_does_not(hospital):
    services.discharge("Z1", "孙测试", "139 0001 0003", "内科", NOW.date(), by=hospital.agent, now=NOW)
    services.discharge("Z2", "李测试", "", "外科", NOW.date(), by=hospital.agent, now=NOW)
    made = FollowUpTask.objects.get()
    assert made.due_from == at(9, 0, NOW.date() + 3 * DAY) and made.patient.number == "13900010003"
    with pytest.raises(services.Refused):
        services.discharge("Z1", "孙测试", "", "内科", NOW.date(), by=hospital.agent, now=NOW)
    with pytest.raises(services.Refused):
        services.discharge("Z3", "孙测试", "", "内科", NOW.date() + DAY, by=hospital.agent, now=NOW)


@pytest.mark.clause("FUP-014", "CUS-023")
def test_a_positive_finding_is_taught_then_booked_then_accompanied(hospital):
    found = services.read_checkup("T1", "吴测试", "13900010009", NOW.date(), True, by=hospital.agent, now=NOW)
    services.read_checkup("T2", "郑测试", "13900010010", NOW.date(), False, by=hospital.agent, now=NOW)
    with pytest.raises(services.Refused):
        services.checkup_step(found, "came", by=hospital.agent, now=NOW)
    teach = FollowUpTask.objects.get()
    services.submit(teach, {"a": "yes", "b": "yes", "c": "yes"}, by=hospital.agent, now=NOW)
    assert set(FollowUpTask.objects.values_list("kind", flat=True)) == {
        "checkup_teach",
        "checkup_expert",
        "checkup_accompany",
    }
    done = services.checkup_step(found, "came", by=hospital.agent, now=NOW + DAY)
    assert done.followed_at == done.taught_at == NOW and done.came_at == NOW + DAY


def pool(count):
    for number in range(count):
        task("regular_visit", customer(f"139000{number:05}"))


@pytest.mark.clause("FUP-005")
def test_a_list_is_handed_out_in_turn_and_brought_back_with_a_summary(shop):
    pool(5)
    end = services.usual_deadline(NOW)
    assert end == at(18, 0, NOW.date() + 3 * DAY)
    batch = services.hand_out(
        "十一月", "regular_visit", [shop.agent, shop.other], 10, collect_by=end, by=shop.supervisor, now=NOW
    )
    assert batch.size == 5 and batch.tasks.filter(assignee=shop.agent).count() == 3
    said = {"a": "no", "c": "satisfied", "e": "9"}
    services.submit(batch.tasks.filter(assignee=shop.agent).first(), said, by=shop.agent, now=NOW)
    with pytest.raises(services.Refused):
        services.collect(batch, "", "", by=shop.supervisor, now=NOW)
    done = services.collect(batch, "多数满意", "要备件", by=shop.supervisor, now=NOW)
    assert done.returned == 4
    assert FollowUpTask.objects.filter(state=State.OPEN, assignee=None).count() == 4
    with pytest.raises(services.Refused):
        services.collect(batch, "再收一次", "", by=shop.supervisor, now=NOW)


@pytest.mark.clause("FUP-005")
def test_a_list_whose_time_is_over_goes_back_to_the_pool_by_itself(shop):
    pool(3)
    end = NOW + timedelta(hours=1)
    batch = services.hand_out("x", "regular_visit", [shop.agent], 3, collect_by=end, by=shop.supervisor, now=NOW)
    assert services.return_overdue(end) == {"lists": 0, "tasks": 0}
    assert services.return_overdue(end + timedelta(seconds=1)) == {"lists": 1, "tasks": 3}
    batch.refresh_from_db()
    assert batch.state == Batch.State.COLLECTED and shop.supervisor.notices.count() == 1
    services.sum_up(batch, "都没打", "", by=shop.supervisor)
    with pytest.raises(services.Refused):
        services.hand_out("x", "regular_visit", [], 3, collect_by=end, by=shop.supervisor, now=NOW)
    with pytest.raises(services.Refused):
        services.hand_out("x", "refused_parcel", [shop.agent], 3, collect_by=end + DAY, by=shop.supervisor, now=NOW)


def test_who_wants_no_calls_is_not_called(shop):
    from zuoxi.customers.models import DoNotCall

    who = customer()
    DoNotCall.objects.create(number="13900010001", scope="everything", reason="x", made_at=NOW)
    assert services.make("regular_visit", at=NOW, now=NOW, customer=who) is None


def test_an_agreed_time_is_told_once_shortly_before(shop):
    made = task("regular_visit")
    services.book(made, at(15), by=shop.agent, now=NOW)
    assert services.remind_booked(at(14, 44)) == {"told": 0}
    assert services.remind_booked(at(14, 45)) == {"told": 1}
    assert services.remind_booked(at(14, 50)) == {"told": 0}
    assert services.remind_booked(at(16, 0)) == {"told": 0}  # nobody is reminded of what is long past


def test_a_kind_that_the_handbook_lost_is_refused_with_words(shop):
    with pytest.raises(services.Refused):
        services.make("no_such", at=NOW, now=NOW, customer=customer())
    made = task("refused_parcel", subject="refused:S9")
    FollowUpTask.objects.filter(pk=made.pk).update(kind="gone")
    made.refresh_from_db()
    with pytest.raises(services.Refused):
        services.submit(made, REFUSAL, by=shop.agent, now=datetime.now(NOW.tzinfo))
