# SPDX-License-Identifier: Apache-2.0
"""One request: what it asks, why it goes its way, what happened, what can be done now; and on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.approvals import selectors, services
from zuoxi.approvals.explaining import explained, how_lines, role_name, timeline
from zuoxi.approvals.forms import AttachmentsForm, DecisionForm
from zuoxi.approvals.kinds import Kind, UnknownKind, kind_named
from zuoxi.approvals.listing import TONES
from zuoxi.approvals.models import Request
from zuoxi.approvals.papers import content_of
from zuoxi.approvals.views.who import user_of
from zuoxi.approvals.visibility import visible_requests
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault import services as vault
from zuoxi.web.access import may


def found(request: HttpRequest, number: str) -> Request:
    """The request, or 404 as for one that was never made. Whoever may sign its open step may see it too."""
    now = timezone.now()
    rows = Request.objects.select_related("applicant__user", "submitted_by")
    one = rows.filter(pk__in=visible_requests(request.user, now).filter(number=number).values("pk")).first()
    if one is None and (asked := rows.filter(number=number, state=Request.State.OPEN).first()) is not None:
        step, staff = selectors.open_step(asked), staff_of(request.user)
        if step and staff and staff.pk in selectors.entitled(asked, step, now):
            one = asked
    if one is None:
        raise Http404(number)
    return one


def _kind_of(one: Request) -> Kind:
    try:
        return kind_named(one.kind)
    except UnknownKind as unknown:
        raise Http404(one.number) from unknown


@shows("ORG-003", "ORG-023", "ORG-027", "ORG-028")
@may("approvals.use")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, found(request, number))


def _page(request: HttpRequest, one: Request, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "approvals/request.html", context_of(request, one) | more, status=status)


def context_of(request: HttpRequest, one: Request) -> dict[str, Any]:
    """Everything that the page and its printed form show."""
    now, kind, staff = timezone.now(), _kind_of(one), staff_of(request.user)
    step = selectors.open_step(one) if one.open else None
    decides = bool(step and staff and staff.pk in selectors.entitled(one, step, now))
    signatures = list(one.signatures.select_related("approver", "decided_by").order_by("round", "order"))
    own = bool(staff and staff.pk == one.applicant_id) or one.submitted_by_id == request.user.pk
    summary = list(kind.summary(one))
    return {
        "one": one,
        "kind": kind,
        "title": selectors.title_of(one),
        "tone": TONES.get(one.state, "plain"),
        "summary": summary,
        "why": explained(one.why),
        "signatures": [(row, role_name(row.role), how_lines(row.how)) for row in signatures if row.round == one.round],
        "earlier": [(row, role_name(row.role)) for row in signatures if row.round != one.round],
        "entries": timeline(one),
        "documents": list(one.documents.select_related("added_by")),
        "papers": list(one.papers.select_related("document")),
        "filings": [(row, role_name(row.role)) for row in one.filings.select_related("holder")],
        "own_id": staff.pk if staff else None,
        "step": step,
        "decides": decides,
        "own": own,
        "may_withdraw": own and one.state in (Request.State.OPEN, Request.State.RETURNED),
        "may_correct": own and one.state == Request.State.RETURNED,
        "may_waive": any(row.decided_by_id == getattr(staff, "pk", 0) for row in signatures),
        "decision": DecisionForm(initial={"step": step.pk if step else None}),
        "files": AttachmentsForm(must=True),
        "panel": render_to_string(kind.panel_template, kind.panel(request, one), request)
        if decides and kind.panel and kind.panel_template
        else "",
    }


@require_POST
@may("approvals.use")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    one = found(request, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, one, 400, decision=form)
    given = form.cleaned_data
    try:
        decided = services.decide(
            one,
            by=user_of(request),
            verdict=given["verdict"],
            note=given["note"],
            now=timezone.now(),
            step=given["step"],
        )
    except ValidationError as wrong:
        form.add_error("note", " ".join(wrong.messages))
        return _page(request, one, 400, decision=form)
    except services.NotDone as refused:
        one.refresh_from_db()
        finding = getattr(refused, "finding", None)
        return _page(request, one, 409, refused=refused, refused_why=explained(finding))
    messages.success(request, _told(decided))
    return redirect("approvals:inbox" if given["verdict"] == "approve" else selectors.url_of(one))


def _told(decided: services.Decided) -> str:
    words = {
        "number": decided.request.number,
        "name": decided.next_approver.name if decided.next_approver else "—",
    }
    return {
        "approved": _("%(number)s is granted."),
        "next": _("Agreed. %(number)s goes on to %(name)s."),
        "refused": _("%(number)s was turned down."),
        "returned": _("%(number)s was sent back."),
        "rerouted": _("%(number)s now goes another way: %(name)s decides."),
    }[decided.outcome] % words


@require_POST
@may("approvals.use")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    one = found(request, number)
    try:
        services.withdraw(one, by=user_of(request), now=timezone.now(), note=request.POST.get("note", ""))
    except services.NotDone as refused:
        return _page(request, one, 409, refused=refused)
    messages.success(request, _("%(number)s was withdrawn.") % {"number": one.number})
    return redirect("approvals:mine")


@may("approvals.use")
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what was sent back; what was written stands in the form."""
    one, now = found(request, number), timezone.now()
    kind = _kind_of(one)
    staff = staff_of(request.user)
    if not (staff and staff.pk == one.applicant_id) and one.submitted_by_id != request.user.pk:
        raise PermissionDenied(number)
    context: dict[str, Any] = {"kind": kind, "one": one}
    if request.method != "POST":
        form = kind.blank(one.applicant, now, **one.data)
        return render(request, "approvals/new.html", context | {"form": form, "files": AttachmentsForm()})
    form, files = kind.bound(request.POST, one.applicant, now), AttachmentsForm(request.POST, request.FILES)
    context |= {"form": form, "files": files}
    if not (form.is_valid() and files.is_valid()):
        return render(request, "approvals/new.html", context, status=400)
    try:
        services.resubmit(one, request.POST, by=user_of(request), now=now, attachments=files.cleaned_data["attached"])
    except ValidationError as wrong:
        files.add_error("attached", " ".join(wrong.messages))
        return render(request, "approvals/new.html", context, status=400)
    except services.NotDone as refused:
        why = explained(getattr(refused, "finding", None))
        return render(request, "approvals/new.html", context | {"refused": refused, "why": why}, status=409)
    return redirect(selectors.url_of(one))


@require_POST
@may("approvals.use")
def add_document(request: HttpRequest, number: str) -> HttpResponse:
    one = found(request, number)
    files = AttachmentsForm(request.POST, request.FILES, must=True)
    if not files.is_valid():
        return _page(request, one, 400, files=files)
    try:
        for file in files.cleaned_data["attached"]:
            services.add_document(
                one, file, by=user_of(request), now=timezone.now(), paper=request.POST.get("paper", "")
            )
    except ValidationError as wrong:
        files.add_error("attached", " ".join(wrong.messages))
        return _page(request, one, 400, files=files)
    except services.NotDone as refused:
        return _page(request, one, 409, refused=refused)
    return redirect(selectors.url_of(one))


@never_cache
@may("approvals.use")
def document(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The file itself, to whom may see the request; who opened it is written down."""
    one = found(request, number)
    kept = one.documents.filter(pk=pk).first()
    if kept is None:
        raise Http404(str(pk))
    try:
        content = content_of(kept)
    except FileNotFoundError as lost:
        raise Http404(kept.name) from lost
    vault.record_request(request, "approvals.document.read", on=("request", one.number), document=kept.pk)
    answer = HttpResponse(content, content_type=kept.content_type)
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return answer


@require_POST
@may("approvals.use")
def waive(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """An approver no longer asks for a paper."""
    one = found(request, number)
    paper = one.papers.filter(pk=pk).first()
    staff = staff_of(request.user)
    if paper is None:
        raise Http404(str(pk))
    if staff is None or not one.signatures.filter(decided_by=staff).exists():
        raise PermissionDenied(number)
    services.waive(paper, by=user_of(request), now=timezone.now(), note=request.POST.get("note", ""))
    return redirect(selectors.url_of(one))


@require_POST
@may("approvals.use")
def read_copy(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    one = found(request, number)
    copy = one.filings.filter(pk=pk).first()
    if copy is None:
        raise Http404(str(pk))
    if not services.read_copy(copy, by=user_of(request), now=timezone.now()) and copy.read_at is None:
        raise PermissionDenied(number)
    return redirect(selectors.url_of(one))


@shows("ORG-027", "ORG-028")
@may("approvals.use")
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The request on A4, with every signature."""
    return render(request, "approvals/print.html", context_of(request, found(request, number)))
