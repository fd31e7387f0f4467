# SPDX-License-Identifier: Apache-2.0
"""The month's sheet: looked at, signed step by step, printed, taken out as a file."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.attendance import calendars, selectors, services, sheets, visibility
from zuoxi.attendance.computing import month_after, month_before, month_end, month_of
from zuoxi.attendance.models import AfterEntry, DayRecord, Sheet, Signature
from zuoxi.attendance.recomputing import is_locked
from zuoxi.attendance.signs import PLANNED, SIGNS
from zuoxi.attendance.views.own import month_asked
from zuoxi.attendance.workbook import Content, workbook
from zuoxi.jobs.services import enqueue
from zuoxi.leave.selectors import kind_names
from zuoxi.people.models import Team
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.vault.exports import may_export
from zuoxi.vault.handing_out import handed_out
from zuoxi.vault.services import record_request
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.web.roles import LEADERS, Role

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE: Final = 60
GONE: Final = 2000
"""Most days shown of people who left in the course of the month."""
SIGNERS: Final = {
    Signature.Step.LEADER: LEADERS,
    Signature.Step.RECEPTION: frozenset({Role.FD}),
    Signature.Step.ANALYST: frozenset({Role.DA}),
    Signature.Step.DEPUTY: frozenset({Role.ODM}),
    Signature.Step.MANAGER: frozenset({Role.OM}),
}
SORTS: Final = {
    "code": "staff__code", "late": "late", "early": "early", "absent": "absence_days", "unknown": "unknown_days",
    "worked": "worked_minutes",
}  # fmt: skip


@may("attendance.sheet")
def current(request: HttpRequest) -> HttpResponse:
    """The last month that is over, or this one while none is computed."""
    today = timezone.localdate()
    month = month_before(month_of(today))
    if not Sheet.objects.filter(month=month).exists() and Sheet.objects.filter(month=month_of(today)).exists():
        month = month_of(today)
    return redirect("attendance:sheet", f"{month:%Y-%m}")


def _seen(request: HttpRequest, month: date) -> tuple[Any, list[Team], Team | None]:
    """The people's months in reach, narrowed to the asked team; the teams in reach."""
    last = min(month_end(month), timezone.localdate())
    rows = visibility.months_seen(request.user, month, last).select_related("staff", "team")
    teams = visibility.teams_seen(request.user, last)
    chosen = next((team for team in teams if team.code == request.GET.get("team")), None)
    return (rows.filter(team=chosen) if chosen else rows), teams, chosen


@shows("ATT-021", "ATT-022", "ATT-023", "ATT-004", "ATT-005")
@may("attendance.sheet")
def sheet(request: HttpRequest, month: str) -> HttpResponse:
    """A line for each person, a sign for each day; below, who has signed and who is next."""
    first, today = month_asked(month), timezone.localdate()
    rows, teams, chosen = _seen(request, first)
    page = page_of(request, rows, SORTS, "code", count=True, size=PEOPLE)
    kept = Sheet.objects.filter(month=first).first()
    held = sheets.standing(kept) if kept else []
    last = min(month_end(first), today)
    gone, gone_further = _gone(visibility.days_of_gone(request.user, rows, first, last, chosen))
    entries = AfterEntry.objects.filter(entered_in=first, staff__in=rows.values("staff_id"))
    context = {
        "month": first, "before": month_before(first), "sheet": kept, "page": page,
        "after": month_after(first) if month_end(first) < today else None,
        "lines": calendars.lines_of(first, page.rows, today, timezone.now()), "days": calendars.days_in(first),
        "gone": calendars.lines_of_gone(first, gone, today, timezone.now()), "gone_further": gone_further,
        "of_team": f"?team={chosen.code}" if chosen else "", "teams": teams, "chosen": chosen,
        "signs": [*SIGNS.values(), PLANNED], "today": today,
        "steps": _steps(request, kept, held, teams),
        "totals": _totals(rows), "rate": selectors.team_rate(chosen.pk, first, month_end(first)) if chosen else None,
        "entries": entries.select_related("staff"),
        "may_export": request.user.may("attendance.sheet.export"),  # type: ignore[union-attr]
        "may_compute": request.user.may("attendance.compute"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "attendance/sheet.html", context)


def _gone(days: QuerySet[DayRecord]) -> tuple[list[DayRecord], bool]:
    """As many days as are shown, of each person all or none, so that what is counted is whole; whether others left."""
    found = list(days.select_related("staff").order_by("staff__code", "day", "part")[: GONE + 1])
    if len(found) <= GONE:
        return found, False
    return [one for one in found if one.staff_id != found[-1].staff_id], True


def _totals(rows: Any) -> dict[str, Any]:
    from django.db.models import Count, Sum

    found: dict[str, Any] = rows.order_by().aggregate(
        people=Count("pk"),
        late=Sum("late"),
        early=Sum("early"),
        absent=Sum("absence_days"),
        unknown=Sum("unknown_days"),
    )
    return found


def _steps(request: HttpRequest, kept: Sheet | None, held: list[Signature], teams: list[Team]) -> list[dict[str, Any]]:
    """Each step with who signed it, and whether this person may sign it now."""
    roles = set(request.user.roles)  # type: ignore[union-attr]
    open_now = kept is not None and kept.locked_at is None and kept.computed_at is not None
    missing = sheets.teams_missing(kept, held) if kept else []
    mine = {team.pk for team in teams}
    steps = []
    for step in sheets.ORDER:
        given = [one for one in held if one.step == step]
        may_sign = bool(roles & {str(role) for role in SIGNERS[step]}) and open_now
        to_sign = [team for team in missing if team.pk in mine] if step == Signature.Step.LEADER else []
        steps.append(
            {
                "step": step,
                "given": given,
                "teams": to_sign if may_sign else [],
                "missing": missing if step == Signature.Step.LEADER else [],
                "may_sign": may_sign and not given and step != Signature.Step.LEADER,
            }
        )
    return steps


@require_POST
@may("attendance.sheet.sign")
def sign(request: HttpRequest, month: str) -> HttpResponse:
    """Sign a step; a leader signs his team, the manager locks the month."""
    first = month_asked(month)
    kept = Sheet.objects.filter(month=first).first()
    staff = staff_of(request.user)
    step = request.POST.get("step", "")
    if kept is None or staff is None or step not in Signature.Step.values:
        raise Http404
    if not set(request.user.roles) & {str(role) for role in SIGNERS[Signature.Step(step)]}:  # type: ignore[union-attr]
        raise PermissionDenied("attendance.sheet.sign")
    team = None
    if step == Signature.Step.LEADER:
        reach = visibility.teams_seen(request.user, min(month_end(first), timezone.localdate()))
        team = next((one for one in reach if one.code == request.POST.get("team")), None)
        if team is None:
            raise PermissionDenied("attendance.sheet.sign")
    try:
        services.sign(kept, step, staff, timezone.now(), team=team, note=request.POST.get("note", ""))
    except services.NotSigned as refused:
        messages.error(request, f"{refused.message} {refused.remedy}")
    else:
        text = _("Signed. The month is locked now.") if step == Signature.Step.MANAGER else _("Signed.")
        messages.success(request, text)
    return redirect("attendance:sheet", month)


@require_POST
@may("attendance.compute")
def compute(request: HttpRequest, month: str) -> HttpResponse:
    """Have the month computed in the background."""
    first = month_asked(month)
    if is_locked(first):
        messages.error(request, _("This month is locked."))
    elif first > timezone.localdate():
        messages.error(request, _("This month has not begun."))
    else:
        key = f"attendance.compute:{first:%Y-%m}"
        enqueue("attendance.compute", key=key, by=request.user.pk, once=True, month=first.isoformat())
        messages.success(request, _("The month is being computed; the page shows it when it is done."))
    return redirect("attendance:sheet", month)


@may("attendance.sheet.export")
def export(request: HttpRequest, month: str) -> HttpResponseBase:
    """The sheet as Excel, for those who may take figures out (SEC-001)."""
    if not may_export(request.user.roles):  # type: ignore[union-attr]
        raise PermissionDenied("export")
    first = month_asked(month)
    kept = Sheet.objects.filter(month=first).first()
    rows, _teams, chosen = _seen(request, first)
    people = list(rows.order_by("team__code", "staff__code"))
    if kept is None or not people:
        raise Http404
    title = _("Attendance sheet %(month)s") % {"month": f"{first:%Y-%m}"} + (f" · {chosen}" if chosen else "")
    lines = calendars.lines_of(first, people, timezone.localdate(), timezone.now())
    record_request(request, "attendance.sheet.exported", on=("sheet", f"{first:%Y-%m}"), rows=len(people))
    content = workbook(Content(kept, lines, sheets.standing(kept), kind_names(), title))
    answer = HttpResponse(content, content_type=XLSX)
    name = f"attendance-{first:%Y%m}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return handed_out(request, answer, title=title, filename=name)
