# SPDX-License-Identifier: Apache-2.0
"""The call list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.people.selectors import team_choices
from zuoxi.telephony import call_lines
from zuoxi.telephony.access import CALLS
from zuoxi.telephony.call_search import bounded_count, matching
from zuoxi.telephony.forms import CallFilterForm
from zuoxi.telephony.keyset import page_of
from zuoxi.telephony.models import Call
from zuoxi.telephony.views import lists
from zuoxi.telephony.visibility import visible_calls
from zuoxi.web.access import may

BAR = (*lists.CURSORS, "when", "number", "agent", "outcome", "queue", "col", "sort")
"""Parameters that have their place in the bar; any other opens the further filters."""


def filter_form(request: HttpRequest) -> CallFilterForm:
    """The filters as asked, checked."""
    form = CallFilterForm(request.GET, queues=lists.queue_choices(), teams=team_choices())
    form.is_valid()
    return form


def asked_calls(request: HttpRequest, form: CallFilterForm) -> Any:
    """The calls that this person means by this query; list, count and export all begin here."""
    calls = visible_calls(request.user)
    if "number" in form.errors or "until" in form.errors:
        return Call.objects.none()
    return matching(calls, form.query(timezone.now()))


@may(CALLS.code)
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls by any mix of filters, 50 a page, in any order that has a sort."""
    form = filter_form(request)
    calls = asked_calls(request, form)
    columns = call_lines.chosen_columns(request.GET.getlist("col"))
    sort = request.GET.get("sort") or call_lines.DEFAULT_SORT
    page = page_of(calls, call_lines.sort_named(sort), request.GET.get("after", ""), request.GET.get("before", ""))
    count, more = bounded_count(calls)
    return render(
        request,
        "telephony/call_list.html",
        {
            "form": form,
            "lines": call_lines.lines_of(page.rows),
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
            "more_filters": bool(lists.without(request.GET, *BAR)),
            "may_export": False,
            "export_url": "",
            "query": lists.without(request.GET, *lists.CURSORS).urlencode(),
            "narrowed": bool(lists.without(request.GET, *lists.CURSORS, "col", "sort", "when")),
        },
    )
