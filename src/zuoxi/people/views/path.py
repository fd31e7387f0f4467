# SPDX-License-Identifier: Apache-2.0
"""The path of people: what was granted and is to come, handovers, loans, and the month's comings and goings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people import services
from zuoxi.people.headcount import LABELS, headcount_events, headcount_lines, month_of
from zuoxi.people.models import Handover, HandoverItem, Loan, PlannedChange, Staff, Team, User
from zuoxi.people.organisation import norm_lines
from zuoxi.people.selectors import Matter, loans_between, planned_changes, scope_of, staff_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS

SORTS = {"day": "effective_on", "name": "staff__code", "state": "state"}


@shows("ORG-021", "ORG-023", "ORG-030", "ATT-017")
@may("people.path")
def changes(request: HttpRequest) -> HttpResponse:
    """Moves, leavings and standby of the people in reach, with what still holds them back."""
    today = timezone.localdate()
    state = request.GET.get("state", "")
    rows = planned_changes(scope_of(request.user, today, Matter.STAFF), *([state] if state else []))
    page = page_of(request, rows, SORTS, "-day")
    context = {
        "page": page,
        "state": state,
        "states": PlannedChange.State.choices,
        "may_call_off": _may(request, "people.path.change"),
        "tabs": _tabs("changes"),
    }
    return render(request, "people/changes.html", context)


def _may(request: HttpRequest, capability: str) -> bool:
    return bool(getattr(request.user, "may", lambda _code: False)(capability))


def _tabs(current: str) -> list[dict[str, Any]]:
    rows = [("changes", _("Changes of post")), ("loans", _("Loans")), ("headcount", _("Comings and goings"))]
    return [
        {"url": reverse(f"people:{name}"), "label": label, "current": name == current, "count": None}
        for name, label in rows
    ]


@require_POST
@may("people.path.change")
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    scope = scope_of(request.user, timezone.localdate(), Matter.STAFF)
    change = planned_changes(scope).filter(pk=pk).first()
    if change is None:
        raise Http404(str(pk))
    if not services.cancel_change(change, by=request.user.get_username()):
        messages.error(request, _("It has come into force already."))
    return redirect("people:changes")


@shows("ORG-026")
@may("people.handovers")
def handovers(request: HttpRequest) -> HttpResponse:
    """One's own handovers, given and taken; a superior's people's as well."""
    staff = _own(request)
    scope = scope_of(request.user, timezone.localdate(), Matter.STAFF)
    rows = Handover.objects.select_related("giver", "taker", "change")
    mine = Q(giver=staff) | Q(taker=staff)
    if _may(request, "people.path"):
        mine |= Q(giver__in=scope.staff())
    page = page_of(request, rows.filter(mine), {"day": "change__effective_on"}, "-day")
    return render(request, "people/handovers.html", {"page": page})


def _own(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


def _handover(request: HttpRequest, pk: int) -> Handover:
    staff = _own(request)
    found = Handover.objects.select_related("giver", "taker", "change__staff", "change__position", "change__team")
    handover = found.filter(pk=pk).first()
    if handover is None:
        raise Http404(str(pk))
    if staff.pk in (handover.giver_id, handover.taker_id):
        return handover
    reach = scope_of(request.user, timezone.localdate(), Matter.STAFF).staff()
    if not _may(request, "people.path") or not reach.filter(pk=handover.giver_id).exists():
        raise Http404(str(pk))
    return handover


@shows("ORG-026")
@may("people.handovers")
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    return _handover_page(request, _handover(request, pk))


def _handover_page(request: HttpRequest, found: Handover, status: int = 200, **more: Any) -> HttpResponse:
    items = list(found.items.select_related("done_by"))
    staff = _own(request)
    context = {
        "handover": found,
        "items": items,
        "kinds": HandoverItem.Kind.choices,
        "open": sum(one.done_at is None for one in items),
        "party": staff.pk in (found.giver_id, found.taker_id) and found.closed_at is None,
        "signed": found.giver_signed_at if staff.pk == found.giver_id else found.taker_signed_at,
    }
    return render(request, "people/handover.html", context | more, status=status)


def _party(request: HttpRequest, pk: int) -> tuple[Handover, Staff]:
    found, staff = _handover(request, pk), _own(request)
    if staff.pk not in (found.giver_id, found.taker_id) or found.closed_at is not None:
        raise PermissionDenied(str(pk))
    return found, staff


@require_POST
@may("people.handovers")
def tick(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Say what a line is and whether it has been handed over."""
    found, staff = _party(request, pk)
    line = found.items.filter(pk=item).first()
    if line is None:
        raise Http404(str(item))
    services.tick_item(
        line,
        by=staff,
        what=request.POST.get("what", ""),
        done=request.POST.get("done", "") == "1",
        now=timezone.now(),
    )
    return redirect("people:handover", pk)


@require_POST
@may("people.handovers")
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    found, _staff = _party(request, pk)
    kind, what = request.POST.get("kind", ""), request.POST.get("what", "").strip()
    if kind not in HandoverItem.Kind.values or not what:
        return _handover_page(request, found, 400, wrong=_("Say what is handed over."))
    services.add_item(found, kind, what)
    return redirect("people:handover", pk)


@require_POST
@may("people.handovers")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    found, staff = _party(request, pk)
    trouble = services.sign_handover(found, by=staff, now=timezone.now())
    if trouble:
        return _handover_page(request, found, 409, wrong=trouble)
    services.apply_changes(timezone.localdate(), by=request.user.get_username())
    return redirect("people:handover", pk)


@shows("ORG-011")
@may("people.path")
def loans(request: HttpRequest) -> HttpResponse:
    """Who works for another team, now and around now."""
    now = timezone.now()
    scope = scope_of(request.user, timezone.localdate(), Matter.STAFF)
    reach = None if scope.everything else set(scope.staff().values_list("pk", flat=True))
    rows = loans_between(now - timedelta(days=31), now + timedelta(days=31), reach)
    lines = [(one, one.starts_at <= now < (one.ended_early_at or one.ends_at)) for one in reversed(rows)]
    context = {"lines": lines, "may_end": _may(request, "people.path.change"), "tabs": _tabs("loans")}
    return render(request, "people/loans.html", context)


@require_POST
@may("people.path.change")
def end_loan(request: HttpRequest, pk: int) -> HttpResponse:
    scope = scope_of(request.user, timezone.localdate(), Matter.STAFF)
    row = Loan.objects.filter(pk=pk, staff__in=scope.staff()).first()
    if row is None:
        raise Http404(str(pk))
    services.end_loan(row, timezone.now())
    return redirect("people:loans")


def _month(request: HttpRequest) -> date:
    text = f"{request.GET.get('month', '')}-01"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate().replace(day=1)


@shows("ORG-021", "ORG-002")
@may("people.path")
def headcount(request: HttpRequest) -> HttpResponse:
    """The change table of a month, from the posts themselves, with its sum for each team and posts against norms."""
    month = _month(request)
    today = timezone.localdate()
    scope = scope_of(request.user, today, Matter.STAFF)
    events = headcount_events(month, scope)
    lines = headcount_lines(month, events, scope)
    first, after = month_of(month)
    own = _led_by(request)
    totals = {kind: sum(line.counts[kind] for line in lines) for kind in LABELS}
    context = {
        "month": first,
        "before": first - timedelta(days=1),
        "after": after if after <= today else None,
        "events": events[:500],
        "more": max(len(events) - 500, 0),
        "lines": [(line, line.team is not None and line.team.pk in own) for line in lines],
        "totals": totals,
        "opening": sum(line.opening for line in lines),
        "closing": sum(line.closing for line in lines),
        "labels": LABELS,
        "norms": norm_lines(today),
        "tabs": _tabs("headcount"),
    }
    return render(request, "people/headcount.html", context)


def _led_by(request: HttpRequest) -> frozenset[int]:
    """Teams whose line the person may confirm: the ones he leads."""
    posts = getattr(request.user, "posts", ())
    leads = LEADERS | FLOOR_SUPERVISORS
    return frozenset(post.team_id for post in posts if post.team_id and post.position in leads)


@require_POST
@may("people.path")
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """A leader has found his team's month right."""
    team = Team.objects.filter(code=code).first()
    if team is None:
        raise Http404(code)
    if team.pk not in _led_by(request) or not isinstance(request.user, User):
        raise PermissionDenied(code)
    month = _month(request)
    services.confirm_headcount(team, month, by=request.user, now=timezone.now())
    return redirect(f"{reverse('people:headcount')}?month={month:%Y-%m}")
