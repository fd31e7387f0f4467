# SPDX-License-Identifier: Apache-2.0
"""Callbacks: one's calendar, the team's overdue ones, and callers who keep their place in a queue."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import selectors as customers
from zuoxi.outbound import promising, turns
from zuoxi.outbound.calling import call_promise
from zuoxi.outbound.dial_rules import judge_callback
from zuoxi.outbound.facts import CallbackFacts
from zuoxi.outbound.forms import PromiseForm, staff_named
from zuoxi.outbound.models import Promise, QueueTurn
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.views.asked import by_of, done, moment_of, signed_out, today_of
from zuoxi.outbound.visibility import promises_seen, staff_seen, turns_seen
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queue_names, waiting_ahead
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

TONES = {"in_time": "info", "overdue": "warn", "escalate": "bad"}
TURN_TONES = {"waiting": "info", "dialling": "accent", "done": "good", "expired": "warn", "dropped": "plain"}


@shows("CUS-014", "CALL-021")
@may("outbound.work")
def callbacks(request: HttpRequest) -> HttpResponse:
    """Open callbacks by day: one's own, or everybody's in reach; settled ones on request."""
    staff, now = by_of(request), timezone.now()
    whose, state = request.GET.get("whose", "mine"), request.GET.get("state", "open")
    rows = promises_seen(request.user, today_of()).select_related("owner", "customer", "previous", "closed_by")
    if whose != "team" or not _leads(request):
        whose, rows = "mine", rows.filter(owner=staff)
    rows = rows.filter(state=Promise.State.OPEN) if state == "open" else rows.exclude(state=Promise.State.OPEN)
    page = page_of(request, rows, {"due": "due_at", "closed": "closed_at"}, "due" if state == "open" else "-closed")
    book = site_handbook()
    reading = book.on(today_of())
    lines = [
        (one, masking.phone(one.number), judge_callback(CallbackFacts(one.due_at, now), book.on(reading.on)))
        for one in page.rows
    ]
    days = [
        (day, [(one, number, finding, TONES[finding.outcome]) for one, number, finding in group])
        for day, group in groupby(lines, key=lambda line: timezone.localtime(line[0].due_at).date())
    ]
    mine = Promise.objects.filter(owner=staff, state=Promise.State.OPEN)
    context = {
        "page": page, "days": days, "whose": whose, "state": state, "leads": _leads(request), "now": now,
        "overdue": mine.filter(due_at__lt=now).count(),
        "soon": mine.filter(due_at__gte=now, due_at__lt=now + timedelta(hours=2)).count(),
        "form": PromiseForm(), "today": today_of(),
    }  # fmt: skip
    return render(request, "outbound/callbacks.html", context)


def _leads(request: HttpRequest) -> bool:
    user = request.user
    return bool(user.is_authenticated and user.may("outbound.team"))


@may("outbound.work")
def new(request: HttpRequest) -> HttpResponse:
    """A callback by hand into one's own calendar."""
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, staff = form.cleaned_data, by_of(request)
        to = customers.found_by(told["number"]) or told["number"]
        try:
            promising.promise_callback(
                to, at=told["at"], agent=staff, reason=told["reason"], by=staff, now=timezone.now(),
                number=told["number"], name=told["name"], source=Promise.Source.HAND,
            )  # fmt: skip
        except Refused as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("It stands in your calendar."))
            return redirect("outbound:callbacks")
    return render(request, "outbound/callback_form.html", {"form": form}, status=400 if form.errors else 200)


def _promise(request: HttpRequest, pk: int) -> Promise:
    return get_object_or_404(promises_seen(request.user, today_of()), pk=pk)


@require_POST
@may("outbound.work")
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call now; the workplace then shows the call."""
    row = _promise(request, pk)
    if signed_out(by_of(request)):
        messages.error(request, _("Sign in at your desk first; then the switch rings your telephone."))
        return redirect("outbound:callbacks")
    if done(request, lambda: call_promise(row.pk, by_of(request), timezone.now())):
        return redirect("outbound:work")
    return redirect("outbound:callbacks")


@require_POST
@may("outbound.work")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    row, outcome = _promise(request, pk), request.POST.get("outcome", "")
    done(request, lambda: promising.keep_promise(row.pk, outcome, by_of(request), timezone.now()), _("Settled."))
    return redirect("outbound:callbacks")


@require_POST
@may("outbound.work")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    row, reason = _promise(request, pk), request.POST.get("reason", "")
    done(request, lambda: promising.drop_promise(row.pk, reason, by_of(request), timezone.now()), _("Called off."))
    return redirect("outbound:callbacks")


@require_POST
@may("outbound.work")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time; leaders may also give it to somebody else in their reach."""
    row, at, to = _promise(request, pk), moment_of(request.POST.get("at", "")), None
    if (code := request.POST.get("staff", "").strip()) and _leads(request):
        try:
            to = staff_named(code, staff_seen(request.user, today_of()))
        except ValidationError as wrong:
            messages.error(request, wrong.messages[0])
            return redirect("outbound:callbacks")
    if at is None and to is None:
        messages.error(request, _("Choose another time or another person."))
    else:
        verb = lambda: promising.move_promise(row.pk, at=at, to=to, by=by_of(request), now=timezone.now())  # noqa: E731
        done(request, verb, _("Moved."))
    return redirect("outbound:callbacks")


@may("outbound.team")
def queue_turns(request: HttpRequest) -> HttpResponse:
    """Callers who keep their place without waiting on the line."""
    now, rows = timezone.now(), turns_seen(request.user, today_of())
    state = request.GET.get("state", "open")
    rows = rows.filter(state__in=turns.OPEN) if state == "open" else rows.exclude(state__in=turns.OPEN)
    page = page_of(
        request, rows.select_related("customer"), {"place": "entered_at"}, "place" if state == "open" else "-place"
    )
    names = queue_names({one.queue for one in page.rows})
    first = {one.queue: one for one in reversed(page.rows)}
    ahead = waiting_ahead({queue: one.entered_at for queue, one in first.items()}, now) if state == "open" else {}
    lines = [
        (one, masking.phone(one.number), names.get(one.queue, one.queue), TURN_TONES[one.state],
         place + ahead.get(one.queue, 0) if state == "open" else None)
        for place, one in _places(list(page.rows))
    ]  # fmt: skip
    return render(request, "outbound/turns.html", {"page": page, "lines": lines, "state": state})


def _places(rows: list[QueueTurn]) -> list[tuple[int, QueueTurn]]:
    """Each with its place among those of its queue, from one up."""
    seen: dict[str, int] = {}
    found = []
    for one in rows:
        seen[one.queue] = seen.get(one.queue, 0) + 1
        found.append((seen[one.queue], one))
    return found


@require_POST
@may("outbound.team")
def drop_turn(request: HttpRequest, pk: int) -> HttpResponse:
    row, reason = get_object_or_404(turns_seen(request.user, today_of()), pk=pk), request.POST.get("reason", "")
    done(request, lambda: turns.drop_turn(row.pk, reason, by_of(request), timezone.now()), _("Called off."))
    return redirect("outbound:turns")
