# SPDX-License-Identifier: Apache-2.0
"""Follow-ups for programs: what was asked and answered comes by id; a hospital's system files discharges and check-ups.

Names and numbers do not leave. Annotations are real objects here: the guard hides this module's names from ninja.
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from zuoxi.customers import selectors as customers
from zuoxi.followups import services
from zuoxi.followups.access import FILES, VIEW
from zuoxi.followups.models import FollowUpTask
from zuoxi.followups.visibility import visible_tasks
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.web.access import may, open_to_programs

router = Router(tags=["followups"])


class TaskFilter(Schema):
    """`after` an id; `customer` an id."""

    after: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=200)
    kind: str = Field("", max_length=40)
    state: str = Field("", max_length=12)
    customer: int | None = None


class TaskOut(Schema):
    """`assignee` a staff number, null in the pool. `complaint`: the number of the complaint it became, or ""."""

    id: int
    kind: str
    state: str
    ticket: str
    order: str
    customer: int | None
    assignee: str | None
    due_from: datetime
    due_by: datetime
    booked_for: datetime | None
    closed_at: datetime | None
    attempts: int
    satisfaction: str
    score: int | None
    complaint: str


class TasksOut(Schema):
    items: list[TaskOut]
    next: int | None


class DischargeIn(Schema):
    """`quiet`: times like "12:00-14:30" at which the patient is not called."""

    record: str = Field(max_length=32)
    name: str = Field(max_length=80)
    number: str = Field("", max_length=32)
    department: str = Field(max_length=60)
    doctor: str = Field("", max_length=40)
    discharged_on: date
    quiet: str = Field("", max_length=80)


class CheckupIn(Schema):
    """`positive` null: not read yet."""

    record: str = Field(max_length=32)
    name: str = Field(max_length=80)
    number: str = Field("", max_length=32)
    checked_on: date
    positive: bool | None = None
    item: str = Field("", max_length=80)


class FiledOut(Schema):
    record: str


def _out(one: FollowUpTask) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "state": one.state,
        "ticket": one.ticket,
        "order": one.order,
        "customer": one.customer_id,
        "assignee": one.assignee.code if one.assignee else None,
        "due_from": one.due_from,
        "due_by": one.due_by,
        "booked_for": one.booked_for,
        "closed_at": one.closed_at,
        "attempts": one.attempts,
        "satisfaction": one.satisfaction,
        "score": one.score,
        "complaint": one.complaint,
    }


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise HttpError(403, "no staff record")
    return staff


@router.get("/tasks", response=TasksOut)
@open_to_programs("followups.read")
@may(VIEW.code)
def tasks(request: HttpRequest, asked: Query[TaskFilter]) -> dict[str, Any]:
    """Follow-ups by id."""
    rows = visible_tasks(request.user, timezone.localdate()).filter(pk__gt=asked.after)
    if asked.state and asked.state not in FollowUpTask.State.values:
        raise HttpError(422, f"state: one of {', '.join(FollowUpTask.State.values)}")
    given = {"kind": asked.kind, "state": asked.state}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if asked.customer is not None:
        rows = rows.filter(customer_id__in=customers.identities_of(asked.customer))
    found = list(rows.select_related("assignee").order_by("pk")[: asked.limit + 1])
    more = len(found) > asked.limit
    return {"items": [_out(one) for one in found[: asked.limit]], "next": found[asked.limit - 1].pk if more else None}


@router.post("/discharges", response={201: FiledOut})
@open_to_programs("followups.write")
@may(FILES.code)
def discharge(request: HttpRequest, said: DischargeIn) -> Any:
    """Open the file of a patient who left; the follow-up is planned with it."""
    try:
        made = services.discharge(
            said.record,
            said.name,
            said.number,
            said.department,
            said.discharged_on,
            doctor=said.doctor,
            quiet=services.quiet_spans(said.quiet),
            by=_me(request),
            now=timezone.now(),
        )
    except services.Refused as refusal:
        raise HttpError(422, str(refusal)) from refusal
    return Status(201, {"record": made.record})


@router.post("/checkups", response={201: FiledOut})
@open_to_programs("followups.write")
@may(FILES.code)
def checkup(request: HttpRequest, said: CheckupIn) -> Any:
    """Write a check-up's result down; a positive one is pursued at once."""
    try:
        made = services.read_checkup(
            said.record,
            said.name,
            said.number,
            said.checked_on,
            said.positive,
            item=said.item,
            by=_me(request),
            now=timezone.now(),
        )
    except services.Refused as refusal:
        raise HttpError(422, str(refusal)) from refusal
    return Status(201, {"record": made.record})
