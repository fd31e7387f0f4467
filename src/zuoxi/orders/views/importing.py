# SPDX-License-Identifier: Apache-2.0
"""Orders from a file: what it holds, what is wrong in it, taking what is right, and what came of it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.orders import batches, imports
from zuoxi.orders.import_models import OrderImport
from zuoxi.orders.visibility import visible_imports
from zuoxi.people.models import User
from zuoxi.vault import file_runs, import_shelf
from zuoxi.vault.exports import csv_lines
from zuoxi.web.access import may
from zuoxi.web.tabular import Unreadable

SHOWN = 100


@may("orders.import")
def page(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, what was imported before. Nothing is kept of a file that cannot be read."""
    context: dict[str, Any] = {"columns": [words[0] for words in imports.COLUMNS.values()]}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        content = file.read() if file else b""
        try:
            if not content:
                raise Unreadable(_("Choose a file."))
            name = file.name or "" if file else ""
            made = batches.begin(content, name=name, by=cast(User, request.user), now=timezone.now())
        except Unreadable as wrong:
            context["wrong"], status = wrong.message, 422
        else:
            return redirect("orders:import_one", made.pk)
    context["batches"] = file_runs.as_they_stand(visible_imports(request.user).select_related("by")[:30])
    return render(request, "orders/imports.html", context, status=status)


@may("orders.import")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What would happen; while it runs, how far it is; afterwards, what came of it."""
    (batch,) = file_runs.as_they_stand([get_object_or_404(visible_imports(request.user), pk=pk)])
    went_wrong = batch.state in (OrderImport.State.CANCELLED, OrderImport.State.FAILED)
    context: dict[str, Any] = {"batch": batch, "went_wrong": went_wrong}
    if batch.state == OrderImport.State.CHECKED:
        content = import_shelf.find(batch.token, batch.by_id)
        context |= {"gone": True} if content is None else {"looked": imports.look(content)}
    elif went_wrong and import_shelf.find(batch.token, batch.by_id) is None:
        context |= {"gone": True, "went_wrong": False}
    elif batch.state == OrderImport.State.RUNNING and batch.job:
        context["progress_url"] = reverse("jobs:progress", args=[batch.job])
        context["cancel_url"] = reverse("jobs:cancel", args=[batch.job])
    context["rejects"] = list(batch.rejects.all()[:SHOWN])
    context["refused"] = batch.rejects.count()
    return render(request, "orders/import.html", context)


@require_POST
@may("orders.import")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it run; what is in stays in when it is stopped, and running it again goes on from there."""
    batch = get_object_or_404(visible_imports(request.user), pk=pk)
    if not batches.run(batch.pk, by=cast(User, request.user)):
        messages.info(request, _("It runs already."))
    return redirect("orders:import_one", pk)


@may("orders.import")
def rejects(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What was not taken, with what is wrong and what to do."""
    batch = get_object_or_404(visible_imports(request.user), pk=pk)
    head = [_("Line"), _("Order number"), _("Column"), _("What is wrong"), _("What to do")]
    rows = ([row.line, row.foreign, row.column, row.why, row.todo] for row in batch.rejects.iterator())
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return answer
