# SPDX-License-Identifier: Apache-2.0
"""Which customers a person sees; the only place in this package that knows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zuoxi.customers.models import Customer


def visible_customers(user: Any) -> QuerySet[Customer]:
    """Every customer to those who serve customers, numbers masked; nobody else sees any."""
    return Customer.objects.all() if user.may("customers.view") else Customer.objects.none()
