# SPDX-License-Identifier: Apache-2.0
"""What somebody does who has nothing but the OpenAPI document and a token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zuoxi.customers.models import Customer, FieldChange
from zuoxi.customers.services import save_customer
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def as_(code: str, role: str) -> Client:
    client = Client()
    client.force_login(make.user(code, role), backend=BACKEND)
    return client


@pytest.mark.clause("CUS-002")
def test_what_a_program_does_not_send_of_a_customer_stays_as_it_is():
    one = save_customer(None, name="云甲", by=None, now=timezone.now(), number="13900000001", tags=["老客户"],
                        note="周末联系", grade="vip", kind="company")  # fmt: skip
    client = as_("2101", "CSRL")
    answer = client.post(f"/api/v1/customers/customers/{one.pk}", {"name": "云乙"}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    after = Customer.objects.get(pk=one.pk)
    assert (after.name, after.tags, after.note, after.grade, after.kind) == (
        "云乙",
        ["老客户"],
        "周末联系",
        "vip",
        "company",
    )
    assert [line.field for line in FieldChange.objects.filter(customer=one)] == ["name"]
    for empty in ("", " ", "\u3000"):
        said = {"name": empty}
        answer = client.post(f"/api/v1/customers/customers/{one.pk}", said, content_type="application/json")
        assert answer.status_code == 422, answer.content
    assert Customer.objects.get(pk=one.pk).name == "云乙"


def test_a_number_of_another_leaves_the_rest_of_the_change_undone():
    now = timezone.now()
    one = save_customer(None, name="云甲", by=None, now=now, number="13900000001", tags=[], note="")
    save_customer(None, name="云丙", by=None, now=now, number="13900000002", tags=[], note="")
    said = {"name": "云乙", "number": "13900000002"}
    answer = as_("2101", "CSRL").post(f"/api/v1/customers/customers/{one.pk}", said, content_type="application/json")
    assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
    assert Customer.objects.get(pk=one.pk).name == "云甲"


def test_every_operation_says_its_errors_as_problems():
    document = as_("6002", "IT").get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status.startswith("4"):
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_a_ticket_that_lacks_something_names_each_field():
    answer = as_("1001", "CSR").post(
        "/api/v1/tickets/tickets", {"kind": "enquiry", "fields": {}}, content_type="application/json"
    )
    problem = answer.json()
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert problem["errors"] and all(one["where"].startswith("fields.") for one in problem["errors"])


def test_tickets_are_asked_for_by_the_moment_they_came():
    client, now = as_("1001", "CSR"), timezone.now()
    kind = next(one for one in client.get("/api/v1/tickets/kinds").json() if one["key"] == "enquiry")
    fields = {one["key"]: "问发票" for one in kind["fields"] if one["required"] and one["kind"] in ("text", "long")}
    made = client.post(
        "/api/v1/tickets/tickets", {"kind": "enquiry", "fields": fields}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    for since, found in ((now - timedelta(minutes=1), 1), (now + timedelta(days=1), 0)):
        listed = client.get("/api/v1/tickets/tickets", {"since": since.isoformat()}).json()
        assert len(listed["items"]) == found


def test_text_that_no_database_can_keep_is_refused_wherever_it_stands():
    client = as_("3101", "CSRS")
    for address, said in (
        ("orders/orders", {"foreign": "A\0", "phone": "13900000031", "lines": [{"sku": "G2", "quantity": 1}]}),
        ("customers/customers", {"name": "云\0甲"}),
        ("tickets/tickets", {"kind": "enquiry", "fields": {"question": "问\0"}}),
    ):
        answer = client.post(f"/api/v1/{address}", said, content_type="application/json")
        assert answer.status_code == 422 and "NUL" in answer.json()["detail"], address


def test_a_call_that_is_too_long_or_goes_by_another_method_is_told_so_in_the_same_form():
    client = as_("3101", "CSRS")
    long = client.post("/api/v1/orders/orders", {"note": "x" * 6_000_000}, content_type="application/json")
    other = client.put("/api/v1/orders/orders", {}, content_type="application/json")
    assert (long.status_code, other.status_code, other["Allow"]) == (413, 405, "GET, POST")
    for answer in (long, other):
        assert answer["Content-Type"] == "application/problem+json" and answer.json()["detail"]
