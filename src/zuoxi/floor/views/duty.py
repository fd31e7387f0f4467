# SPDX-License-Identifier: Apache-2.0
"""Permits, the end of a shift at the desk and for the team, and what is broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.floor import leaving, patrols, permits
from zuoxi.floor.forms import FaultForm, HandoverForm
from zuoxi.floor.grounds import ground
from zuoxi.floor.handbook import DESK_CHECKS, PERMITS
from zuoxi.floor.models import (
    ActionItem,
    DayTask,
    DeskCheck,
    ExitCheck,
    Fault,
    Handover,
    Observation,
    Permit,
    Violation,
)
from zuoxi.floor.refusing import Refused
from zuoxi.floor.shift_line import shift_lines
from zuoxi.floor.views.answering import done, me, reached
from zuoxi.people import selectors as people
from zuoxi.people.models import Team, User
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web import listing
from zuoxi.web.access import may, signed_in

HALF_DAY = timedelta(hours=12)


@never_cache
@shows("CALL-006", "CALL-008", "CALL-015", "CALL-016", "FLR-006", "MTG-001")
@may("telephony.desk")
def duties(request: HttpRequest) -> HttpResponse:
    """The desk's fragment: what was seen of oneself, permits, the task of the shift, what is still to be written."""
    staff, now = me(request), timezone.now()
    since = now - HALF_DAY
    book = site_handbook()
    seen = Observation.objects.filter(staff=staff, state="open", since__gt=since).order_by("ended_at", "-since")
    context = {
        "seen": [(row, ground(row.finding)) for row in seen[:3]],
        "permits": permits.open_permits(staff, now),
        "kinds": [(key, body.label) for key, body in book.entries(PERMITS).items()],
        "task": DayTask.objects.filter(staff=staff, meeting__starts_at__gt=since).order_by("-pk").first(),
        "actions": ActionItem.objects.filter(owner=staff, done_at=None).count(),
        "unanswered": Violation.objects.filter(staff=staff, state=Violation.State.RECORDED).count(),
    }
    return render(request, "floor/desk/duties.html", context)


@require_POST
@may("telephony.desk")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the leader for a permit."""
    staff = me(request)
    kind, note = request.POST.get("kind", ""), request.POST.get("note", "")
    try:
        permits.ask_permit(staff, kind, note, timezone.now())
    except Refused as refusal:
        if request.headers.get("HX-Request"):
            return render(request, "floor/parts/said.html", {"text": str(refusal), "bad": True})
        messages.error(request, str(refusal))
        return redirect("floor:desk")
    text = _("Asked. The leader's answer appears here.")
    if request.headers.get("HX-Request"):
        return render(request, "floor/parts/said.html", {"text": text, "bad": False})
    return redirect("floor:desk")


@require_POST
@may("floor.lead")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Give or refuse a permit."""
    by, give = me(request), request.POST.get("how") == "give"
    scope = people.scope_of(request.user, timezone.localdate())
    get_object_or_404(scope.narrow(Permit.objects.all(), "staff__code"), pk=pk)
    verb = lambda: permits.decide_permit(pk, give=give, by=by, now=timezone.now())  # noqa: E731
    return done(request, verb, _("Decided."), "floor:board")


@require_POST
@may("floor.lead")
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody go for a break at a locked time."""
    by = me(request)
    verb = lambda: permits.release(reached(request, code), by, "", timezone.now())  # noqa: E731
    return done(request, verb, _("Let through; it is recorded."), "floor:agent", code)


@shows("MTG-004", "SCH-019", "EMG-025", "EMG-023", "FLR-008", "FLR-011", "FLR-012", "FLR-024")
@may("telephony.desk")
def end(request: HttpRequest) -> HttpResponse:
    """The end of the shift at one's own desk: handover form, check of the desk, what is broken."""
    staff, now = me(request), timezone.now()
    shift = permits.shift_key_of(staff, now)
    mine = Handover.objects.filter(staff=staff, shift=shift).first()
    checked = DeskCheck.objects.filter(staff=staff, shift=shift).first()
    form = HandoverForm(request.POST if request.POST.get("what") == "handover" else None,
                        initial=_typed(mine) if mine else {})  # fmt: skip
    if request.method == "POST":
        if request.POST.get("what") == "desk":
            picked, hazard = request.POST.getlist("point"), request.POST.get("hazard", "")
            verb: Any = lambda: leaving.check_desk(staff, shift, picked, hazard, now)  # noqa: E731
            return done(request, verb, _("The check of your desk is kept."), "floor:desk_end")
        if form.is_valid():
            try:
                leaving.write_handover(staff, shift, now=now, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return done(request, lambda: None, _("The handover form is kept."), "floor:desk_end")
    points = sorted(site_handbook().entries(DESK_CHECKS).items(), key=lambda pair: pair[1].order)
    context = {
        "form": form, "mine": mine, "checked": checked, "shift": shift,
        "points": [(key, body.label, bool(checked and key in checked.done)) for key, body in points],
        "fault": FaultForm(),
    }  # fmt: skip
    return render(request, "floor/rule/desk_end.html", context, status=422 if form.errors else 200)


def _typed(row: Handover) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("open_tickets", "callbacks", "escalations", "text")}


@shows("MTG-004", "SCH-019", "EMG-025")
@signed_in
def handovers(request: HttpRequest) -> HttpResponse:
    """Forms of one's team: the next shift takes them over."""
    scope = people.scope_of(request.user, timezone.localdate())
    user = request.user
    rows = Handover.objects.select_related("staff", "taken_by")
    if isinstance(user, User) and user.may("floor.discipline"):
        rows = scope.narrow(rows, "staff__code")
    else:
        teams = [post.team_id for post in user.posts if post.team_id] if isinstance(user, User) else []
        codes = [one.code for one in people.posts_on(timezone.localdate(), teams=teams)]
        rows = rows.filter(staff__code__in=codes)
    page = listing.page_of(request, rows, {"when": "written_at"}, "-when")
    return render(request, "floor/rule/handovers.html", {"page": page, "staff": people.staff_of(user)})


@require_POST
@signed_in
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    by = me(request)
    row = get_object_or_404(Handover.objects.select_related("staff"), pk=pk)
    user = request.user
    teams = [post.team_id for post in user.posts if post.team_id] if isinstance(user, User) else []
    if row.staff.code not in {one.code for one in people.posts_on(timezone.localdate(), teams=teams)}:
        raise Http404
    return done(request, lambda: leaving.take_over(pk, by, timezone.now()), _("Taken over."), "floor:handovers")


def _team(request: HttpRequest, code: str) -> Team:
    scope = people.scope_of(request.user, timezone.localdate())
    team = people.team_named(code)
    if team is None or not (
        scope.everything or team.pk in scope.team_ids or team.project_id in scope.project_ids
    ):  # fmt: skip
        raise Http404
    return team


@shows("FLR-016", "FLR-017", "FLR-011", "EMG-023")
@may("floor.discipline")
def exit_check(request: HttpRequest, code: str) -> HttpResponse:
    """The leader's look at each seat of the team; only when all are ticked may the team go."""
    team, now = _team(request, code), timezone.now()
    shift = request.GET.get("shift", "")[:40] or patrols.shift_key(now)
    check = ExitCheck.objects.filter(team=team, shift=shift).select_related("made_by").first()
    seats = list(check.seats.select_related("staff").order_by("seat")) if check else []
    ids = [seat.staff_id for seat in seats if seat.staff_id]
    forms = Handover.objects.filter(staff_id__in=ids, written_at__gt=now - HALF_DAY)
    written = set(forms.values_list("staff_id", flat=True))
    context = {
        "team": team, "check": check, "shift": shift, "written": written,
        "seats": seats, "left": sum(seat.ok is None for seat in seats),
    }  # fmt: skip
    return render(request, "floor/rule/exit.html", context)


def _back(answer: HttpResponse, shift: str) -> HttpResponse:
    """To the check of the same shift."""
    if "Location" in answer:
        answer["Location"] += "?" + urlencode({"shift": shift})
    return answer


@require_POST
@may("floor.discipline")
def begin_exit(request: HttpRequest, code: str) -> HttpResponse:
    team, by, now = _team(request, code), me(request), timezone.now()
    shift = request.POST.get("shift", "")[:40] or patrols.shift_key(now)
    verb = lambda: leaving.begin_exit(team, shift, by, now)  # noqa: E731
    return _back(done(request, verb, _("Tick seat by seat."), "floor:exit", code), shift)


@require_POST
@may("floor.discipline")
def tick(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One seat, or every seat that has not been looked at, as in order."""
    team, by, now = _team(request, code), me(request), timezone.now()
    check = get_object_or_404(ExitCheck, pk=pk, team=team)
    seat, ok, defect = request.POST.get("seat", ""), request.POST.get("ok") == "yes", request.POST.get("defect", "")
    verb = lambda: leaving.tick_seat(check.pk, seat, ok=ok, defect=defect, by=by, now=now)  # noqa: E731
    return _back(done(request, verb, _("Ticked."), "floor:exit", code), check.shift)


@require_POST
@may("floor.discipline")
def release_team(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    team, by = _team(request, code), me(request)
    check = get_object_or_404(ExitCheck, pk=pk, team=team)
    posted = request.POST

    def verb() -> None:
        leaving.release_team(
            check.pk, attendance_seen=bool(posted.get("attendance")), room=posted.get("room", ""),
            note=posted.get("note", ""), by=by, now=timezone.now(),
        )  # fmt: skip

    return _back(done(request, verb, _("The team may go."), "floor:exit", code), check.shift)


@shows("FLR-022", "FLR-016")
@signed_in
def faults(request: HttpRequest) -> HttpResponse:
    """What is broken: one's own reports; everything for who mends or leads."""
    user, staff = request.user, people.staff_of(request.user)
    form = FaultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        verb = lambda: leaving.report_fault(given["kind"], given["seat"], given["text"], staff, timezone.now())  # noqa: E731
        return done(request, verb, _("Reported; IT has been told."), "floor:faults")
    everything = isinstance(user, User) and (user.may("floor.mend") or user.may("floor.discipline"))
    rows = Fault.objects.select_related("reported_by", "mended_by")
    rows = rows if everything else rows.filter(reported_by=staff) if staff else rows.none()
    if request.GET.get("open"):
        rows = rows.filter(mended_at=None)
    page = listing.page_of(request, rows, {"when": "reported_at", "mended": "mended_at"}, "-when")
    mends = isinstance(user, User) and user.may("floor.mend")
    context = {"page": page, "form": form, "mends": mends, "open": request.GET.get("open", "")}
    return render(request, "floor/rule/faults.html", context, status=422 if form.errors else 200)


@require_POST
@may("floor.mend")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Fault, pk=pk)
    by, note = me(request), request.POST.get("note", "")
    return done(request, lambda: leaving.mend(pk, note, by, timezone.now()), _("Mended."), "floor:faults")


@shows("MTG-001", "MTG-002", "MTG-004", "FLR-004", "FLR-014", "FLR-016", "FLR-017")
@may("floor.discipline")
def shift(request: HttpRequest) -> HttpResponse:
    """The leader's shift as a line of steps: meeting, line-up, handover, rounds, meeting after, going."""
    now = timezone.now()
    scope = people.scope_of(request.user, timezone.localdate(now))
    teams = people.open_teams(None if scope.everything or scope.project_ids else scope.team_ids)
    return render(request, "floor/rule/shift.html", {"lines": shift_lines(teams, now), "now": now})
