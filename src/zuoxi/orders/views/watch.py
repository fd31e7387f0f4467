# SPDX-License-Identifier: Apache-2.0
"""Bonus points, emergencies after the sale, and registrations that look invented."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by
from zuoxi.customers.visibility import visible_customers
from zuoxi.orders import figures, services
from zuoxi.orders.emergencies import HANDLERS
from zuoxi.orders.handbook import EMERGENCIES
from zuoxi.orders.models import Emergency, PointsGrant, Suspicion
from zuoxi.orders.points import month_of
from zuoxi.orders.services import NotDone
from zuoxi.orders.views.asking import done, key_of, told, who
from zuoxi.orders.visibility import visible_grants, visible_suspicions
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


class PointsForm(forms.Form):
    """Whom, how many, what for, and on what ground."""

    number = forms.CharField(label=gettext_lazy("Customer's telephone number"), max_length=32)
    points = forms.IntegerField(label=gettext_lazy("Points"), min_value=1, max_value=100000)
    basis = forms.ChoiceField(label=gettext_lazy("On the ground of"), choices=PointsGrant.Basis.choices)
    basis_ref = forms.CharField(label=gettext_lazy("Number of the complaint, ticket or order"), max_length=40)
    reason = forms.CharField(label=gettext_lazy("What for"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class EmergencyForm(forms.Form):
    """What happened, and how much of it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    title = forms.CharField(label=gettext_lazy("In one line"), max_length=120)
    orders = forms.IntegerField(label=gettext_lazy("How many orders"), min_value=1, required=False)
    words = forms.CharField(
        label=gettext_lazy("What happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = site_handbook().entries(EMERGENCIES)
        self.fields["kind"].choices = [(key, str(body.label)) for key, body in known.items()]  # type: ignore[attr-defined]


@shows("ORD-007")
@may("orders.points")
def points(request: HttpRequest) -> HttpResponse:
    """Grants of the people in reach, and this month's total with each person's share."""
    now = timezone.now()
    since, until = month_of(timezone.localdate(now))
    seen = visible_grants(request.user, timezone.localdate(now))
    total, people = figures.points_between(seen, since, until)
    rows = seen.select_related("customer", "asked_by")
    state = request.GET.get("state", "")
    if state in PointsGrant.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"asked": "asked_at", "points": "points"}, "-asked")
    context = {
        "page": page, "total": total, "people": people, "states": PointsGrant.State.choices, "asked": request.GET,
        "average": total / len(people) if people else None,
    }  # fmt: skip
    return render(request, "orders/points.html", context)


@may("orders.points")
def ask(request: HttpRequest) -> HttpResponse:
    start = {key: request.GET.get(key, "") for key in ("number", "basis", "basis_ref")}
    if not start["number"] and key_of(request.GET.get("customer", "")):
        start["number"] = _number_of(request, key_of(request.GET["customer"]))
    form = PointsForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        return redirect("orders:points")
    return render(request, "orders/ask_points.html", {"form": form}, status=422 if form.errors else 200)


def _number_of(request: HttpRequest, customer: int) -> str:
    from zuoxi.customers.selectors import numbers_of

    found = visible_customers(request.user).filter(pk=customer).first()
    return next(iter(numbers_of([found.pk])), "") if found else ""


def _asked(request: HttpRequest, form: PointsForm) -> bool:
    said = form.cleaned_data
    customer: Customer | None = found_by(said["number"])
    if customer is None:
        form.add_error("number", _("No customer has this number."))
        return False
    try:
        grant = services.ask_points(
            customer, said["points"], reason=said["reason"], basis=said["basis"], basis_ref=said["basis_ref"],
            by=who(request), now=timezone.now(),
        )  # fmt: skip
    except ValueError as refusal:  # NotDone and what the request itself refuses
        form.add_error(None, f"{refusal} {getattr(refusal, 'remedy', '')}".strip())
        return False
    messages.success(request, f"{grant.number}: {Finding.from_json(grant.finding).why}")
    return True


@shows("ORD-008")
@may("orders.emergencies")
def emergencies(request: HttpRequest) -> HttpResponse:
    """The register, and the form to tell of one."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.tell_emergency(
                said["kind"], said["title"], said["words"], by=who(request), now=timezone.now(), orders=said["orders"]
            )
        except NotDone as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down; whoever deals with it is told."))
            return redirect("orders:emergency", made.number)
    rows = Emergency.objects.select_related("handler", "told_by")
    page = page_of(request, rows, {"opened": "opened_at"}, "-opened")
    kinds = site_handbook().entries(EMERGENCIES)
    lines = [(one, kinds[one.kind].label if one.kind in kinds else one.kind) for one in page.rows]
    context = {"page": page, "lines": lines, "form": form, "now": timezone.now()}
    return render(request, "orders/emergencies.html", context, status=422 if form.errors else 200)


@shows("ORD-008")
@may("orders.emergencies")
def emergency(request: HttpRequest, number: str) -> HttpResponse:
    one = get_object_or_404(Emergency.objects.select_related("handler", "told_by"), number=number)
    if request.method == "POST":
        verbs = {
            "take": lambda: services.take_emergency(one, by=who(request), now=timezone.now()),
            "note": lambda: services.note_emergency(
                one, request.POST.get("words", ""), by=who(request), now=timezone.now()
            ),
            "close": lambda: services.close_emergency(
                one, request.POST.get("words", ""), by=who(request), now=timezone.now()
            ),
        }
        verb: Any = verbs.get(request.POST.get("act", ""))
        if verb:
            told(request, done(request, verb))
        return redirect("orders:emergency", number)
    kinds = site_handbook().entries(EMERGENCIES)
    user: Any = request.user
    context = {
        "one": one,
        "kind": kinds[one.kind].label if one.kind in kinds else one.kind,
        "notes": list(one.notes.select_related("by")),
        "may_take": one.state == Emergency.State.OPEN and bool(user.roles & {str(post) for post in HANDLERS}),
        "handles": one.state == Emergency.State.HANDLING and one.handler is not None and one.handler.user_id == user.pk,
        "late": one.state == Emergency.State.OPEN and one.due_at < timezone.now(),
    }
    return render(request, "orders/emergency.html", context)


@shows("ORD-009")
@may("orders.view")
def audit(request: HttpRequest) -> HttpResponse:
    """What the audit found: the judges see all, everybody what was found about his own orders."""
    rows = visible_suspicions(request.user, timezone.localdate()).select_related("order", "staff", "judged_by")
    state = request.GET.get("state", "")
    if state in Suspicion.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"found": "found_at"}, "-found")
    user: Any = request.user
    lines = [
        {
            "one": one,
            "why": Finding.from_json(one.finding).why if one.finding else "",
            "own": one.staff is not None and one.staff.user_id == user.pk,
        }
        for one in page.rows
    ]
    context = {
        "page": page, "lines": lines, "states": Suspicion.State.choices, "asked": request.GET,
        "judges": user.may("orders.audit"),
    }  # fmt: skip
    return render(request, "orders/audit.html", context)


@require_POST
@may("orders.view")
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge one, appeal against it, or judge the appeal."""
    user: Any = request.user
    one = get_object_or_404(visible_suspicions(user, timezone.localdate()), pk=pk)
    by, now, words, act = who(request), timezone.now(), request.POST.get("words", ""), request.POST.get("act", "")
    if act == "appeal":
        told(request, done(request, lambda: services.appeal_suspicion(one, words, by=by, now=now)))
    elif user.may("orders.audit") and act in ("invented", "fine"):
        told(request, done(request, lambda: services.judge_suspicion(one, act == "invented", words, by=by, now=now)))
    elif user.may("orders.audit") and act in ("uphold", "grant"):
        told(request, done(request, lambda: services.judge_appeal(one, act == "uphold", words, by=by, now=now)))
    return redirect("orders:audit")
