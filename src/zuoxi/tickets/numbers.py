# SPDX-License-Identifier: Apache-2.0
"""The numbers of tickets: WO20261122-0001, counted by day. A number that was not used leaves a gap."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from zuoxi.tickets.models import TicketDay


def next_number(day: date) -> str:
    """The next number of the day; two at once get two numbers (the row is locked until the end of the transaction)."""
    if not TicketDay.objects.filter(day=day).update(last=F("last") + 1):
        try:
            with transaction.atomic():
                TicketDay.objects.create(day=day, last=0)
        except IntegrityError:
            pass
        TicketDay.objects.filter(day=day).update(last=F("last") + 1)
    return f"WO{day:%Y%m%d}-{TicketDay.objects.get(day=day).last:04d}"
