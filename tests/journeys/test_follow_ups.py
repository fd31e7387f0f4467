# SPDX-License-Identifier: Apache-2.0
"""Follow-ups as people live them: a repair in the heating season, and a hospital's discharge and check-up."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from zuoxi.complaints.models import Complaint
from zuoxi.customers.models import Customer
from zuoxi.followups import services
from zuoxi.followups.models import CheckupFinding, FollowUpTask, Opinion
from zuoxi.followups.tests.conftest import clock, heating, hospital  # noqa: F401 - fixtures
from zuoxi.followups.tests.making import DAY, HOUR, NOW, customer
from zuoxi.tickets import selectors as tickets
from zuoxi.tickets import services as ticket_verbs

READ_BACK = ("problem", "address", "name", "phone")


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def q(**answers):
    return {f"q-{key}": value for key, value in answers.items()}


def repaired(who, caller: Customer):
    """A call written down with its four read-backs, mended, checked, answered and closed."""
    fields = {
        "problem": "三天不热",
        "address": "测试小区 3 号楼 2 单元 401 室",
        "name": "周测试",
        "phone": "13900010001",
        "fault": "cold",
        "told": "yes",
    }
    with pytest.raises(ticket_verbs.BadForm):
        ticket_verbs.open_ticket("repair", customer=caller, fields=fields, source="call", by=who.agent, now=NOW)
    ticket = ticket_verbs.open_ticket(
        "repair", customer=caller, fields=fields, source="call", by=who.agent, now=NOW, read_back=READ_BACK
    )
    ticket = ticket_verbs.assign(ticket, staff=who.other, by=who.leader, now=NOW)
    ticket = ticket_verbs.accept(ticket, by=who.other, now=NOW)
    ticket = ticket_verbs.contact(ticket, by=who.other, now=NOW)
    ticket = ticket_verbs.finish(ticket, result="排气后正常", by=who.other, now=NOW + HOUR)
    ticket = ticket_verbs.check(ticket, passed=True, note="", by=who.leader, now=NOW + HOUR)
    ticket = ticket_verbs.answer_customer(ticket, how="phone", text="已修好", by=who.agent, now=NOW + HOUR)
    tickets_now = tickets.ticket(ticket.number)
    return tickets_now if not tickets_now.open else ticket_verbs.close(tickets_now, by=who.agent, now=NOW + HOUR)


@pytest.mark.clause("CUS-017", "FUP-001", "FUP-013", "VAR-003")
def test_a_repair_is_mended_asked_about_with_six_questions_and_money_taken_becomes_a_complaint(heating):  # noqa: F811
    ticket = repaired(heating, customer())
    made = FollowUpTask.objects.get()
    assert made.kind == "repair" and made.ticket == ticket.number and made.customer.name == "周测试"
    agent = as_(heating.agent)
    pool = agent.get(reverse("followups:mine"), {"tab": "pool"}).content.decode()
    assert reverse("followups:task", args=[made.pk]) in pool
    agent.post(reverse("followups:take", args=[made.pk]))
    said = q(a="no", b="dissatisfied", c="yes", d="2", e="收了五十块没开票")
    assert agent.post(reverse("followups:answer", args=[made.pk]), said).status_code == 302
    made.refresh_from_db()
    complaint = Complaint.objects.get()
    assert made.complaint == complaint.number and complaint.ticket == ticket.number and complaint.kind == "charge"
    page = agent.get(reverse("followups:task", args=[made.pk])).content.decode()
    assert complaint.number in page and "收了五十块没开票" in page
    month = as_(heating.manager).get(reverse("followups:month")).content.decode()
    assert "收了五十块没开票" in month and "周测试" not in month


@pytest.mark.clause("FUP-008", "FUP-009", "FUP-010", "FUP-011", "VAR-008")
def test_a_patient_leaves_is_called_and_his_opinion_is_answered_by_the_department(hospital, clock):  # noqa: F811
    agent = as_(hospital.agent)
    file = {"record": "ZY1", "name": "孙测试", "number": "13900010003", "department": "内科", "quiet": "09:00-10:30"}
    agent.post(reverse("followups:patient_new"), file | {"left": NOW.date().isoformat()})
    made = FollowUpTask.objects.get()
    clock.move_to(NOW + 3 * DAY)
    agent, leader = as_(hospital.agent), as_(hospital.leader)
    page = agent.get(reverse("followups:task", args=[made.pk])).content.decode()
    assert "孙**" in page and "孙测试" not in page and "不接受来电" in page
    clock.move_to(NOW + 3 * DAY + HOUR)
    agent.post(reverse("followups:take", args=[made.pk]))
    said = q(a="well", c="fair", e="病房热水晚上没有")
    assert agent.post(reverse("followups:answer", args=[made.pk]), said).status_code == 302
    opinion = Opinion.objects.get()
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "pass"]), {"department": "nursing"})
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "answer"]), {"reply": "已加装热水器"})
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "tell"]))
    opinion.refresh_from_db()
    assert opinion.state == "closed" and opinion.in_time
    figures = as_(hospital.manager).get(reverse("followups:hospital")).content.decode()
    assert "0.0%" in figures and "100.0%" in figures  # satisfied alone, and with fairly satisfied


@pytest.mark.clause("CUS-023", "FUP-014")
def test_a_positive_check_up_runs_down_the_funnel(hospital):  # noqa: F811
    agent = as_(hospital.agent)
    for number in range(3):
        said = {"record": f"T{number}", "name": "吴测试", "number": f"1390001000{number}", "item": "血压偏高"}
        agent.post(reverse("followups:checkup_new"), said | {"positive": "yes" if number else "no"})
    teach = FollowUpTask.objects.filter(kind="checkup_teach").first()
    agent.post(reverse("followups:answer", args=[teach.pk]), q(a="yes", b="no"))
    found = CheckupFinding.objects.get(pk=teach.checkup_id)
    agent.post(reverse("followups:checkup_step", args=[found.pk, "came"]))
    from zuoxi.followups.figures import hospital_between

    funnel = hospital_between(NOW.date(), NOW.date(), NOW)
    assert [count for count, _share in funnel.steps] == [3, 2, 1, 1]
    assert funnel.funnel.details["followed_percent"] == "50"
    empty = hospital_between(NOW.date() + DAY, NOW.date() + DAY, NOW)
    assert [share for _count, share in empty.steps] == [None] * 4
    page = as_(hospital.manager).get(reverse("followups:hospital"), {"month": "2026-10"}).content.decode()
    assert "—" in page
    with pytest.raises(services.Refused):
        services.checkup_step(CheckupFinding.objects.get(positive=False), "came", by=hospital.agent, now=NOW)
