# SPDX-License-Identifier: Apache-2.0
"""One's own requests, the choice of a new one, its form."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals import selectors, services
from zuoxi.approvals.explaining import explained
from zuoxi.approvals.forms import AttachmentsForm, InboxFilterForm
from zuoxi.approvals.kinds import Kind, UnknownKind, kind_named, kinds
from zuoxi.approvals.listing import lines_of
from zuoxi.approvals.models import Request
from zuoxi.approvals.views.who import user_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of, standings_kept
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


def own_record(request: HttpRequest) -> Staff:
    """The person's staff record; without one there is nothing to ask for."""
    staff = staff_of(request.user)
    if staff is None or not staff.employed:
        raise PermissionDenied("no staff record")
    return staff


@may("approvals.use")
def mine(request: HttpRequest) -> HttpResponse:
    staff = staff_of(request.user)
    form = InboxFilterForm(request.GET, states=True)
    form.is_valid()
    rows = selectors.requests_of(staff) if staff else Request.objects.none()
    for name in ("kind", "state"):
        if form.cleaned_data.get(name):
            rows = rows.filter(**{name: form.cleaned_data[name]})
    page = page_of(request, rows, {"submitted": "submitted_at", "state": "state"}, "-submitted")
    return render(request, "approvals/mine.html", {"form": form, "page": page, "lines": lines_of(page.rows)})


def open_to(request: HttpRequest, staff: Staff) -> list[Kind]:
    """The types that this person may ask for today."""
    day = timezone.localdate()
    may_ = getattr(request.user, "may", lambda _code: False)
    with standings_kept():
        return [
            kind
            for kind in kinds().values()
            if kind.listed
            and (not kind.capability or may_(kind.capability))
            and (kind.may_ask is None or kind.may_ask(staff, day))
        ]


@shows("ORG-023", "ORG-027", "ORG-029", "CALL-015", "CALL-016")
@may("approvals.use")
def choose(request: HttpRequest) -> HttpResponse:
    """Every type that the person may ask for, in groups."""
    staff = own_record(request)
    offered = sorted(open_to(request, staff), key=lambda kind: (str(kind.group), kind.order))
    groups = [(name, list(rows)) for name, rows in groupby(offered, key=lambda kind: str(kind.group))]
    groups.sort(key=lambda pair: min(kind.order for kind in pair[1]))
    return render(request, "approvals/choose.html", {"groups": groups})


def _kind(request: HttpRequest, code: str, staff: Staff) -> Kind:
    try:
        kind = kind_named(code)
    except UnknownKind as unknown:
        raise Http404(code) from unknown
    if kind not in open_to(request, staff):
        raise Http404(code)
    return kind


@may("approvals.use")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one type; what the rules say stands beside it when they refuse."""
    staff, now = own_record(request), timezone.now()
    asked = _kind(request, kind, staff)
    must = asked.attachment == "must"
    if request.method != "POST":
        initial = {key: value for key, value in request.GET.items() if key in asked.form.base_fields}
        return _form_page(request, asked, asked.blank(staff, now, **initial), AttachmentsForm(must=must))
    form, files = asked.bound(request.POST, staff, now), AttachmentsForm(request.POST, request.FILES, must=must)
    if not (form.is_valid() and files.is_valid()):
        return _form_page(request, asked, form, files, 400)
    try:
        made = services.submit(
            kind, staff, request.POST, by=user_of(request), now=now, attachments=files.cleaned_data["attached"]
        )
    except ValidationError as wrong:
        _take_errors(form, files, wrong)
        return _form_page(request, asked, form, files, 400)
    except services.NotDone as refused:
        return _form_page(request, asked, form, files, 409, refused=refused)
    messages.success(request, _("%(number)s has been handed in.") % {"number": made.number})
    return redirect(selectors.url_of(made))


def _take_errors(form: Form, files: AttachmentsForm, wrong: ValidationError) -> None:
    found = getattr(wrong, "error_dict", None)
    if found is None:
        files.add_error("attached", wrong)
        return
    for name, errors in found.items():
        if name in form.fields:
            form.add_error(name, errors)
        else:
            files.add_error("attached", errors)


def _form_page(
    request: HttpRequest, kind: Kind, form: Form, files: AttachmentsForm, status: int = 200, **more: Any
) -> HttpResponse:
    refused = more.get("refused")
    finding = getattr(refused, "finding", None)
    context = {"kind": kind, "form": form, "files": files, "why": explained(finding)}
    return render(request, "approvals/new.html", context | more, status=status)
