# SPDX-License-Identifier: Apache-2.0
"""One call: what happened, who had a part in it, what was recorded, and what the switch said."""

from __future__ import annotations

from typing import Any, cast

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zuoxi.events.facts import Stored
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import enforces, shows
from zuoxi.telephony import call_lines
from zuoxi.telephony.access import CALLS, HEALTH, RECORDINGS
from zuoxi.telephony.asked_by_key import answers_of
from zuoxi.telephony.call_story import CallStory, others_of, picture_of, story_of, why_no_recording
from zuoxi.telephony.labels import DIRECTIONS, ENDED_BY, LEG_KINDS, OUTCOME_TONES, OUTCOMES, doubts_of
from zuoxi.telephony.ledger_words import kind_label, masked_data
from zuoxi.telephony.listening import ticket_for
from zuoxi.telephony.models import Call, Queue
from zuoxi.telephony.quarantine import doubtful_of
from zuoxi.telephony.views.recordings import listener_of
from zuoxi.telephony.visibility import visible_calls, visible_recordings, visible_states
from zuoxi.telephony.wrap_up_words import result_name, topic_name
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.vault.origin import address_of
from zuoxi.web.access import Principal, may

PURPOSES = (
    ("callback", _("Call the customer back")),
    ("complaint", _("Look into a complaint")),
    ("order", _("Check an order")),
    ("quality", _("Quality work")),
    ("other", _("Something else (say what)")),
)


def call_of(request: HttpRequest, pk: int) -> Call:
    """The call, if this person may see it; 404 otherwise, so that its being there is not told."""
    return get_object_or_404(visible_calls(request.user, few=True), pk=pk)


@shows("CALL-001", "CALL-002")
@may(CALLS.code)
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    call = call_of(request, pk)
    return render(request, "telephony/call.html", _context(request, call))


def _context(request: HttpRequest, call: Call, **more: Any) -> dict[str, Any]:
    story = story_of(call, visible_states(request.user))
    line, *others = call_lines.lines_of([call, *others_of(call, visible_calls(request.user, few=True))])
    queue = Queue.objects.filter(code=call.queue).first() if call.queue else None
    evidence = cast(Principal, request.user).may(HEALTH.code)
    return {
        "call": call,
        "line": line,
        "story": story,
        "picture": picture_of(story),
        "legs": [(leg, story.who(leg.agent), LEG_KINDS.get(leg.kind, leg.kind)) for leg in story.legs],
        "visits": [_visit(story, visit) for visit in story.visits],
        "attempts": [(one, story.who(one.agent)) for one in story.attempts],
        "asked_by_key": answers_of(call, queue),
        "wrap_ups": [
            (one, story.who(one.agent), topic_name(one.topic), result_name(one.result)) for one in story.wrap_ups
        ],
        "recordings": recordings_of(request, story),
        "no_recording": why_no_recording(story, queue),
        "others": others,
        "doubts": doubts_of(call.doubts),
        "quarantined": doubtful_of(call.uid),
        "evidence": evidence,
        "events": [told(event) for event in story.events] if evidence else [],
        "direction": DIRECTIONS.get(call.direction, call.direction),
        "outcome": OUTCOMES.get(call.outcome, call.outcome),
        "outcome_tone": OUTCOME_TONES.get(call.outcome, "plain"),
        "ended_by": ENDED_BY.get(call.ended_by, call.ended_by),
        "who": story.who(call.agent) if call.agent else "",
        "diverted_to": masking.phone(call.diverted_to) if call.diverted_to.lstrip("+").isdigit() else call.diverted_to,
        "purposes": PURPOSES,
        "revealed": "",
        **more,
    }


def recordings_of(request: HttpRequest, story: CallStory) -> list[Any]:
    """The recordings of the call that this person may play."""
    if not cast(Principal, request.user).may(RECORDINGS.code):
        return []
    ids = [recording.pk for recording in story.recordings]
    mine = set(visible_recordings(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    shown = [one for one in story.recordings if one.pk in mine and one.status in call_lines.PLAYABLE]
    user = listener_of(request).user_id
    return [{"recording": one, "id": f"recording-{one.pk}", "ticket": ticket_for(user, one)} for one in shown]


def _visit(story: CallStory, visit: Any) -> dict[str, Any]:
    return {
        "visit": visit,
        "queue": story.queues.get(visit.queue, visit.queue),
        "outcome": OUTCOMES.get(visit.outcome, visit.outcome),
        "tone": OUTCOME_TONES.get(visit.outcome, "plain"),
        "who": story.who(visit.agent) if visit.agent else "",
    }


def told(event: Stored) -> dict[str, Any]:
    """One ledger event as the page shows it: in words, and as it was said with numbers masked."""
    said = orjson.dumps(masked_data(event.data), option=orjson.OPT_SORT_KEYS).decode()
    return {"event": event, "label": kind_label(event.kind), "said": said}


@enforces("SEC-013")
@require_POST
@may(CALLS.code)
def reveal_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the customer's number once, after saying what for; written into the audit chain before it is shown."""
    call = call_of(request, pk)
    code, words = request.POST.get("purpose", ""), request.POST.get("words", "").strip()
    labels = dict(PURPOSES)
    if code not in labels or (code == "other" and len(words) < 4):
        context = _context(request, call, reveal_error=_("Say what the number is needed for."))
        return render(request, "telephony/call.html", context, status=422)
    staff = staff_of(request.user)
    vault.record(
        "telephony.number.revealed",
        who=staff.code if staff else "",
        on=("call", call.pk),
        purpose=f"{code}: {words}" if words else code,
        ip=address_of(request),
    )
    number = call_lines.customer_number(call)
    if request.headers.get("HX-Request"):
        return render(request, "telephony/number_shown.html", {"number": number})
    return render(request, "telephony/call.html", _context(request, call, revealed=number))
