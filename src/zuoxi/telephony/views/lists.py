# SPDX-License-Identifier: Apache-2.0
"""What every list page of telephony shares: choices for its filters, links that keep the query, saved views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from zuoxi.telephony import saved_views as saved
from zuoxi.telephony.call_lines import Column, queue_names
from zuoxi.telephony.keyset import Page
from zuoxi.telephony.page_models import SavedView
from zuoxi.web.access import signed_in

CURSORS = ("after", "before", "format", "purpose")
PAGES = {"calls": "telephony:calls", "recordings": "telephony:recordings", "states": "telephony:states"}


def without(query: QueryDict, *names: str) -> QueryDict:
    """The query without these parameters and without empty ones."""
    kept = query.copy()
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value]
        if name in names or not values:
            del kept[name]
        else:
            kept.setlist(name, values)
    return kept


def link(query: QueryDict, **changes: str) -> str:
    """ "?…" with the changes made and the cursor gone."""
    kept = without(query, *CURSORS, *changes)
    for name, value in changes.items():
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}"


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `aria` is "ascending", "descending" or ""."""

    key: str
    label: Any
    numeric: bool
    href: str = ""
    aria: str = ""


def heads(columns: tuple[Column, ...], query: QueryDict, sort: str) -> list[Head]:
    """Heads with links that sort: downwards first, then upwards."""
    found = []
    for column in columns:
        if column.sort is None:
            found.append(Head(column.key, column.label, column.numeric))
            continue
        down, up = f"-{column.key}", column.key
        aria = {down: "descending", up: "ascending"}.get(sort, "")
        target = up if sort == down else down
        found.append(Head(column.key, column.label, column.numeric, link(query, sort=target), aria))
    return found


def pager(page: Page[Any], query: QueryDict) -> dict[str, str]:
    """Links to the next and the previous page; "" where there is none."""
    return {
        "next": link(query, after=page.next) if page.next else "",
        "previous": link(query, before=page.previous) if page.previous else "",
    }


def queue_choices() -> list[tuple[str, str]]:
    return sorted(queue_names().items(), key=lambda pair: pair[0])


def signed_in_id(request: HttpRequest) -> int:
    """The number of the sign-in behind the request; only for views that no stranger reaches."""
    return int(request.user.pk or 0)


def saved_views(request: HttpRequest, page: str) -> list[SavedView]:
    return saved.views_of(signed_in_id(request), page)


def _back(request: HttpRequest, page: str, query: str = "") -> HttpResponse:
    target = reverse(PAGES[page])
    return HttpResponseRedirect(f"{target}?{query}" if query else target)


@require_POST
@signed_in
def save_view(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the filters shown under a name; the same name again replaces them."""
    if page not in PAGES:
        page = "calls"
    query = without(QueryDict(request.POST.get("query", "").lstrip("?")[:1000]), *CURSORS, "number")
    name = request.POST.get("name", "").strip()[:60]
    if name:
        saved.keep(signed_in_id(request), page, name, query.urlencode())
    return _back(request, page, query.urlencode())


@require_POST
@signed_in
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = saved.forget(signed_in_id(request), pk)
    if view is None:
        raise Http404
    return _back(request, view.page, view.query)
