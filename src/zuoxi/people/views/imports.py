# SPDX-License-Identifier: Apache-2.0
"""Importing staff in a page: check a file, look at what would happen, take the good rows, fetch the bad ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people import staff_import
from zuoxi.people.forms import ImportForm
from zuoxi.people.staff_file import StaffFile, Unreadable, read
from zuoxi.vault import import_shelf
from zuoxi.vault.exports import refused_lines
from zuoxi.web.access import may

SHOWN_PROBLEMS = 200


def own_headings(text: str) -> dict[str, str]:
    """ "编号=工号, 部门=班组" → pairs; pieces without an equals sign are passed over."""
    pairs = (piece.partition("=") for piece in text.replace("\uff0c", ",").replace("\uff1d", "=").split(","))
    return {theirs.strip(): ours.strip() for theirs, sign, ours in pairs if sign and theirs.strip()}


@may("people.staff.import")
def upload(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/import.html", {"form": form}, status=400 if form.errors else 200)
    content = form.cleaned_data["file"].read()
    try:
        read(content, own_headings(form.cleaned_data["headings"]))
    except Unreadable as error:
        form.add_error("file", str(error.message))
        return render(request, "people/import.html", {"form": form}, status=400)
    token = import_shelf.keep(content, request.user.pk or 0)
    request.session[f"import:{token}"] = {
        "headings": form.cleaned_data["headings"],
        "create": form.cleaned_data["create"],
        "name": form.cleaned_data["file"].name[:100],
    }
    return redirect("people:import_checked", token)


def _kept(request: HttpRequest, token: str) -> tuple[StaffFile, dict[str, Any]] | None:
    how = request.session.get(f"import:{token}")
    content = import_shelf.find(token, request.user.pk or 0) if how else None
    return (read(content, own_headings(how["headings"])), how) if how and content is not None else None


def _gone(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("The file is no longer kept. Choose it again; nothing was changed."))
    return redirect("people:import")


@may("people.staff.import")
def checked(request: HttpRequest, token: str) -> HttpResponse:
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    report, _good = staff_import.check(file, timezone.localdate(), create=how["create"])
    context = {"report": report, "token": token, "name": how["name"], "problems": report.problems[:SHOWN_PROBLEMS]}
    return render(request, "people/import_checked.html", context)


@require_POST
@may("people.staff.import")
def take(request: HttpRequest, token: str) -> HttpResponse:
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    report = staff_import.take(file, timezone.localdate(), request.user.get_username(), create=how["create"])
    if not report.problems:
        import_shelf.drop(token)
    messages.success(
        request,
        _("New: %(new)d, changed: %(changed)d, as before: %(same)d, refused: %(bad)d.")
        % {"new": report.new, "changed": report.changed, "same": report.same, "bad": len(report.bad_lines)},
    )
    return redirect("people:import_checked" if report.problems else "people:staff", *[token] * bool(report.problems))


@may("people.staff.import")
def rejects(request: HttpRequest, token: str) -> HttpResponse | StreamingHttpResponse:
    """The bad rows as they came, with what is wrong; mend them in the same file and import that."""
    kept = _kept(request, token)
    if kept is None:
        return _gone(request)
    file, how = kept
    report, _good = staff_import.check(file, timezone.localdate(), create=how["create"])
    answer = StreamingHttpResponse(refused_lines(file, report.problems), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return answer
