# SPDX-License-Identifier: Apache-2.0
"""Customers for programs: the same rows, narrowing and masking as on the pages.

Lists come by id: take `next` and ask with `after=` until it is null. Numbers are masked; a number is looked up whole.
Annotations are real objects here: the guard hides this module's names from ninja.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from zuoxi.customers import services
from zuoxi.customers.access import EDIT, VIEW
from zuoxi.customers.finding import may_call, searched
from zuoxi.customers.models import Customer
from zuoxi.customers.rules import PURPOSES
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.vault import masking
from zuoxi.web.access import may, open_to_programs

router = Router(tags=["customers"])
Tag = Annotated[str, Field(max_length=20)]


class CustomerFilter(Schema):
    """`after` an id; `number` or `name` find, both empty lists all."""

    after: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=200)
    number: str = Field("", max_length=32)
    name: str = Field("", max_length=80)


class CustomerOut(Schema):
    """`numbers` are masked. `merged_into`: the id that stands for this one since a merge."""

    id: int
    name: str
    kind: str
    grade: str
    source: str
    tags: list[str]
    numbers: list[str]
    seller: str | None
    parent: int | None
    birthday: date | None
    merged_into: int | None
    changed_at: datetime


class CustomersOut(Schema):
    items: list[CustomerOut]
    next: int | None


class CustomerIn(Schema):
    """`reference`: the order or ticket of the other system that the change belongs to."""

    name: str = Field(max_length=80)
    number: str = Field("", max_length=32)
    kind: str = Field("person", pattern="^(person|household|company|patient)$")
    grade: str = Field("", max_length=32)
    source: str = Field("", max_length=32)
    tags: list[Tag] = Field(default_factory=list, max_length=12)
    note: str = Field("", max_length=2000)
    reference: str = Field("", max_length=64)


class CustomerChange(Schema):
    """What is not sent stays as it is; `tags` take the place of all before, `number` is one more number of his."""

    name: str | None = Field(None, min_length=1, max_length=80, pattern=r"\S")
    number: str = Field("", max_length=32)
    kind: str | None = Field(None, pattern="^(person|household|company|patient)$")
    grade: str | None = Field(None, max_length=32)
    source: str | None = Field(None, max_length=32)
    tags: list[Tag] | None = Field(None, max_length=12)
    note: str | None = Field(None, max_length=2000)
    reference: str = Field("", max_length=64)


class MayCallOut(Schema):
    """allowed, do_not_call or no_consent, with the reason in both languages."""

    outcome: str
    zh: str
    en: str


def _out(one: Customer) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "kind": one.kind,
        "grade": one.grade,
        "source": one.source,
        "tags": one.tags,
        "numbers": [masking.phone(number.number) for number in one.numbers.all()],
        "seller": one.seller.code if one.seller else None,
        "parent": one.parent_id,
        "birthday": one.birthday,
        "merged_into": one.merged_into_id,
        "changed_at": one.changed_at,
    }


@router.get("/customers", response=CustomersOut)
@open_to_programs("customers.read", "customers.browse")
@may(VIEW.code)
def customers(request: HttpRequest, asked: Query[CustomerFilter]) -> dict[str, Any]:
    """Customers by id; whoever may not browse gives a number or a name."""
    user: Any = request.user
    rows = visible_customers(user).select_related("seller").prefetch_related("numbers")
    words = asked.number.strip() or asked.name.strip()
    if words:
        rows = searched(words, rows.filter(merged_into=None))
    elif not user.may("customers.browse"):
        raise HttpError(422, "give a number or a name")
    found = list(rows.filter(pk__gt=asked.after).order_by("pk")[: asked.limit + 1])
    more = len(found) > asked.limit
    return {"items": [_out(one) for one in found[: asked.limit]], "next": found[asked.limit - 1].pk if more else None}


@router.get("/customers/{int:pk}", response=CustomerOut)
@open_to_programs("customers.read")
@may(VIEW.code)
def customer(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One customer as the record stands; `merged_into` names the one that stands for it."""
    rows = visible_customers(request.user).select_related("seller")
    return _out(get_object_or_404(rows, pk=pk))


@router.post("/customers", response={201: CustomerOut})
@open_to_programs("customers.write")
@may(EDIT.code)
def make(request: HttpRequest, said: CustomerIn) -> Any:
    """Write a customer down; 409 where the number is another's or is none."""
    try:
        made = services.save_customer(
            None,
            name=said.name,
            tags=said.tags,
            note=said.note,
            by=_me(request),
            now=timezone.now(),
            number=said.number,
            business=_business(said.reference),
            kind=said.kind,
            grade=said.grade,
            source=said.source,
        )
    except services.Refused as refusal:
        raise HttpError(409, str(refusal)) from refusal
    return Status(201, _out(made))


@router.post("/customers/{int:pk}", response=CustomerOut)
@open_to_programs("customers.write")
@may(EDIT.code)
def change(request: HttpRequest, pk: int, said: CustomerChange) -> dict[str, Any]:
    """Change what is sent of a customer; each changed field leaves its line with the reference."""
    standing = get_object_or_404(visible_customers(request.user), pk=pk)
    values = said.model_dump(exclude={"number", "reference"}, exclude_none=True)
    how: Any = {"by": _me(request), "now": timezone.now(), "business": _business(said.reference)}
    try:
        with transaction.atomic():
            changed = services.change_customer(standing, values, **how)
            if said.number:
                services.add_number(changed, said.number, **how)
    except services.Refused as refusal:
        raise HttpError(409, str(refusal)) from refusal
    return _out(changed)


def _me(request: HttpRequest) -> Staff | None:
    return staff_of(request.user) if isinstance(request.user, User) else None


def _business(reference: str) -> services.Business:
    return services.Business("order", reference) if reference else services.NO_BUSINESS


class MayCallFilter(Schema):
    number: str = Field(max_length=32)
    purpose: str = Field("service", pattern=f"^({'|'.join(PURPOSES)})$")


@router.get("/may-call", response=MayCallOut)
@open_to_programs("customers.read")
@may(VIEW.code)
def may_be_called(request: HttpRequest, asked: Query[MayCallFilter]) -> dict[str, Any]:
    """Whether a number may be called for that purpose."""
    finding = may_call(asked.number, timezone.now(), purpose=asked.purpose)
    return {"outcome": finding.outcome, "zh": finding.why.zh, "en": finding.why.en}
