# SPDX-License-Identifier: Apache-2.0
"""Handing a request in, anew after it was sent back, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.kinds import Draft, Kind, Route, as_data, kind_named
from zuoxi.approvals.models import NumberSeries, Request, Signature
from zuoxi.approvals.papers import keep
from zuoxi.approvals.refusals import NotDone, NotYours, Overtaken, Refused
from zuoxi.approvals.stepping import open_next, put_steps
from zuoxi.approvals.trail import seal, tell
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of


def number_of(day: date) -> str:
    """The next number of the day: 20261122-007. Numbers given out are not given again."""
    NumberSeries.objects.get_or_create(day=day)
    series = NumberSeries.objects.select_for_update().get(day=day)
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
    return f"{day:%Y%m%d}-{series.last + 1:03}"


def checked(kind: Kind, applicant: Staff, data: Any, now: datetime, attachments: int = 0) -> dict[str, Any]:
    """What the form cleaned, as JSON. Raises ValidationError with the form's errors by field."""
    form = kind.bound(data, applicant, now)
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.as_data().items()})
    if kind.attachment == "must" and not attachments:
        raise ValidationError({"__all__": [_("Attach the written request: this type needs one.")]})
    cleaned: dict[str, Any] = as_data(form.cleaned_data)
    return cleaned


def route_for(kind: Kind, draft: Draft) -> Route:
    """The way the request goes. Raises Refused when a rule forbids it."""
    if kind.may_ask is not None and not kind.may_ask(draft.applicant, timezone.localdate(draft.submitted_at)):
        raise NotDone(gettext_lazy("Your post does not ask for this."), gettext_lazy("Choose another type of request."))
    route = kind.route(draft, timezone.localdate(draft.submitted_at))
    if route.refused:
        raise Refused(route.finding)
    return route


@transaction.atomic
def submit(
    kind_code: str,
    applicant: Staff,
    data: Any,
    *,
    by: User | None,
    now: datetime,
    attachments: Iterable[UploadedFile[Any]] = (),
) -> Request:
    """Hand a request in: checked by its form, routed by its rule, put before the first who signs.

    Raises ValidationError (the form), Refused (the rules), NotDone (nobody could sign), UnknownKind.
    """
    kind, files = kind_named(kind_code), list(attachments)
    cleaned = checked(kind, applicant, data, now, len(files))
    route = route_for(kind, Draft(kind_code, applicant, cleaned, now))
    request = Request.objects.create(
        number=number_of(timezone.localdate(now)),
        kind=kind_code,
        applicant=applicant,
        submitted_by=by,
        data=cleaned,
        finding=route.finding.as_json(),
        filed_with=list(route.filed_with),
        submitted_at=now,
    )
    for file in files:
        keep(request, file, by, now)
    put_steps(request, route.steps)
    tell(request, "submitted", now, who=staff_of(by) if by else applicant, words=list(route.words))
    seal(request, "approvals.submitted", by)
    open_next(request, now)
    return request


@transaction.atomic
def resubmit(
    request: Request, data: Any, *, by: User, now: datetime, attachments: Iterable[UploadedFile[Any]] = ()
) -> Request:
    """Hand in again what was sent back, under the same number; the earlier round stays readable."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    _own(request, by)
    if request.state != Request.State.RETURNED:
        raise Overtaken(gettext_lazy("Only what was sent back can be handed in again."))
    kind, files = kind_named(request.kind), list(attachments)
    cleaned = checked(kind, request.applicant, data, now, len(files) + request.documents.count())
    route = route_for(kind, Draft(request.kind, request.applicant, cleaned, now))
    before = request.data
    request.data, request.round, request.state = cleaned, request.round + 1, Request.State.OPEN
    request.finding, request.filed_with, request.decided_at = route.finding.as_json(), list(route.filed_with), None
    request.save()
    for file in files:
        keep(request, file, by, now)
    put_steps(request, route.steps)
    tell(request, "resubmitted", now, who=staff_of(by), before=before, words=list(route.words))
    seal(request, "approvals.resubmitted", by, round=request.round)
    open_next(request, now)
    return request


def _own(request: Request, by: User) -> None:
    staff = staff_of(by)
    if not (staff and staff.pk == request.applicant_id) and request.submitted_by_id != by.pk:
        raise NotYours(gettext_lazy("Only whoever handed it in can do this."))


@transaction.atomic
def withdraw(request: Request, *, by: User, now: datetime, note: str = "") -> Request:
    """Take a request back that is not decided yet, or that was sent back."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    _own(request, by)
    if request.state not in (Request.State.OPEN, Request.State.RETURNED):
        raise Overtaken(
            gettext_lazy("This request has been decided and can no longer be withdrawn."),
            gettext_lazy("Ask whoever decided, or hand in a new one."),
        )
    drop_open(request)
    request.state, request.decided_at = Request.State.WITHDRAWN, now
    request.save(update_fields=["state", "decided_at"])
    tell(request, "withdrawn", now, who=staff_of(by), note=note)
    seal(request, "approvals.withdrawn", by)
    kind = kind_named(request.kind)
    if kind.on_closed:
        kind.on_closed(request)
    return request


def drop_open(request: Request) -> None:
    """Signatures that are not given yet are no longer needed."""
    request.signatures.filter(round=request.round, state__in=(Signature.State.OPEN, Signature.State.WAITING)).update(
        state=Signature.State.DROPPED
    )
