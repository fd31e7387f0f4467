# SPDX-License-Identifier: Apache-2.0
"""Importing a list of contacts: look the file through, take it, fetch what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.outbound import list_import
from zuoxi.outbound.forms import ListForm
from zuoxi.outbound.list_import import REASONS, Terms
from zuoxi.outbound.models import Campaign, ListImport
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.views.asked import today_of
from zuoxi.outbound.visibility import campaigns_seen
from zuoxi.people.selectors import staff_of
from zuoxi.vault import import_shelf
from zuoxi.vault.exports import csv_lines
from zuoxi.web.access import may

SHOWN = 100


def _campaign(request: HttpRequest, pk: int) -> Campaign:
    return get_object_or_404(campaigns_seen(request.user, today_of()), pk=pk)


@may("outbound.import")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; nothing is taken yet."""
    campaign = _campaign(request, pk)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        terms = {name: form.cleaned_data[name] for name in ("source", "consent")}
        terms["name"] = str(form.cleaned_data["file"].name)[:120]
        try:
            list_import.sort_out(content, campaign, Terms(**terms), timezone.now())
        except Refused as wrong:
            form.add_error("file", str(wrong))
        else:
            token = import_shelf.keep(content, request.user.pk or 0)
            request.session[f"contacts:{token}"] = terms
            return redirect("outbound:list_checked", pk, token)
    context = {"form": form, "campaign": campaign, "imports": campaign.imports.select_related("by")[:20]}
    return render(request, "outbound/list_import.html", context, status=400 if form.errors else 200)


def _kept(request: HttpRequest, token: str) -> tuple[bytes, Terms] | None:
    terms = request.session.get(f"contacts:{token}")
    content = import_shelf.find(token, request.user.pk or 0) if terms else None
    return (content, Terms(**terms)) if terms and content is not None else None


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("The file is no longer kept. Choose it again; nothing was changed."))
    return redirect("outbound:list_import", pk)


@may("outbound.import")
def checked(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """What the file would do."""
    campaign, kept = _campaign(request, pk), _kept(request, token)
    if kept is None:
        return _gone(request, pk)
    found = list_import.sort_out(*kept[:1], campaign, kept[1], timezone.now())
    rejected: list[dict[str, Any]] = [
        {"line": one.line, "words": one.words, "note": one.note, "cells": list_import.shown(one.cells)}
        for one in found.rejected[:SHOWN]
    ]
    context = {"campaign": campaign, "found": found, "rejected": rejected, "terms": kept[1], "token": token}
    return render(request, "outbound/list_checked.html", context)


@require_POST
@may("outbound.import")
def take(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Take the good lines."""
    campaign, kept = _campaign(request, pk), _kept(request, token)
    if kept is None:
        return _gone(request, pk)
    try:
        batch = list_import.take_list(kept[0], campaign, kept[1], staff_of(request.user), timezone.now())
    except Refused as wrong:
        messages.error(request, str(wrong))
        return redirect("outbound:list_import", pk)
    import_shelf.drop(token)
    told = {"taken": batch.taken, "others": batch.read - batch.taken}
    messages.success(request, _("Taken: %(taken)d. Not taken: %(others)d, kept with their reasons.") % told)
    return redirect("outbound:campaign", pk)


@may("outbound.import")
def rejects(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The lines that were not taken as they came, with the reason."""
    seen = campaigns_seen(request.user, today_of()).order_by().values("pk")
    batch = get_object_or_404(ListImport.objects.filter(campaign__in=seen), pk=pk)
    rows = (
        [one.line, str(REASONS.get(one.reason, one.reason)), one.note, *one.cells]
        for one in batch.rejects.all().iterator()
    )
    answer = StreamingHttpResponse(
        csv_lines([_("Line"), _("Why not"), _("Note")], rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="rejects-{batch.pk}.csv"'
    return answer
