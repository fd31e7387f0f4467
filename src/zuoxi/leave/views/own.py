# SPDX-License-Identifier: Apache-2.0
"""One's own leave: what is left, what was asked, the month, and the form with everything beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.approvals import selectors as approvals
from zuoxi.leave import services
from zuoxi.leave.asking import CODE, picture_of
from zuoxi.leave.forms import BackForm, LeaveForm, TruthForm, blank_wish
from zuoxi.leave.granting import back_day
from zuoxi.leave.kinds import kind_label, kinds_of
from zuoxi.leave.ledger import balance_of
from zuoxi.leave.models import Leave
from zuoxi.leave.months import month_of, own_month, shifted
from zuoxi.leave.previews import preview_of
from zuoxi.leave.views.who import own_record, user_of
from zuoxi.leave.visibility import visible_leaves, visible_staff
from zuoxi.leave.wishes import Wish
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

_ROWS = 12
_SOON = timedelta(days=10)  # calls that are shown ahead


@shows("ATT-035", "SCH-003", "ATT-028")
@may("leave.use")
def mine(request: HttpRequest) -> HttpResponse:
    """Balances, what waits, the month, and what was granted."""
    staff, today = own_record(request), timezone.localdate()
    month = month_of(request.GET.get("month"), today)
    kinds = kinds_of(site_handbook())
    balances = [(body.label, balance_of(staff, code, today)) for code, body in kinds.items() if body.balance]
    asked = approvals.requests_of(staff).filter(kind=CODE)
    wishes = [Wish.of(one.data) for one in asked.filter(state="open")]
    page = page_of(request, Leave.objects.filter(staff=staff), {"first": "first_on"}, "-first", size=_ROWS)
    context = {
        "balances": balances,
        "asked": approvals.lines_of(list(asked.exclude(state__in=("approved", "lapsed"))[:_ROWS])),
        "weeks": own_month(staff, month, wishes),
        "month": month,
        "before": shifted(month, -1),
        "after": shifted(month, 1),
        "today": today,
        "page": page,
        "leaves": [(one, kind_label(one.kind)) for one in page.rows],
    }
    return render(request, "leave/mine.html", context)


def _applicant(request: HttpRequest) -> Staff:
    """Whom the leave is for: oneself, or somebody in reach whose call is written down."""
    code = request.POST.get("for") or request.GET.get("for")
    if not code:
        return own_record(request)
    user = user_of(request)
    if not user.may("leave.record"):
        raise PermissionDenied("leave.record")
    return get_object_or_404(visible_staff(user, timezone.localdate()), code=code)


@shows("ATT-006", "ATT-014", "ATT-019", "ATT-020", "ATT-013", "ATT-015", "ATT-034")
@may("leave.use")
def new(request: HttpRequest) -> HttpResponse:
    """The form; whatever is typed, the preview beside it says days, balance, places, who signs and why."""
    applicant, now = _applicant(request), timezone.now()
    if request.method != "POST":
        known = {key: value for key, value in request.GET.items() if key in LeaveForm.base_fields}
        recording = applicant.pk != own_record(request).pk
        start = blank_wish({"channel": "phone", "kind": "sick", "emergency": True} if recording else {}, now.date())
        if recording:
            start |= {"first_on": timezone.localdate(now), "last_on": timezone.localdate(now)}
        form = LeaveForm(initial=start | known, applicant=applicant, now=now)
        return _form(request, form, applicant)
    form = LeaveForm(request.POST, applicant=applicant, now=now)
    if not form.is_valid():
        return _form(request, form, applicant, 422)
    try:
        made = services.ask(applicant, request.POST, by=user_of(request), now=now, attachments=_files(request))
    except ValidationError as wrong:
        return _form(request, form, applicant, 422, trouble=" ".join(wrong.messages))
    except services.NotDone as refused:
        finding = getattr(refused, "finding", None)
        return _form(request, form, applicant, 409, refused=refused, why=approvals.explained(finding))
    messages.success(request, _("%(number)s has been handed in.") % {"number": made.number})
    return redirect(approvals.url_of(made))


def _files(request: HttpRequest) -> list[Any]:
    return list(request.FILES.getlist("attached"))


def _form(request: HttpRequest, form: LeaveForm, applicant: Staff, status: int = 200, **more: Any) -> HttpResponse:
    own = own_record(request)
    kinds = [(body.label, body.about) for body in kinds_of(site_handbook()).values()]
    context = {"form": form, "applicant": applicant, "recording": applicant.pk != own.pk, "kinds": kinds}
    if form.is_bound and not form.errors:
        context["preview"] = _preview(form, applicant)
    return render(request, "leave/new.html", context | more, status=status)


def _preview(form: LeaveForm, applicant: Staff) -> Any:
    return preview_of(picture_of(applicant, Wish.of(form.cleaned_data), form.now), form.now)


@shows("ATT-019", "ATT-020", "ATT-032")
@require_POST
@may("leave.use")
def preview(request: HttpRequest) -> HttpResponse:
    """What the form says so far, judged; nothing is kept."""
    applicant = _applicant(request)
    form = LeaveForm(request.POST, applicant=applicant, now=timezone.now())
    form.fields["reason"].required = False
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context["preview"] = _preview(form, applicant)
    return render(request, "leave/preview.html", context)


@shows("ATT-016", "ATT-012", "ATT-035")
@may("leave.use")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """One leave with its days, its ground, its papers and calls, and what can still be done with it."""
    return _page(request, _found(request, pk))


def _found(request: HttpRequest, pk: int) -> Leave:
    rows = visible_leaves(user_of(request), timezone.localdate())
    return get_object_or_404(rows.select_related("staff", "request", "recorded_by", "stand_in", "checked_by"), pk=pk)


def _page(request: HttpRequest, one: Leave, status: int = 200, **forms: Any) -> HttpResponse:
    today, own, user = timezone.localdate(), own_record(request), user_of(request)
    current = one.state == Leave.State.APPROVED and today <= one.last_on
    context = {
        "one": one,
        "label": kind_label(one.kind),
        "own": one.staff_id == own.pk,
        "days": one.taken.select_related("duty"),
        "contacts": one.contacts.filter(due_on__lte=today + _SOON).prefetch_related("tries__by"),
        "papers": list(one.request.papers.all()) if one.request else [],
        "why": approvals.explained(Finding.from_json(one.finding) if one.finding else None),
        "may_end": current and (one.staff_id == own.pk or user.may("leave.record")),
        "may_prolong": current and one.staff_id == own.pk,
        "may_check": one.staff_id != own.pk and user.may("leave.record"),
        "ending": forms.get("ending") or BackForm(initial={"back_on": max(today, one.first_on)}),
        "truth": forms.get("truth") or TruthForm(),
        "back_day": back_day(one),
        "prolong_from": (one.last_on + timedelta(days=1)).isoformat(),
    }
    return render(request, "leave/leave.html", context | forms, status=status)


@require_POST
@may("leave.use")
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back at work earlier: one's own leave from today on, that of others by whoever leads them."""
    one, own, user = _found(request, pk), own_record(request), user_of(request)
    form = BackForm(request.POST)
    mine_ = one.staff_id == own.pk
    if not mine_ and not user.may("leave.record"):
        raise Http404(str(pk))
    if form.is_valid() and mine_ and form.cleaned_data["back_on"] < timezone.localdate():
        form.add_error("back_on", _("That day has passed: ask your leader to write the return down."))
    if not form.is_valid():
        return _page(request, one, 422, ending=form)
    try:
        services.back_early(
            one, form.cleaned_data["back_on"], by=own, now=timezone.now(), note=form.cleaned_data["note"]
        )
    except services.NotDone as refused:
        form.add_error("back_on", f"{refused.message} {refused.remedy}")
        return _page(request, one, 409, ending=form)
    messages.success(request, _("The days that are left have been given back."))
    return redirect("leave:leave", pk)


@shows("ATT-016")
@require_POST
@may("leave.record")
def truth(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the reason was true (ATT-016)."""
    one, form = _found(request, pk), TruthForm(request.POST)
    if not form.is_valid():
        return _page(request, one, 422, truth=form)
    try:
        services.check_truth(
            one,
            truthful=form.cleaned_data["truthful"] == "yes",
            note=form.cleaned_data["note"],
            by=own_record(request),
            now=timezone.now(),
        )
    except services.NotDone as refused:
        form.add_error("note", str(refused.message))
        return _page(request, one, 409, truth=form)
    messages.success(request, _("Written down."))
    return redirect("leave:leave", pk)
