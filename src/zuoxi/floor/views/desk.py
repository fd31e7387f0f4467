# SPDX-License-Identifier: Apache-2.0
"""The desk: one page for an agent's whole shift."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.customers import selectors as customers
from zuoxi.customers import services as customer_services
from zuoxi.floor import asking, desk, linking, permits, selectors, services
from zuoxi.floor.drawing.desk import DESK_VIEW
from zuoxi.floor.grounds import ground
from zuoxi.floor.keeper import keeper
from zuoxi.floor.picture import Audience
from zuoxi.floor.refusals import in_words
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.marks import shows
from zuoxi.telephony import services as telephony
from zuoxi.telephony.models import Call, Command, Number
from zuoxi.telephony.wrap_up_words import results, topics
from zuoxi.vault.origin import address_of
from zuoxi.web.access import may

STATES = ("ready", "sign_in", "sign_out", "pause")
KEYS = {"answer", "hang_up", "hold", "resume"}
TRANSFERS = {"transfer_blind", "transfer_attended", "conference"}


def worker(request: HttpRequest) -> Staff:
    """The staff member whose desk this is: always the one who signed in (CALL-009)."""
    staff = people.staff_of(request.user)
    if staff is None:
        raise PermissionDenied("no staff record")
    return staff


def audience_of(code: str) -> Audience:
    return Audience(DESK_VIEW, translation.get_language() or "zh-hans", frozenset({code}))


@never_cache
@shows("CALL-004", "CALL-008", "CALL-009", "CALL-014", "FLR-005")
@may("telephony.desk")
def page(request: HttpRequest) -> HttpResponse:
    """Everything of the shift on one page; its stream begins where this page ends."""
    staff = worker(request)
    kept = keeper()
    language = translation.get_language() or "zh-hans"
    with kept.lock:
        picture = kept.picture(timezone.now())
        parts = dict(DESK_VIEW.fragments(picture, audience_of(staff.code), 0))
        place, now = kept.place, desk.Now.of(staff.code, picture)
    telephone = desk.telephone_of(staff.code)
    context = {
        "staff": staff,
        "state": parts["#desk-state"],
        "queues": parts["#desk-queues"],
        "telephone": telephone,
        "stream": f"{reverse('floor:desk_stream')}?tab={secrets.token_urlsafe(12)}&lang={language}",
        "place": place,
        **desk.ways_to_be_away(now.roster, language),
        "numbers": now.roster.presented,
        **_call_context(now, telephone),
        **_notes_context(now),
    }
    return render(request, "floor/desk.html", context)


def _now(staff: Staff) -> desk.Now:
    kept = keeper()
    with kept.lock:
        return desk.Now.of(staff.code, kept.picture(timezone.now()))


def _call_context(now: desk.Now, telephone: desk.Telephone | None = None) -> dict[str, Any]:
    hand = desk.call_in_hand(now)
    language = translation.get_language() or "zh-hans"
    return {
        "hand": hand,
        "queue_name": hand.queue.name(language) if hand and hand.queue else "",
        "topics": topics(),
        "results": results(),
        "targets": now.colleagues,
        "keys": not (telephone or desk.telephone_of(now.code)).browser,
    }


def _notes_context(now: desk.Now) -> dict[str, Any]:
    return {"notes": selectors.unread_messages(now.code), "raised": now.hand}


@never_cache
@may("telephony.desk")
def call(request: HttpRequest) -> HttpResponse:
    """The call in hand: who it is, what he called about before, and the form for what it was about."""
    return render(request, "floor/desk/call.html", _call_context(_now(worker(request))))


@never_cache
@may("telephony.desk")
def notes(request: HttpRequest) -> HttpResponse:
    return render(request, "floor/desk/notes.html", _notes_context(_now(worker(request))))


@never_cache
@may("telephony.desk")
def figures(request: HttpRequest) -> HttpResponse:
    """The agent's day so far and his own calls; the desk fetches it when it stands."""
    staff, now = worker(request), timezone.now()
    context = {
        "staff": staff,
        "figures": selectors.figures_today(staff.code, now),
        "recent": desk.recent_calls(staff.code, _now(staff).roster, now),
        "topics": topics(),
    }
    return render(request, "floor/desk/figures.html", context)


@never_cache
@may("telephony.desk")
def softphone(request: HttpRequest) -> JsonResponse:
    """The settings of the agent's own telephone in the page; nobody gets another's."""
    staff = worker(request)
    config = desk.softphone_config(desk.telephone_of(staff.code), staff.name)
    return JsonResponse(config) if config else JsonResponse({"title": _("This page is no telephone.")}, status=404)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, context, status=status)


def _wish(request: HttpRequest, verb: str, arguments: dict[str, Any]) -> HttpResponse:
    """Ask the switch and show the wish as pending; the state itself moves only with the switch's events."""
    staff = worker(request)
    if services.desk_elsewhere(staff.code, request.session.session_key or "", timezone.now()):
        return _refused(request, _("This staff number works at another seat. Sign out there first, or ask the leader."))
    try:
        command = asking.ask(verb, staff.code, arguments, staff)
    except asking.Refused as refusal:
        return _refused(request, str(refusal))
    if request.headers.get("HX-Request"):
        return _answer(request, "floor/desk/command.html", {"command": command, "label": asking.VERB_LABELS[verb]})
    messages.info(request, _("Asked the switch. The state changes when it answers."))
    return redirect("floor:desk")


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _answer(request, "floor/parts/said.html", {"text": text, "bad": True})
    messages.error(request, text)
    return redirect("floor:desk")


def _locked(request: HttpRequest, verb: str) -> HttpResponse | None:
    """The refusal of the handbook with its why, and the way to ask the leader; None where nothing speaks against it."""
    staff, now = worker(request), timezone.now()
    finding = permits.leave_to_be_away(staff, now)
    missing = permits.leave_to_sign_out(staff, now) if finding is None and verb == "sign_out" else None
    found = finding or missing
    if found is None:
        return None
    if request.headers.get("HX-Request"):
        context = {"ground": ground(found), "ask": finding is not None}
        return _answer(request, "floor/desk/refused.html", context)
    messages.error(request, str(found.why))
    return redirect("floor:desk_end" if missing else "floor:desk")


@require_POST
@shows("CALL-006", "MTG-004")
@may("telephony.desk")
def state(request: HttpRequest) -> HttpResponse:
    reason = request.POST.get("pause", "")
    verb = "pause" if reason else request.POST.get("verb", "")
    if verb not in STATES:
        raise Http404
    if verb in ("pause", "sign_out") and reason != "training" and (refusal := _locked(request, verb)):
        return refusal
    if reason:
        try:
            return _wish(request, verb, {"reason": telephony.pause_reason(reason)})
        except telephony.Refused as refusal:
            return _refused(request, str(refusal))
    return _wish(request, verb, {})


@require_POST
@may("telephony.desk")
def key(request: HttpRequest) -> HttpResponse:
    """The keys of a telephone that is not this page: the switch is asked to press them."""
    verb = request.POST.get("verb", "")
    if verb in KEYS:
        return _wish(request, verb, {})
    if verb not in TRANSFERS:
        raise Http404
    to = request.POST.get("to", "").strip()
    if not to and verb != "conference":
        return _refused(request, _("Say to whom: an extension or a number."))
    return _wish(request, verb, {"to": to} if to else {})


@require_POST
@may("telephony.desk")
def dial(request: HttpRequest) -> HttpResponse:
    """Call a number, showing one of the centre's own numbers to the called party."""
    number = "".join(sign for sign in request.POST.get("number", "") if sign in "+0123456789*#")
    present = request.POST.get("present", "")
    if not number:
        return _refused(request, _("Give a number to call."))
    if present and not Number.objects.filter(number=present, presented=True).exists():
        return _refused(request, _("That number may not be shown to customers."))
    return _wish(request, "dial", {"number": number, "present": present} if present else {"number": number})


@require_POST
@may("telephony.desk")
def redial(request: HttpRequest, pk: int) -> HttpResponse:
    """Call back the customer of an own call; his number never leaves the server."""
    return _wish(request, "dial", {"number": desk.other_number(own_call(worker(request), str(pk)))})


def own_call(staff: Staff, number: str) -> Call:
    """A call that the agent takes or took part in (ringing at him counts); 404 otherwise."""
    found = Call.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None or not desk.takes_part(staff.code, found):
        raise Http404
    return found


@require_POST
@may("customers.edit")
def customer(request: HttpRequest) -> HttpResponse:
    """Write down who the caller is, under the number of the call; the number itself is not shown for it."""
    staff = worker(request)
    found = own_call(staff, request.POST.get("call", ""))
    name, number, now = request.POST.get("name", "").strip(), desk.other_number(found), timezone.now()
    if name and customers.found_by(number) is None:
        try:
            of = customer_services.Business("call", found.uid)
            customer_services.save_customer(
                None, name=name, tags=[], note="", by=staff, now=now, number=number, source=found.direction, business=of
            )
        except customer_services.Refused as refusal:
            messages.error(request, str(refusal))
    if request.headers.get("HX-Request"):
        answer = _answer(request, "floor/desk/call.html", _call_context(_now(staff)))
        answer["HX-Trigger"] = "zuoxi:customer"
        return answer
    return redirect("floor:desk")


@require_POST
@may("telephony.desk")
def wrap_up(request: HttpRequest) -> HttpResponse:
    """Keep what the call was about; "extend" asks for more time, once; "ready" ends the wrap-up after saving."""
    staff = worker(request)
    wish = request.POST.get("do", "save")
    if wish == "extend":
        return _wish(request, "extend_wrap_up", {})
    found = own_call(staff, request.POST.get("call", ""))
    topic, result = request.POST.get("topic", ""), request.POST.get("result", "")
    if topic not in dict(topics()) or result not in dict(results()):
        return _refused(request, _("Choose what it was about and how it ended. Nothing that you wrote is lost."))
    success = {"yes": True, "no": False}.get(request.POST.get("success", ""))
    note = request.POST.get("note", "")[:2000]
    telephony.save_wrap_up(found, staff.code, topic=topic, result=result, success=success, note=note)
    linking.keep_link(found.uid, desk.other_number(found), by=staff, now=timezone.now())
    if wish == "ready":
        return _wish(request, "ready", {})
    if request.headers.get("HX-Request"):
        return _answer(request, "floor/parts/said.html", {"text": _("Saved."), "bad": False})
    messages.success(request, _("Saved."))
    return redirect("floor:desk")


@require_POST
@may("telephony.desk")
def hand(request: HttpRequest) -> HttpResponse:
    """Ask for the leader, or take the hand down again."""
    staff = worker(request)
    if request.POST.get("do") == "lower":
        services.lower_hand(staff.code, timezone.now())
    else:
        services.raise_hand(staff.code, request.POST.get("note", ""), timezone.now())
    if request.headers.get("HX-Request"):
        return _answer(request, "floor/desk/notes.html", _notes_context(_now(staff)))
    return redirect("floor:desk")


@require_POST
@may("telephony.desk")
def read(request: HttpRequest, pk: int) -> HttpResponse:
    staff = worker(request)
    services.read_message(staff.code, pk, timezone.now())
    if request.headers.get("HX-Request"):
        return _answer(request, "floor/desk/notes.html", _notes_context(_now(staff)))
    return redirect("floor:desk")


@require_POST
@may("telephony.desk")
def take(request: HttpRequest) -> HttpResponse:
    """Work in this tab; the other one is told."""
    staff = worker(request)
    tab = request.POST.get("tab", "")[:32]
    session = request.session.session_key or ""
    try:
        services.take_desk(staff.code, tab, session, address_of(request) or "", timezone.now())
    except services.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("floor:desk")


@never_cache
@may("telephony.desk")
def command(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of an own wish."""
    found = Command.objects.filter(pk=pk, asked_by=worker(request)).first()
    if found is None:
        raise Http404
    label = asking.VERB_LABELS.get(found.verb, found.verb)
    context = {"command": found, "label": label, "refusal": in_words(found.message)}
    return _answer(request, "floor/desk/command.html", context)
