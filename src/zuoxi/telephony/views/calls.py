# SPDX-License-Identifier: Apache-2.0
"""The call list."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.people.selectors import staff_of, team_choices
from zuoxi.policy.marks import enforces
from zuoxi.telephony import call_export as call_export_file
from zuoxi.telephony import call_lines, visibility
from zuoxi.telephony.access import CALLS, EXPORT, RECORDINGS
from zuoxi.telephony.call_pieces import Piece, counted, newest_of
from zuoxi.telephony.call_search import bounded_count
from zuoxi.telephony.forms import CallFilterForm
from zuoxi.telephony.holds import SHORTEST_REASON
from zuoxi.telephony.keyset import page_of
from zuoxi.telephony.models import Call
from zuoxi.telephony.views import lists
from zuoxi.telephony.views.streaming import streamed
from zuoxi.vault import services as vault
from zuoxi.vault.handing_out import handed_out, is_reviewed
from zuoxi.vault.origin import address_of
from zuoxi.web.access import Principal, may

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BAR = (*lists.CURSORS, "when", "number", "agent", "outcome", "queue", "col", "sort")
"""Parameters that have their place in the bar; any other opens the further filters."""


def filter_form(asked: QueryDict, queues: list[tuple[str, str]]) -> CallFilterForm:
    """The filters as asked, checked."""
    form = CallFilterForm(asked, queues=queues, teams=team_choices())
    form.is_valid()
    return form


def asked_calls(request: HttpRequest, form: CallFilterForm) -> tuple[QuerySet[Call], tuple[Piece, ...]]:
    """The calls that this person means by this query, and their pieces; list, count and export all begin here."""
    if "number" in form.errors or "until" in form.errors:
        return Call.objects.none(), ()
    return visibility.asked_calls(request.user, form.query(timezone.now()))


@may(CALLS.code)
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls by any mix of filters, 50 a page, in any order that has a sort."""
    queues = lists.queue_choices()
    form = filter_form(request.GET, queues)
    calls, pieces = asked_calls(request, form)
    columns = call_lines.chosen_columns(request.GET.getlist("col"))
    sort = request.GET.get("sort") or call_lines.DEFAULT_SORT
    cursors = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(calls, call_lines.sort_named(sort), *cursors, narrow=newest_of(pieces) if pieces else None)
    count, more = counted(pieces) if pieces else bounded_count(calls)
    return render(
        request,
        "telephony/call_list.html",
        {
            "form": form,
            "lines": call_lines.lines_of(page.rows, dict(queues)),
            "heads": lists.heads(columns, request.GET, sort),
            "columns": [column.key for column in columns],
            "all_columns": call_lines.COLUMNS,
            "pager": lists.pager(page, request.GET),
            "count": count,
            "more": more,
            "views": lists.saved_views(request, "calls"),
            "kept_query": list(lists.without(request.GET, *lists.CURSORS).lists()),
            "asked": {name: request.GET.getlist(name) for name in ("outcome", "queue", "direction", "team")},
            "asked_columns": request.GET.getlist("col"),
            "more_filters": bool(lists.without(request.GET, *BAR)) or request.GET.get("when") == "custom",
            "may_play": cast(Principal, request.user).may(RECORDINGS.code),
            "may_export": cast(Principal, request.user).may(EXPORT.code),
            "query": lists.without(request.GET, *lists.CURSORS).urlencode(),
            "narrowed": bool(lists.without(request.GET, *lists.CURSORS, "col", "sort", "when")),
        },
    )


@enforces("SEC-001", "SEC-006")
@require_POST
@may(EXPORT.code)
def call_export(request: HttpRequest) -> HttpResponseBase:
    """The list as a file, for the positions that may take data out; written into the audit chain before it flows."""
    purpose = request.POST.get("purpose", "").strip()
    if len(purpose) < SHORTEST_REASON:
        return HttpResponse(_("Say what the file is needed for."), status=422)
    form = filter_form(request.POST, lists.queue_choices())
    calls, _pieces = asked_calls(request, form)
    columns = call_lines.chosen_columns(request.POST.getlist("col"))
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    rows = call_export_file.rows_of(calls, columns, call_lines.sort_named(request.POST.get("sort", "-offered_at")))
    staff = staff_of(request.user)
    vault.record(
        "telephony.calls.exported",
        who=staff.code if staff else "",
        purpose=purpose,
        ip=address_of(request),
        rows=calls.order_by().count(),
        columns=[column.key for column in columns],
        filters=lists.without(request.POST, *lists.CURSORS, "csrfmiddlewaretoken", "number", "col").urlencode(),
        format=kind,
    )
    pieces = call_export_file.as_xlsx(columns, rows) if kind == "xlsx" else call_export_file.as_csv(columns, rows)
    name = f"calls-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    if is_reviewed(request):
        whole = StreamingHttpResponse(pieces, content_type=KINDS[kind])
        return handed_out(request, whole, title=_("Call list"), filename=name, purpose=purpose)
    return streamed(request, pieces, headers=headers, content_type=KINDS[kind])
