# SPDX-License-Identifier: Apache-2.0
"""What was seen against a rule: the leader's list, each case with its why, and who keeps watch."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.floor import presence, watch_keeping
from zuoxi.floor.conduct import staff_named
from zuoxi.floor.emergency_lines import emergency_lines
from zuoxi.floor.grounds import ground
from zuoxi.floor.models import Observation
from zuoxi.floor.needs import needs_of, observations_in
from zuoxi.floor.reading import day_bounds
from zuoxi.floor.views.answering import done, me, reach_posts, reached
from zuoxi.people import selectors as people
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.web import listing
from zuoxi.web.access import may
from zuoxi.web.roles import FLOOR_SUPERVISORS, LEADERS, MANAGERS

IN_CHARGE = LEADERS | FLOOR_SUPERVISORS | MANAGERS
STALE = 15  # seconds: a page that is read looks around itself when nobody has for that long


def _scope(request: HttpRequest) -> people.Scope:
    return people.scope_of(request.user, timezone.localdate())


@never_cache
@shows("CALL-005", "CALL-006", "CALL-007", "CALL-008", "CALL-009", "FLR-006", "FLR-007", "FLR-014", "MTG-001")
@may("floor.discipline")
def needs(request: HttpRequest) -> HttpResponse:
    """The fragment of the floor page: everything that waits for who asks."""
    now = timezone.now()
    if cache.add("floor.watched", 1, STALE):
        watch_keeping.watch(now)
    found = needs_of(_scope(request), now, judges=isinstance(request.user, User) and request.user.may("floor.judge"))
    return render(
        request,
        "floor/rule/needs.html",
        {"needs": found, "now": now, "rounds": ground(found.rounds), "emergencies": emergency_lines(now)},
    )


SORTS = {"since": "since", "kind": "kind", "staff": "staff__code", "state": "state"}


@shows("CALL-005", "CALL-006", "CALL-007", "CALL-008", "CALL-011", "CALL-012", "CALL-013", "FLR-006", "FLR-007")
@may("floor.discipline")
def observations(request: HttpRequest) -> HttpResponse:
    """Everything seen, newest first; narrowed by kind, state and person."""
    rows = observations_in(_scope(request))
    kind, state, word = (request.GET.get(name, "")[:40] for name in ("kind", "state", "q"))
    if kind in Observation.Kind.values:
        rows = rows.filter(kind=kind)
    if state in Observation.State.values:
        rows = rows.filter(state=state)
    if word:
        rows = rows.filter(staff__code__in=people.codes_named(word))
    page = listing.page_of(request, rows, SORTS, "-since")
    context = {"page": page, "kinds": Observation.Kind.choices, "states": Observation.State.choices,
               "asked": {"kind": kind, "state": state, "q": word}}  # fmt: skip
    return render(request, "floor/rule/observations.html", context)


@shows("CALL-005", "CALL-006", "CALL-007", "CALL-008", "CALL-013", "FLR-006", "FLR-007")
@may("floor.discipline")
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its why, and the leader's decision."""
    row = get_object_or_404(observations_in(_scope(request)), pk=pk)
    context = {"row": row, "ground": ground(row.finding), "violations": list(row.violations.all()),
               "people": reach_posts(request) if row.escalated_to and row.staff_id else []}  # fmt: skip
    return render(request, "floor/rule/observation.html", context)


def _seen(request: HttpRequest, pk: int) -> Observation:
    return get_object_or_404(observations_in(_scope(request)), pk=pk)


@require_POST
@may("floor.discipline")
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    _seen(request, pk)
    reason = request.POST.get("reason", "")
    verb = lambda: watch_keeping.excuse(pk, reason, people.staff_of(request.user), timezone.now())  # noqa: E731
    return done(request, verb, _("Excused."), "floor:observation", pk)


@require_POST
@may("floor.discipline")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    _seen(request, pk)
    note = request.POST.get("note", "")
    verb = lambda: watch_keeping.confirm(pk, note, people.staff_of(request.user), timezone.now())  # noqa: E731
    return done(request, verb, _("Confirmed."), "floor:observation", pk)


@require_POST
@may("floor.discipline")
def substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who takes the seat of who is away (CALL-008)."""
    _seen(request, pk)

    def verb() -> None:
        who = reached(request, request.POST.get("person", ""))
        watch_keeping.put_substitute(pk, who, people.staff_of(request.user), timezone.now())

    return done(request, verb, _("The substitute has been told."), "floor:observation", pk)


@shows("FLR-007")
@may("floor.board")
def timeline(request: HttpRequest) -> HttpResponse:
    """Who kept watch on the floor that day, and where nobody did."""
    now = timezone.now()
    day = timezone.localdate(now)
    asked = request.GET.get("day", "")
    with suppress(ValueError):
        day = min(day, date.fromisoformat(asked)) if asked else day
    start, end = day_bounds(day)
    watches = presence.watches_between(start, min(end, now))
    holes = presence.gaps_between(start, min(end, now), watches)
    staff = people.staff_of(request.user)
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if end < now else None,
        "watches": watches,
        "gaps": [(since, until, int((until - since).total_seconds() // 60)) for since, until in holes],
        "gap_minutes": sum(int((until - since).total_seconds() // 60) for since, until in holes),
        "bars": [_bar(start, end, one.since, one.until or now) for one in watches],
        "holes": [_bar(start, end, since, until) for since, until in holes],
        "mine": any(one.until is None and staff and one.code == staff.code for one in watches),
        "keeps": isinstance(request.user, User) and request.user.may("floor.keep_watch") and staff is not None,
        "people": people.posts_on(timezone.localdate(now), positions=sorted(IN_CHARGE)),
    }
    return render(request, "floor/rule/timeline.html", context)


def _bar(start: datetime, end: datetime, since: datetime, until: datetime) -> dict[str, str]:
    """Where a stretch stands on the day's line, in per cent."""
    whole = (end - start).total_seconds()
    x = max(0.0, (since - start).total_seconds() / whole * 100)
    width = max(0.4, (until - since).total_seconds() / whole * 100)
    return {"x": f"{x:.2f}", "width": f"{min(width, 100 - x):.2f}"}


@require_POST
@may("floor.keep_watch")
def take_watch(request: HttpRequest) -> HttpResponse:
    staff = me(request)
    return done(request, lambda: presence.arrive(staff, timezone.now()), _("You keep watch now."), "floor:timeline")


@require_POST
@may("floor.keep_watch")
def leave_watch(request: HttpRequest) -> HttpResponse:
    staff = me(request)

    def verb() -> None:
        code = request.POST.get("stand_in", "").strip()
        stand_in = staff_named(code) if code else None
        presence.leave(staff, request.POST.get("why", ""), stand_in, timezone.now())

    return done(request, verb, _("You have left the watch."), "floor:timeline")
