# SPDX-License-Identifier: Apache-2.0
"""Calling back: who may, when, what the answers bring about, and that nothing is rewritten."""

from __future__ import annotations

import pytest

from zuoxi.complaints.models import Complaint
from zuoxi.followups import services
from zuoxi.followups.models import AnswerSheet, Appointment, FollowUpTask, Opinion, Relisten, Unchangeable
from zuoxi.followups.tests.making import DAY, HOUR, NOW, REFUSAL, SIX, at, customer, task

State = FollowUpTask.State


def six(**more):
    return SIX | more


@pytest.mark.clause("FUP-001")
def test_content_and_unpaid_is_reminded_of_the_fee_and_nobody_else(heating):
    made = task("repair", facts={"unpaid": "yes"})
    sheet = services.submit(made, six(f="yes"), by=heating.agent, now=NOW)
    assert sheet.answers["f"] is True and sheet.score == 9 and not Complaint.objects.exists()
    for wrong in ({"b": "fair"}, {"a": "no"}):
        other = task("repair", facts={"unpaid": "yes"})
        with pytest.raises(services.BadAnswers) as refused:
            services.submit(other, six(f="yes", **wrong), by=heating.agent, now=NOW)
        assert set(refused.value.wrong) == {"f"}
    paid = task("repair", facts={"unpaid": "no"})
    with pytest.raises(services.BadAnswers):
        services.submit(paid, six(f="yes"), by=heating.agent, now=NOW)
    assert services.submit(paid, six(), by=heating.agent, now=NOW).pk


@pytest.mark.clause("FUP-001")
@pytest.mark.parametrize("score", ["0", "11", "7.5", "seven", "-1", "１０", ""])
def test_a_score_outside_one_to_ten_is_sent_back_and_nothing_is_kept(heating, score):
    made = task("repair")
    with pytest.raises(services.BadAnswers) as refused:
        services.submit(made, six(d=score), by=heating.agent, now=NOW)
    assert set(refused.value.wrong) == {"d"} and not AnswerSheet.objects.exists()
    made.refresh_from_db()
    assert made.state == State.OPEN


@pytest.mark.clause("FUP-001")
def test_money_taken_is_a_complaint_at_once_and_so_is_dissatisfaction(heating):
    taken = task("repair")
    services.submit(taken, six(c="yes"), by=heating.agent, now=NOW, call="call-1")
    taken.refresh_from_db()
    first = Complaint.objects.get()
    assert taken.complaint == first.number and first.kind == "charge" and first.call == "call-1"
    assert first.source == "follow_up"
    cross = task("repair", customer("13900010002"))
    services.submit(cross, six(a="no", b="dissatisfied", d="2"), by=heating.agent, now=NOW)
    assert Complaint.objects.count() == 2


@pytest.mark.clause("FUP-002")
def test_after_an_agreed_time_nobody_else_calls_the_customer(shop):
    who = customer()
    mine, second = task("regular_visit", who), task("satisfaction_call", who)
    services.book(mine, at(15), by=shop.agent, now=NOW)
    with pytest.raises(services.Refused, match="人1001"):
        services.try_call(mine, "no_answer", by=shop.other, now=NOW)
    with pytest.raises(services.Refused, match="人1001"):
        services.take(second, by=shop.other, now=NOW)
    services.take(second, by=shop.agent, now=NOW)
    mine.refresh_from_db()
    assert mine.state == State.BOOKED and mine.assignee == shop.agent


@pytest.mark.clause("FUP-002")
def test_the_third_agreed_time_that_fails_is_not_reached(shop):
    made = task("regular_visit")
    for count in range(1, 4):
        day = NOW + count * DAY
        services.book(made, day, by=shop.agent, now=day - HOUR)
        done = services.try_call(made, "no_answer", by=shop.agent, now=day)
        assert done.missed == count and done.state == (State.NOT_REACHED if count == 3 else State.OPEN)
    assert made.appointments.filter(state=Appointment.State.MISSED).count() == 3
    with pytest.raises(services.Refused):
        services.try_call(made, "no_answer", by=shop.agent, now=NOW + 4 * DAY)


@pytest.mark.clause("FUP-009", "FUP-002")
def test_a_time_is_agreed_on_in_the_hours_of_follow_ups_and_not_in_the_patients_quiet_time(hospital):
    services.discharge(
        "Z1", "孙测试", "13900010003", "内科", NOW.date(), by=hospital.agent, now=NOW, quiet=[["09:30", "11:00"]]
    )
    made = FollowUpTask.objects.get()
    for wrong in (at(8, 59, NOW.date() + DAY), at(12, 0, NOW.date() + DAY), at(10, 0, NOW.date() + DAY), NOW - HOUR):
        with pytest.raises(services.Refused):
            services.book(made, wrong, by=hospital.agent, now=NOW)
    services.book(made, at(11, 0, NOW.date() + DAY), by=hospital.agent, now=NOW)


@pytest.mark.clause("ORD-005")
def test_what_was_handed_in_is_only_added_to(shop):
    made = task("refused_parcel", subject="refused:S1", order="D1")
    sheet = services.submit(made, REFUSAL, by=shop.agent, now=NOW)
    sheet.words = "另一句"
    for act in (
        sheet.save,
        sheet.delete,
        lambda: AnswerSheet.objects.update(words="x"),
        AnswerSheet.objects.all().delete,
    ):
        with pytest.raises(Unchangeable):
            act()
    more = services.add(sheet, "顾客又说价格已谈妥", by=shop.agent, now=NOW + HOUR)
    assert more.adds_to == sheet and AnswerSheet.objects.get(adds_to=None).words == REFUSAL["b"]
    with pytest.raises(services.Refused):
        services.submit(made, REFUSAL, by=shop.agent, now=NOW)


@pytest.mark.clause("ORD-005")
@pytest.mark.parametrize("words", ["", "  ", "无", "无。", "没有", "none", "……"])
def test_a_refusal_without_the_customers_words_is_sent_back(shop, words):
    made = task("refused_parcel", subject="refused:S1")
    with pytest.raises(services.BadAnswers) as refused:
        services.submit(made, REFUSAL | {"b": words}, by=shop.agent, now=NOW)
    assert set(refused.value.wrong) == {"b"} and not AnswerSheet.objects.exists()


@pytest.mark.clause("ORD-005")
def test_a_lot_draws_sheets_that_quality_hears_again_and_never_their_own_author(shop, monkeypatch):
    monkeypatch.setattr("zuoxi.followups.calling.drawn", lambda _seed, _percent: True)
    services.submit(task("refused_parcel", subject="refused:S1"), REFUSAL, by=shop.quality, now=NOW)
    lot = Relisten.objects.get()
    with pytest.raises(services.Refused):
        services.relisten(lot, True, "", by=shop.quality, now=NOW)
    with pytest.raises(services.Refused):
        services.relisten(lot, False, "", by=shop.inspector, now=NOW)
    services.relisten(lot, False, "录音里说的是质量", by=shop.inspector, now=NOW)
    with pytest.raises(services.Refused):
        services.relisten(lot, True, "", by=shop.inspector, now=NOW)


def test_one_in_twenty_is_drawn_and_the_lot_falls_the_same_way_again():
    from zuoxi.followups.making import drawn

    found = [drawn(f"sheet:{number}", 5) for number in range(4000)]
    assert 150 < sum(found) < 250 and found == [drawn(f"sheet:{number}", 5) for number in range(4000)]
    assert not any(drawn(str(number), 0) for number in range(100))
    assert all(drawn(str(number), 100) for number in range(100))


@pytest.mark.clause("FUP-007")
def test_trouble_in_use_becomes_an_opinion_for_a_department(shop):
    said = {"a": "yes", "b": "锅盖把手松动", "c": "fair", "e": "7"}
    services.submit(task("regular_visit"), said, by=shop.agent, now=NOW)
    opinion = Opinion.objects.get()
    assert opinion.words == "锅盖把手松动" and opinion.state == Opinion.State.NEW


def test_two_agents_take_the_same_follow_up_and_the_second_is_told(shop):
    made = task("regular_visit")
    services.take(made, by=shop.agent, now=NOW)
    with pytest.raises(services.Refused, match="人1001"):
        services.take(made, by=shop.other, now=NOW)


def test_a_wrong_number_ends_the_follow_up_and_a_refusal_to_answer_too(shop):
    assert services.try_call(task("regular_visit"), "wrong_number", by=shop.agent, now=NOW).state == State.NOT_REACHED
    other = task("regular_visit", customer("13900010004"))
    assert services.try_call(other, "refused", by=shop.agent, now=NOW).state == State.REFUSED
    third = task("regular_visit", customer("13900010005"))
    with pytest.raises(services.Refused):
        services.try_call(third, "reached", by=shop.agent, now=NOW)


@pytest.mark.clause("FUP-008", "VAR-008")
@pytest.mark.parametrize(("said", "found"), [("伤口红肿", 1), ("", 0)])
def test_what_a_patient_tells_for_the_doctor_becomes_a_ticket_of_his_ward(hospital, said, found):
    from zuoxi.tickets.selectors import all_tickets

    services.discharge("Z1", "孙测试", "13900010003", "骨科", NOW.date() - 4 * DAY, by=hospital.agent, now=NOW)
    made = FollowUpTask.objects.get()
    services.take(made, by=hospital.agent, now=NOW)
    answers = {"a": "worse", "b": said, "c": "dissatisfied", "d": "waiting"}
    services.submit(made, answers, by=hospital.agent, now=NOW)
    made.refresh_from_db()
    tickets = list(all_tickets())
    assert Complaint.objects.get().customer.numbers.get().number == "13900010003"
    assert len(tickets) == found and made.ticket == (tickets[0].number if tickets else "")
    if tickets:
        one = tickets[0]
        assert (one.kind, one.source, one.department.code) == ("finding", "follow_up", "WARD")
        assert (one.fields["matter"], one.fields["ward"]) == ("伤口红肿", "骨科")
