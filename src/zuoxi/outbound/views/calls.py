# SPDX-License-Identifier: Apache-2.0
"""The outbound calls behind every figure."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from zuoxi.outbound import selectors
from zuoxi.outbound.models import Attempt
from zuoxi.outbound.views.asked import today_of
from zuoxi.outbound.visibility import attempts_seen
from zuoxi.policy.marks import shows
from zuoxi.vault import masking
from zuoxi.web.access import may
from zuoxi.web.listing import between, page_of

ATTEMPT_TONES = {"answered": "good", "unanswered": "plain", "nuisance": "bad", "dropped": "warn", "unknown": "warn"}


@shows("CALL-017")
@may("outbound.read")
def calls(request: HttpRequest) -> HttpResponse:
    """Outbound calls behind every figure: one's own, or those in reach; by campaign, person, day, kind."""
    rows = attempts_seen(request.user, today_of()).select_related("staff", "campaign", "lead", "customer")
    rows = _narrowed(request, rows)
    page = page_of(request, rows, {"at": "reserved_at", "talk": "talk_seconds"}, "-at")
    labels = selectors.result_labels()
    shown = [
        (one, masking.phone(one.number), _tone(one), labels.get(one.result, one.result), _name(one))
        for one in page.rows
    ]
    context = {"page": page, "lines": shown, "kinds": _kinds(), "asked": request.GET}
    return render(request, "outbound/calls.html", context)


def _tone(row: Attempt) -> str:
    return ATTEMPT_TONES.get(row.state, "accent")


def _name(row: Attempt) -> str:
    """Whom it was to reach."""
    if row.lead is not None and row.lead.name:
        return row.lead.name
    return str(row.customer.name) if row.customer is not None else ""


def _kinds() -> list[tuple[str, str]]:
    return [
        ("dialled", _("Dialled")),
        ("answered", _("Taken up")),
        ("reached", _("Reached")),
        ("effective", _("Effective")),
        ("unwritten", _("Without a result")),
        ("nuisance", _("Answered without an agent")),
    ]


def _narrowed(request: HttpRequest, rows: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """By campaign and person; then as a figure counted them, or by the page's own days, result and kind."""
    asked = request.GET
    if (number := asked.get("campaign", "")) and number.isdecimal() and len(number) < 10:
        rows = rows.filter(campaign=int(number))
    if code := asked.get("staff", ""):
        rows = rows.filter(staff__code=code)
    kind = asked.get("kind", "")
    if kind in selectors.COUNTED:
        return between(rows.filter(selectors.PLACED, selectors.COUNTED[kind]), asked, "dialled_at")
    return _by_kind(_by_day(rows, asked), kind)


def _by_day(rows: QuerySet[Attempt], asked: QueryDict) -> QuerySet[Attempt]:
    for name, column in (("day", "day"), ("from", "day__gte"), ("to", "day__lte")):
        if text := asked.get(name, ""):
            try:
                rows = rows.filter(**{column: text})
            except (ValidationError, ValueError):
                rows = rows.none()
    if result := asked.get("result", ""):
        rows = rows.filter(result=result)
    return rows


def _by_kind(rows: QuerySet[Attempt], kind: str) -> QuerySet[Attempt]:
    if kind == "dialled":
        rows = rows.filter(selectors.DIALLED)
    elif kind == "answered":
        rows = rows.filter(answered_at__isnull=False)
    elif kind == "reached":
        rows = rows.filter(answered_at__isnull=False, result__in=selectors.reached_results())
    elif kind == "effective":
        rows = rows.filter(effective=True)
    elif kind == "unwritten":
        rows = rows.filter(answered_at__isnull=False, written_at=None, ended_at__isnull=False)
    elif kind == "nuisance":
        rows = rows.filter(state=Attempt.State.NUISANCE)
    return rows
