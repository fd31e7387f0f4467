# SPDX-License-Identifier: Apache-2.0
"""Questions about customers: who has a number, who is the same person, whom we may call, what to know of him."""

from __future__ import annotations

from zuoxi.customers.cards import Card, Offered, card_of, offered, stranger
from zuoxi.customers.finding import (
    Person,
    addresses_of,
    barred_by,
    barred_numbers,
    consent_of,
    customer,
    found_by,
    identities_of,
    may_call,
    named_ids,
    names_of,
    newest,
    numbers_of,
    of_grade,
    person,
    person_with,
    searched,
    standing,
    withdrew,
)
from zuoxi.customers.numbers import Number, parsed, ways_to_write

__all__ = [
    "Card",
    "Number",
    "Offered",
    "Person",
    "addresses_of",
    "barred_by",
    "barred_numbers",
    "card_of",
    "consent_of",
    "customer",
    "found_by",
    "identities_of",
    "may_call",
    "named_ids",
    "names_of",
    "newest",
    "numbers_of",
    "of_grade",
    "offered",
    "parsed",
    "person",
    "person_with",
    "searched",
    "standing",
    "stranger",
    "ways_to_write",
    "withdrew",
]
