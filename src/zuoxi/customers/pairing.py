# SPDX-License-Identifier: Apache-2.0
"""Which customers may be one and the same, and how two of them differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zuoxi.customers.cards import entries
from zuoxi.customers.changing import shown_value
from zuoxi.customers.labels import LABELS
from zuoxi.customers.merging import CHOICES
from zuoxi.customers.models import Address, ContactNumber, Customer
from zuoxi.vault import masking

MOST = 200
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that look alike; the older one is offered to stay."""

    kept: Customer
    gone: Customer
    why: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both; `choose` where they differ, `gone_first` where only the other one has something."""

    field: str
    label: Text
    kept: str
    gone: str
    choose: bool
    gone_first: bool


def twins(rows: QuerySet[Customer]) -> list[Pair]:
    """Pairs with the same name and address, the same document, or the same bare number behind another extension.

    At most 200 of a kind, each pair once; ten queries at most however many customers there are.
    """
    found: dict[tuple[int, int], Text] = {}
    for ids, why in (*_same_address(rows), *_same_document(rows), *_same_number(rows)):
        first, *others = sorted(ids)
        for other in others:
            found.setdefault((first, other), why)
    people = Customer.objects.in_bulk({one for pair in found for one in pair})
    return [Pair(people[first], people[other], why) for (first, other), why in found.items()]


def _same_address(rows: QuerySet[Customer]) -> list[tuple[list[int], Text]]:
    """The same name at the same address."""
    mine = Address.objects.filter(customer__in=rows).exclude(likeness="").exclude(customer__name="")
    groups = mine.values("likeness", "customer__name").annotate(n=Count("customer", distinct=True)).filter(n__gt=1)
    wanted = {(one["likeness"], one["customer__name"]): list[int]() for one in groups[:MOST]}
    where = mine.filter(likeness__in=[likeness for likeness, _name in wanted])
    for likeness, name, pk in where.values_list("likeness", "customer__name", "customer"):
        if (likeness, name) in wanted:
            wanted[likeness, name].append(pk)
    return [(sorted(set(ids)), _("Same name and address")) for ids in wanted.values() if len(set(ids)) > 1]


def _same_document(rows: QuerySet[Customer]) -> list[tuple[list[int], Text]]:
    groups = rows.exclude(identity_index=None).values("identity_index").annotate(n=Count("pk")).filter(n__gt=1)
    wanted = [bytes(one["identity_index"] or b"") for one in groups[:MOST]]
    by_document: dict[bytes, list[int]] = {}
    for index, pk in rows.filter(identity_index__in=wanted).values_list("identity_index", "pk"):
        by_document.setdefault(bytes(index or b""), []).append(pk)
    return [(ids, _("Same identity document")) for ids in by_document.values()]


def _same_number(rows: QuerySet[Customer]) -> list[tuple[list[int], Text]]:
    """The same line with and without an extension: often the same person, typed twice."""
    mine = ContactNumber.objects.filter(customer__in=rows)
    groups = mine.values("number").annotate(n=Count("customer", distinct=True)).filter(n__gt=1)
    wanted: dict[str, set[int]] = {one["number"]: set() for one in groups[:MOST]}
    for number, pk in mine.filter(number__in=list(wanted)).values_list("number", "customer"):
        wanted[number].add(pk)
    return [(sorted(ids), _("Same telephone line")) for ids in wanted.values() if len(ids) > 1]


def side_by_side(kept: Customer, gone: Customer) -> list[Line]:
    """Each field of both, masked where it must be."""
    lines = [_line(field, kept, gone) for field in CHOICES]
    numbers = [masking.phone(one.number) for one in kept.numbers.all()]
    others = [masking.phone(one.number) for one in gone.numbers.all()]
    lines.append(Line("tags", LABELS["tags"], "、".join(kept.tags), "、".join(gone.tags), False, False))
    lines.append(Line("number", LABELS["number"], "、".join(numbers), "、".join(others), False, False))
    return lines


def _line(field: str, kept: Customer, gone: Customer) -> Line:
    one, other = getattr(kept, field), getattr(gone, field)
    differ = bool(one or other) and one != other
    return Line(field, LABELS[field], told(field, one), told(field, other), differ, bool(other and not one))


def told(field: str, value: Any) -> str:
    """A value for people: names instead of keys where the row has one."""
    if isinstance(value, Customer):
        return str(value)
    if field in ("grade", "source") and value:
        known = entries()[0 if field == "grade" else 1]
        return str(known[value].label) if value in known else str(value)
    if field == "kind" and value:
        return str(dict(Customer.Kind.choices).get(value, value))
    return shown_value(field, value)
