# SPDX-License-Identifier: Apache-2.0
"""Importing clock records in a page: check a file, look at what would happen, take the good lines, fetch the others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.attendance import punch_import
from zuoxi.attendance.forms import ImportForm
from zuoxi.attendance.models import Batch, Source
from zuoxi.attendance.punch_file import read
from zuoxi.jobs.services import enqueue
from zuoxi.policy.marks import shows
from zuoxi.vault import import_shelf
from zuoxi.vault.exports import refused_lines
from zuoxi.web.access import may
from zuoxi.web.tabular import Table, Unreadable

SHOWN_PROBLEMS = 200
_COMMA, _EQUALS = "\uff0c", "\uff1d"


def own_headings(text: str) -> dict[str, str]:
    """ "编号=工号, 打卡=时间" → pairs; pieces without an equals sign are passed over."""
    pieces = text.replace(_COMMA, ",").replace(_EQUALS, "=").split(",")
    pairs = (piece.partition("=") for piece in pieces)
    return {theirs.strip(): ours.strip() for theirs, sign, ours in pairs if sign and theirs.strip()}


@shows("ATT-024")
@may("attendance.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, what was imported before."""
    form = ImportForm(request.POST or None, request.FILES or None)
    batches = Batch.objects.all()[:20]
    context = {"form": form, "batches": batches, "sources": dict(Source.choices)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "attendance/import.html", context, status=400 if form.errors else 200)
    content = form.cleaned_data["file"].read()
    try:
        read(content, own_headings(form.cleaned_data["headings"]))
    except Unreadable as error:
        form.add_error("file", str(error.message))
        return render(request, "attendance/import.html", context, status=400)
    token = import_shelf.keep(content, request.user.pk or 0)
    request.session[f"punches:{token}"] = {
        "headings": form.cleaned_data["headings"],
        "source": form.cleaned_data["source"],
        "name": form.cleaned_data["file"].name[:100],
    }
    return redirect("attendance:import_checked", token)


def _kept(request: HttpRequest, token: str) -> tuple[Table, dict[str, Any]] | None:
    how = request.session.get(f"punches:{token}")
    content = import_shelf.find(token, request.user.pk or 0) if how else None
    return (read(content, own_headings(how["headings"])), how) if how and content is not None else None


def _gone(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("The file is no longer kept. Choose it again; nothing was changed."))
    return redirect("attendance:import")


@may("attendance.import")
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """What the file would do."""
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    report = punch_import.check(file, how["source"], timezone.now())
    context = {"report": report, "token": token, "name": how["name"], "problems": report.problems[:SHOWN_PROBLEMS]}
    return render(request, "attendance/import_checked.html", context)


@require_POST
@may("attendance.import")
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take the good lines; whoever they are about is judged again in the background."""
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    by = request.user.get_username()
    report, batch = punch_import.take(file, how["source"], how["name"], by, timezone.now())
    if report.new:
        enqueue(
            "attendance.after_import",
            key=f"attendance:{batch.pk}",
            by=request.user.pk,
            months=[month.isoformat() for month in punch_import.months_of(report)],
            staff_ids=sorted(report.people),
            reason=_("Records imported from %(name)s") % {"name": batch.name},
            by_code=by,
        )
    told = {"new": report.new, "known": report.known, "bad": len(report.bad_lines)}
    messages.success(request, _("Taken: %(new)d, known before: %(known)d, refused: %(bad)d.") % told)
    if report.problems:
        return redirect("attendance:import_checked", token)
    import_shelf.drop(token)
    return redirect("attendance:import")


@may("attendance.import")
def rejects(request: HttpRequest, token: str) -> HttpResponse | StreamingHttpResponse:
    """The bad lines as they came, with what is wrong; mend them in the same file and import that."""
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    report = punch_import.check(file, how["source"], timezone.now())
    answer = StreamingHttpResponse(refused_lines(file, report.problems), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return answer
