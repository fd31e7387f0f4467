# SPDX-License-Identifier: Apache-2.0
"""The lists of tickets: with filters, as a board by state, as the work of a department on a phone."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.policy.marks import shows
from zuoxi.tickets import lists
from zuoxi.tickets.kinds import kind_labels, kinds
from zuoxi.tickets.models import OPEN_STATES, Department, Membership, Source, State, Ticket
from zuoxi.tickets.visibility import visible_tickets
from zuoxi.web import listing
from zuoxi.web.access import Principal, may

BOARD_ROWS = 30
WORK_ROWS = 100


def _lines(rows: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Rows as lists draw them."""
    now, rows = timezone.now(), list(rows)
    labels = kind_labels(one.kind for one in rows)
    return [
        {"ticket": one, "kind": labels.get(one.kind, one.kind), "standing": lists.standing(one, now)} for one in rows
    ]


def _full(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("department", "owner", "covered_by", "first_handler", "customer")


@shows("CUS-010", "CUS-011", "CUS-012", "VAR-005", "VAR-009")
@may("tickets.view")
def tickets(request: HttpRequest) -> HttpResponse:
    """Tickets by a ready filter, by any mix of others, or by words; the late ones first."""
    now = timezone.now()
    picked = request.GET.get("list", "") or ("all" if request.GET.get("q", "").strip() else "mine")
    closed = picked == "all" or request.GET.get("state") in (State.CLOSED, State.MERGED)
    page = listing.page_of(
        request, _full(lists.asked(request.user, request.GET, now)), lists.SORTS, "-received" if closed else "due"
    )
    base = reverse("tickets:tickets")
    user_id = int(request.user.pk or 0)
    context = {
        "page": page,
        "lines": _lines(page.rows, request),
        "tabs": [
            {"label": one.label, "url": f"{base}?list={one.key}", "count": None, "current": one.key == picked}
            for one in lists.READY
        ],
        "views": lists.views_of(user_id),
        "kinds": [(key, body.label) for key, body in kinds().items()],
        "states": State.choices,
        "departments": list(Department.objects.filter(closed_on__isnull=True)),
        "asked": request.GET,
        "answers": lists.answers_asked(request.GET),
        "source": dict(Source.choices).get(request.GET.get("source", "")),
        "counted": lists.COUNTED.get(request.GET.get("counted", "")),
        "picked": picked,
        "query": request.GET.urlencode(),
        "may_bulk": cast(Principal, request.user).may("tickets.dispatch"),
        "may_open": cast(Principal, request.user).may("tickets.open"),
        "default_sort": "-received" if closed else "due",
    }
    return render(request, "tickets/tickets.html", context)


@require_POST
@may("tickets.view")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    query = request.POST.get("query", "").lstrip("?")
    if lists.keep_view(int(request.user.pk or 0), request.POST.get("name", ""), query) is None:
        messages.error(request, _("Give the list a name."))
    return redirect(f"{reverse('tickets:tickets')}?{query}")


@require_POST
@may("tickets.view")
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    if not lists.forget_view(int(request.user.pk or 0), pk):
        raise Http404
    return redirect("tickets:tickets")


MOVES = {
    State.NEW: "return",
    State.WORKING: "accept",
    State.CHECKING: "finish",
    State.ANSWERING: "check",
    State.CLOSED: "close",
}
"""Which verb brings a card into a column; what needs words is asked for on the ticket's page."""


@shows("CUS-010", "CUS-012")
@may("tickets.view")
def board(request: HttpRequest) -> HttpResponse:
    """Open tickets by state, the earliest due first; a card is moved by its menu or dragged."""
    now = timezone.now()
    rows = visible_tickets(request.user)
    code = request.GET.get("department", "")[:32]
    if request.GET.get("mine"):
        rows = lists.ready("mine").narrow(rows, lists.staff_id(request.user), now)
    if code:
        rows = rows.filter(department__code=code)
    counts = dict(
        rows.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
        .values_list("state", "count")
    )
    columns = []
    for state in OPEN_STATES:
        cards = _full(rows.filter(state=state)).order_by(F("due_at").asc(nulls_last=True), "pk")[:BOARD_ROWS]
        columns.append(
            {"state": state, "label": State(state).label, "count": counts.get(state, 0),
             "move": MOVES.get(State(state), ""), "lines": _lines(cards, request)}
        )  # fmt: skip
    context = {
        "columns": columns,
        "departments": list(Department.objects.filter(closed_on__isnull=True)),
        "asked": request.GET,
    }
    return render(request, "tickets/board.html", context)


@shows("CUS-010", "CUS-018", "CUS-020")
@may("tickets.handle")
def work(request: HttpRequest) -> HttpResponse:
    """What a department has to do, as its people see it on a phone: mine, nobody's yet, and (for heads) everybody's."""
    now, staff = timezone.now(), lists.staff_id(request.user)
    memberships = list(Membership.objects.filter(staff_id=staff).select_related("department"))
    ids = [one.department_id for one in memberships]
    rows = _full(visible_tickets(request.user).filter(department_id__in=ids, state__in=OPEN_STATES))
    found = list(rows.order_by(F("due_at").asc(nulls_last=True), "-priority", "pk")[:WORK_ROWS])
    leads = {one.department_id for one in memberships if one.leads}
    mine = [one for one in found if staff in {one.owner_id, one.covered_by_id}]
    free = [one for one in found if one.owner_id is None]
    others = [one for one in found if one not in mine and one not in free and one.department_id in leads]
    context = {
        "departments": [one.department for one in memberships],
        "parts": [
            (_("Mine"), _lines(mine, request)),
            (_("Nobody's yet"), _lines(free, request)),
            (_("With my people"), _lines(others, request)),
        ],
        "overdue": sum(1 for one in found if one.due_at and one.due_at < now),
        "count": len(found),
    }
    return render(request, "tickets/work.html", context)
