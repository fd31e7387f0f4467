# SPDX-License-Identifier: Apache-2.0
"""The running day: how it will go, who is not where he should be, what could be moved, and what was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from zuoxi.jobs import selectors as jobs
from zuoxi.jobs import services as work
from zuoxi.jobs.models import Job
from zuoxi.people.models import Staff
from zuoxi.people.selectors import names_of, staff_names, staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import exports
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce import services
from zuoxi.workforce.today import export
from zuoxi.workforce.today.adhering import adhering_now
from zuoxi.workforce.today.deciding import sealed
from zuoxi.workforce.today.limits import Reach
from zuoxi.workforce.today.proposing import Proposal, proposals_of
from zuoxi.workforce.today.reading import Picture, picture_of
from zuoxi.workforce.today.tasks import PLAY, play_key
from zuoxi.workforce.today.words import ICONS, sentence
from zuoxi.workforce.today_models import IntradayDecision, IntradayOutlook
from zuoxi.workforce.views.rosters import month_day
from zuoxi.workforce.views.staffing import queue_name
from zuoxi.workforce.visibility import decisions_seen, movable_staff, seen_staff

SHOWN_DECISIONS = 5


def _reach(request: HttpRequest, day: date) -> Reach:
    return Reach(*movable_staff(request.user, day))


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


@shows("SCH-013", "SCH-011", "SCH-012", "FLR-006", "ORG-009")
@may("workforce.intraday")
def intraday(request: HttpRequest) -> HttpResponse:
    """The board of today."""
    return render(request, "workforce/intraday.html", _board(request))


@may("workforce.intraday")
def intraday_part(request: HttpRequest) -> HttpResponse:
    """The same without its frame, once a minute."""
    return render(request, "workforce/intraday_part.html", _board(request))


def _board(request: HttpRequest) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    picture = picture_of(today, now)
    reach = _reach(request, today)
    proposals = proposals_of(picture, reach) if picture else []
    asked = request.GET.get("play") == "1"
    job = jobs.latest(PLAY, play_key(request.user.pk, today)) if asked else None  # type: ignore[arg-type]
    played = _played(job, now)
    shown = [_shown(one) for one in proposals] if played is None else played
    rows = decisions_seen(request.user, today).filter(day=today).select_related("by", "undone_by")
    decided = list(rows[:SHOWN_DECISIONS])
    ids = {pk for line in shown for pk in line["of"]["staff"]} | {pk for one in decided for pk in one.said["staff"]}
    names = staff_names(ids)
    for line in shown:
        line["said"] = sentence(line["of"], names)
    short = _short(picture) if picture else []
    return {
        "now": now,
        "day": today,
        "picture": picture,
        "expected": float(picture.expected.sum()) if picture else None,
        "calls": float(picture.load.calls.sum()) if picture else None,
        "came": float(picture.arrived.sum()) if picture else None,
        "short": short,
        "halves": _halves(picture) if picture else [],
        "queues": _by_queue(picture) if picture else [],
        "proposals": shown,
        "asked_to_play": asked,
        "played": played is not None,
        "played_at": datetime.fromisoformat(job.result["made_at"]) if job is not None and played is not None else None,
        "playing": job if job is not None and not job.over else None,
        "play_failed": job is not None and job.state == job.State.FAILED,
        "decided": [_told(one, names, reach) for one in decided],
        "may_apply": bool(reach.floor),
        "may_export": exports.may_export(request.user.roles),  # type: ignore[union-attr]
    }


def _short(picture: Picture) -> list[datetime]:
    """Half hours to come that are expected under the target."""
    service = picture.service_in_all()
    return [
        picture.at(half)
        for half in range(picture.passed, len(service))
        if not np.isnan(service[half]) and service[half] < picture.goal - 0.005
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _halves(picture: Picture) -> list[dict[str, Any]]:
    service, hands = picture.service_in_all(), picture.load.hands.sum(axis=0)
    return [
        {
            "at": picture.at(half),
            "over": half < picture.passed,
            "expected": float(picture.expected[:, half].sum()),
            "calls": float(picture.load.calls[:, half].sum()),
            "hands": float(hands[half]),
            "service": _known(service[half]),
            "under": not np.isnan(service[half]) and service[half] < picture.goal - 0.005,
        }
        for half in range(len(service))
    ]


def _by_queue(picture: Picture) -> list[dict[str, Any]]:
    """Each queue: came, answered in time so far, still to come, expected of the rest."""
    rest, found = picture.load.rest, []
    for place, queue in enumerate(picture.queues):
        came = float(picture.arrived[place].sum())
        ahead = float(rest[place].sum())
        reached = float(np.nansum(picture.reached.service[place] * rest[place]))
        found.append(
            {
                "name": queue_name(queue),
                "came": came,
                "so_far": float(picture.in_time[place].sum()) / came if came else None,
                "ahead": ahead,
                "rest": reached / ahead if ahead else None,
                "target": float(picture.load.queues.target[place]),
            }
        )
    return found


def _played(job: Job | None, now: datetime) -> list[dict[str, Any]] | None:
    """The proposals as the play ranked them, each with its played effect; None where there is no play, or none that
    could still be applied."""
    if job is None or job.state != job.State.DONE:
        return None
    minutes = site_handbook().on(timezone.localdate(now)).whole("intraday.proposal_minutes")
    if now - datetime.fromisoformat(job.result["made_at"]) > timedelta(minutes=minutes):
        return None
    return [_line(one["said"], one["seal"]) | {"sure": one["sure"]} for one in job.result["played"]]


def _shown(one: Proposal) -> dict[str, Any]:
    return _line(one.as_json(), sealed(one))


def _line(said: dict[str, Any], seal: str) -> dict[str, Any]:
    effect = said["effect"]
    return {
        "of": said,
        "icon": ICONS[said["kind"]],
        "label": IntradayDecision.Kind(said["kind"]).label,
        "effect": effect | {"in_time": round(effect["in_time"], 1) + 0.0},
        "seal": seal,
    }


def _told(one: IntradayDecision, names: dict[int, tuple[str, str]], reach: Reach) -> dict[str, Any]:
    within = reach.floor if one.kind in ("breaks", "overtime") else reach.written
    return {
        "row": one,
        "said": sentence(one.said, names),
        "icon": ICONS.get(one.kind, "dot"),
        "effect": one.said.get("effect", {}),
        "may_undo": one.state == "applied" and set(one.said["staff"]) <= set(within),
        "overtime": one.done.get("overtime"),
    }


@require_POST
@may("workforce.intraday")
def intraday_play(request: HttpRequest) -> HttpResponse:
    """Ask for the proposals to be played; it takes too long for somebody to wait at the page."""
    key = play_key(request.user.pk, timezone.localdate())  # type: ignore[arg-type]
    job = jobs.latest(PLAY, key)
    if job is None or job.over:
        work.enqueue(PLAY, key=key, by=request.user.pk, once=True)
    return redirect(f"{reverse('workforce:intraday')}?play=1#proposals")


@shows("SCH-013", "FLR-006", "SCH-012")
@may("workforce.intraday")
def intraday_now(request: HttpRequest) -> HttpResponse:
    """State against plan at this moment."""
    now = timezone.now()
    found = adhering_now(now, seen_staff(request.user, timezone.localdate()))
    names = names_of(one.shift.staff_code for one in found.deviations)
    lines = [(one, names.get(one.shift.staff_code, "")) for one in found.deviations[:20]]
    context = {"found": found, "lines": lines, "more": max(len(found.deviations) - 20, 0), "now": now}
    return render(request, "workforce/intraday_now.html", context)


@may("workforce.intraday")
def intraday_chart(request: HttpRequest, what: str) -> HttpResponse:
    """Figures of a chart: service, calls or people by half hour."""
    picture = picture_of(timezone.localdate(), timezone.now())
    if picture is None or what not in ("service", "calls", "people"):
        raise Http404
    x = [f"{timezone.localtime(picture.at(half)):%H:%M}" for half in range(48)]
    series, more = {"service": _service_lines, "calls": _call_lines, "people": _people_lines}[what](picture)
    return JsonResponse({"kind": "line", "x": x, "series": series} | more)


def _service_lines(picture: Picture) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    service = picture.service_in_all()
    was = [_known(one) if half < picture.passed else None for half, one in enumerate(service)]
    will = [_known(one) if half >= max(picture.passed - 1, 0) else None for half, one in enumerate(service)]
    first = IntradayOutlook.objects.filter(day=picture.day).first()
    series: list[dict[str, Any]] = [
        {"name": pgettext("calls", "Reached"), "data": was, "tone": "accent", "area": True},
        {"name": _("Will be"), "data": will, "tone": "call"},
    ]
    if first is not None:
        at = f"{timezone.localtime(first.made_at):%H:%M}"
        series.append(
            {"name": _("As seen at %(at)s") % {"at": at}, "data": first.service, "tone": "wrap", "dashed": True}
        )
    return series, {"unit": "percent", "target": picture.goal, "target_label": _("Target")}


def _call_lines(picture: Picture) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    came, calls = picture.arrived.sum(axis=0), picture.load.calls.sum(axis=0)
    series: list[dict[str, Any]] = [
        {"name": _("Forecast"), "data": [round(float(one), 1) for one in picture.expected.sum(axis=0)], "tone": "wrap",
         "dashed": True},
        {"name": pgettext("calls", "Came"), "data": [float(one) if half < picture.passed else None
                                                         for half, one in enumerate(came)],
         "tone": "accent", "area": True},
        {"name": _("Now expected"), "data": [round(float(one), 1) if half >= max(picture.passed - 1, 0) else None
                                             for half, one in enumerate(calls)], "tone": "call"},
    ]  # fmt: skip
    return series, {"unit": "count"}


def _people_lines(picture: Picture) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    hands = picture.load.hands.sum(axis=0)
    there = hands * picture.load.present
    series: list[dict[str, Any]] = [
        {"name": _("Planned at the telephone"), "data": [round(float(one), 1) for one in hands], "tone": "accent",
         "area": True},
        {"name": _("As present as so far"), "data": [round(float(one), 1) for one in there], "tone": "call"},
    ]  # fmt: skip
    return series, {"unit": "count"}


@require_POST
@may("workforce.day")
def intraday_apply(request: HttpRequest) -> HttpResponse:
    """One proposal, as it stood on the page."""
    now, today = timezone.now(), timezone.localdate()
    try:
        said = services.opened(request.POST.get("proposal", ""), today)
        made = services.apply(said, by=_me(request), now=now, reach=_reach(request, today))
    except services.Overtaken as refusal:
        messages.error(request, str(refusal))
        return redirect("workforce:intraday")
    if "overtime" in made.done:
        messages.success(request, _("The overtime list is made; the manager agrees to it, then it is announced."))
        return redirect("workforce:overtime_list", made.done["overtime"])
    messages.success(request, _("Done. It can be taken back below."))
    return redirect("workforce:intraday")


@require_POST
@may("workforce.day")
def intraday_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what a decision changed."""
    today = timezone.localdate()
    decision = get_object_or_404(decisions_seen(request.user, today), pk=pk)
    try:
        services.take_back(decision, by=_me(request), now=timezone.now(), reach=_reach(request, today))
    except services.Overtaken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back; everything is as it was."))
    return redirect("workforce:intraday")


@shows("SCH-013")
@may("workforce.intraday")
def intraday_log(request: HttpRequest) -> HttpResponse:
    """Every decision in reach, the newest first, with what it was thought to bring."""
    today = timezone.localdate()
    rows = decisions_seen(request.user, today).select_related("by", "undone_by")
    if request.GET.get("day"):
        rows = rows.filter(day=month_day(request.GET["day"], today))
    page = page_of(request, rows, {"at": "at"}, "-at")
    names = staff_names({pk for one in page.rows for pk in one.said["staff"]})
    reach = _reach(request, today)
    lines = [_told(one, names, reach) for one in page.rows]
    return render(
        request, "workforce/intraday_log.html", {"page": page, "lines": lines, "day": request.GET.get("day", "")}
    )


@may("workforce.export")
def intraday_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The day by half hour as a file."""
    day = timezone.localdate()
    picture = picture_of(day, timezone.now())
    head = [
        _("Start"),
        _("Forecast"),
        _("Now expected"),
        _("Planned at the telephone"),
        pgettext("calls", "Answered in time"),
        _("Over"),
    ]
    rows = [
        [
            f"{timezone.localtime(one['at']):%Y-%m-%d %H:%M}", round(one["expected"], 2), round(one["calls"], 2),
            round(one["hands"], 2), None if one["service"] is None else round(one["service"], 4),
            _("Yes") if one["over"] else "",
        ]
        for one in (_halves(picture) if picture else [])
    ]  # fmt: skip
    form = form if form in export.FORMS else "csv"
    return export.answer(request, head, rows, name=f"intraday-{day:%Y%m%d}", form=form)
