# SPDX-License-Identifier: Apache-2.0
"""Handovers, posts with A and B, people moved during the day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people.models import Staff
from zuoxi.people.selectors import Matter, open_teams_query, scope_of, staff_of, working_staff
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce import services
from zuoxi.workforce.duty import pairs_on
from zuoxi.workforce.forms import DispatchForm, HandoverForm, PairForm, SubstituteForm
from zuoxi.workforce.visibility import dispatches_seen, handovers_seen, pairs_seen


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


def _people(request: HttpRequest) -> Any:
    today = timezone.localdate()
    reach = scope_of(request.user, today, Matter.OPERATIONS).staff(today)
    return working_staff(today).filter(pk__in=reach.values("pk"))


@shows("SCH-016", "SCH-019", "SCH-025")
@may("workforce.own")
def handovers(request: HttpRequest) -> HttpResponse:
    """What was handed over, and the form for more."""
    me, today = _me(request), timezone.localdate()
    others = working_staff(today).exclude(pk=me.pk)
    form = HandoverForm(request.POST or None, people=others, initial={"day": today, "occasion": "shift"})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        services.hand_over(
            giver=me, taker=said.pop("taker"), occasion=said.pop("occasion"), day=said.pop("day"), said=said,
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Handed over; the other has been told."))
        return redirect("workforce:handovers")
    rows = handovers_seen(request.user, today).distinct()
    page = page_of(request, rows, {"given": "given_at"}, "-given")
    return render(
        request, "workforce/handovers.html", {"form": form, "page": page, "me": me}, status=422 if form.errors else 200
    )


@require_POST
@may("workforce.own")
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    me = _me(request)
    note = get_object_or_404(handovers_seen(request.user, timezone.localdate()).filter(taker=me), pk=pk)
    if services.take_over(note, now=timezone.now(), objection=request.POST.get("objection", "")):
        messages.success(request, _("Taken over."))
    return redirect("workforce:handovers")


@shows("SCH-024")
@may("workforce.rosters")
def pairs(request: HttpRequest) -> HttpResponse:
    """Posts with A and B: who does them today, and where nobody does."""
    today = timezone.localdate()
    may_write = request.user.may("workforce.rosters.edit")  # type: ignore[union-attr]
    form = PairForm(request.POST or None, people=_people(request), initial={"from_on": today})
    if request.method == "POST":
        if not may_write:
            raise Http404
        if form.is_valid():
            services.keep_pair(**form.cleaned_data, by=request.user.get_username(), now=timezone.now())
            messages.success(request, _("Written down."))
            return redirect("workforce:pairs")
    rows = list(pairs_seen(request.user, today)[:200])
    context = {"states": pairs_on(today, rows), "form": form if may_write else None, "today": today}
    return render(request, "workforce/pairs.html", context, status=422 if form.errors else 200)


@require_POST
@may("workforce.rosters.edit")
def end_pair(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    pair = get_object_or_404(pairs_seen(request.user, today), pk=pk)
    if services.end_pair(pair, today, by=request.user.get_username(), now=timezone.now()):
        messages.success(request, _("The pair has ended."))
    return redirect("workforce:pairs")


@shows("SCH-013", "SCH-018", "SCH-028", "ORG-037")
@may("workforce.day")
def dispatches(request: HttpRequest) -> HttpResponse:
    """People lent and moved during the day, suggestions, and the form for a substitute."""
    me, now = _me(request), timezone.now()
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    form = DispatchForm(
        request.POST if request.POST.get("what") == "dispatch" else None,
        people=_people(request), teams=open_teams_query(), initial={"starts_at": start, "kind": "lent"}, prefix="d",
    )  # fmt: skip
    other = SubstituteForm(
        request.POST if request.POST.get("what") == "substitute" else None,
        people=_people(request), initial={"day": start.date()}, prefix="s",
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        services.dispatch(**form.cleaned_data, by=me, now=now)
        messages.success(request, _("Written down; whoever is moved has been told."))
        return redirect("workforce:dispatches")
    if other.is_bound and other.is_valid() and _substituted(request, other):
        return redirect("workforce:dispatches")
    page = page_of(request, dispatches_seen(request.user, timezone.localdate()), {"made": "made_at"}, "-made")
    wrong = bool(form.errors or other.errors)
    context = {"form": form, "substitute": other, "page": page}
    return render(request, "workforce/dispatches.html", context, status=422 if wrong else 200)


def _substituted(request: HttpRequest, form: SubstituteForm) -> bool:
    said = form.cleaned_data
    wish = services.Wish(
        "substitute", said["instead_of"], said["staff"], said["day"], said["day"], said["reason"], said["handover"]
    )
    try:
        services.ask_swap(wish, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except (services.NotPossible, services.NotDone) as refusal:
        form.add_error(None, str(refusal))
        return False
    except ValidationError as refusal:
        form.add_error(None, refusal.messages[0])
        return False
    messages.success(request, _("Handed in for the manager's consent."))
    return True
