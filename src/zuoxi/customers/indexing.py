# SPDX-License-Identifier: Apache-2.0
"""Customers in the full text: by parts of their name, how it sounds, and their tags.

New customers come in by the thousand, so they are put in afterwards, in the order of their ids; `reached` says up to
whom. Those behind it are few, and a search looks through them one by one: everybody is found at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from zuoxi.customers.import_models import IndexMark
from zuoxi.customers.models import Customer
from zuoxi.search import selectors as search
from zuoxi.search.services import Doc, index_docs
from zuoxi.search.sounds import initials, whole

KIND: Final = "customer"
PIECE: Final = 500
MOST_FOUND: Final = 1000
SETTLED: Final = timedelta(minutes=2)
"""Ids of two transactions may be given out in one order and be seen in another; nobody is passed over meanwhile."""


def document(customer: Customer) -> Doc:
    """Name, sound, first letters and tags; numbers and documents are left out."""
    name = customer.name
    called = tuple(dict.fromkeys(one for one in (whole(name), initials(name)) if one)) if name else ()
    return Doc(KIND, str(customer.pk), name, " ".join(customer.tags), (), called)


def reached() -> int:
    """The id up to which customers are in the full text."""
    return IndexMark.objects.filter(kind=KIND).values_list("upto", flat=True).first() or 0


def put(customer: Customer) -> None:
    """The new words of one who is in already; the others wait for their turn."""
    if customer.pk <= reached():
        index_docs([document(customer)])


def catch_up(now: datetime, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Put in whoever is not in yet, piece by piece; `tell(done)` may raise to stop. Returns how many."""
    done = 0
    while count := _piece(now):
        done += count
        tell(done)
    return done


@transaction.atomic
def _piece(now: datetime) -> int:
    IndexMark.objects.get_or_create(kind=KIND)
    mark = IndexMark.objects.select_for_update().get(kind=KIND)
    ids = list(Customer.objects.filter(pk__gt=mark.upto).order_by("pk").values_list("pk", flat=True)[:PIECE])
    rows = (
        Customer.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk__in=ids)
        .only("name", "tags", "made_at")
    )
    free = {one.pk: one for one in rows}
    settled = []
    for pk in ids:
        one = free.get(pk)
        if one is None or one.made_at > now - SETTLED:  # None: somebody is changing him, and would not hear of the mark
            break
        settled.append(one)
    if settled:
        index_docs(map(document, settled))
        IndexMark.objects.filter(pk=mark.pk).update(upto=settled[-1].pk)
    return len(settled)


def named(words: str, rows: QuerySet[Customer], alike: Q) -> QuerySet[Customer]:
    """Those of the rows whose name or tags hold the words. `alike` is the same question asked of each row, for those
    who are not in the full text yet, and for words that so many have written that the first rows hold enough of them.

    A whole name that nobody has so written is found by its sound: on the telephone one hears it and cannot see it. Of
    those who so many sound like, or begin with the same letters, the newest are found."""
    upto = reached()
    if not upto or not search.terms_of(words):
        return rows.filter(alike)
    said, found = words, _hits(words)
    if not found and any(map(search.is_han, words)):
        said = whole(words)
        found = _hits(said)
    if len(found) == MOST_FOUND:
        if 2 * Customer.objects.filter(alike, pk__in=found).count() >= MOST_FOUND:
            return rows.filter(alike)
        found = search.held_by(rows, KIND, said, MOST_FOUND, hits=found)
    return rows.filter(Q(pk__in=found) | Q(alike, pk__gt=upto))


def _hits(words: str) -> list[int]:
    return [int(one.ref) for one in search.find([KIND], words, MOST_FOUND)]
