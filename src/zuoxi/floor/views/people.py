# SPDX-License-Identifier: Apache-2.0
"""One agent seen from the floor, and what a leader may do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.floor import asking, services
from zuoxi.floor.desk import softphone_config, telephone_of, ways_to_be_away
from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.floor import FLOOR_VIEWS
from zuoxi.floor.keeper import keeper
from zuoxi.floor.models import RaisedHand
from zuoxi.floor.picture import Audience
from zuoxi.floor.refusals import in_words
from zuoxi.floor.selectors import figures_today
from zuoxi.floor.views.board import rings_here, seen_agent
from zuoxi.floor.visibility import heard_by, reachable
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony.models import Command
from zuoxi.telephony.services import pause_reason
from zuoxi.web.access import may


def _panel(request: HttpRequest, code: str) -> dict[str, Any]:
    kept = keeper()
    user: Any = request.user
    now = timezone.now()
    language = translation.get_language() or "zh-hans"
    with kept.lock:
        picture = kept.picture(now)
        if code not in picture.roster.people and code not in picture.board.agents:
            raise Http404
        audience = Audience(FLOOR_VIEWS["cards"], language)
        row = rows.agent_row(picture, audience, code)
        person = rows.person_of(picture, code)
        state = picture.board.agents.get(code)
        hand = picture.board.hands.get(code)
    queues = picture.roster.queues
    signed_in = state.queues.split(",") if state else []
    return {
        "row": row,
        "person": person,
        "team": person.team(language),
        "hand": hand,
        "signed_in": [queues[code].name(language) for code in signed_in if code in queues],
        "figures": figures_today(code, now),
        "may_monitor": user.may("telephony.monitor"),
        "may_step_in": user.may("telephony.step_in"),
        "may_lead": user.may("floor.lead"),
        **ways_to_be_away(picture.roster, language),
    }


@may("floor.board")
def nothing(request: HttpRequest) -> HttpResponse:
    """What a closed panel holds."""
    return HttpResponse("")


@shows("CALL-004", "CALL-008")
@may("floor.board")
def agent(request: HttpRequest, code: str) -> HttpResponse:
    """The agent's panel: alone for htmx, as a page without."""
    seen_agent(request, code)
    context = _panel(request, code)
    part = request.GET.get("part")
    if part == "facts":
        return render(request, "floor/agent_facts.html", context)
    if request.headers.get("HX-Request"):
        return render(request, "floor/agent_panel.html", context)
    return render(request, "floor/agent.html", context | {"browser_telephone": rings_here(request)})


def _told(request: HttpRequest, code: str, text: str, *, bad: bool = False) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "floor/parts/said.html", {"text": text, "bad": bad})
    (messages.error if bad else messages.success)(request, text)
    return _back(request, code)


def _back(request: HttpRequest, code: str) -> HttpResponse:
    """To the agent's panel; who listens without a floor of his own, to the calls that go on."""
    user: Any = request.user
    return redirect("floor:agent", code) if user.may("floor.board") else redirect("floor:live_calls")


def asked(request: HttpRequest, command: Command, code: str) -> HttpResponse:
    """Show what became of a wish: pending until the switch has answered."""
    if request.headers.get("HX-Request"):
        context = {"command": command, "refusal": in_words(command.message)}
        if command.verb in asking.MONITORING:
            over = bool(request.GET.get("again")) and telephony.heard_call_over(command)
            context |= {"inside": asking.INSIDE[command.verb], "over": over}
            return render(request, "floor/parts/inside.html", context)
        return render(request, "floor/parts/command.html", context)
    return _back(request, code)


@never_cache
@may("telephony.monitor")
def softphone(request: HttpRequest) -> JsonResponse:
    """The settings of the listener's own telephone in the page: what he listens to must ring somewhere."""
    by = people.staff_of(request.user)
    config = softphone_config(telephone_of(by.code), by.name) if by else None
    return JsonResponse(config) if config else JsonResponse({"title": _("This page is no telephone.")}, status=404)


@require_POST
@may("telephony.monitor")
def monitor(request: HttpRequest, code: str) -> HttpResponse:
    """Listen, whisper, join or take over: the switch rings the listener's own telephone. Quality and trainers listen
    and do no more; whoever leads besides steps in where he leads (SEC-008).
    """
    user: Any = request.user
    today = timezone.localdate()
    if not heard_by(user, today).sees(code):
        raise Http404
    verb = request.POST.get("verb", "")
    by = people.staff_of(user)
    if verb not in (*asking.MONITORING, "leave"):
        raise Http404
    if verb in asking.STEPPING_IN and not (user.may("telephony.step_in") and reachable(user, today).sees(code)):
        raise PermissionDenied
    if by is None:
        return _told(request, code, _("Only a member of staff with a telephone can listen."), bad=True)
    try:
        if verb == "leave":
            return _left(request, code, by)
        command = asking.go_into(verb, code, by)
    except asking.Refused as refusal:
        return _told(request, code, str(refusal), bad=True)
    return asked(request, command, code)


def _left(request: HttpRequest, code: str, by: Staff) -> HttpResponse:
    """Hang up for the listener, unless that call is over: by then his telephone may hold one of his own."""
    said = request.POST.get("command", "")
    heard = get_object_or_404(Command, pk=said if said.isdecimal() else None, asked_by=by, verb__in=asking.MONITORING)
    if telephony.heard_call_over(heard):
        return _told(request, code, _("You are out of the call."))
    return asked(request, asking.ask("hang_up", by.code, {}, by), code)


@require_POST
@may("floor.lead")
def force(request: HttpRequest, code: str) -> HttpResponse:
    """Change an agent's state for him; kept in the audit chain with the leader's name."""
    seen_agent(request, code)
    verb = request.POST.get("verb", "")
    by = people.staff_of(request.user)
    if verb not in ("ready", "sign_out", "pause"):
        raise Http404
    try:
        arguments = {"reason": pause_reason(request.POST.get("reason", ""))} if verb == "pause" else {}
        command = asking.force(verb, code, arguments, by)
    except asking.Refused as refusal:
        return _told(request, code, str(refusal), bad=True)
    return asked(request, command, code)


@require_POST
@may("floor.lead")
def message(request: HttpRequest, code: str) -> HttpResponse:
    seen_agent(request, code)
    try:
        services.send_message(code, request.POST.get("text", ""), people.staff_of(request.user), timezone.now())
    except services.Refused as refusal:
        return _told(request, code, str(refusal), bad=True)
    return _told(request, code, _("Sent. It stands on the agent's desk until it is read."))


@require_POST
@may("floor.lead")
def answer_hand(request: HttpRequest, pk: int) -> HttpResponse:
    hand = get_object_or_404(RaisedHand, pk=pk)
    seen_agent(request, hand.agent)
    try:
        services.answer_hand(pk, people.staff_of(request.user), timezone.now())
    except services.Refused as refusal:
        return _told(request, hand.agent, str(refusal), bad=True)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect("floor:board")


@may("telephony.monitor")
def command(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a wish that the asker himself made."""
    by = people.staff_of(request.user)
    found = get_object_or_404(Command, pk=pk, asked_by=by) if by else None
    if found is None:
        raise Http404
    return asked(request, found, found.agent)
