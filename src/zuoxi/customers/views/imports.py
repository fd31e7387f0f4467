# SPDX-License-Identifier: Apache-2.0
"""Importing lists: choose a file, say which column is which, see what would happen, let it run, fetch what failed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.customers import batches, importing
from zuoxi.customers.forms import ImportForm
from zuoxi.customers.import_columns import COLUMNS, LABELS
from zuoxi.customers.models import CustomerImport
from zuoxi.customers.visibility import visible_imports
from zuoxi.people.models import User
from zuoxi.policy.marks import shows
from zuoxi.vault import file_runs, import_shelf
from zuoxi.vault.exports import csv_lines
from zuoxi.web.access import may
from zuoxi.web.tabular import Table, Unreadable

SHOWN = 100


@may("customers.import")
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, what was imported before."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = batches.begin(
                said["file"].read(),
                name=said["file"].name,
                policy=said["policy"],
                source=said["source"],
                by=cast(User, request.user),
                now=timezone.now(),
            )
        except Unreadable as wrong:
            form.add_error("file", str(wrong.message))
        else:
            return redirect("customers:import", made.pk)
    context = {
        "form": form,
        "batches": file_runs.as_they_stand(visible_imports(request.user).select_related("by")[:30]),
    }
    return render(request, "customers/imports.html", context, status=422 if form.errors else 200)


def _table(request: HttpRequest, batch: CustomerImport) -> Table | None:
    content = import_shelf.find(batch.token, batch.by_id)
    if content is None:
        return None
    try:
        return importing.open_table(content, batch.mapping)
    except Unreadable as wrong:
        messages.error(request, str(wrong.message))
        return None


@shows("CUS-016")
@may("customers.import")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Columns, and what would happen; while it runs, how far it is; afterwards, what came of it."""
    (batch,) = file_runs.as_they_stand([get_object_or_404(visible_imports(request.user), pk=pk)])
    context: dict[str, Any] = {"batch": batch, "policies": CustomerImport.Policy.choices}
    if batch.state == CustomerImport.State.CHECKED:
        table = _table(request, batch)
        if table is not None:
            context["heads"] = _heads(table, batch)
            context["columns"] = list(LABELS.items())
            context["sheets"] = table.sheets
            context["report"] = importing.check(table, batch.policy, batch.source, SHOWN)
        context["gone"] = table is None
    elif batch.state == CustomerImport.State.RUNNING and batch.job:
        context["progress_url"] = reverse("jobs:progress", args=[batch.job])
        context["cancel_url"] = reverse("jobs:cancel", args=[batch.job])
    context["rejects"] = list(batch.rejects.all()[:SHOWN])
    return render(request, "customers/import.html", context)


def _heads(table: Table, batch: CustomerImport) -> list[tuple[int, str, str, list[str]]]:
    """Each heading with the column it means and its first cells."""
    examples = table.cells[:3]
    return [
        (place, head, batch.mapping.get(head, ""), [row[place] for row in examples if place < len(row) and row[place]])
        for place, head in enumerate(table.head)
        if head
    ]


@require_POST
@may("customers.import")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which heading is which column, and look again at what would happen."""
    batch = get_object_or_404(visible_imports(request.user), pk=pk, state=CustomerImport.State.CHECKED)
    table = _table(request, batch)
    if table is None:
        return redirect("customers:import", pk)
    mapping: dict[str, str] = {}
    for place, head in enumerate(table.head):  # the file's own order: a database may keep a mapping in another
        if not head:
            continue
        wish = request.POST.get(f"column-{place}", "")
        mapping[head] = wish if wish in COLUMNS and wish not in mapping.values() else ""
    policy = request.POST.get("policy", batch.policy)
    batches.map_columns(batch, mapping, policy if policy in CustomerImport.Policy.values else batch.policy)
    return redirect("customers:import", pk)


@require_POST
@may("customers.import")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it run; what is in stays in when it is stopped, and running it again goes on from there."""
    batch = get_object_or_404(visible_imports(request.user), pk=pk)
    if not batches.run(batch.pk, by=cast(User, request.user)):
        messages.info(request, _("It runs already."))
    return redirect("customers:import", pk)


@may("customers.import")
def rejects(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused lines as they came, with what is wrong; mend them in the same file and import that."""
    batch = get_object_or_404(visible_imports(request.user), pk=pk)
    heads = batch.heads or list(batch.mapping)
    head = [*heads, _("Line"), _("What is wrong")]
    width = len(heads)
    rows = ([*(one.cells + [""] * width)[:width], one.line, one.why] for one in batch.rejects.iterator())
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return answer
