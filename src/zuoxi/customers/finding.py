# SPDX-License-Identifier: Apache-2.0
"""Finding customers, and what is known of whom we may call (the door is `selectors`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from zuoxi.customers import indexing
from zuoxi.customers.facts import MayCallFacts
from zuoxi.customers.models import Address, Consent, ContactNumber, Customer, DoNotCall
from zuoxi.customers.numbers import Number, apart, canonical, parsed, ways_to_write
from zuoxi.customers.rules import judge_may_call
from zuoxi.policy.findings import Finding
from zuoxi.policy.selectors import site_handbook

__all__ = [
    "Number",
    "addresses_of",
    "barred_by",
    "barred_numbers",
    "consent_of",
    "customer",
    "found_by",
    "identities_of",
    "may_call",
    "named_ids",
    "names_of",
    "numbers_of",
    "parsed",
    "searched",
    "standing",
    "ways_to_write",
    "withdrew",
]

_BARRED_BY = {
    "service": (DoNotCall.Scope.EVERYTHING,),
    "offers": (DoNotCall.Scope.EVERYTHING, DoNotCall.Scope.OFFERS),
    "survey": (DoNotCall.Scope.EVERYTHING, DoNotCall.Scope.SURVEYS),
}
_SIGNS_OF_A_LIST = frozenset('[]",\\')
"""Every list of tags holds them, so that they would find everybody."""
_CHANNEL = {"offers": Consent.Channel.CALL, "survey": Consent.Channel.SURVEY}


def found_by(number: str) -> Customer | None:
    """The customer with that number, however it is written, whatever its extension. One query on the unique index."""
    bare = canonical(apart(number or "")[0])
    if not bare:
        return None
    rows = ContactNumber.objects.select_related("customer__seller", "customer__parent").filter(number=bare)
    found = rows.order_by("extension").first()
    return found.customer if found else None


def customer(customer_id: int) -> Customer | None:
    return Customer.objects.filter(pk=customer_id).first()


def standing(customer_id: int) -> Customer:
    """The customer that stands for this one since merges; himself when there were none. Raises DoesNotExist."""
    found = Customer.objects.select_related("merged_into").get(pk=customer_id)
    return found.merged_into or found


_at_hand: ContextVar[tuple[int, ...]] = ContextVar("ids of the customer at hand", default=())


@contextmanager
def at_hand(ids: tuple[int, ...]) -> Iterator[None]:
    """While a page of one customer is drawn, its parts need not ask again who else he is."""
    token = _at_hand.set(ids)
    try:
        yield
    finally:
        _at_hand.reset(token)


def identities_of(customer_id: int) -> tuple[int, ...]:
    """Every id that is this one person: the one that stands first, then those merged into it. Two queries."""
    if customer_id in _at_hand.get():
        return _at_hand.get()
    into = Customer.objects.filter(pk=customer_id).values_list("merged_into", flat=True).first()
    return same_as(into or customer_id)


def same_as(standing_id: int) -> tuple[int, ...]:
    """The same for one that is known to stand himself. One query on two indexes."""
    rows = Customer.objects.filter(merged_into=standing_id).order_by("pk").values_list("pk", flat=True)
    return (standing_id, *rows)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with all ids that are this one person (the one that stands first) and all his canonical numbers."""

    customer: Customer
    ids: tuple[int, ...]
    numbers: tuple[str, ...]


def person_of(rows: QuerySet[Customer], customer_id: int) -> Person | None:
    """The customer of that id among the rows, whoever was merged into him with him; None where he is not among them.
    One query on two indexes."""
    me_too, into_me = Customer.objects.filter(pk=customer_id), Customer.objects.filter(merged_into=customer_id)
    # not one condition with "or": where nobody was ever merged SQLite takes that for most of the table and walks it
    ids = me_too.order_by().values("pk").union(into_me.order_by().values("pk"), all=True)
    same = rows.filter(pk__in=ids).order_by("numbers__pk")
    found = list(same.annotate(number_=F("numbers__number")))
    me = next((one for one in found if one.pk == customer_id), None)
    if me is None:
        return None
    others = sorted({one.pk for one in found} - {customer_id})
    return Person(me, (customer_id, *others), tuple(one.number_ for one in found if one.number_))


def person(customer_id: int) -> Person | None:
    """The same for one that is known to stand himself."""
    return person_of(Customer.objects.all(), customer_id)


def person_with(number: str) -> Person | None:
    """Who has that number, however it is written, whatever its extension; None where nobody has it. One query; two
    where the number stayed with a customer who was merged into another."""
    bare = canonical(apart(number or "")[0])
    if not bare:
        return None
    owner = ContactNumber.objects.filter(number=bare).order_by("extension", "pk").values("customer")[:1]
    me_too, into_me = Customer.objects.filter(pk__in=owner), Customer.objects.filter(merged_into__in=owner)
    ids = me_too.order_by().values("pk").union(into_me.order_by().values("pk"), all=True)
    found = list(Customer.objects.filter(pk__in=ids).order_by("numbers__pk").annotate(number_=F("numbers__number")))
    me = next((one for one in found if bare == one.number_ and one.merged_into_id is None), None)
    if me is None:
        gone = next((one for one in found if bare == one.number_), None)
        return person(gone.merged_into_id) if gone and gone.merged_into_id else None
    others = sorted({one.pk for one in found} - {me.pk})
    return Person(me, (me.pk, *others), tuple(one.number_ for one in found if one.number_))


def numbers_of(customer_ids: Iterable[int]) -> tuple[str, ...]:
    """The canonical numbers of those customers, the oldest first."""
    rows = ContactNumber.objects.filter(customer_id__in=list(customer_ids))
    return tuple(rows.order_by("pk").values_list("number", flat=True))


def addresses_of(customer_ids: Iterable[int]) -> list[Address]:
    return list(Address.objects.filter(customer_id__in=list(customer_ids)).order_by("-preferred", "pk"))


def newest(limit: int) -> list[Customer]:
    """The customers last written down that stand for themselves."""
    return list(Customer.objects.filter(merged_into=None).order_by("-pk")[:limit])


def of_grade(grade: str) -> QuerySet[Customer]:
    """Customers that stand for themselves and have the grade."""
    return Customer.objects.filter(grade=grade, merged_into=None)


def names_of(customer_ids: Iterable[int]) -> dict[int, str]:
    """Name by id, for lists of other packages. One query, none for no ids."""
    wanted = {one for one in customer_ids if one}
    if not wanted:
        return {}
    return {one.pk: str(one) for one in Customer.objects.filter(pk__in=wanted).only("pk", "name")}


def barred_by(number: str, purpose: str, now: datetime) -> DoNotCall | None:
    """The standing entry that forbids to call the number for that purpose; None when nothing does."""
    in_time = Q(until=None) | Q(until__gt=now)
    rows = DoNotCall.objects.filter(in_time, number=canonical(number), lifted_at=None, scope__in=_BARRED_BY[purpose])
    return rows.first()


def consent_of(customer_ids: Iterable[int], channel: str) -> Consent | None:
    """The last word on a channel; None when he was never asked."""
    return Consent.objects.filter(customer_id__in=list(customer_ids), channel=channel).first()


def may_call(number: str, now: datetime | None = None, *, purpose: str = "service") -> Finding:
    """Whether the number may be called: outcome allowed, do_not_call or no_consent, with its why.

    `purpose`: service (the customer's own matter), offers, or survey. At most three queries.
    """
    at = now or timezone.now()
    bar = barred_by(number, purpose, at)
    consent = None
    if purpose in _CHANNEL and bar is None:
        consent = _last_word(canonical(number), _CHANNEL[purpose])
    said = None if consent is None else "given" if consent else "withdrawn"
    reading = site_handbook().on(timezone.localdate(at))
    return judge_may_call(MayCallFacts(purpose, at, bar.scope if bar else None, said), reading)


def barred_numbers(numbers: Iterable[str], purpose: str, now: datetime) -> frozenset[str]:
    """Which of many canonical numbers may not be called for that purpose, for lists; a query for each thousand."""
    wanted = sorted(set(numbers))
    in_time = Q(until=None) | Q(until__gt=now)
    rows = DoNotCall.objects.filter(in_time, lifted_at=None, scope__in=_BARRED_BY[purpose])
    pieces = (wanted[start : start + 1000] for start in range(0, len(wanted), 1000))
    return frozenset(one for piece in pieces for one in rows.filter(number__in=piece).values_list("number", flat=True))


def withdrew(number: str, purpose: str) -> bool:
    """Whether whoever has the number took his consent back: no list's proof overrules that."""
    return purpose in _CHANNEL and _last_word(canonical(number), _CHANNEL[purpose]) is False


def _last_word(bare: str, channel: str) -> bool | None:
    owner = ContactNumber.objects.filter(number=bare)
    mine = owner.filter(Q(customer=OuterRef("customer")) | Q(customer=OuterRef("customer__merged_into")))
    rows = Consent.objects.filter(Exists(mine), channel=channel)
    return rows.values_list("given", flat=True).first()


def named_ids(words: str, limit: int) -> tuple[int, ...]:
    """The ids of at most so many customers whose name or tags hold the words, the newest first."""
    rows = indexing.named(words, Customer.objects.all(), Q(name__icontains=words))
    return tuple(rows.order_by("-pk").values_list("pk", flat=True)[:limit])


def searched(words: str, rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers whose name or a tag holds the words, or whose whole number they are (parts of numbers find nothing)."""
    text = words.strip()
    if not text:
        return rows
    bare = canonical(text)
    if len(bare) >= 5 and not any(sign.isalpha() for sign in text):
        return rows.filter(pk__in=ContactNumber.objects.filter(number=bare).values("customer"))
    alike = Q(name__icontains=text)
    return indexing.named(text, rows, alike if _SIGNS_OF_A_LIST & set(text) else alike | Q(tags__icontains=text))
