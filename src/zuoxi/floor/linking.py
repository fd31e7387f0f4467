# SPDX-License-Identifier: Apache-2.0
"""Linking calls with customers: by the number, unless the agent says that it is somebody else who calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from zuoxi.customers import selectors as customers
from zuoxi.customers.models import Customer
from zuoxi.floor.link_models import CallCustomer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault


def customer_of(uid: str, number: str) -> Customer | None:
    """The customer of a call as he stands now (a merge meanwhile is followed): two queries at most."""
    linked = CallCustomer.objects.select_related("customer__merged_into").filter(call=uid).first()
    if linked is not None:
        return linked.customer.merged_into or linked.customer
    return customers.found_by(number)


def person_of(uid: str, number: str) -> customers.Person | None:
    """The same with all that is this one person. Two queries."""
    linked = CallCustomer.objects.filter(call=uid).values_list("customer_id", "customer__merged_into").first()
    if linked is not None:
        return customers.person(linked[1] or linked[0])
    return customers.person_with(number)


@enforces("CUS-001")
@transaction.atomic
def link(uid: str, customer: Customer, *, by: Staff, now: datetime) -> CallCustomer:
    """From now on the call is this customer's; an earlier link is replaced and the audit chain keeps both."""
    before = CallCustomer.objects.select_for_update().filter(call=uid).first()
    if before is not None and before.customer_id == customer.pk:
        return before
    made, _fresh = CallCustomer.objects.update_or_create(call=uid, defaults={"customer": customer, "by": by, "at": now})
    vault.record(
        "floor.call.customer",
        who=by.code,
        on=("customer", customer.pk),
        at=now,
        call=uid,
        before=before.customer_id if before else None,
    )
    return made


def keep_link(uid: str, number: str, *, by: Staff, now: datetime) -> None:
    """At the wrap-up: what the number told is kept, so that the history stays right when the number moves on."""
    if CallCustomer.objects.filter(call=uid).exists():
        return
    found = customers.found_by(number)
    if found is not None:
        CallCustomer.objects.get_or_create(call=uid, defaults={"customer": found, "by": by, "at": now})


def uids_of(customer_ids: Iterable[int], limit: int = 200) -> list[str]:
    """The calls linked with those customers, the latest first."""
    rows = CallCustomer.objects.filter(customer_id__in=list(customer_ids)).order_by("-at")
    return list(rows.values_list("call", flat=True)[:limit])


def of_nobody_else(customer_ids: Iterable[int]) -> Q:
    """What holds of a call that is linked with nobody but those: another of the family may have the same telephone."""
    return Q(~Exists(CallCustomer.objects.filter(call=OuterRef("uid")).exclude(customer_id__in=list(customer_ids))))
