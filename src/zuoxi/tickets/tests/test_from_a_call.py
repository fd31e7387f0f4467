# SPDX-License-Identifier: Apache-2.0
"""What the desk knows already is not typed again, and lists say which rows they hold."""

from __future__ import annotations

import pytest
from django.test import Client

from zuoxi.customers.models import Customer
from zuoxi.customers.services import ensure_customer
from zuoxi.people.models import User
from zuoxi.policy.handbook import handbook_of
from zuoxi.telephony.tests import factories as make
from zuoxi.tickets import services
from zuoxi.tickets.kinds import kind_labels, kinds
from zuoxi.tickets.models import FormVersion, Ticket
from zuoxi.tickets.running import clocks_for
from zuoxi.tickets.views import intake

pytestmark = pytest.mark.django_db
SAID = {"f_matter": "路灯不亮", "f_reason": "需要其他部门", "source": "call"}


@pytest.fixture
def go(site_today):
    """go(person) → a client that is signed in as that person."""

    def signed_in(staff):
        User.objects.filter(pk=staff.user.pk).update(must_change_password=False)
        client = Client()
        client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def call_of(agent: str, caller: str = "13900001234"):
    return make.call(agent=agent, caller=caller)


@pytest.mark.clause("CUS-005")
def test_a_telephone_left_empty_is_the_number_that_calls_and_stands_masked_on_the_form(go, desk):
    call = call_of(desk.agent.code)
    page = go(desk.agent).get(f"/tickets/new/transfer/?call={call.uid}").content.decode()
    assert "139****1234" in page and "13900001234" not in page
    go(desk.agent).post("/tickets/new/transfer/", {**SAID, "call": call.uid})
    ticket = Ticket.objects.get()
    assert ticket.contact == "13900001234" and "13900001234" in ticket.fields.values()


@pytest.mark.clause("CUS-005")
def test_a_form_that_comes_back_with_something_missing_still_hides_the_number_that_calls(go, desk):
    call = call_of(desk.agent.code)
    page = go(desk.agent).post("/tickets/new/transfer/", {"f_matter": "路灯不亮", "source": "call", "call": call.uid})
    text = page.content.decode()
    assert page.status_code == 422
    assert "139****1234" in text and "13900001234" not in text
    assert "路灯不亮" in text


def test_a_number_tells_nobody_whose_it_is_who_may_not_see_the_customer(go, desk, monkeypatch):
    customer = ensure_customer("13900001234", name="江晓月", now=desk.now)
    client, path = go(desk.agent), "/tickets/new/transfer/?number=13900001234"
    assert "江晓月" in client.get(path).content.decode()
    monkeypatch.setattr(intake, "visible_customers", lambda user: Customer.objects.none())
    assert "江晓月" not in client.get(path).content.decode()
    assert customer.name == "江晓月"


def test_a_telephone_that_was_typed_stays_and_somebody_elses_call_tells_no_number(go, desk):
    call = call_of("9999")
    go(desk.agent).post("/tickets/new/transfer/", {**SAID, "call": call.uid})
    go(desk.agent).post(
        "/tickets/new/transfer/", {**SAID, "call": call_of(desk.agent.code).uid, "f_phone": "１３８１１１１２２２２"}
    )
    assert [one.contact for one in Ticket.objects.order_by("pk")] == ["", "13811112222"]


def test_a_number_typed_in_wide_figures_is_found(go, desk):
    desk.open(contact="13900001234")
    page = go(desk.leader).get("/tickets/", {"q": "１３９００００１２３４"}).content.decode()
    assert "路灯不亮" in page


def test_a_list_from_a_figure_says_what_was_counted_and_keeps_it_when_it_is_narrowed(go, desk):
    desk.open()
    page = go(desk.leader).get(
        "/tickets/", {"list": "all", "counted": "received", "breached": "1", "from": "2026-03-01"}
    )
    text = page.content.decode()
    assert 'name="counted"' in text and 'name="breached"' in text and 'type="date" id="from"' in text


def test_a_kind_that_the_pack_has_no_longer_keeps_the_name_of_its_last_form(go, desk):
    ticket = desk.open()
    body = {**ticket.form.body, "label": {"zh": "旧事项", "en": "Former matter"}}
    form = FormVersion.objects.create(kind="former", digest="x", pack="p", body=body, made_at=desk.now)
    Ticket.objects.filter(pk=ticket.pk).update(kind="former", form=form)
    assert kind_labels(["former", "transfer"])["former"] == "旧事项"
    for path in ("/tickets/?list=all", "/tickets/board/", f"/tickets/{ticket.number}/"):
        assert "旧事项" in go(desk.leader).get(path).content.decode(), path


def test_the_history_names_people_and_not_their_numbers(go, desk):
    ticket = desk.open()
    services.assign(ticket, staff=desk.other, by=desk.leader, now=desk.later(minutes=1))
    page = go(desk.leader).get(f"/tickets/{ticket.number}/").content.decode()
    trail = page[page.index("tk-trail") :]
    assert desk.other.name in trail and f" {desk.other.code}<" not in trail


@pytest.mark.once
@pytest.mark.clause("VAR-008")
def test_what_needs_a_doctor_at_once_has_a_shorter_first_answer():
    body = kinds(handbook_of("hospital"))["finding"]
    of = {grave: {one.code: one.deadline for one in clocks_for(body, {"grave": grave})} for grave in ("yes", "no")}
    assert of == {
        "yes": {"respond": "callback", "done": "transfer"},
        "no": {"respond": "first_response", "done": "transfer"},
    }
