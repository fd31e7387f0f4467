# SPDX-License-Identifier: Apache-2.0
"""A customer in short: what the agent must know before he says good morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zuoxi.customers.finding import person, searched
from zuoxi.customers.handbook import GRADES, SOURCES
from zuoxi.customers.models import Address, Consent, Customer, DoNotCall
from zuoxi.customers.numbers import Kind, parsed
from zuoxi.customers.visibility import visible_customers
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking

Text = str | Promise

BARRED: dict[str, Text] = {
    DoNotCall.Scope.EVERYTHING: gettext_lazy("Wishes no calls at all. Do not call back without being asked."),
    DoNotCall.Scope.OFFERS: gettext_lazy("Wishes no offers. Offer nothing on the phone."),
    DoNotCall.Scope.SURVEYS: gettext_lazy("Wishes no surveys. Do not invite to rate the call."),
}
WITHDRAWN: dict[str, Text] = {
    Consent.Channel.CALL: gettext_lazy("Withdrew the consent to calls with offers."),
    Consent.Channel.SMS: gettext_lazy("Withdrew the consent to text messages."),
    Consent.Channel.SURVEY: gettext_lazy("Withdrew the consent to surveys."),
    Consent.Channel.DATA: gettext_lazy("Withdrew the consent to keeping data. Ask the supervisor before noting more."),
}


@dataclass(frozen=True, slots=True)
class Mind:
    """Something to mind with him."""

    tone: str
    text: Text


@dataclass(frozen=True, slots=True)
class Card:
    """`ids` are all records that are this person, `numbers` the canonical ones; a stranger has neither."""

    ids: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    facts: tuple[tuple[Text, str], ...] = ()
    warnings: tuple[Mind, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    grade: Text = ""
    grade_tone: str = "plain"
    addresses: tuple[Address, ...] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offered:
    """One of the customers that a look-up found, his numbers masked."""

    pk: int
    name: str
    numbers: tuple[str, ...]
    about: str


def entries() -> tuple[dict[str, Any], dict[str, Any]]:
    """Grades and sources of the site's pack, by key in their order."""
    handbook = site_handbook()
    grades = sorted(handbook.entries(GRADES).items(), key=lambda one: one[1].order)
    sources = sorted(handbook.entries(SOURCES).items(), key=lambda one: one[1].order)
    return dict(grades), dict(sources)


def number_told(number: str) -> str:
    """Kind, region and carrier of a number in one line; "" for a withheld one."""
    said = parsed(number)
    if said.kind is Kind.NONE:
        return ""
    region = said.region_en if (get_language() or "").startswith("en") else said.region_zh
    return " · ".join(filter(None, (str(said.kind.label), region, said.carrier)))


def card_of(found: Customer, number: str, now: datetime) -> Card:
    """What the desk shows of a known customer. Four queries, and those for seller and household where there are any."""
    whole = person(found.merged_into_id or found.pk)
    ids, numbers = (whole.ids, whole.numbers) if whole else ((found.pk,), ())
    addresses = tuple(Address.objects.filter(customer_id__in=ids))
    consents = last_words(ids)
    grades, sources = entries()
    grade = grades.get(found.grade)
    facts: list[tuple[Text, str]] = [(_("Number"), number_told(number) or _("withheld"))]
    if found.kind != Customer.Kind.PERSON:
        facts.append((_("Kind"), found.get_kind_display()))
    if found.parent:
        facts.append((_("Belongs to"), str(found.parent)))
    if addresses:
        facts.append((_("Address"), addresses[0].written))
    if found.seller:
        facts.append((_("Own customer of"), str(found.seller)))
    if found.source in sources:
        facts.append((_("Source"), str(sources[found.source].label)))
    return Card(
        ids,
        numbers,
        tuple(facts),
        (*_bars(numbers or (number,), now), *_withdrawals(consents)),
        tuple(found.tags),
        found.note,
        str(grade.label) if grade else "",
        grade.tone if grade else "plain",
        addresses,
        consents,
    )


def stranger(number: str, now: datetime) -> Card:
    """What can be said of a number that nobody has."""
    told = number_told(number)
    return Card(facts=((_("Number"), told or _("withheld")),), warnings=_bars((number,), now))


def standing_bars(numbers: tuple[str, ...], now: datetime) -> QuerySet[DoNotCall]:
    """The do-not-call entries that hold now for any of the canonical numbers."""
    return DoNotCall.objects.filter(Q(until=None) | Q(until__gt=now), number__in=numbers, lifted_at=None)


def _bars(numbers: tuple[str, ...], now: datetime) -> tuple[Mind, ...]:
    scopes = list(dict.fromkeys(standing_bars(numbers, now).values_list("scope", flat=True)))
    return tuple(Mind("bad" if scope == DoNotCall.Scope.EVERYTHING else "warn", BARRED[scope]) for scope in scopes)


def last_words(ids: tuple[int, ...]) -> dict[str, Consent]:
    """The last word on each channel. One query."""
    found: dict[str, Consent] = {}
    for one in Consent.objects.filter(customer_id__in=ids).select_related("by"):
        found.setdefault(one.channel, one)
    return found


def _withdrawals(consents: Mapping[str, Consent]) -> tuple[Mind, ...]:
    return tuple(Mind("warn", WITHDRAWN[channel]) for channel, one in consents.items() if not one.given)


def offered(words: str, limit: int, user: Any) -> list[Offered]:
    """Customers that the words may mean and that the person sees, for a choice. Three queries."""
    rows = searched(words, visible_customers(user).filter(merged_into=None)).prefetch_related("numbers", "addresses")
    return [
        Offered(
            one.pk,
            str(one),
            tuple(masking.phone(number.number) for number in one.numbers.all()),
            masking.address(next((address.written for address in one.addresses.all()), "")),
        )
        for one in rows.order_by("-changed_at")[:limit]
    ]
