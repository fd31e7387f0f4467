# SPDX-License-Identifier: Apache-2.0
"""What may be done with a ticket, by whom, in which order; and what it leaves behind."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from zuoxi.approvals.models import Notice
from zuoxi.customers import services as customers
from zuoxi.tickets import registering, services, watching
from zuoxi.tickets.models import Membership, State, Ticket, TicketEvent, TicketLink
from zuoxi.tickets.moments import CLOSED, OPENED, URGED
from zuoxi.tickets.selectors import lines_of, ticket, tickets_of

SITE = ZoneInfo("Asia/Shanghai")


def done(desk, opened, result="已处理"):
    """Accepted, finished, checked by somebody else."""
    services.accept(opened, by=desk.worker, now=desk.later(minutes=5))
    services.finish(opened, result=result, by=desk.worker, now=desk.later(minutes=30))
    if opened.needs_check:
        services.check(opened, passed=True, note="", by=desk.leader, now=desk.later(minutes=5))
    opened.refresh_from_db()
    return opened


@pytest.mark.clause("CUS-010", "CUS-012")
def test_a_ticket_goes_through_every_hand_and_ends_with_an_answer(desk):
    opened = desk.open()
    assert (opened.number, opened.state) == ("WO20260302-0001", State.NEW)
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.later(minutes=1))
    done(desk, opened)
    services.answer_customer(opened, how="phone", text="已修好", by=desk.agent, now=desk.later(minutes=5))
    closed = services.close(opened, by=desk.agent, now=desk.later(minutes=1))
    assert closed.state == State.CLOSED
    verbs = [one.verb for one in closed.events.all()]
    assert verbs == ["open", "assign", "accept", "finish", "check", "answer", "close"]


@pytest.mark.clause("CUS-010")
def test_nobody_closes_a_ticket_whose_customer_was_not_told(desk):
    opened = done(desk, desk.open())
    with pytest.raises(services.Refused) as refused:
        services.close(opened, by=desk.agent, now=desk.now)
    assert refused.value.finding.clauses == ("CUS-010",)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=opened.pk).update(state="closed", closed_at=desk.now)


def test_an_attempt_that_did_not_reach_the_customer_is_no_answer(desk):
    opened = done(desk, desk.open())
    services.answer_customer(opened, how="phone", text="无人接听", reached=False, by=desk.agent, now=desk.now)
    with pytest.raises(services.Refused):
        services.close(opened, by=desk.agent, now=desk.now)


def test_what_the_customer_was_told_before_the_end_is_not_the_answer_to_the_end(desk):
    opened = desk.open()
    services.answer_customer(opened, how="phone", text="正在处理", by=desk.agent, now=desk.now)
    done(desk, opened)
    with pytest.raises(services.Refused):
        services.close(opened, by=desk.agent, now=desk.now)


def test_who_finished_it_does_not_check_it(desk):
    opened = desk.open()
    services.accept(opened, by=desk.leader, now=desk.now)
    services.finish(opened, result="已处理", by=desk.leader, now=desk.now)
    with pytest.raises(services.Refused):
        services.check(opened, passed=True, note="", by=desk.leader, now=desk.now)


def test_a_result_that_fails_its_check_goes_back_to_work_with_a_new_clock(desk):
    opened = desk.open()
    services.accept(opened, by=desk.worker, now=desk.now)
    services.finish(opened, result="已处理", by=desk.worker, now=desk.later(hours=1))
    services.check(opened, passed=False, note="没有修好", by=desk.leader, now=desk.later(hours=1))
    opened.refresh_from_db()
    assert (opened.state, opened.finished_at) == (State.WORKING, None)
    assert opened.clocks.get(code="done").started_at == desk.now


@pytest.mark.clause("CUS-004")
def test_whoever_took_it_in_stays_the_first_handler_however_often_it_is_passed_on(desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    services.accept(opened, by=desk.worker, now=desk.now)
    services.return_back(opened, reason="不属于本部门", by=desk.worker, now=desk.now)
    services.assign(opened, staff=desk.other, by=desk.leader, now=desk.now)
    opened.refresh_from_db()
    assert (opened.first_handler, opened.owner, opened.returned) == (desk.agent, desk.other, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=opened.pk).update(first_handler=None)


def test_the_second_of_two_who_accept_is_told_who_was_first(desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    services.accept(opened, by=desk.worker, now=desk.now)
    with pytest.raises(services.Overtaken, match=desk.worker.name):
        services.accept(opened, by=desk.head, now=desk.now)


@pytest.mark.clause("CUS-010")
def test_urging_is_counted_and_told_to_who_has_it(desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    Notice.objects.all().delete()
    services.urge(opened, words="客户再次来电", by=desk.agent, now=desk.later(hours=1), by_customer=True)
    services.urge(opened, words="请尽快", by=desk.other, now=desk.later(minutes=1))
    opened.refresh_from_db()
    assert opened.urged == 2
    assert set(Notice.objects.values_list("staff__code", flat=True)) == {"D1"}


def test_two_clicks_on_urge_count_once(desk):
    opened = desk.open()
    services.urge(opened, words="请尽快", by=desk.other, now=desk.later(hours=1))
    with pytest.raises(services.Refused):
        services.urge(opened, words="请尽快", by=desk.other, now=desk.later(minutes=9, seconds=59))
    services.urge(opened, words="请尽快", by=desk.other, now=desk.later(seconds=1))
    opened.refresh_from_db()
    assert opened.urged == 2


def test_a_hold_stops_the_clock_and_gives_the_time_back(desk):
    opened = desk.open()
    first = opened.clocks.get(code="respond").due_at
    services.hold(opened, reason="customer", note="等客户回电", by=desk.agent, now=desk.later(hours=1))
    opened.refresh_from_db()
    assert opened.due_at is None
    services.resume(opened, by=desk.agent, now=desk.later(hours=5))
    opened.refresh_from_db()
    assert opened.clocks.get(code="respond").due_at == first + timedelta(hours=5)
    assert opened.due_at == first + timedelta(hours=5)


def test_a_hold_that_does_not_stop_the_clock_gives_nothing_back(desk):
    opened = desk.open()
    first = opened.due_at
    services.hold(opened, reason="parts", note="等配件", by=desk.agent, now=desk.later(hours=1), stops_clock=False)
    opened.refresh_from_db()
    assert opened.due_at == first
    services.resume(opened, by=desk.agent, now=desk.later(hours=5))
    opened.refresh_from_db()
    assert opened.due_at == first


def test_a_hold_until_a_moment_ends_by_itself(desk):
    opened = desk.open()
    services.hold(
        opened, reason="parts", note="等配件", by=desk.agent, now=desk.now, until=desk.now + timedelta(hours=2)
    )
    assert watching.end_holds(desk.later(hours=1, minutes=59)) == 0
    assert watching.end_holds(desk.later(minutes=1)) == 1
    opened.refresh_from_db()
    assert opened.state == State.NEW


def test_a_closed_ticket_opens_again_with_its_reason_and_a_new_clock(desk):
    opened = done(desk, desk.open())
    services.answer_customer(opened, how="phone", text="已修好", by=desk.agent, now=desk.now)
    services.close(opened, by=desk.agent, now=desk.now)
    services.reopen(opened, reason="又坏了", by=desk.agent, now=desk.later(days=1))
    opened.refresh_from_db()
    assert (opened.state, opened.reopened, opened.answered_at, opened.closed_at) == (State.ASSIGNED, 1, None, None)
    assert opened.clocks.get(code="done").stopped_at is None


def test_a_ticket_is_not_done_before_its_parts_are(desk):
    opened = desk.open()
    part = services.add_subtask(opened, title="先查线路", staff=desk.worker, by=desk.agent, now=desk.now)
    services.accept(opened, by=desk.other, now=desk.now)
    with pytest.raises(services.Refused):
        services.finish(opened, result="已处理", by=desk.other, now=desk.now)
    services.accept(part, by=desk.worker, now=desk.now)
    assert services.finish(part, result="线路正常", by=desk.worker, now=desk.now).state == State.CLOSED
    assert services.finish(opened, result="已处理", by=desk.other, now=desk.now).state == State.CHECKING


def test_a_split_keeps_the_call_and_the_first_handler_and_names_where_it_came_from(desk):
    opened = desk.open(call="c-1")
    other = services.split(opened, title="另外要改地址", by=desk.other, now=desk.later(hours=1))
    assert (other.call, other.first_handler, other.received_at) == ("c-1", desk.agent, opened.received_at)
    assert TicketLink.objects.get(ticket=other).other == opened


def test_a_merge_adds_up_the_urgings_and_keeps_the_earlier_time(desk):
    first = desk.open()
    due = first.due_at
    desk.later(hours=3)
    second = desk.open()
    services.urge(second, words="请尽快", by=desk.agent, now=desk.now)
    main = services.merge(first, second, by=desk.leader, now=desk.now)
    first.refresh_from_db()
    assert (first.state, main.urged, main.due_at) == (State.MERGED, 1, due)


@pytest.mark.parametrize("verbs", [(), ("accept",), ("accept", "hold")])
def test_a_merge_that_was_a_mistake_is_undone_and_all_stands_as_before(desk, verbs):
    crew = desk.crew("DELIVERY")
    first = desk.open()
    services.assign(first, department=crew, staff=desk.worker, by=desk.agent, now=desk.later(minutes=1))
    if "accept" in verbs:
        services.accept(first, by=desk.worker, now=desk.later(minutes=1))
    if "hold" in verbs:
        services.hold(first, reason="customer", note="等客户", by=desk.worker, now=desk.later(minutes=1))
    services.urge(first, words="请尽快", by=desk.agent, now=desk.later(minutes=1))
    second = desk.open(customer=None)
    for one in (first, second):
        one.refresh_from_db()
    before = [(one.state, one.due_at, one.urged, one.customer_id, one.owner_id) for one in (first, second)]
    services.merge(first, second, by=desk.leader, now=desk.later(minutes=5))
    services.unmerge(first, by=desk.leader, now=desk.later(minutes=5))
    for one in (first, second):
        one.refresh_from_db()
    assert [(one.state, one.due_at, one.urged, one.customer_id, one.owner_id) for one in (first, second)] == before
    assert first.assignments.filter(ended_at=None).count() == 1
    assert first.holds.filter(ended_at=None).exists() is ("hold" in verbs)
    assert all(row.next_at or first.state == State.HELD for row in first.clocks.filter(stopped_at=None))
    assert [one.verb for one in second.events.order_by("pk")][-2:] == ["took_in", "let_out"]
    with pytest.raises(services.Refused):
        services.unmerge(first, by=desk.leader, now=desk.now)


def test_a_rank_that_somebody_gave_the_other_ticket_after_the_merge_stays_when_that_is_undone(desk):
    first, second = desk.open(priority=1), desk.open(priority=0)
    services.merge(first, second, by=desk.leader, now=desk.later(minutes=5))
    services.set_priority(second, 2, by=desk.leader, now=desk.later(minutes=5))
    services.unmerge(first, by=desk.leader, now=desk.later(minutes=5))
    second.refresh_from_db()
    assert second.priority == 2


def test_a_ticket_that_was_answered_in_the_other_one_meanwhile_still_comes_out_of_it(desk):
    first, second = desk.open(), desk.open()
    services.merge(first, second, by=desk.leader, now=desk.later(minutes=5))
    services.assign(second, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.later(minutes=1))
    done(desk, second)
    services.answer_customer(second, how="phone", text="已修好", by=desk.agent, now=desk.now)
    services.close(second, by=desk.agent, now=desk.now)
    services.unmerge(first, by=desk.leader, now=desk.now)
    for one in (first, second):
        one.refresh_from_db()
    assert (first.state, second.state) == (State.NEW, State.CLOSED)


@pytest.mark.clause("CUS-012", "KB-009")
def test_a_simple_question_is_written_answered_and_closed_in_one_step(desk):
    said = {"customer": desk.customer, "fields": {"question": "发票怎么开"}, "source": "call"}
    closed = services.settle_at_once("enquiry", told="可在订单页申请", by=desk.agent, now=desk.now, **said)
    assert (closed.state, closed.result, closed.answered_at) == (State.CLOSED, "可在订单页申请", desk.now)
    assert (closed.department, closed.breached, closed.clocks.filter(stopped_at=None).count()) == (None, False, 0)
    assert [one.verb for one in closed.events.all()] == ["open", "finish", "answer", "close"]


@pytest.mark.clause("CUS-012")
def test_a_kind_whose_result_is_checked_is_not_settled_at_once(desk):
    said = {"customer": None, "fields": {"matter": "路灯不亮", "reason": "需要其他部门处理"}, "source": "letter"}
    with pytest.raises(services.Refused):
        services.settle_at_once("transfer", told="好", by=desk.agent, now=desk.now, **said)
    assert not Ticket.objects.exists()


def test_tickets_of_two_customers_are_not_merged(desk):
    another = customers.save_customer(None, name="另一客户", tags=[], note="", by=None, now=desk.now)
    first, second = desk.open(), desk.open(customer=another)
    with pytest.raises(services.Refused):
        services.merge(first, second, by=desk.leader, now=desk.now)


@pytest.mark.clause("CUS-013")
def test_more_time_needs_a_reason_that_customer_and_leader_know(desk):
    opened = desk.open()
    row = opened.clocks.get(code="done")
    more = {"clock": "done", "due_at": row.due_at + timedelta(days=2), "by": desk.agent}
    for given in (
        {"reason": "", "told_customer_at": desk.now, "told_leader": desk.leader},
        {"reason": "等配件", "told_customer_at": None, "told_leader": desk.leader},
        {"reason": "等配件", "told_customer_at": desk.now, "told_leader": None},
    ):
        with pytest.raises(services.Refused):
            services.extend(opened, now=desk.now, **more, **given)
    whole = {"reason": "等配件", "told_customer_at": desk.now, "told_leader": desk.leader}
    made = services.extend(opened, now=row.due_at, **more, **whole)
    assert made.in_time is True


@pytest.mark.clause("CUS-013")
def test_an_explanation_after_the_time_is_up_leaves_the_breach(desk):
    opened = desk.open()
    row = opened.clocks.get(code="done")
    made = services.extend(
        opened, clock="done", due_at=row.due_at + timedelta(days=2), reason="等配件", told_customer_at=desk.now,
        told_leader=desk.leader, by=desk.agent, now=row.due_at + timedelta(seconds=1),
    )  # fmt: skip
    opened.refresh_from_db()
    assert (made.in_time, opened.breached) == (False, True)


@pytest.mark.clause("CUS-012", "CUS-013")
def test_the_ladder_warns_then_tells_leader_supervisor_and_manager(desk):
    opened = desk.open()
    row = opened.clocks.get(code="respond")
    told = []
    for moment in (
        row.started_at + timedelta(hours=17, minutes=59),
        row.started_at + timedelta(hours=18),
        row.due_at,
        row.due_at + timedelta(minutes=119),
        row.due_at + timedelta(minutes=120),
        row.due_at + timedelta(minutes=480),
    ):
        Notice.objects.all().delete()
        watching.watch(moment)
        told.append(set(Notice.objects.values_list("staff__code", flat=True)))
    assert told == [set(), {"A1"}, {"A1", "L1"}, set(), {"A1", "S1"}, {"A1", "M1"}]
    opened.refresh_from_db()
    assert (opened.breached, opened.escalated) == (True, 3)


def test_looking_twice_at_the_same_minute_tells_once(desk):
    opened = desk.open()
    due = opened.clocks.get(code="respond").due_at
    watching.watch(due)
    before = Notice.objects.count()
    assert watching.watch(due) == {"warned": 0, "breached": 0}
    assert Notice.objects.count() == before


@pytest.mark.clause("CUS-004", "CUS-012")
def test_what_is_urgent_and_grave_reaches_the_leaders_at_once(desk):
    desk.open(fields={"matter": "商场停电有人被困", "reason": "需抢修", "urgent": "yes"})
    assert set(Notice.objects.values_list("staff__code", flat=True)) >= {"S1", "M1"}


@pytest.mark.clause("CUS-007")
def test_a_changed_calendar_moves_open_tickets_and_leaves_closed_ones(desk, settings):
    opened, closed = desk.open(), desk.open()
    services.accept(closed, by=desk.worker, now=desk.now)
    services.finish(closed, result="已处理", by=desk.worker, now=desk.now)
    services.check(closed, passed=True, note="", by=desk.leader, now=desk.now)
    services.answer_customer(closed, how="sms", text="已处理", by=desk.agent, now=desk.now)
    services.close(closed, by=desk.agent, now=desk.now)
    kept = {row.code: row.due_at for row in closed.clocks.all()}
    handbook = shorter_week()
    before = opened.clocks.get(code="done").due_at
    assert watching.recalculate(desk.now, handbook=handbook) == 1
    assert opened.clocks.get(code="done").due_at == before + timedelta(days=1)
    assert {row.code: row.due_at for row in closed.clocks.all()} == kept
    assert watching.recalculate(desk.now, handbook=handbook) == 0, "the second time nothing is left to do"


def shorter_week():
    """The site's handbook with one more free day: the third of March 2026."""
    from dataclasses import replace
    from datetime import date

    from zuoxi.policy.selectors import site_handbook

    handbook = site_handbook()
    held = handbook.entries_by_section["calendars"]["business"]
    body = held.body.model_copy(update={"free": (date(2026, 3, 3),)})
    sections = {**handbook.entries_by_section, "calendars": {"business": replace(held, body=body)}}
    return replace(handbook, entries_by_section=sections, _days={})


def test_history_is_not_rewritten(desk):
    event = TicketEvent.objects.filter(ticket=desk.open()).first()
    event.note = "改过"
    with pytest.raises(TypeError):
        event.save()


def test_numbers_are_counted_by_the_day_of_the_site(desk):
    desk.now = datetime(2026, 3, 2, 23, 59, tzinfo=SITE)
    first, second = desk.open(), desk.open()
    desk.now = datetime(2026, 3, 3, 0, 0, tzinfo=SITE)
    third = desk.open()
    assert [first.number, second.number, third.number] == ["WO20260302-0001", "WO20260302-0002", "WO20260303-0001"]


def test_packages_above_are_told_of_opening_urging_and_closing(desk):
    heard = []
    listeners = [(one, heard.append) for one in (OPENED, URGED, CLOSED)]
    for moment, listener in listeners:
        moment.listen(listener)
    try:
        opened = desk.open()
        services.urge(opened, words="请尽快", by=desk.agent, now=desk.now)
        done(desk, opened)
        services.answer_customer(opened, how="phone", text="已修好", by=desk.agent, now=desk.now)
        services.close(opened, by=desk.agent, now=desk.now)
    finally:
        for moment, listener in listeners:
            moment.leave(listener)
    assert [(one.number, one.by_code) for one in heard] == [(opened.number, "A1")] * 3


def test_a_customer_finds_his_tickets_newest_first(desk):
    first, second = desk.open(), desk.open()
    assert tickets_of([desk.customer.pk]) == [second, first]
    assert ticket(first.number) == first
    assert ticket("WO-none") is None


@pytest.mark.clause("CUS-017", "CUS-018")
class TestHeating:
    @pytest.fixture(autouse=True)
    def pack(self, settings):
        settings.PACK = "heating"

    answers = {
        "problem": "暖气不热",
        "address": {"community": "示例小区", "building": "3号楼", "unit": "2单元", "room": "501"},
        "name": "李先生",
        "phone": "13800000001",
        "fault": "cold",
        "told": "yes",
    }
    four = ("problem", "address", "name", "phone")

    @pytest.mark.parametrize("missing", four)
    def test_each_of_the_four_has_to_be_there(self, desk, missing):
        given = {key: value for key, value in self.answers.items() if key != missing}
        with pytest.raises(services.BadForm) as bad:
            desk.open("repair", given, read_back=self.four)
        assert missing in bad.value.problems

    @pytest.mark.parametrize("missing", four)
    def test_each_of_the_four_has_to_be_read_back(self, desk, missing):
        with pytest.raises(services.BadForm) as bad:
            desk.open("repair", self.answers, read_back=tuple(one for one in self.four if one != missing))
        assert list(bad.value.problems) == [f"read_back_{missing}"]

    def test_the_crew_calls_within_half_an_hour_and_comes_within_two(self, desk):
        desk.crew("CREW")
        opened = desk.open("repair", self.answers, read_back=self.four)
        assert (opened.department.code, opened.owner) == ("CREW", desk.worker)
        due = {row.code: row.due_at - opened.received_at for row in opened.clocks.all()}
        assert due == {"contact": timedelta(minutes=30), "done": timedelta(hours=2)}
        assert opened.area == "示例小区"

    def test_an_accident_goes_first(self, desk):
        opened = desk.open("repair", {**self.answers, "accident": "yes"}, read_back=self.four)
        assert opened.get_priority_display() in ("Urgent and grave", "紧急重大")

    def test_who_called_in_time_is_not_late(self, desk):
        opened = desk.open("repair", self.answers, read_back=self.four)
        services.contact(opened, by=desk.worker, now=desk.later(minutes=30))
        assert opened.clocks.get(code="contact").breached is False

    def test_who_called_a_second_later_is(self, desk):
        opened = desk.open("repair", self.answers, read_back=self.four)
        services.contact(opened, by=desk.worker, now=desk.later(minutes=30, seconds=1))
        assert opened.clocks.get(code="contact").breached is True

    def test_work_goes_to_whoever_has_least(self, desk):
        third = desk.house.hire("D3", "DEP")
        Membership.objects.create(department=desk.crew("CREW"), staff=third)
        owners = [desk.open("repair", self.answers, read_back=self.four).owner.code for _ in range(4)]
        assert owners == ["D2", "D3", "D2", "D3"]


class TestWindow:
    @pytest.fixture(autouse=True)
    def pack(self, settings):
        settings.PACK = "gov_window"

    answers = {
        "matter": "营业执照",
        "name": "王女士",
        "phone": "13800000001",
        "settled": "promised",
        "reason": "需审核",
    }

    @pytest.mark.clause("CUS-006")
    def test_a_second_notice_of_missing_papers_is_a_breach_unless_the_law_changed(self, desk):
        opened = desk.open("acceptance", self.answers, source="walk_in")
        given = {"by": desk.agent, "now": desk.now}
        first = services.notify_papers(opened, papers=["申请表"], law_changed="", **given)
        second = services.notify_papers(opened, papers=["身份证明"], law_changed="", **given)
        third = services.notify_papers(opened, papers=["公章"], law_changed="新条例", **given)
        assert [one.breach for one in (first, second, third)] == [False, True, False]
        assert Notice.objects.filter(staff=desk.leader).exists()

    @pytest.mark.clause("CUS-005")
    def test_what_cannot_be_settled_at_once_needs_its_reason_and_where_to_go(self, desk):
        given = {**self.answers, "settled": "elsewhere"}
        del given["reason"]
        with pytest.raises(services.BadForm) as bad:
            desk.open("acceptance", given, source="walk_in")
        assert set(bad.value.problems) == {"reason", "where"}

    @pytest.mark.clause("CUS-009")
    def test_a_promise_may_be_earlier_than_the_deadline_but_not_later(self, desk):
        opened = desk.open("acceptance", self.answers, source="walk_in")
        due = opened.due_at
        with pytest.raises(services.Refused):
            services.promise(opened, promised_at=due + timedelta(seconds=1), by=desk.agent, now=desk.now)
        services.promise(opened, promised_at=due - timedelta(days=1), by=desk.agent, now=desk.now)
        opened.refresh_from_db()
        assert opened.due_at == due - timedelta(days=1)


@pytest.mark.clause("CUS-011")
class TestPower:
    @pytest.fixture(autouse=True)
    def pack(self, settings):
        settings.PACK = "power_95598"

    answers = {"matter": "电费不对", "phone": "13800000001"}

    def test_only_the_shift_head_classifies_anew_and_it_leaves_a_trace(self, desk):
        opened = desk.open("consultation", self.answers, topic="fee")
        asked = {"kind": "complaint", "topic": "complaint", "now": desk.now}
        with pytest.raises(services.Refused):
            services.reclassify(opened, roles=frozenset({"CSR"}), by=desk.agent, **asked)
        services.reclassify(opened, roles=frozenset({"CSRL"}), by=desk.leader, **asked)
        opened.refresh_from_db()
        assert (opened.kind, opened.topic, opened.needs_check) == ("complaint", "complaint", True)
        event = opened.events.get(verb="reclassify")
        assert event.detail["before"] == {"kind": "consultation", "topic": "fee"}

    def test_whoever_reports_without_a_name_stands_nowhere_on_the_ticket(self, desk):
        said = {"matter": "有人私接电线", "anonymous": "yes", "name": "云先生", "phone": "13800000001"}
        opened = desk.open("report", said, contact="13800000001")
        assert (opened.customer, opened.contact) == (None, "")
        assert opened.fields == {"matter": "有人私接电线", "anonymous": "yes"}
        assert [one.code for one in opened.clocks.all()] == ["done"], "nobody can be called back"

    def test_whoever_asks_later_not_to_be_named_is_taken_off_the_ticket(self, desk):
        opened = desk.open("report", {"matter": "有人私接电线", "anonymous": "no", "phone": "13800000001"})
        assert (opened.customer, opened.contact) == (desk.customer, "13800000001")
        services.change_fields(opened, {"matter": "有人私接电线", "anonymous": "yes"}, by=desk.agent, now=desk.now)
        opened.refresh_from_db()
        assert (opened.customer, opened.contact) == (None, "")

    def test_an_undone_merge_gives_a_report_that_became_anonymous_no_customer_again(self, desk):
        said = {"matter": "有人私接电线", "anonymous": "no"}
        first, second = desk.open("report", said), desk.open("report", said)
        services.merge(first, second, by=desk.leader, now=desk.now)
        services.change_fields(second, {**said, "anonymous": "yes"}, by=desk.agent, now=desk.now)
        services.unmerge(first, by=desk.leader, now=desk.now)
        second.refresh_from_db()
        assert second.customer is None

    def test_neither_his_call_nor_a_line_of_the_history_tells_who_reported(self, desk):
        named = {"matter": "有人私接电线", "anonymous": "no", "name": "云先生", "phone": "13800000001", "account": "88"}
        opened = desk.open("report", named, call="1700000000.1")
        assert opened.call == "1700000000.1"
        services.change_fields(opened, {**named, "anonymous": "yes"}, by=desk.agent, now=desk.now)
        opened.refresh_from_db()
        (change,) = opened.events.get(verb="edit").detail["changes"]
        assert (opened.call, change["before"], change["after"]) == ("", "否", "是")
        assert desk.open("report", {**named, "anonymous": "yes"}, call="1700000000.2").call == ""

    def test_whether_a_report_is_anonymous_has_to_be_said(self, desk):
        with pytest.raises(services.BadForm) as bad:
            desk.open("report", {"matter": "有人私接电线"})
        assert set(bad.value.problems) == {"anonymous"}

    def test_there_are_eight_topics(self, desk):
        from zuoxi.tickets.kinds import kind_named, topics

        assert len(dict(topics(kind_named("fault")))) == 8


@pytest.mark.clause("CUS-009", "CUS-026")
def test_several_needs_of_one_person_become_parts_that_one_agent_sees_through(desk, settings):
    settings.PACK = "community"
    opened = desk.open(
        "aid",
        {
            "name": "张某",
            "category": "illness",
            "marginal": "no",
            "needs": ["medical", "living"],
            "proposal": "医疗救助",
        },
        source="visit",
    )
    parts = services.open_parts(opened, desk.agent, desk.now)
    assert len(parts) == 2
    assert {one.first_handler for one in parts} == {desk.agent}


def test_fields_that_the_form_has_lost_stay_readable(desk):
    opened = desk.open()
    Ticket.objects.filter(pk=opened.pk).update(fields={**opened.fields, "old_code": "X-17"})
    opened.refresh_from_db()
    assert [(one.field.key, one.text) for one in lines_of(opened) if one.former] == [("old_code", "X-17")]
    services.change_fields(
        opened, {"matter": "路灯不亮两盏", "reason": "需要其他部门处理"}, by=desk.agent, now=desk.now
    )
    opened.refresh_from_db()
    assert opened.fields["old_code"] == "X-17"


@pytest.mark.clause("CUS-027")
def test_the_screening_for_disputes_is_opened_once_a_month(desk, settings):
    settings.PACK = "community"
    day = desk.now.astimezone(SITE).date()
    first = watching.screen_for_disputes(day, desk.now)
    assert first is not None
    assert watching.screen_for_disputes(day + timedelta(days=20), desk.now) is None
    assert watching.screen_for_disputes(day.replace(month=4), desk.now) is not None


def test_one_hold_that_somebody_ended_himself_does_not_keep_the_others_waiting(desk, monkeypatch):
    """Both are due; the first is taken up by hand between the look and the act."""
    first, second = desk.open(), desk.open()
    until = desk.now + timedelta(hours=1)
    for one in (first, second):
        services.hold(one, reason="parts", note="等配件", by=desk.agent, now=desk.now, until=until)
    resumed = watching.handling.resume

    def quicker(ticket, *, by, now):
        if ticket.pk == first.pk:
            resumed(ticket, by=desk.agent, now=now)
        return resumed(ticket, by=by, now=now)

    monkeypatch.setattr(watching.handling, "resume", quicker)
    assert watching.end_holds(desk.later(hours=1)) == 1
    second.refresh_from_db()
    assert second.state == State.NEW


def test_tickets_of_two_records_that_are_one_customer_are_merged(desk):
    twin = customers.save_customer(None, name="同一人", tags=[], note="", by=None, now=desk.now, number="13800000002")
    first, second = desk.open(), desk.open(customer=twin)
    with pytest.raises(services.Refused):
        services.merge(second, first, by=desk.agent, now=desk.now)
    customers.merge_customers(desk.customer.pk, twin.pk, chosen={}, by=None, now=desk.now)
    services.merge(second, first, by=desk.agent, now=desk.now)
    second.refresh_from_db()
    assert second.state == State.MERGED


def test_mail_of_today_is_registered_while_it_is_still_yesterday_elsewhere(desk):
    """01:30 at the site is the day before in UTC."""
    night = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    given = {"kind": "registered", "count": 1, "reference": "", "addressee": "", "signed_by": "", "note": ""}
    registering.register_mail(day=date(2026, 3, 3), **given, by=desk.agent, now=night)
    with pytest.raises(services.Refused):
        registering.register_mail(day=date(2026, 3, 4), **given, by=desk.agent, now=night)
