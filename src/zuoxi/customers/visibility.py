# SPDX-License-Identifier: Apache-2.0
"""Which customers a person sees; the only place in this package that knows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.customers.models import Customer, CustomerImport
from zuoxi.people.selectors import scope_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

OWN_ONLY = "customers.own_only"


@enforces("SEC-008")
def visible_customers(user: Any) -> QuerySet[Customer]:
    """Those who serve customers see them, numbers masked. Where the pack says that a seller's customers are his own,
    he, his leaders and their managers see them and nobody else; customers without a seller are everybody's."""
    if not user.may("customers.view"):
        return Customer.objects.none()
    rows = Customer.objects.all()
    today = timezone.localdate()
    if not site_handbook().on(today).flag(OWN_ONLY):
        return rows
    scope = scope_of(user, today)
    if scope.everything:
        return rows
    return rows.filter(Q(seller=None) | Q(seller__in=scope.staff()))


def visible_imports(user: Any) -> QuerySet[CustomerImport]:
    """Lists of one's own; managers and the like see all of them."""
    rows = CustomerImport.objects.all()
    return rows if user.may("customers.audit") else rows.filter(by_id=user.pk)
