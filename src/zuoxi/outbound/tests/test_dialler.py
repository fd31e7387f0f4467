# SPDX-License-Identifier: Apache-2.0
"""The dialler with a database and a switch: what is dialled, what is not, and what becomes of it."""

from datetime import timedelta

import pytest

from zuoxi.customers.services import bar_number
from zuoxi.outbound import campaigns, dialler, following
from zuoxi.outbound.calling import call_lead, call_promise
from zuoxi.outbound.models import Attempt, Campaign, Lead, Promise
from zuoxi.outbound.promising import promise_callback
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.tests.fake_switch import FakeSwitch
from zuoxi.outbound.tests.world import NOW, agents, campaign
from zuoxi.outbound.writing import Outcome, write_result
from zuoxi.telephony.models import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch():
    made = FakeSwitch(NOW, answer_share=1.0)
    with made.clock():
        yield made


def ready(switch, *codes):
    for code in codes:
        switch.state(code, "ready")


def rounds(switch, count):
    for _ in range(count):
        dialler.tick(switch.now)
        switch.pass_time()


def test_each_free_agent_gets_one_call_and_no_agent_a_second(switch):
    agents(campaign(leads=5), "1001", "1002", "1003")
    ready(switch, "1001", "1002")
    assert dialler.tick(switch.now).dialled == 2
    assert dialler.tick(switch.now).dialled == 0
    switch.pass_time()
    assert dialler.tick(switch.now).dialled == 0
    assert {agent for _at, agent, _number in switch.dials} == {"1001", "1002"}
    assert switch.beyond_free == 0


def test_a_call_ends_and_the_next_waits_for_its_result(switch):
    (agent,) = agents(campaign(), "1001")
    ready(switch, "1001")
    rounds(switch, 160)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.lead.state) == (Attempt.State.ANSWERED, Lead.State.DONE)
    write_result(attempt.pk, Outcome("refused", note="暂不需要"), agent, switch.now)
    assert dialler.tick(switch.now).dialled == 1


def test_who_did_not_answer_goes_back_into_the_list_by_himself(switch):
    switch.answer_share = 0.0
    agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    rounds(switch, 30)
    lead = Lead.objects.get()
    assert (lead.state, lead.result, lead.attempts) == (Lead.State.WAITING, "no_answer", 1)
    assert lead.next_at >= NOW + timedelta(minutes=120)
    assert Attempt.objects.get().state == Attempt.State.UNANSWERED


def test_outside_the_hours_nothing_is_dialled(switch):
    agents(campaign(), "1001")
    ready(switch, "1001")
    switch.now = NOW.replace(hour=12)
    switch.heard()
    assert dialler.tick(switch.now).dialled == 0
    switch.now = NOW.replace(hour=14)
    switch.heard()
    assert dialler.tick(switch.now).dialled == 1


def test_who_asked_not_to_be_called_after_the_import_is_barred_when_his_turn_comes(switch):
    made = campaign(leads=2)
    agents(made, "1001")
    ready(switch, "1001")
    first = Lead.objects.order_by("pk").first()
    bar_number(first.number, scope="offers", reason="不再接受推销", source="customer", by=None, now=NOW)
    dialler.tick(switch.now)
    first.refresh_from_db()
    assert (first.state, first.why) == (Lead.State.BARRED, "do_not_call")
    dialler.tick(switch.now)
    assert Attempt.objects.get().number != first.number


def test_a_listener_that_is_dead_is_not_asked_and_what_it_left_is_withdrawn(switch):
    agents(campaign(leads=2), "1001", "1002")
    ready(switch, "1001")
    dialler.tick(switch.now)
    switch.deaf = True
    switch.pass_time(9)
    assert dialler.tick(switch.now).withdrawn == 1
    assert Lead.objects.filter(state=Lead.State.WAITING, attempts=0).count() == 2
    switch.pass_time(60)
    assert dialler.tick(switch.now).dialled == 0
    switch.deaf = False
    switch.pass_time()
    assert switch.dials == []


def test_what_a_dead_listener_may_have_dialled_counts_and_is_not_dialled_again_at_once(switch):
    agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    dialler.tick(switch.now)
    Command.objects.update(status="failed", message="the listener stopped before the answer")
    dialler.tick(switch.now)
    lead = Lead.objects.get()
    assert Attempt.objects.get().state == Attempt.State.UNKNOWN
    assert (lead.attempts, lead.next_at >= NOW + timedelta(minutes=120)) == (1, True)


def test_a_telephone_that_was_not_taken_up_costs_the_contact_no_attempt(switch):
    switch.refuses = True
    agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    rounds(switch, 3)
    assert Attempt.objects.first().state == Attempt.State.DROPPED
    assert Lead.objects.get().attempts == 0


def test_an_agent_who_leaves_while_it_rings_is_hung_up_once(switch):
    agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    rounds(switch, 2)
    switch.state("1001", "signed_out")
    assert dialler.tick(switch.now).hung_up == 1
    assert dialler.tick(switch.now).hung_up == 0
    rounds(switch, 3)
    assert Attempt.objects.get().ended_at is not None
    assert Command.objects.filter(verb="hang_up").count() == 1


def test_the_same_call_told_twice_ends_once(switch):
    agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    rounds(switch, 150)
    before = Attempt.objects.get()
    following.follow(switch.now)
    following.follow(switch.now)
    assert Attempt.objects.get().ended_at == before.ended_at


def test_two_who_press_call_at_once_make_one_call(switch):
    one, other = agents(campaign(leads=1, mode="preview"), "1001", "1002")
    lead = Lead.objects.get()
    call_lead(lead.pk, one, switch.now)
    with pytest.raises(Refused):
        call_lead(lead.pk, other, switch.now)
    assert Command.objects.filter(verb="dial").count() == 1


def test_an_agent_cannot_press_call_twice(switch):
    (one,) = agents(campaign(leads=2, mode="preview"), "1001")
    first, second = Lead.objects.order_by("pk")
    call_lead(first.pk, one, switch.now)
    with pytest.raises(Refused):
        call_lead(second.pk, one, switch.now)
    second.refresh_from_db()
    assert (second.state, second.attempts) == (Lead.State.WAITING, 0)


def test_a_campaign_whose_answers_find_no_agent_is_paused(switch):
    made = campaign(leads=1)
    agent = agents(made, "1001")[0]
    for index in range(20):
        Attempt.objects.create(
            campaign=made, staff=agent, number=f"1390000{index:04d}", mode="progressive", day=NOW.date(),
            state=Attempt.State.NUISANCE if index < 1 else Attempt.State.ANSWERED, reserved_at=NOW, answered_at=NOW,
            ended_at=NOW,
        )  # fmt: skip
    assert dialler.tick(switch.now).paused == [made.pk]
    made.refresh_from_db()
    assert made.state == Campaign.State.PAUSED
    assert "骚扰率" in made.pause_reason


def test_a_result_that_bars_puts_the_number_on_the_list_of_the_house(switch):
    made = campaign(leads=1)
    (agent,) = agents(made, "1001")
    ready(switch, "1001")
    rounds(switch, 160)
    write_result(Attempt.objects.get().pk, Outcome("bar", note="别再打了"), agent, switch.now)
    other = campaign(leads=0, state="draft")
    again = Lead.objects.create(campaign=other, number="13800000000", consent="有", changed_at=NOW)
    Campaign.objects.filter(pk=other.pk).update(state="running")
    with pytest.raises(Refused) as refused:
        call_lead(again.pk, agent, switch.now)
    assert refused.value.finding.outcome == "do_not_call"


@pytest.mark.clause("CUS-014", "CALL-019")
def test_a_prospect_who_wants_to_be_called_later_stands_in_the_calendar_and_is_called_from_it(switch):
    (agent,) = agents(campaign(leads=1), "1001")
    ready(switch, "1001")
    rounds(switch, 160)
    later = switch.now + timedelta(hours=3)
    said = Outcome("intent", at=later, follow_up="想先和家人商量", note="商量后再定")
    write_result(Attempt.objects.get().pk, said, agent, switch.now)
    promise = Promise.objects.get()
    assert (promise.owner, promise.due_at) == (agent, later)
    switch.now = later
    switch.heard()
    attempt = call_promise(promise.pk, agent, switch.now)
    assert attempt.lead == Lead.objects.get()


def test_a_callback_is_refused_to_who_wants_no_call_at_all(switch):
    agents(campaign(leads=1), "1001")
    staff = campaigns.Seat.objects.get().staff
    made = promise_callback("13900000001", at=None, agent=staff, reason="查询", by=staff, now=NOW)
    bar_number("13900000001", scope="everything", reason="不要来电", source="customer", by=None, now=NOW)
    with pytest.raises(Refused):
        call_promise(made.pk, staff, NOW)
