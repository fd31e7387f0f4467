# SPDX-License-Identifier: Apache-2.0
"""Which customer a call was with, where the agent said so or the number told it."""

from __future__ import annotations

from django.db import models

from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import records


@records("CUS-001")
class CallCustomer(models.Model):
    """The customer of one call. Calls are named by their uid: their rows are folded and may be made again.

    Where no row stands, the customer is whoever has the number of the call.
    """

    call = models.CharField(max_length=64, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="call_of_customer")]
