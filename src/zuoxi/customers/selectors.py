# SPDX-License-Identifier: Apache-2.0
"""Finding customers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zuoxi.customers.models import ContactNumber, Customer
from zuoxi.customers.numbers import canonical, ways_to_write

__all__ = ["found_by", "searched", "ways_to_write"]


def found_by(number: str) -> Customer | None:
    """The customer with that number, however it is written."""
    bare = canonical(number)
    if not bare:
        return None
    found = ContactNumber.objects.select_related("customer").filter(number=bare).first()
    return found.customer if found else None


def searched(words: str, rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers whose name or a tag holds the words, or whose whole number they are (parts of numbers find nothing)."""
    text = words.strip()
    if not text:
        return rows
    bare = canonical(text)
    found = Q(name__icontains=text) | Q(tags__icontains=text)
    if len(bare) >= 5 and not any(sign.isalpha() for sign in text):
        found = Q(numbers__number=bare)
    return rows.filter(found).distinct()
