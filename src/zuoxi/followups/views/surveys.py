# SPDX-License-Identifier: Apache-2.0
"""Surveys: beginning one, whom it went to, what came back; and the page behind a link, open to whoever was sent it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.followups import figures, scripts, services, surveying
from zuoxi.followups.handbook import SCRIPTS
from zuoxi.followups.models import Survey
from zuoxi.followups.scripts import BadAnswers
from zuoxi.followups.survey_models import Channel
from zuoxi.followups.views.who import day_of, done, own_record, tabs, user_of
from zuoxi.followups.visibility import visible_responses, visible_surveys
from zuoxi.people.selectors import team_choices
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.origin import address_of
from zuoxi.web.access import may, public
from zuoxi.web.listing import page_of
from zuoxi.web.roles import Role


def _choices() -> list[tuple[str, str]]:
    known = site_handbook().entries(SCRIPTS)
    return [(key, str(body.label)) for key, body in known.items() if body.use != "call"]


@shows("FUP-006", "FUP-015")
@may("followups.surveys")
def surveys(request: HttpRequest) -> HttpResponse:
    rows = visible_surveys(user_of(request), timezone.localdate()).select_related("asked_by")
    page = page_of(request, rows, {"opens": "opens_on", "closes": "closes_on"}, "-opens", size=25)
    today = timezone.localdate()
    names = dict(_choices())
    context = {
        "tabs": tabs(request, "surveys"),
        "page": page,
        "lines": [(one, names.get(one.script, one.script)) for one in page.rows],
        "scripts": list(names.items()),
        "channels": [one for one in Channel.choices if one[0] != Channel.KEYS],
        "teams": team_choices(),
        "today": today,
        "until": today + timedelta(days=14),
        "keys": figures.keys_between(today - timedelta(days=29), today),
    }
    return render(request, "followups/surveys.html", context)


@require_POST
@may("followups.ask")
def begin(request: HttpRequest) -> HttpResponse:
    staff, said, today = own_record(request), request.POST, timezone.localdate()
    window = said.get("window", "")
    done(
        request,
        lambda: services.open_survey(
            said.get("title", ""),
            said.get("script", ""),
            said.get("channel", ""),
            opens_on=day_of(said.get("opens_on"), today),
            closes_on=day_of(said.get("closes_on"), today),
            window=window if window in dict(team_choices()) else "",
            anonymous=bool(said.get("anonymous")),
            asked_for=Role.HR if Role.HR in user_of(request).roles else "",
            by=staff,
            now=timezone.now(),
        ),
    )
    return redirect("followups:surveys")


def _found(request: HttpRequest, pk: int) -> Survey:
    rows = visible_surveys(user_of(request), timezone.localdate()).select_related("asked_by")
    return get_object_or_404(rows, pk=pk)


@shows("FUP-006", "FUP-015", "FUP-001")
@may("followups.surveys")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


def _page(request: HttpRequest, one: Survey, status: int = 200, **more: Any) -> HttpResponse:
    """Asked, answered, satisfied in both readings, points and words; single answers where they may be seen."""
    user, today, handbook = user_of(request), timezone.localdate(), site_handbook()
    script = scripts.script_named(handbook, one.script)
    seen = visible_responses(user, one, today)
    page = page_of(request, seen, {"at": "at", "score": "score"}, "-at", size=20)
    found = figures.survey_figures(one)
    points = [found.counted.scores.get(score, 0) for score in range(1, 11)]
    context = {
        "survey": one,
        "script": script,
        "figures": found,
        "page": page,
        "lines": [
            (row, scripts.told(script, {k: v for k, v in row.answers.items() if k != "sides"}, handbook))
            for row in page.rows
        ],
        "chart": {
            "kind": "bar",
            "x": [str(score) for score in range(1, 11)],
            "series": [{"name": _("Answers"), "data": points, "tone": "accent"}],
        },
        "asked": scripts.shown(script, more.get("said", {}), {}, handbook) if script else [],
    }
    return render(request, "followups/survey.html", context | more, status=status)


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if key != "sides"}


@require_POST
@may("followups.ask")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send to the numbers that were typed, one a line."""
    one, staff = _found(request, pk), own_record(request)
    people = [(None, line.strip()) for line in request.POST.get("numbers", "").splitlines() if line.strip()]
    try:
        site = request.build_absolute_uri("/")
        counts = services.invite(one, people, by=staff, now=timezone.now(), site=site)
    except services.Refused as refused:
        messages.error(request, str(refused))
        return redirect("followups:survey", pk)
    said = _("Asked: %(invited)s; asked before: %(again)s; wants no surveys: %(barred)s; no number: %(bad)s.")
    messages.success(request, said % counts)
    return redirect("followups:survey", pk)


@shows("FUP-011")
@require_POST
@may("followups.surveys")
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer from a paper card, or given by telephone."""
    one, staff = _found(request, pk), own_record(request)
    said = {key[2:]: str(value) for key, value in request.POST.items() if key.startswith("q-")}
    try:
        services.enter(one, said, by=staff, now=timezone.now(), channel=Channel.CARD)
    except BadAnswers as bad:
        return _page(request, one, 422, wrong=bad.wrong, said=said)
    except services.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Written down."))
    return redirect("followups:survey", pk)


@require_POST
@may("followups.ask")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    one, staff = _found(request, pk), own_record(request)
    text = request.POST.get("stated", "").strip()
    try:
        stated = Decimal(text).quantize(Decimal("0.01")) if text else None
    except InvalidOperation:
        stated = Decimal(-1)
    if stated is not None and not 0 <= stated <= 100:
        messages.error(request, _("A rate lies between 0 and 100."))
    else:
        done(
            request, lambda: services.close_survey(one, stated, by=staff, now=timezone.now()), _("The survey is over.")
        )
    return redirect("followups:survey", pk)


@public
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link: questions for whoever was sent it, once, until its time is over."""
    if surveying.too_often(address_of(request) or "", timezone.now()):
        return render(request, "followups/answer.html", {"why": "often"}, status=429)
    invitation = surveying.invitation_of(token)
    if invitation is None:
        raise Http404
    now, handbook = timezone.now(), site_handbook()
    script = scripts.script_named(handbook, invitation.survey.script)
    why = surveying.still_open(invitation, now) or ("closed" if script is None else "")
    said = {key[2:]: str(value) for key, value in request.POST.items() if key.startswith("q-")}
    context: dict[str, Any] = {"survey": invitation.survey, "script": script, "why": why, "token": token}
    if script is None or why:
        return render(request, "followups/answer.html", context)
    status = 200
    if request.method == "POST" and request.POST.get("act") == "done":
        open_now = {one.key for one in scripts.shown(script, said, {}, handbook)}
        try:
            services.answer_survey(invitation, {k: v for k, v in said.items() if k in open_now}, now=now)
        except BadAnswers as bad:
            context["wrong"], status = bad.wrong, 422
        except services.Refused:
            context["why"], status = "answered", 409
        else:
            context["why"] = "thanks"
            return render(request, "followups/answer.html", context)
    elif request.method == "GET":
        services.opened(invitation, now)
    context["asked"] = scripts.shown(script, said, {}, handbook)
    return render(request, "followups/answer.html", context, status=status)
