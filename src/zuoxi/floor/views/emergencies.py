# SPDX-License-Identifier: Apache-2.0
"""Emergencies of the floor: told in one click by anybody, dealt with by the steps of the handbook, kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.floor import emergencies as services
from zuoxi.floor.emergency_lines import emergency_lines, line_of, lines_of
from zuoxi.floor.grounds import ground
from zuoxi.floor.models import FloorEmergency
from zuoxi.floor.views.answering import done, me
from zuoxi.people import selectors as people
from zuoxi.policy.marks import shows
from zuoxi.web import listing
from zuoxi.web.access import Principal, may

SORTS = {"began": "began_at", "ended": "ended_at", "kind": "kind"}


@never_cache
@shows("EMG-003")
@may("floor.emergencies")
def emergencies(request: HttpRequest) -> HttpResponse:
    """What stands now, the form to tell one, and what was."""
    now = timezone.now()
    rows = FloorEmergency.objects.exclude(ended_at=None).select_related("handler", "ended_by")
    page = listing.page_of(request, rows, SORTS, "-began")
    context = {
        "standing": emergency_lines(now),
        "page": page,
        "lines": lines_of(page.rows, now),
        "kinds": services.kinds(),
    }
    return render(request, "floor/rule/emergencies.html", context)


@never_cache
@shows("EMG-003", "EMG-004")
@may("floor.emergencies")
def emergency(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: by what it was seen, who was told, its steps, its notes, its end."""
    row = get_object_or_404(FloorEmergency.objects.select_related("told_by", "handler", "ended_by"), pk=pk)
    names = people.names_of(row.told)
    context = {
        "row": row,
        "line": line_of(row, timezone.now()),
        "ground": ground(row.finding),
        "told": [names.get(code, code) for code in row.told],
        "steps": services.steps_of(row),
        "notes": row.entries.filter(place=None).select_related("by"),
        "handles": cast(Principal, request.user).may("floor.emergencies.handle"),
    }
    return render(request, "floor/rule/emergency.html", context)


@require_POST
@may("floor.emergencies")
def tell(request: HttpRequest) -> HttpResponse:
    staff, said = me(request), request.POST
    kind, words = said.get("kind", ""), said.get("words", "")
    return done(
        request,
        lambda: services.tell(kind, words, by=staff, now=timezone.now()),
        _("Told: whoever is answerable knows now."),
        "floor:emergencies",
    )


def _done(request: HttpRequest, pk: int, verb: Callable[..., Any], *words: Any, good: str) -> HttpResponse:
    """One verb on one emergency, in the asker's name."""
    get_object_or_404(FloorEmergency, pk=pk)
    by, now = me(request), timezone.now()
    return done(request, lambda: verb(pk, *words, by=by, now=now), good, "floor:emergency", pk)


@require_POST
@may("floor.emergencies.handle")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.take, good=_("You deal with it."))


@require_POST
@may("floor.emergencies.handle")
def tick(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    return _done(request, pk, services.tick, place, good=_("Ticked with your name."))


@require_POST
@may("floor.emergencies")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, services.note, request.POST.get("words", ""), good=_("Written down."))


@require_POST
@may("floor.emergencies.handle")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    good = _("It is over; the record is kept.")
    return _done(request, pk, services.end, request.POST.get("words", ""), good=good)
