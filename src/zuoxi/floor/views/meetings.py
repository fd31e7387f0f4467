# SPDX-License-Identifier: Apache-2.0
"""Meetings: the calendar of the pack and of what was held, signing in, minutes, tasks, what is to be done."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.floor import meetings
from zuoxi.floor.forms import ActionForm, MeetingForm, PointForm
from zuoxi.floor.grounds import ground
from zuoxi.floor.handbook import MEETINGS
from zuoxi.floor.models import ActionItem, Meeting, MeetingAttendance, OwedCallback
from zuoxi.floor.reading import day_bounds
from zuoxi.floor.refusing import Refused
from zuoxi.floor.views.answering import done, me, reach_posts
from zuoxi.people import selectors as people
from zuoxi.people.models import Team, User
from zuoxi.policy.marks import shows
from zuoxi.policy.rulebook import rule_named
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may, signed_in
from zuoxi.workforce import selectors as workforce

WEEK = 7


def _teams(request: HttpRequest) -> list[Team]:
    scope = people.scope_of(request.user, timezone.localdate())
    wide = scope.everything or scope.project_ids
    return people.open_teams(None if wide else scope.team_ids)


def meetings_in(request: HttpRequest) -> QuerySet[Meeting]:
    """What the person may see: of the own teams, those he is expected at or hosts; everything for the director."""
    user = request.user
    rows = Meeting.objects.select_related("team", "host", "written_by")
    if not isinstance(user, User):
        return rows.none()
    scope = people.scope_of(user, timezone.localdate())
    if scope.everything:
        return rows
    invited = MeetingAttendance.objects.filter(staff__user_id=user.pk).values("meeting_id")
    mine = Q(pk__in=invited) | Q(host__user_id=user.pk) | Q(attendances__proxy__user_id=user.pk)
    if user.may("floor.meet"):
        teams = [team.pk for team in _teams(request)]
        mine |= Q(team_id__in=teams) | Q(team=None)
    return rows.filter(mine).distinct()


@shows("MTG-003", "MTG-005", "MTG-006", "MTG-007", "MTG-009", "MTG-010", "MTG-011")
@signed_in
def calendar(request: HttpRequest) -> HttpResponse:
    """A week of meetings, planned and held, and what one has promised to do."""
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday())
    with suppress(ValueError):
        asked = date.fromisoformat(request.GET.get("week", "") or str(first))
        first = asked - timedelta(days=asked.weekday())
    start, _end = day_bounds(first)
    last = first + timedelta(days=WEEK - 1)
    end = day_bounds(last)[1]
    user = request.user
    may_meet = isinstance(user, User) and user.may("floor.meet")
    rows = list(meetings_in(request).filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at"))
    held = {(row.kind, row.team_id, row.starts_at): row for row in rows}
    book = site_handbook()
    teams = {team.pk: team for team in _teams(request)} if may_meet else {}
    shifts = workforce.shifts_between(first, last) if teams else []
    days: list[tuple[date, list[dict[str, Any]]]] = []
    for offset in range(WEEK):
        day = first + timedelta(days=offset)
        lines = [_line(book.entries(MEETINGS), row) for row in rows if timezone.localdate(row.starts_at) == day]
        plans = meetings.planned_on(day, book, shifts, frozenset(teams))
        few = teams and len(teams) <= FEW_TEAMS
        lines += [
            {"plan": plan, "team": teams.get(plan.team_id or 0), "at": plan.starts_at, "label": plan.label}
            for plan in plans
            if (plan.kind, plan.team_id, plan.starts_at) not in held and (plan.team_id is None or few)
        ]
        days.append((day, sorted(lines, key=lambda line: line["at"])))
    staff = people.staff_of(user)
    actions = ActionItem.objects.filter(owner=staff, done_at=None).select_related("meeting") if staff else []
    form = MeetingForm(teams=[(team.code, str(team)) for team in teams.values()])
    context = {
        "any_lines": any(lines for _day, lines in days),
        "days": days, "first": first, "last": last, "before": first - timedelta(days=WEEK),
        "after": first + timedelta(days=WEEK), "today": today, "may_meet": may_meet, "form": form,
        "actions": list(actions), "late": sum(one.due_on < today for one in actions),
        "calls_from": meetings.first_call_from(today, book),
    }  # fmt: skip
    return render(request, "floor/rule/meetings.html", context)


FEW_TEAMS = 3


def _line(kinds: Any, row: Meeting) -> dict[str, Any]:
    body = kinds.get(row.kind)
    return {"row": row, "team": row.team, "at": row.starts_at, "label": row.title or (body.label if body else row.kind)}


@require_POST
@may("floor.meet")
def open_meeting(request: HttpRequest) -> HttpResponse:
    """Open a planned meeting, or put up one of one's own."""
    by, now = me(request), timezone.now()
    teams = {team.code: team for team in _teams(request)}
    posted = request.POST
    if posted.get("planned"):
        at = parse_datetime(posted.get("at", ""))
        team = teams.get(posted.get("team", ""))

        def verb() -> None:
            if at is None or timezone.is_naive(at):
                raise Refused(_("Give day and time."))
            made = meetings.open_meeting(
                posted.get("kind", ""), team, at, shift=posted.get("shift", "")[:40], host=by, now=now
            )
            opened.append(made)

        opened: list[Meeting] = []
        answer = done(request, verb, _("The meeting is open: sign people in."), "floor:meetings")
        return redirect("floor:meeting", opened[0].pk) if opened else answer
    form = MeetingForm(posted, teams=[(code, str(team)) for code, team in teams.items()])
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = meetings.open_meeting(
                given["kind"], teams.get(given["team"]), given["starts_at"], host=by, now=now, title=given["title"],
                place=given["place"], on_floor=given["on_floor"], business=given["business"],
                begun=given["starts_at"] <= now,
            )  # fmt: skip
            return redirect("floor:meeting", made.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "floor/rule/meeting_new.html", {"form": form}, status=422)


def _page(request: HttpRequest, pk: int, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    row = get_object_or_404(meetings_in(request), pk=pk)
    body = site_handbook().entries(MEETINGS).get(row.kind)
    user = request.user
    rows = list(row.attendances.select_related("staff", "proxy").order_by("-must", "staff__code"))
    tasks = {one.staff_id: one for one in row.tasks.all()}
    posts = reach_posts(request)
    reading = site_handbook().on(timezone.localdate(row.starts_at))
    context = {
        "row": row,
        "body": body,
        "label": row.title or (body.label if body else row.kind),
        "attendances": [(one, tasks.get(one.staff_id)) for one in rows],
        "came": sum(one.state in ("present", "late") or one.proxy_id is not None for one in rows),
        "states": MeetingAttendance.State.choices,
        "agenda": [(number, text, number in row.agenda) for number, text in enumerate(body.agenda if body else ())],
        "points": list(row.points.all()),
        "actions": list(row.actions.select_related("owner")),
        "callbacks": list(row.callbacks.select_related("done_by")),
        "leads": isinstance(user, User) and user.may("floor.meet"),
        "staff": people.staff_of(user),
        "open": row.closed_at is None and row.cancelled_at is None,
        "action_form": ActionForm(people=posts),
        "point_form": PointForm(),
        "people": posts,
        "today": timezone.localdate(),
        "why": ground(rule_named("floor.floor_meeting").judge(_floor_facts(row), reading)) if row.on_floor else None,
        **(forms or {}),
    }
    return render(request, "floor/rule/meeting.html", context, status=status)


def _floor_facts(row: Meeting) -> Any:
    return rule_named("floor.floor_meeting").facts(business=row.kind == "business")


@shows("MTG-001", "MTG-002", "MTG-003", "MTG-005", "MTG-006", "MTG-007", "MTG-008", "MTG-009", "MTG-010", "MTG-011",
       "FLR-004", "CALL-021")  # fmt: skip
@signed_in
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: who came, agenda, tasks, minutes, problems, what is to be done, callbacks owed."""
    return _page(request, pk)


@require_POST
@signed_in
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign oneself in, or (the leader) anybody."""
    row = get_object_or_404(meetings_in(request), pk=pk)
    user, mine, posted = request.user, me(request), request.POST
    leads = isinstance(user, User) and user.may("floor.meet")

    def verb() -> None:
        code = posted.get("person", "") if leads else mine.code
        staff = people.staff_by_code(code) or mine
        proxy = people.staff_by_code(posted.get("proxy", ""))
        state = posted.get("state", "present")
        known = state in MeetingAttendance.State.values and (leads or state == "present")
        meetings.mark_present(
            row.pk, staff, state if known else "present", timezone.now(), proxy=proxy, note=posted.get("note", "")
        )

    return done(request, verb, _("Written down."), "floor:meeting", pk)


@require_POST
@may("floor.meet")
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out what each is to achieve: one line for all, or one of one's own for each."""
    row = get_object_or_404(meetings_in(request), pk=pk)
    posted = request.POST

    def verb() -> None:
        wanted: dict[int, tuple[str, Decimal | None]] = {}
        for one in row.attendances.all():
            text = posted.get(f"text-{one.staff_id}", "").strip() or posted.get("text", "").strip()
            amount = posted.get(f"amount-{one.staff_id}", "").strip() or posted.get("amount", "").strip()
            if text:
                wanted[one.staff_id] = (text, _amount(amount))
        if not wanted:
            raise Refused(_("Write the task first."))
        meetings.hand_out_tasks(pk, wanted, timezone.now())

    return done(request, verb, _("The tasks have been handed out."), "floor:meeting", pk)


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Refused(_("%(text)s is no amount.") % {"text": text}) from None
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise Refused(_("%(text)s is no amount.") % {"text": text})
    return amount


MOST = 100_000


@require_POST
@may("floor.meet")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(meetings_in(request), pk=pk)
    by = me(request)
    dealt = [int(one) for one in request.POST.getlist("agenda") if one.isdecimal() and len(one) < 4]
    text = request.POST.get("minutes", "")[:8000]
    try:
        meetings.close_meeting(pk, dealt, text, by, timezone.now())
    except Refused as refusal:
        return _page(request, pk, {"refusal": str(refusal), "typed": text, "dealt": dealt}, 422)
    return redirect("floor:meeting", pk)


@require_POST
@may("floor.meet")
def point(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(meetings_in(request), pk=pk)
    form = PointForm(request.POST)
    if form.is_valid():
        meetings.add_point(pk, **form.cleaned_data)
        return redirect("floor:meeting", pk)
    return _page(request, pk, {"point_form": form}, 422)


@require_POST
@may("floor.meet")
def action(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(meetings_in(request), pk=pk)
    form = ActionForm(request.POST, people=reach_posts(request))
    if form.is_valid():
        given = form.cleaned_data
        owner = people.staff_by_code(given["owner"])
        try:
            if owner is None:
                raise Refused(_("Choose one of your people."))
            meetings.add_action(pk, given["text"], owner, given["due_on"], timezone.now())
            return redirect("floor:meeting", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, pk, {"action_form": form}, 422)


@require_POST
@signed_in
def action_done(request: HttpRequest, pk: int) -> HttpResponse:
    by = me(request)
    get_object_or_404(ActionItem, pk=pk, owner=by)
    verb = lambda: meetings.action_done(pk, by, timezone.now())  # noqa: E731
    return done(request, verb, _("Done."), "floor:meetings")


@require_POST
@may("floor.meet")
def send_up(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(meetings_in(request), pk=pk)
    return done(request, lambda: meetings.send_up(pk, timezone.now()), _("Sent."), "floor:meeting", pk)


@require_POST
@signed_in
def callback_done(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(OwedCallback, pk=pk)
    get_object_or_404(meetings_in(request), pk=found.meeting_id)
    by = me(request)
    verb = lambda: meetings.callback_done(pk, by, timezone.now())  # noqa: E731
    return done(request, verb, _("Done."), "floor:meeting", found.meeting_id)
