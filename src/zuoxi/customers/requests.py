# SPDX-License-Identifier: Apache-2.0
"""One change of many customers: it is asked for, approved by a manager, and then done at once (CUS-002)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.kinds import Draft, Kind, RequestForm, Route, Step, register
from zuoxi.approvals.models import Request
from zuoxi.customers.cards import entries
from zuoxi.customers.changing import Business, change_customer
from zuoxi.customers.models import Customer
from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

CODE = "customers.bulk"
CHANGEABLE = (
    ("tag", gettext_lazy("Add a tag")),
    ("untag", gettext_lazy("Take a tag away")),
    ("grade", gettext_lazy("Grade")),
    ("source", gettext_lazy("Source")),
    ("seller", gettext_lazy("Own customer of")),
)
MOST = 2000


class BulkForm(RequestForm):
    """Which customers, which field, which value, and why."""

    customers = forms.CharField(widget=forms.HiddenInput, max_length=MOST * 12)
    field = forms.ChoiceField(label=gettext_lazy("What is changed"), choices=CHANGEABLE)
    value = forms.CharField(label=gettext_lazy("New value"), max_length=32)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_customers(self) -> str:
        text: str = self.cleaned_data["customers"]
        if not all(one.isdecimal() for one in text.split(",")):
            raise forms.ValidationError(_("Choose the customers in the list first."))
        return text

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        field, value = said.get("field"), said.get("value", "")
        grades, sources = entries()
        wrong = (
            (field == "grade" and value not in grades)
            or (field == "source" and value not in sources)
            or (field == "seller" and staff_by_code(value) is None)
        )
        if wrong:
            self.add_error(
                "value", _("The handbook has no such value. Use the key of the grade or source, or a staff number.")
            )
        return said


def _ids(data: dict[str, Any]) -> list[int]:
    return [int(one) for one in str(data.get("customers", "")).split(",") if one]


@enforces("CUS-002")
def route(draft: Draft, day: date) -> Route:
    """A manager agrees from as many customers on as the pack says; below, the asker's own word is enough."""
    reading = site_handbook().on(day)
    count = len(_ids(draft.data))
    many = reading.beyond("customers.bulk.approval_from", count)
    finding = reading.finding("customers.bulk", "approval" if many else "own", count=count)
    return Route(finding, (Step("MANAGER"),) if many else ())


def approved(request: Request) -> None:
    """Change every customer that still stands; each gets its line in the log with the request's number."""
    field, value = request.data["field"], request.data["value"]
    business = Business("request", request.number)
    now = timezone.now()
    for one in Customer.objects.filter(pk__in=_ids(request.data), merged_into=None).iterator():
        change_customer(one, _values(one, field, value), by=request.applicant, now=now, business=business)
    vault.record(
        "customers.bulk", who=request.applicant.code, on=("request", request.number), count=len(_ids(request.data))
    )


def _values(one: Customer, field: str, value: str) -> dict[str, Any]:
    if field == "tag":
        return {"tags": [*one.tags, value]}
    if field == "untag":
        return {"tags": [tag for tag in one.tags if tag != value]}
    if field == "seller":
        return {"seller": staff_by_code(value)}
    return {field: value}


def lines(request: Request) -> list[tuple[Any, Any]]:
    labels = dict(CHANGEABLE)
    return [
        (_("Customers"), len(_ids(request.data))),
        (labels.get(request.data.get("field", ""), ""), request.data.get("value", "")),
        (_("Reason"), request.data.get("reason", "")),
    ]


register(
    Kind(
        CODE,
        gettext_lazy("Change of many customers"),
        BulkForm,
        route,
        approved,
        summary=lines,
        clauses=("CUS-002",),
        capability="customers.audit",
        group=gettext_lazy("Customers"),
        icon="customer",
        order=300,
        listed=False,
    )
)
