# SPDX-License-Identifier: Apache-2.0
"""Finding, hearing and taking out recordings."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zuoxi.people.selectors import staff_of, team_choices
from zuoxi.policy.marks import shows
from zuoxi.telephony import holds, recording_search
from zuoxi.telephony.access import DOWNLOAD, RECORDINGS
from zuoxi.telephony.asterisk.audio import Broken
from zuoxi.telephony.call_search import bounded_count
from zuoxi.telephony.call_story import NEVER
from zuoxi.telephony.forms import RecordingFilterForm
from zuoxi.telephony.keyset import Sort, page_of
from zuoxi.telephony.listening import Listener, ticket_for, write_down
from zuoxi.telephony.models import Recording
from zuoxi.telephony.page_models import RecordingHold, RecordingPlay
from zuoxi.telephony.recording_files import Audio, cached_peaks, locate, open_audio, roots
from zuoxi.telephony.views import lists
from zuoxi.telephony.views.streaming import Unsatisfiable, asked_range, streamed
from zuoxi.telephony.visibility import visible_recordings
from zuoxi.vault.encryption import Tampered
from zuoxi.vault.origin import address_of
from zuoxi.web.access import Principal, may

SORTS = {"at": Sort("started_at"), "length": Sort("seconds", nullable=True)}
WHY_NOT = {
    "never": gettext_lazy("The switch never said that it began to record."),
    "missing": gettext_lazy("The switch said that it recorded, but the file is not there."),
    "deleted": gettext_lazy("It was deleted when its time of keeping had ended."),
}
BAR = (*lists.CURSORS, "when", "number", "agent", "status", "queue", "sort")


@shows("CALL-001")
@may(RECORDINGS.code)
def recording_list(request: HttpRequest) -> HttpResponse:
    """Recordings by agent, time, queue, length, state and score, with what is wrong counted above."""
    queues = lists.queue_choices()
    form = RecordingFilterForm(request.GET, queues=queues, teams=team_choices())
    form.is_valid()
    recordings = visible_recordings(request.user)
    query = form.query(timezone.now())
    found = recording_search.matching(recordings, query)
    sort = request.GET.get("sort") or "-at"
    page = page_of(found, _sort(sort), request.GET.get("after", ""), request.GET.get("before", ""))
    count, more = bounded_count(found)
    in_period = recording_search.RecordingQuery(period=query.period)
    counts = recording_search.counts_by_status(recording_search.matching(recordings, in_period))
    return render(
        request,
        "telephony/recording_list.html",
        {
            "form": form,
            "lines": recording_search.lines_of(page.rows, dict(queues)),
            "pager": lists.pager(page, request.GET),
            "count": count,
            "more": more,
            "tones": {
                "short": "warn" if counts.get("short") else "",
                "missing": "bad" if counts.get("missing") else "",
                "orphan": "warn" if counts.get("orphan") else "",
            },
            "share": recording_search.share_whole(counts),
            "counts": {status: counts.get(status, 0) for status in Recording.Status.values},
            "links": {status: lists.link(request.GET, status=status) for status in Recording.Status.values},
            "asked": {name: request.GET.getlist(name) for name in ("status", "queue", "team")},
            "sort_links": {key: lists.link(request.GET, sort=_turned(sort, key)) for key in SORTS},
            "sort": sort,
            "views": lists.saved_views(request, "recordings"),
            "query": lists.without(request.GET, *lists.CURSORS).urlencode(),
            "narrowed": bool(lists.without(request.GET, *lists.CURSORS, "sort", "when")),
            "more_filters": bool(lists.without(request.GET, *BAR)) or request.GET.get("when") == "custom",
        },
    )


def _sort(name: str) -> Sort:
    sort = SORTS.get(name.lstrip("-"), SORTS["at"])
    return Sort(sort.field, name.startswith("-"), sort.nullable)


def _turned(sort: str, key: str) -> str:
    return key if sort == f"-{key}" else f"-{key}"


def listener_of(request: HttpRequest) -> Listener:
    """Who asks; only for views that no stranger reaches."""
    staff = staff_of(request.user)
    return Listener(lists.signed_in_id(request), staff.code if staff else "", address_of(request))


def recording_of(request: HttpRequest, pk: int) -> Recording:
    """The recording, if this person may hear it; 404 otherwise."""
    return get_object_or_404(visible_recordings(request.user), pk=pk)


def audio_of(recording: Recording) -> Audio:
    """Its sound; 404 with the reason in words when there is none to be had."""
    path = locate(recording.path, roots()) if recording.status != Recording.Status.DELETED else None
    if path is None:
        raise Http404(_("No recording to be had"))
    try:
        return open_audio(path)
    except (Broken, Tampered) as error:
        raise Http404(_("The file is there, but it cannot be read as sound.")) from error


@shows("CALL-002")
@may(RECORDINGS.code)
def recording_page(request: HttpRequest, pk: int) -> HttpResponse:
    recording = recording_of(request, pk)
    listener = listener_of(request)
    may_take_out = cast(Principal, request.user).may(DOWNLOAD.code)
    line = recording_search.lines_of([recording])[0]
    plays = RecordingPlay.objects.filter(path=recording.path).select_related("user", "user__staff_member")
    return render(
        request,
        "telephony/recording.html",
        {
            "recording": recording,
            "line": line,
            "share": float(line.seconds) / line.talk if line.seconds is not None and line.talk else None,
            "why": WHY_NOT.get("never" if recording.path.startswith(NEVER) else recording.status, WHY_NOT["missing"]),
            "there": line.playable and locate(recording.path, roots()) is not None,
            "ticket": ticket_for(listener.user_id, recording),
            "may_download": may_take_out,
            "hold": RecordingHold.objects.filter(path=recording.path).first(),
            "plays": list(plays.order_by("-began_at")[:50]) if may_take_out else [],
        },
    )


@may(RECORDINGS.code)
@require_safe
def recording_peaks(request: HttpRequest, pk: int) -> HttpResponse:
    """The shape of the sound, for drawing it."""
    audio = audio_of(recording_of(request, pk))
    return HttpResponse(
        cached_peaks(audio),
        content_type="application/json",
        headers={"Cache-Control": "private, max-age=300"},
    )


@may(RECORDINGS.code)
@require_safe
def recording_audio(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sound, whole or a range of it; the listening is in the audit chain before the first byte goes out."""
    recording = recording_of(request, pk)
    audio = audio_of(recording)
    try:
        span = asked_range(request.headers.get("Range", ""), audio.size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{audio.size}"})
    if request.method == "GET":
        write_down(listener_of(request), recording, request.GET.get("ticket", ""))
    return _sound(request, audio, span, f'inline; filename="recording-{pk}.wav"')


def _sound(request: HttpRequest, audio: Audio, span: tuple[int, int] | None, disposition: str) -> HttpResponseBase:
    begin, end = span or (0, audio.size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - begin),
        "Content-Disposition": disposition,
        "Cache-Control": "private, no-store",
    }
    if span:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{audio.size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type="audio/wav")
    pieces = audio.read(begin, end)
    return streamed(request, pieces, status=status, headers=headers, content_type="audio/wav")


@require_POST
@may(DOWNLOAD.code)
def recording_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, for those who may take it out, after saying what for."""
    recording = recording_of(request, pk)
    audio = audio_of(recording)
    purpose = request.POST.get("purpose", "").strip()
    if len(purpose) < holds.SHORTEST_REASON:
        return HttpResponse(_("Say what the file is needed for."), status=422)
    write_down(listener_of(request), recording, download_for=purpose)
    name = f"{recording.started_at:%Y%m%d-%H%M%S}-{recording.agent}-{pk}{Path(recording.path).suffix}"
    return _sound(request, audio, None, f'attachment; filename="{name}"')


@require_POST
@may(DOWNLOAD.code)
def recording_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a recording from deletion, or let it go again; both with a reason, both written down."""
    recording = recording_of(request, pk)
    listener = listener_of(request)
    reason = request.POST.get("reason", "").strip()
    if len(reason) < holds.SHORTEST_REASON:
        return HttpResponse(_("Give the reason."), status=422)
    if request.POST.get("do") == "lift":
        holds.lift(recording, listener, reason)
    else:
        holds.place(recording, listener, reason)
    return redirect("telephony:recording", pk=pk)
