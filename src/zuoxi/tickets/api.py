# SPDX-License-Identifier: Apache-2.0
"""Tickets for programs: the same rows, forms and refusals as on the pages.

Lists come by id: take `next` and ask with `after=` until it is null. Masked answers stay masked.
Annotations are real objects here: the guard hides this module's names from ninja.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import AwareDatetime, Field

from zuoxi.customers import selectors as customers
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.tickets import services
from zuoxi.tickets.access import HANDLE, OPEN, VIEW
from zuoxi.tickets.filling import masked_text
from zuoxi.tickets.kinds import kinds, lines_of
from zuoxi.tickets.models import OPEN_STATES, Source, State, Ticket
from zuoxi.tickets.visibility import in_hand, visible_tickets
from zuoxi.web.access import may, open_to_programs
from zuoxi.web.problems import problem

router = Router(tags=["tickets"])
Text = Annotated[str, Field(max_length=2000)]


class TicketFilter(Schema):
    """`after` an id; `open` leaves out what is closed or merged; `customer` an id; `since`: received then or later."""

    after: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=200)
    kind: str = Field("", max_length=40)
    state: str = Field("", max_length=10)
    department: str = Field("", max_length=32)
    customer: int | None = None
    open: bool = False
    since: AwareDatetime | None = None


class TicketOut(Schema):
    """`answers` by field key, masked. `due_at` null: no time runs now. `first_handler`, `owner`: staff numbers."""

    id: int
    number: str
    kind: str
    topic: str
    title: str
    state: str
    priority: int
    source: str
    customer: int | None
    department: str | None
    owner: str | None
    first_handler: str
    parent: str | None
    order: str
    call: str
    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    urged: int
    breached: bool
    answers: dict[str, str]
    result: str


class TicketsOut(Schema):
    items: list[TicketOut]
    next: int | None


class TicketIn(Schema):
    """A ticket on the pack's form of that kind; `fields` are the answers by field key."""

    kind: str = Field(max_length=40)
    fields: dict[str, Any] = Field(default_factory=dict)
    number: str = Field("", max_length=32, description="telephone number of the customer")
    customer: int | None = None
    order: str = Field("", max_length=32)
    topic: str = Field("", max_length=60)
    priority: int | None = Field(None, ge=0, le=2)


class WordsIn(Schema):
    text: Text


class AnswerIn(Schema):
    """`how`: phone, sms, in_person, letter or email. `reached` false: an attempt, which is no answer."""

    text: Text
    how: Literal["phone", "sms", "in_person", "letter", "email"] = "phone"
    reached: bool = True


class KindOut(Schema):
    key: str
    zh: str
    en: str
    fields: list[dict[str, Any]]


def _out(one: Ticket) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "kind": one.kind,
        "topic": one.topic,
        "title": one.title,
        "state": one.state,
        "priority": one.priority,
        "source": one.source,
        "customer": one.customer_id,
        "department": one.department.code if one.department else None,
        "owner": one.owner.code if one.owner else None,
        "first_handler": one.first_handler.code,
        "parent": one.parent.number if one.parent else None,
        "order": one.order,
        "call": one.call,
        "received_at": one.received_at,
        "due_at": one.due_at,
        "finished_at": one.finished_at,
        "answered_at": one.answered_at,
        "closed_at": one.closed_at,
        "urged": one.urged,
        "breached": one.breached,
        "answers": {line.field.key: masked_text(line.field, line.value) for line in lines_of(one)},
        "result": one.result,
    }


def _rows(request: HttpRequest) -> Any:
    return visible_tickets(request.user).select_related("department", "owner", "first_handler", "parent", "form")


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise HttpError(403, "no staff record")
    return staff


@router.get("/kinds", response=list[KindOut])
@open_to_programs("tickets.read")
@may(VIEW.code)
def kinds_of_tickets(request: HttpRequest) -> list[dict[str, Any]]:
    """The kinds of tickets with their forms."""
    return [
        {
            "key": key,
            "zh": body.label.zh,
            "en": body.label.en,
            "fields": [one.model_dump(mode="json") for one in body.fields],
        }
        for key, body in kinds().items()
    ]


@router.get("/tickets", response=TicketsOut)
@open_to_programs("tickets.read")
@may(VIEW.code)
def tickets(request: HttpRequest, asked: Query[TicketFilter]) -> dict[str, Any]:
    """Tickets by id."""
    rows = _rows(request).filter(pk__gt=asked.after)
    if asked.state and asked.state not in State.values:
        raise HttpError(422, f"state: one of {', '.join(State.values)}")
    given = {"kind": asked.kind, "state": asked.state, "department__code": asked.department}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if asked.customer is not None:
        rows = rows.filter(customer_id__in=customers.identities_of(asked.customer))
    if asked.since is not None:
        rows = rows.filter(received_at__gte=asked.since)
    if asked.open:
        rows = rows.filter(state__in=OPEN_STATES)
    found = list(rows.order_by("pk")[: asked.limit + 1])
    more = len(found) > asked.limit
    return {"items": [_out(one) for one in found[: asked.limit]], "next": found[asked.limit - 1].pk if more else None}


@router.get("/tickets/{str:number}", response=TicketOut)
@open_to_programs("tickets.read")
@may(VIEW.code)
def ticket(request: HttpRequest, number: str) -> dict[str, Any]:
    """One ticket."""
    return _out(get_object_or_404(_rows(request), number=number))


@router.post("/tickets", response={201: TicketOut})
@open_to_programs("tickets.write")
@may(OPEN.code)
def open_one(request: HttpRequest, said: TicketIn) -> Any:
    """Write a ticket; 422 names every answer that is missing or cannot be."""
    customer = visible_customers(request.user).filter(pk=said.customer).first() if said.customer else None
    if said.customer and customer is None:
        raise HttpError(422, f"there is no customer {said.customer}")
    if customer is None and said.number:
        customer = customers.found_by(said.number)
    try:
        made = services.open_ticket(
            said.kind,
            customer=customer,
            fields=said.fields,
            source=Source.API,
            by=_me(request),
            now=timezone.now(),
            order=said.order,
            contact=said.number,
            topic=said.topic,
            priority=said.priority,
        )
    except services.BadForm as refusal:
        wrong = [{"where": f"fields.{key}", "message": words} for key, words in refusal.problems.items()]
        return problem(422, "The form is not complete", str(refusal), errors=wrong)
    except services.Refused as refusal:
        raise HttpError(422, str(refusal)) from refusal
    return Status(201, _out(made))


def _own(request: HttpRequest, number: str) -> Ticket:
    """A ticket that is this person's work; 404 where he does not see it, 403 where it is another's."""
    found: Ticket = get_object_or_404(_rows(request), number=number)
    user: Any = request.user
    if not (in_hand(user, found) or user.may("tickets.dispatch")):
        raise HttpError(403, "not in your hands")
    return found


@router.post("/tickets/{str:number}/notes", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def note(request: HttpRequest, number: str, said: WordsIn) -> dict[str, Any]:
    """Write a note on a ticket."""
    found = get_object_or_404(_rows(request), number=number)
    return _done(request, found, lambda: services.add_note(found, text=said.text, by=_me(request), now=timezone.now()))


@router.post("/tickets/{str:number}/urge", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def urge(request: HttpRequest, number: str, said: WordsIn) -> dict[str, Any]:
    """Urge a ticket; 409 where it has come to its end, or was urged a moment ago."""
    found = get_object_or_404(_rows(request), number=number)
    return _done(request, found, lambda: services.urge(found, words=said.text, by=_me(request), now=timezone.now()))


@router.post("/tickets/{str:number}/accept", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def accept(request: HttpRequest, number: str) -> dict[str, Any]:
    """Take a ticket into one's hands; 409 where somebody else was first."""
    found = _own(request, number)
    return _done(request, found, lambda: services.accept(found, by=_me(request), now=timezone.now()))


@router.post("/tickets/{str:number}/finish", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def finish(request: HttpRequest, number: str, said: WordsIn) -> dict[str, Any]:
    """Say that the work is done, with its result; 409 where that cannot be now."""
    found = _own(request, number)
    return _done(request, found, lambda: services.finish(found, result=said.text, by=_me(request), now=timezone.now()))


@router.post("/tickets/{str:number}/answer", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def answer(request: HttpRequest, number: str, said: AnswerIn) -> dict[str, Any]:
    """Write down what the customer was told; once the work is done, closing asks for it."""
    found = get_object_or_404(_rows(request), number=number)
    told: Any = {"how": said.how, "text": said.text, "reached": said.reached}
    return _done(request, found, lambda: services.answer_customer(found, **told, by=_me(request), now=timezone.now()))


@router.post("/tickets/{str:number}/close", response=TicketOut)
@open_to_programs("tickets.write")
@may(HANDLE.code)
def close(request: HttpRequest, number: str) -> dict[str, Any]:
    """End a ticket; 409 while its customer has not been told, or a part of it is open."""
    found = _own(request, number)
    return _done(request, found, lambda: services.close(found, by=_me(request), now=timezone.now()))


def _done(request: HttpRequest, found: Ticket, verb: Any) -> dict[str, Any]:
    try:
        verb()
    except services.Refused as refusal:
        raise HttpError(409, str(refusal)) from refusal
    return _out(_rows(request).get(pk=found.pk))
