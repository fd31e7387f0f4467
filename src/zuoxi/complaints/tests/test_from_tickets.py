# SPDX-License-Identifier: Apache-2.0
"""A ticket handed to complaints, and complaints found by their words."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.complaints import indexing, services
from zuoxi.complaints.lists import narrowed
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.tests.making import at, complaint, customer, house
from zuoxi.complaints.visibility import visible_complaints
from zuoxi.search import services as search
from zuoxi.search.selectors import held_by
from zuoxi.tickets import selectors
from zuoxi.tickets import services as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    with time_machine.travel(at(18), tick=False):
        yield house()


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def written(centre, who=None):
    fields = {"matter": "报修三次没人上门，要求赔偿", "reason": "需维修班处理"}
    return tickets.open_ticket(
        "transfer", customer=who, fields=fields, source="call", by=centre.agent, now=at(17), call="1700.1"
    )


@pytest.mark.clause("CMP-009", "CMP-010")
def test_a_ticket_is_handed_to_complaints_in_one_step_and_each_knows_the_other(centre):
    who = customer()
    ticket = written(centre, who)
    page = as_(centre.agent).get(reverse("tickets:ticket", args=[ticket.number])).content.decode()
    assert reverse("complaints:from_ticket", args=[ticket.number]) in page
    answer = as_(centre.agent).post(reverse("complaints:from_ticket", args=[ticket.number]), {"kind": "slow"})
    made = Complaint.objects.get()
    assert answer["Location"] == reverse("complaints:complaint", args=[made.number])
    assert (made.ticket, made.customer, made.kind, made.source) == (ticket.number, who, "slow", "ticket")
    assert "报修三次" in made.words and made.call == "1700.1" and made.first_receiver == centre.agent
    page = as_(centre.agent).get(reverse("tickets:ticket", args=[ticket.number])).content.decode()
    assert made.number in page and reverse("complaints:from_ticket", args=[ticket.number]) not in page
    back = as_(centre.agent).get(reverse("complaints:complaint", args=[made.number])).content.decode()
    assert reverse("tickets:ticket", args=[ticket.number]) in back
    ticket.refresh_from_db()
    assert ticket.open and ticket.events.get(verb="handed_on").detail["number"] == made.number


def test_the_second_click_is_told_which_complaint_stands_already(centre):
    ticket = written(centre)
    first = services.take_over(ticket, "slow", by=centre.agent, now=at(18))
    with pytest.raises(services.Refused, match=first.number):
        services.take_over(ticket, "other", by=centre.other, now=at(18))
    assert Complaint.objects.count() == 1
    unknown = written(centre)
    with pytest.raises(services.Refused):
        services.take_over(unknown, "no such kind", by=centre.agent, now=at(18))
    assert not unknown.events.filter(verb="handed_on").exists()


def found(staff, words):
    return list(narrowed(visible_complaints(staff.user), {"state": "all", "q": words}, staff.user, at(18)))


@pytest.mark.clause("CMP-007")
def test_a_complaint_is_found_by_words_in_any_order_and_by_what_was_answered(centre):
    one = complaint(centre)
    complaint(centre, words="快递压坏了箱子", kind="delivery", about_staff=None)
    assert found(centre.manager, "挂断 冷淡") == [one]
    services.handle(one.pk, measures="班长一对一辅导", by=centre.supervisor, now=at(18))
    services.answer(one.pk, text="已经当面致歉", way="phone", content="satisfied", by=centre.supervisor, now=at(18))
    assert found(centre.manager, "当面致歉") == found(centre.manager, "一对一辅导") == [one]
    assert found(centre.manager, one.number[2:]) == [one]


def test_who_sees_few_complaints_finds_all_of_his_among_many(centre, monkeypatch):
    monkeypatch.setattr(held_by, "__defaults__", (3,))
    own = [complaint(centre, by=centre.agent, about_staff=None, words="等了很久没有回音") for _turn in range(2)]
    for _turn in range(5):
        complaint(centre, by=centre.other, about_staff=None, words="等了很久没有回音")
    assert set(found(centre.agent, "没有回音")) == set(own)


def test_complaints_from_before_the_index_are_written_in_by_the_next_round(centre):
    one = complaint(centre)
    search.drop(indexing.KIND, one.pk)
    assert found(centre.manager, "冷淡") == []
    assert services.catch_up() == 1
    assert found(centre.manager, "冷淡") == [one]
    assert services.catch_up() == 0


@pytest.mark.clause("SEC-008")
def test_a_customer_that_another_seller_serves_is_neither_named_nor_linked_by_his_id(centre, settings):
    from zuoxi.policy.site import forget

    settings.PACK = "telesales"
    forget()
    theirs = customer("周晓梅")
    theirs.seller = centre.other
    theirs.save()
    said = {"what": "complaint", "source": "call", "kind": "slow", "words": "三天没有回音"}
    page = as_(centre.agent).get(reverse("complaints:new"), {"number": "13800138111"}).content.decode()
    assert "周晓梅" not in page
    as_(centre.agent).post(reverse("complaints:new"), said | {"customer": theirs.pk})
    assert Complaint.objects.get().customer is None
    as_(centre.other).post(reverse("complaints:new"), said | {"customer": theirs.pk})
    assert Complaint.objects.filter(customer=theirs).count() == 1


def test_a_report_of_wrongdoing_does_not_become_a_complaint_that_many_see(centre, settings):
    from zuoxi.policy.site import forget

    settings.PACK = "power_95598"
    forget()
    fields = {"matter": "某供电所人员收受好处费", "anonymous": "yes"}
    report = tickets.open_ticket("report", customer=None, fields=fields, source="call", by=centre.manager, now=at(17))
    page = as_(centre.manager).get(reverse("tickets:ticket", args=[report.number])).content.decode()
    assert report.number in page and reverse("complaints:from_ticket", args=[report.number]) not in page
    as_(centre.manager).post(reverse("complaints:from_ticket", args=[report.number]), {"kind": "slow"})
    assert not Complaint.objects.exists() and not report.events.filter(verb="handed_on").exists()


def test_a_complaint_that_comes_in_between_the_counts_does_not_write_the_whole_index_anew(centre, monkeypatch):
    complaint(centre)
    count_of = indexing.search_selectors.count_of

    def meanwhile(kind):
        found = count_of(kind)
        complaint(centre, words="快递压坏了箱子", kind="delivery", about_staff=None)
        return found

    monkeypatch.setattr(indexing.search_selectors, "count_of", meanwhile)
    assert services.catch_up() == 0


def test_masked_answers_do_not_go_along_to_the_complaint(centre, monkeypatch):
    ticket, body = written(centre), selectors.body_of
    ticket.title = "转办"
    assert "三次没人上门" in selectors.matter_of(ticket)

    def masked(one):
        fields = [field.model_copy(update={"mask": "name"}) for field in body(one).fields]
        return body(one).model_copy(update={"fields": fields})

    monkeypatch.setattr(selectors, "body_of", masked)
    assert selectors.matter_of(ticket) == "转办"


def test_what_became_of_a_merged_ticket_stands_beside_the_one_that_goes_on(centre):
    gone, stays = written(centre), written(centre)
    made = services.take_over(gone, "slow", by=centre.agent, now=at(18))
    tickets.merge(gone, stays, by=centre.agent, now=at(18))
    page = as_(centre.agent).get(reverse("tickets:ticket", args=[stays.number])).content.decode()
    assert made.number in page and reverse("complaints:from_ticket", args=[stays.number]) not in page
    with pytest.raises(services.Refused, match=made.number):
        services.take_over(stays, "slow", by=centre.agent, now=at(18))
    Complaint.objects.update(state="closed", answered_at=at(18), closed_at=at(18))
    page = as_(centre.agent).get(reverse("tickets:ticket", args=[gone.number])).content.decode()
    assert made.number in page and reverse("complaints:from_ticket", args=[gone.number]) not in page
    with pytest.raises(services.Refused):
        services.take_over(gone, "slow", by=centre.agent, now=at(18))
    assert Complaint.objects.count() == 1
