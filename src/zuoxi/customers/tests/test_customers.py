# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from zuoxi.customers import services
from zuoxi.customers.models import ContactNumber, Customer
from zuoxi.customers.numbers import canonical
from zuoxi.customers.selectors import found_by, ways_to_write
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry


@pytest.mark.parametrize(
    "written",
    ["13800138000", "+86 138 0013 8000", "0086-13800138000", "8613800138000", "013800138000", " 138-0013-8000 "],
)
def test_one_mobile_number_however_it_is_written(written):
    assert canonical(written) == "13800138000"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("0532-88888888", "053288888888"), ("86 0532 88888888", "053288888888"), ("4008001234", "4008001234"), ("", "")],
)
def test_other_numbers_keep_what_tells_them_apart(written, kept):
    assert canonical(written) == kept


def test_a_withheld_number_is_nobodys():
    assert ways_to_write("") == () and ways_to_write("anonymous") == ()


@pytest.fixture
def wang(db):
    return services.save_customer(
        None,
        name="王女士",
        tags=["VIP", " VIP ", ""],
        note="怕吵",
        by=None,
        now=timezone.now(),
        number="+86 138 0013 8000",
    )


def as_(code: str, role: str) -> Client:
    client = Client()
    client.force_login(make.user(code, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_caller_is_found_by_any_spelling_of_his_number(wang):
    assert found_by("013800138000") == wang and found_by("13900000000") is None and found_by("") is None
    assert wang.tags == ["VIP"]


def test_a_number_belongs_to_one_customer_and_a_refusal_saves_nothing(wang):
    with pytest.raises(services.Refused):
        services.save_customer(None, name="李", tags=[], note="", by=None, now=timezone.now(), number="013800138000")
    assert Customer.objects.count() == 1 and ContactNumber.objects.count() == 1


def test_numbers_are_masked_until_a_purpose_is_written_down(wang):
    client = as_("1001", "TSR")
    page = client.get(f"/customers/{wang.pk}/").content.decode()
    assert "138****8000" in page and "13800138000" not in page
    address = f"/customers/{wang.pk}/numbers/{wang.numbers.get().pk}/reveal"
    assert "13800138000" not in client.post(address, {"purpose": " "}).content.decode()
    assert "13800138000" in client.post(address, {"purpose": "回访"}).content.decode()
    entry = AuditEntry.objects.get(verb="customers.number.revealed")
    assert (entry.who, entry.purpose, entry.on_id) == ("1001", "回访", str(wang.pk))


def test_agents_find_but_do_not_browse(wang):
    agent, leader = as_("1001", "TSR"), as_("2001", "TSRL")
    assert "王女士" not in agent.get("/customers/").content.decode()
    assert "王女士" in agent.get("/customers/?q=王").content.decode()
    assert "王女士" in agent.get("/customers/?q=138 0013 8000").content.decode()
    assert "王女士" not in agent.get("/customers/?q=8000").content.decode()  # part of a number finds nobody
    assert "王女士" in leader.get("/customers/").content.decode()


@pytest.mark.parametrize(("role", "status"), [("TSR", 200), ("QA", 200), ("HR", 403), ("FIN", 403), ("IT", 403)])
def test_customers_are_open_to_those_who_serve_them(wang, role, status):
    assert as_("7001", role).get(f"/customers/{wang.pk}/").status_code == status


def test_quality_looks_but_does_not_change(wang):
    assert as_("4001", "QA").post(f"/customers/{wang.pk}/edit/", {"name": "x"}).status_code == 403


def test_a_customer_is_made_and_changed_on_a_page(db):
    client = as_("1001", "TSR")
    answer = client.post("/customers/new/", {"name": "赵先生", "number": "139 1111 2222", "tags": "老客户，北京"})
    made = found_by("13911112222")
    assert answer.status_code == 302 and made.tags == ["老客户", "北京"]
    client.post(f"/customers/{made.pk}/edit/", {"name": "赵总", "tags": "", "note": "", "number": ""})
    made.refresh_from_db()
    assert made.name == "赵总" and found_by("13911112222") == made
    verbs = AuditEntry.objects.filter(on_kind="customer").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["customers.made", "customers.changed"]


def test_the_form_keeps_what_was_typed_when_the_number_is_anothers(wang):
    answer = as_("1001", "TSR").post("/customers/new/", {"name": "李", "number": "13800138000", "tags": "x"})
    assert answer.status_code == 422 and 'value="李"' in answer.content.decode()
