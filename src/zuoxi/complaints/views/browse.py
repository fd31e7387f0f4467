# SPDX-License-Identifier: Apache-2.0
"""Lists: complaints with filters that people keep, the board by state, praise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from zuoxi.complaints import lists, services
from zuoxi.complaints.access import VIEW
from zuoxi.complaints.choices import OPEN_STATES, About, Severity, Source, State
from zuoxi.complaints.filters import filters_of
from zuoxi.complaints.handbook import kinds_of, praise_kinds_of
from zuoxi.complaints.models import Praise
from zuoxi.complaints.views.who import me_of, user_of
from zuoxi.complaints.visibility import visible_complaints, visible_praise
from zuoxi.complaints.who import step_label
from zuoxi.people.selectors import staff_of, team_choices
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

_SORTS = {"received": "received_at", "due": "answer_due_at", "number": "number"}
_COLUMN = 30
_PRAISE_ASKED = ("state", "kind", "source", "team", "staff", "from", "to", "q")
DUE = (
    ("late", gettext_lazy("Overdue or answered late")),
    ("in_time", gettext_lazy("Answered in time")),
    ("due", gettext_lazy("Due or answered")),
)


def _warn_minutes() -> int:
    return site_handbook().on(timezone.localdate()).whole("complaint.warn_minutes")


def _counts(rows: Any) -> dict[str, int]:
    now = timezone.now()
    open_ = Q(state__in=OPEN_STATES)
    found: dict[str, int] = rows.aggregate(
        open=Count("pk", filter=open_),
        late=Count("pk", filter=open_ & Q(answer_due_at__lt=now, paused_since__isnull=True)),
        first=Count("pk", filter=open_ & Q(responded_at__isnull=True)),
        grave=Count("pk", filter=open_ & Q(severity=Severity.GRAVE)),
        unlocated=Count("pk", filter=open_ & Q(about=About.UNLOCATED)),
    )
    return found


@shows("CMP-001", "CMP-002", "CMP-008")
@may(VIEW.code)
def complaints(request: HttpRequest) -> HttpResponse:
    """Open ones first falling due on top; everything can be asked, sorted and kept as a filter."""
    user, now = user_of(request), timezone.now()
    asked = {name: request.GET.get(name, "") for name in lists.ASKED}
    seen = visible_complaints(user)
    rows = lists.narrowed(seen, asked, user, now).select_related("customer", "about_staff", "handler")
    page = page_of(request, rows, _SORTS, "due" if asked["state"] in ("", lists.OPEN) else "-received")
    context = {
        "page": page,
        "rows": [
            (row, step_label(row.one.level)) for row in lists.rows_of(list(page.rows), user, now, _warn_minutes())
        ],
        "asked": asked,
        "counts": _counts(seen),
        "states": [(lists.OPEN, pgettext("complaint", "All open")), ("all", _("All")), *State.choices],
        "severities": Severity.choices,
        "sources": Source.choices,
        "kinds": [(code, body.label) for code, body in kinds_of(site_handbook()).items()],
        "teams": team_choices(),
        "dues": DUE,
        "filters": filters_of(staff_of(user)),
        "query": _query(request),
        "narrowed": any(value for name, value in asked.items() if name not in ("state", "sort")),
    }
    return render(request, "complaints/list.html", context)


def _query(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()[:400]


@require_POST
@may(VIEW.code)
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep what the address asks under a name; the same name again replaces it."""
    query = request.POST.get("query", "")[:400]
    if not services.keep_filter(me_of(request), request.POST.get("name", ""), query):
        messages.warning(request, _("Give the filter a name; up to 20 can be kept."))
    return redirect(f"{reverse('complaints:complaints')}?{query}")


@require_POST
@may(VIEW.code)
def drop_filter(request: HttpRequest, pk: int) -> HttpResponse:
    services.drop_filter(me_of(request), pk)
    return redirect("complaints:complaints")


@shows("CMP-002", "CMP-003")
@may(VIEW.code)
def board(request: HttpRequest) -> HttpResponse:
    """Columns by state, the most urgent on top."""
    user, now = user_of(request), timezone.now()
    rows = visible_complaints(user).select_related("customer", "about_staff", "handler")
    if request.GET.get("mine"):
        rows = lists.narrowed(rows, {"state": "all", "mine": "1"}, user, now)
    columns = []
    for state in (*OPEN_STATES, State.ANSWERED):
        found = list(rows.filter(state=state).order_by("answer_due_at", "pk")[: _COLUMN + 1])
        cards = [(row, step_label(row.one.level)) for row in lists.rows_of(found[:_COLUMN], user, now, _warn_minutes())]
        columns.append({"state": state, "label": state.label, "cards": cards, "more": len(found) > _COLUMN})
    context = {"columns": columns, "counts": _counts(visible_complaints(user)), "mine": request.GET.get("mine", "")}
    return render(request, "complaints/board.html", context)


@shows("CMP-012", "CMP-004")
@may(VIEW.code)
def praises(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    asked = {
        name: request.GET.get(name, "") for name in ("state", "kind", "source", "team", "staff", "from", "to", "q")
    }
    seen = visible_praise(user)
    rows = lists.praise_narrowed(seen, asked).select_related("staff", "team", "customer", "complaint")
    page = page_of(request, rows, {"received": "received_at", "number": "number"}, "-received")
    kinds = praise_kinds_of(site_handbook())
    states = seen.aggregate(
        all=Count("pk"),
        received=Count("pk", filter=Q(state="received")),
        confirmed=Count("pk", filter=Q(state="confirmed")),
        people=Count("staff", distinct=True, filter=Q(state="confirmed")),
    )
    context = {
        "page": page,
        "rows": [(one, kinds[one.kind].label if one.kind in kinds else one.kind) for one in page.rows],
        "asked": asked,
        "counts": states,
        "states": Praise.State.choices,
        "kinds": [(code, body.label) for code, body in kinds.items()],
        "teams": team_choices(),
    }
    return render(request, "complaints/praises.html", context)
