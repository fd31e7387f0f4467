# SPDX-License-Identifier: Apache-2.0
"""Drift and gaps: what the listener hears, what was not believed, what cannot be known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.events import selectors as ledger
from zuoxi.jobs import selectors as jobs
from zuoxi.jobs import services as work
from zuoxi.people.selectors import names_of
from zuoxi.telephony import call_lines, drift
from zuoxi.telephony.access import CALLS, HEALTH
from zuoxi.telephony.call_search import bounded_count
from zuoxi.telephony.doubt_words import in_words
from zuoxi.telephony.models import Call
from zuoxi.telephony.quarantine import doubtful, doubtful_of
from zuoxi.telephony.views.call import told
from zuoxi.telephony.views.lists import signed_in_id
from zuoxi.web.access import Principal, may
from zuoxi.web.measures import local_text

VERIFY = "telephony.ledger.verify"
AGES = (15, 30, 60, 240)


def _minutes(request: HttpRequest) -> int:
    asked = request.GET.get("age", "")
    return int(asked) if asked.isdecimal() and int(asked) in AGES else 30


@may(HEALTH.code)
def drift_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    minutes = _minutes(request)
    open_calls = drift.old_open_calls(minutes, now)
    differing = drift.mismatches(now)
    names = names_of(one.agent for one in differing)
    doubted, more = bounded_count(Call.objects.exclude(doubts="").filter(offered_at__gte=now - timedelta(days=7)))
    reasons = ledger.quarantine_reasons()
    verified = jobs.latest(VERIFY)
    word, tone = _verdict(verified.result if verified and verified.state == "done" else None)
    return render(
        request,
        "telephony/drift.html",
        {
            "switches": drift.switches(now),
            "folds": drift.folds(),
            "open_calls": call_lines.lines_of(open_calls),
            "differing": [(one, names.get(one.agent, "")) for one in differing],
            "windows": [(one, in_words(one.why)) for one in drift.unknown_windows()],
            "doubted": doubted,
            "doubted_more": more,
            "reasons": [(stream, in_words(reason), number) for stream, reason, number in reasons],
            "quarantined": sum(one[2] for one in reasons),
            "minutes": minutes,
            "ages": AGES,
            "may_calls": cast(Principal, request.user).may(CALLS.code),
            "tones": {"open": "warn" if open_calls else "", "differing": "warn" if differing else "", "verified": tone},
            "verified": verified,
            "verified_word": word,
            "verified_at": local_text(verified.ended_at, "full") if verified and verified.ended_at else "",
        },
    )


def _verdict(result: dict[str, Any] | None) -> tuple[Any, str]:
    """The last verification in one word, and its tone."""
    if result is None:
        return _("not yet"), ""
    if result.get("sound"):
        return _("sound"), "good"
    return _("differences"), "bad"


@may(HEALTH.code)
def quarantine_page(request: HttpRequest) -> HttpResponse:
    """Every piece that was not believed, newest first, as it was said."""
    before = request.GET.get("before", "")
    rows = ledger.quarantined(
        stream=request.GET.get("stream", "")[:64],
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=51,
    )
    pieces = doubtful(rows[:50])
    following = f"?before={pieces[-1].id}" if len(rows) > 50 else ""
    return render(request, "telephony/quarantine.html", {"pieces": pieces, "next": following})


@may(HEALTH.code)
def evidence_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the switch said of one call, for those who look after the switch and may not see the conversation."""
    call = get_object_or_404(Call, pk=pk)
    events = ledger.of_subjects([call.uid]).get(call.uid, [])
    if not events:
        raise Http404
    context = {"call": call, "events": [told(event) for event in events], "quarantined": doubtful_of(call.uid)}
    return render(request, "telephony/evidence.html", context)


@require_POST
@may(HEALTH.code)
def verify_now(request: HttpRequest) -> HttpResponse:
    """Ask for the whole ledger to be folded again and compared, in the background."""
    work.enqueue(VERIFY, key=VERIFY, by=signed_in_id(request), once=True)
    return redirect("telephony:drift")
