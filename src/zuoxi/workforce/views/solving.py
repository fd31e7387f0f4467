# SPDX-License-Identifier: Apache-2.0
"""Working out a month's roster, and finding who takes over when somebody is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.jobs.models import Job
from zuoxi.jobs.selectors import progress_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.workforce.models import Roster
from zuoxi.workforce.planning import replanning, solving
from zuoxi.workforce.planning.warming import being_warmed
from zuoxi.workforce.units import Book, Unit, month_end, month_of, next_month
from zuoxi.workforce.views.rosters import month_day
from zuoxi.workforce.views.wishes import want_name
from zuoxi.workforce.visibility import seen_staff, written_staff
from zuoxi.workforce.wishes import WHY


def _month(text: str) -> date:
    month = month_of(text)
    if month is None:
        raise Http404(text)
    return month


def _choices(request: HttpRequest, month: date) -> list[tuple[str, str, int, bool]]:
    """Rosters whose people the planner may write: value, title, people, whether it is published."""
    book = Book(month, month_end(month))
    allowed = written_staff(request.user, timezone.localdate())
    published = {
        (one.project_id, one.team_id) for one in Roster.objects.filter(month=month, state=Roster.State.PUBLISHED)
    }
    whole = book.units()
    return [
        (_key(unit), book.title(unit), len(held), unit in published)
        for unit, held in whole.items()
        if all(one.staff_id in allowed for one in held)
    ]


def _key(unit: Unit) -> str:
    return f"{unit[0]}-{unit[1] or 'posts'}"


def _unit(text: str) -> Unit:
    project, _dash, team = text.partition("-")
    return int(project), None if team == "posts" else int(team)


@shows("SCH-002", "SCH-011")
@may("workforce.rosters.edit")
def solve(request: HttpRequest, month: str) -> HttpResponse:
    """The panel: what is to be worked out, how far it has come, what came of it."""
    first = _month(month)
    job = solving.latest(first)
    result: dict[str, Any] = job.result if job is not None and job.state == job.State.DONE else {}
    seen = seen_staff(request.user, timezone.localdate()) if result.get("wishes_lost") else ()
    lost = [one for one in result.get("wishes_lost", []) if one.get("staff") in seen]
    costs = sorted(result.get("by_constraint", {}).items(), key=lambda one: -one[1])
    context = {
        "month": first,
        "previous": first - timedelta(days=1),
        "next": next_month(first),
        "choices": _choices(request, first),
        "job": job,
        "mine": job is not None and job.asked_by == request.user.pk,
        "running": job is not None and not job.over,
        "failed": _why_failed(job, request.user.pk),
        "result": result,
        "gap": None if result.get("gap") is None else result["gap"],
        "costs": [(solving.RULES.get(rule, rule), price) for rule, price in costs if price],
        "short": [_short(first, one) for one in result.get("short", [])[:12]],
        "wishes_lost": [_lost(first, one) for one in lost[:12]],
        "binding": [
            (_(solving.BINDING[rule]) if rule in solving.BINDING else rule, share)
            for rule, share in result.get("binding", {}).items()
            if share > 0.01
        ],
    }
    return render(request, "workforce/solve.html", context)


def _why_failed(job: Job | None, user: int | None) -> str:
    """Told to who asked alone: it may name people whom others do not see."""
    if job is None or job.state != job.State.FAILED or job.asked_by != user:
        return ""
    return job.why.strip().splitlines()[-1][:300] if job.error.strip() else _("It was ended without a word.")


def _short(month: date, one: dict[str, Any]) -> dict[str, Any]:
    clock = f"{one['slot'] // 2:02}:{one['slot'] % 2 * 30:02}"
    return one | {"on": month + timedelta(days=one["day"]), "clock": clock, "missing": one["need"] - one["have"]}


def _lost(month: date, one: dict[str, Any]) -> dict[str, Any]:
    why = WHY.get(one["to"], one["to"])
    return one | {"on": month + timedelta(days=one["day"]), "wanted": want_name(one["want"]), "why": why}


@require_POST
@may("workforce.rosters.edit")
def solve_start(request: HttpRequest, month: str) -> HttpResponse:
    """Ask for the roster; only of units that the planner may write whole."""
    first = _month(month)
    known = {value for value, _title, _people, published in _choices(request, first) if not published}
    asked = [_unit(one) for one in request.POST.getlist("unit") if one in known]
    try:
        solving.ask(
            first, asked, keep=request.POST.get("keep") == "1", by=request.user.get_username(),
            user_id=request.user.pk, today=timezone.localdate(),
        )  # fmt: skip
    except solving.CannotSolve as why:
        messages.error(request, str(why))
    return redirect("workforce:solve", month)


@may("workforce.rosters.edit")
def solve_progress(request: HttpRequest, month: str) -> HttpResponse:
    """How far the working out of the month is, for every planner who looks at it."""
    job = solving.latest(_month(month))
    if job is None:
        raise Http404(month)
    told = progress_of(job)
    if job.state == Job.State.FAILED:
        told["message"] = _why_failed(job, request.user.pk)
    return JsonResponse(told)


@shows("SCH-018")
@may("workforce.rosters.edit")
def replan(request: HttpRequest) -> HttpResponse:
    """Who is missing on a day, and who could take over from one of them."""
    today = timezone.localdate()
    day = month_day(request.GET.get("day", ""), today)
    book = replanning.book_around(day)
    allowed = written_staff(request.user, today)
    missing = replanning.missing_on(day, allowed, book)
    asked = request.GET.get("staff", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in allowed else None
    asked_now = chosen is not None and day >= today
    warming = being_warmed() if asked_now else None
    answer = None
    if chosen is not None and asked_now and not warming:
        answer = replanning.proposals_for(chosen, day, book, allowed)
    working = replanning.rostered_on(day, allowed) | ({chosen} if chosen is not None else set())
    people = sorted((one.name, one.code, one.staff_id) for one in book.members.values() if one.staff_id in working)
    context = {
        "day": day,
        "today": today,
        "previous": day - timedelta(days=1),
        "next": day + timedelta(days=1),
        "missing": missing,
        "people": people,
        "chosen": chosen,
        "name": next((f"{name} {code}" for name, code, pk in people if pk == chosen), ""),
        "answer": answer,
        "warming": warming,
        "past": day < today,
    }
    return render(request, "workforce/replan.html", context)


@require_POST
@may("workforce.rosters.edit")
def replan_apply(request: HttpRequest) -> HttpResponse:
    """Take over the chosen proposals, as they are reckoned now."""
    today = timezone.localdate()
    day = month_day(request.POST.get("day", ""), today)
    staff = request.POST.get("staff", "")
    allowed = written_staff(request.user, today)
    back = f"{reverse('workforce:replan')}?day={day.isoformat()}"
    if day < today or not staff.isdecimal() or int(staff) not in allowed:
        messages.error(request, _("Choose who is missing, and a day that is not past. Nothing was changed."))
        return redirect(back)
    book = replanning.book_around(day)
    answer = replanning.proposals_for(int(staff), day, book, allowed)
    wanted = set(request.POST.getlist("take"))
    chosen = [one for one in answer.proposals if one.key in wanted] if answer else []
    if not chosen or len(chosen) < len(wanted):
        messages.error(
            request, _("The roster has changed meanwhile; look at the proposals again. Nothing was changed.")
        )
        return redirect(f"{back}&staff={staff}")
    result = replanning.apply(
        chosen, day, int(staff), by=request.user.get_username(), now=timezone.now(), allowed=allowed
    )
    for one in result.told:
        messages.error(request, one.message)
    if result.done:
        said = _("Shifts changed: %(count)s. Whoever is concerned has been told.")
        messages.success(request, said % {"count": len(result.done)})
    return redirect(back)
