# SPDX-License-Identifier: Apache-2.0
"""Verbs that change customers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.customers.models import ContactNumber, Customer
from zuoxi.customers.numbers import canonical
from zuoxi.people.models import Staff
from zuoxi.vault import services as vault


class Refused(ValueError):
    """It was not done; the message says why and what to do instead."""


@transaction.atomic
def save_customer(
    customer: Customer | None,
    *,
    name: str,
    tags: list[str],
    note: str,
    by: Staff | None,
    now: datetime,
    number: str = "",
) -> Customer:
    """Make a customer or change one; `tags` are kept short, once each, in their order.

    `number` is one more number of his; raises Refused, with nothing saved, where it is none or another's.
    """
    cleaned = list(dict.fromkeys(tag.strip()[:20] for tag in tags if tag.strip()))[:12]
    made = customer or Customer(made_by=by, made_at=now)
    made.name, made.tags, made.note, made.changed_at = name.strip()[:80], cleaned, note.strip(), now
    made.save()
    if number:
        add_number(made, number)
    vault.record(
        "customers.changed" if customer else "customers.made",
        who=by.code if by else "",
        on=("customer", made.pk),
    )
    return made


@transaction.atomic
def add_number(customer: Customer, number: str, label: str = "") -> ContactNumber:
    """Raises Refused for a number that is none or that another customer has."""
    bare = canonical(number)
    if not 3 <= len(bare) <= 24:
        raise Refused(_("That is not a telephone number."))
    standing = ContactNumber.objects.filter(number=bare).first()
    if standing and standing.customer_id != customer.pk:
        raise Refused(_("Another customer has this number. Open that one instead."))
    return standing or ContactNumber.objects.create(customer=customer, number=bare, label=label.strip()[:20])


@transaction.atomic
def drop_number(customer: Customer, number_id: int) -> None:
    ContactNumber.objects.filter(customer=customer, pk=number_id).delete()


def reveal_number(number: ContactNumber, *, by: Staff | None, purpose: str, ip: str | None) -> str:
    """The whole number, after the purpose has been written into the audit chain; raises Refused without one."""
    if len(purpose.strip()) < 2:
        raise Refused(_("Say what the number is needed for."))
    vault.record(
        "customers.number.revealed",
        who=by.code if by else "",
        on=("customer", number.customer_id),
        purpose=purpose.strip(),
        ip=ip,
    )
    return number.number
