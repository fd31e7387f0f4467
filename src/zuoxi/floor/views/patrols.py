# SPDX-License-Identifier: Apache-2.0
"""Rounds on a telephone: begin, tap a seat, tick the list, take a picture, hand it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.floor import patrols
from zuoxi.floor.grounds import ground
from zuoxi.floor.handbook import AREAS, DESKS, VIOLATIONS
from zuoxi.floor.models import Patrol, PatrolCheck, SpotDraw
from zuoxi.floor.photos import cleaned
from zuoxi.floor.refusing import Refused
from zuoxi.floor.views.answering import done, me
from zuoxi.people import selectors as people
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.web import listing
from zuoxi.web.access import may

MOST_PHOTOS = 4
CHECKED = (
    "FLR-001", "FLR-002", "FLR-003", "FLR-008", "FLR-009", "FLR-010", "FLR-011", "FLR-012", "FLR-013", "FLR-014",
    "FLR-015", "FLR-020", "FLR-023", "FLR-026", "FLR-030", "FLR-032",
)  # fmt: skip


def _teams(request: HttpRequest) -> list[Any]:
    scope = people.scope_of(request.user, timezone.localdate())
    return people.open_teams(None if scope.everything or scope.project_ids else scope.team_ids)


@shows("FLR-014", "FLR-015")
@may("floor.discipline")
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds walked, how many this shift still wants, and the draw for a spot check."""
    now, staff = timezone.now(), people.staff_of(request.user)
    scope = people.scope_of(request.user, timezone.localdate(now))
    rows = scope.narrow(Patrol.objects.select_related("walked_by", "team", "submitted_to"), "walked_by__code")
    page = listing.page_of(request, rows.prefetch_related("checks"), {"when": "started_at"}, "-when", size=20)
    teams = _teams(request)
    due = patrols.rounds_due([team.pk for team in teams] if scope.team_ids else None, now)
    context = {
        "page": page,
        "due": due,
        "ground": ground(due),
        "teams": teams,
        "mine": Patrol.objects.filter(walked_by=staff, submitted_at=None).first() if staff else None,
        "draws": list(SpotDraw.objects.select_related("drawn_by").order_by("-drawn_at")[:5]),
    }
    return render(request, "floor/rule/patrols.html", context)


@require_POST
@may("floor.discipline")
def start(request: HttpRequest) -> HttpResponse:
    staff = me(request)
    known = {str(team.pk): team.pk for team in _teams(request)}
    patrol = patrols.start(staff, known.get(request.POST.get("team", "")), timezone.now())
    return redirect("floor:patrol", patrol.pk)


@require_POST
@may("floor.discipline")
def spot_check(request: HttpRequest) -> HttpResponse:
    """Chance chooses among who is at work; the round that follows names the draw."""
    staff, now = me(request), timezone.now()
    scope = people.scope_of(request.user, timezone.localdate(now))
    reach = None if scope.everything else scope.agent_codes()
    states = telephony.present_states()
    pool = [code for code, one in states.items() if one.state != "signed_out" and (reach is None or code in reach)]
    try:
        draw = patrols.draw_spot_check(pool, staff, now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("floor:patrols")
    return redirect("floor:patrol", patrols.start(staff, None, now, draw=draw).pk)


def _seen(request: HttpRequest, pk: int) -> Patrol:
    scope = people.scope_of(request.user, timezone.localdate())
    rows = Patrol.objects.select_related("walked_by", "team", "submitted_to", "draw")
    return get_object_or_404(scope.narrow(rows, "walked_by__code"), pk=pk)


def _places(request: HttpRequest, patrol: Patrol) -> list[patrols.Place]:
    scope = people.scope_of(request.user, timezone.localdate())
    found = patrols.places(patrol.team_id, timezone.localdate())
    if patrol.draw:
        chosen = set(patrol.draw.chosen)
        return [place for place in found if place.code in chosen]
    if patrol.team_id is None and not scope.everything:
        reach = scope.agent_codes()
        return [place for place in found if place.code in reach]
    return found


@shows(*CHECKED, "FLR-017")
@may("floor.discipline")
def patrol(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its seats to tap, what was found, handing it in."""
    found = _seen(request, pk)
    checks = list(found.checks.select_related("staff").prefetch_related("photos").order_by("-at"))
    looked = {check.seat: check for check in checks}
    states = telephony.present_states()
    book = site_handbook()
    labels = {key: body.label for key, body in book.entries(VIOLATIONS).items()}
    seats = [
        (place, looked.get(place.seat), states[place.code].state if place.code in states else "signed_out")
        for place in _places(request, found)
    ]
    staff = people.staff_of(request.user)
    context = {
        "patrol": found,
        "seats": seats,
        "left": sum(check is None for _place, check, _state in seats),
        "faulty": [
            (check, faults_of(check, labels))
            for check in checks
            if check.faults or check.note or check.photos.all()
        ],
        "checks": checks,
        "room": patrols.checklist(book, "", room=True),
        "told": [(area.label, found.room[key]) for key, area in book.entries(AREAS).items() if key in found.room],
        "mine": staff is not None and staff.pk == found.walked_by_id,
    }  # fmt: skip
    return render(request, "floor/rule/patrol.html", context)


def faults_of(check: PatrolCheck, labels: Mapping[str, Any]) -> list[Any]:
    """The seat's faults in the order of the handbook; a database keeps an object's keys in an order of its own."""
    found = {item for items in check.faults.values() for item in items}
    return [label for item, label in labels.items() if item in found] + sorted(found - set(labels))


@shows(*CHECKED, "FLR-018", "FLR-019", "FLR-028", "FLR-031")
@may("floor.discipline")
def seat(request: HttpRequest, pk: int, seat: str) -> HttpResponse:
    """The list of one seat, by its kind and the pack, with the picture of how its desk should look."""
    found = _seen(request, pk)
    place = next((one for one in _places(request, found) if one.seat == seat), None)
    if place is None:
        raise Http404
    book, now = site_handbook(), timezone.now()
    kind = request.POST.get("seat_kind") or request.GET.get("kind") or place.kind
    kind = kind if kind in patrols.SEAT_KINDS else place.kind
    faults, note, wrong = request.POST.getlist("fault"), request.POST.get("note", ""), ""
    if request.method == "POST":
        by = me(request)
        staff = people.staff_by_id([place.staff_id]).get(place.staff_id) if place.staff_id else None
        try:
            pictures = [cleaned(one, one.size or 0) for one in request.FILES.getlist("photo")[:MOST_PHOTOS]]
            patrols.look_at_seat(
                pk, seat, seat_kind=kind, staff=staff, faults=faults, note=note, photos=pictures, by=by, now=now
            )
        except Refused as refusal:
            wrong = str(refusal)
        else:
            messages.success(request, _("Seat %(seat)s is written down.") % {"seat": seat})
            return redirect("floor:patrol", pk)
    desk = book.entries(DESKS).get(kind)
    context = {
        "patrol": found, "place": place, "kind": kind, "kinds": patrols.SEAT_KINDS, "faults": faults, "note": note,
        "wrong": wrong, "lines": patrols.checklist(book, kind), "desk": desk,
        "grid": [desk.places.get(f"{row}{side}") if desk else None for row, side in GRID],
    }  # fmt: skip
    return render(request, "floor/rule/seat.html", context, status=422 if wrong else 200)


GRID = (
    ("top ", "left"), ("top ", "middle"), ("top ", "right"),
    ("middle ", "left"), ("", "middle"), ("middle ", "right"),
    ("bottom ", "left"), ("bottom ", "middle"), ("bottom ", "right"),
)  # fmt: skip


@require_POST
@may("floor.discipline")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    _seen(request, pk)
    by = me(request)
    typed = {key[5:]: request.POST.get(key, "").strip() for key in request.POST if key.startswith("room-")}
    room = {key: text for key, text in typed.items() if text}
    verb = lambda: patrols.submit(pk, room, request.POST.get("note", ""), by, timezone.now())  # noqa: E731
    return done(request, verb, _("Handed in to the deputy manager."), "floor:patrol", pk)
