# SPDX-License-Identifier: Apache-2.0
"""Keeping the knowledge in order: what waits, what is due, what was asked for, who has read, the figures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.knowledge import figures as counting
from zuoxi.knowledge import selectors, services
from zuoxi.knowledge.kinds import label_of
from zuoxi.knowledge.models import Version
from zuoxi.knowledge.views.who import own_record
from zuoxi.knowledge.visibility import own_kinds, roles_of, visible_articles, visible_wishes, waiting_for
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

_SPANS = (7, 30, 90)


def soon_days() -> int:
    reading = site_handbook().on(timezone.localdate())
    key = "knowledge.review.soon_days"
    return reading.whole(key) if reading.has(key) else 14


@shows("KB-001", "KB-002", "KB-003")
@may("knowledge.write")
def review(request: HttpRequest) -> HttpResponse:
    """What waits for one's decision, one's own drafts, and what others of one's kinds are writing."""
    staff = own_record(request)
    waiting = list(waiting_for(request.user).select_related("article", "author").order_by("handed_in_at")[:50])
    drafts = Version.objects.filter(state__in=("draft", "review"), article__kind__in=own_kinds(request.user))
    rows = list(drafts.select_related("article", "author").order_by("-written_at")[:80])
    return render(
        request,
        "knowledge/review.html",
        {
            "waiting": [(one, label_of(one.article.kind)) for one in waiting],
            "mine": [(one, label_of(one.article.kind)) for one in rows if one.author_id == staff.pk],
            "others": [
                (one, label_of(one.article.kind)) for one in rows if one.author_id != staff.pk and one not in waiting
            ],
        },
    )


@shows("KB-001", "KB-002")
@may("knowledge.write")
def due(request: HttpRequest) -> HttpResponse:
    """Articles whose review or end comes near, the overdue ones first."""
    today, days = timezone.localdate(), soon_days()
    rows = counting.due_soon(today, days).select_related("current", "responsible")
    if request.GET.get("only") == "overdue":
        rows = counting.overdue(today).select_related("current", "responsible")
    page = page_of(
        request, rows, {"review": "review_on", "title": "title", "until": "current__effective_until"}, "review"
    )
    context = {"page": page, "rows": [(one, label_of(one.kind)) for one in page.rows], "today": today, "days": days}
    return render(request, "knowledge/due.html", context)


@shows("KB-009")
@may("knowledge.write")
def asked(request: HttpRequest) -> HttpResponse:
    """What the desk asked for, and what was looked for in vain."""
    today = timezone.localdate()
    state = "done" if request.GET.get("state") == "done" else "open"
    rows = visible_wishes(request.user).filter(state=state).select_related("article", "by", "responsible", "settled_by")
    page = page_of(
        request, rows, {"last": "last_at", "times": "times"}, "-times" if state == "open" else "-last", size=20
    )
    return render(
        request,
        "knowledge/asked.html",
        {"page": page, "state": state, "vain": counting.found_nothing(today, 30, 20), "kinds": own_kinds(request.user)},
    )


@require_POST
@may("knowledge.write")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about a wish."""
    row = get_object_or_404(visible_wishes(request.user), pk=pk)
    try:
        services.settle(row, request.POST.get("answer", ""), by=own_record(request), now=timezone.now())
        messages.success(request, _("Settled; whoever asked has been told."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("knowledge:asked")


@shows("KB-013")
@may("knowledge.write")
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has read an article, and who has not."""
    article = get_object_or_404(visible_articles(request.user).select_related("current"), pk=pk)
    found = selectors.required([article], timezone.localdate())
    line = found[0] if found else None
    finding = selectors.briefing(article, timezone.localdate()) if line else None
    people = [(one, line.read.get(one.staff_id)) for one in line.people] if line else []
    people.sort(key=lambda pair: (pair[1] is not None, pair[0].code))
    return render(
        request, "knowledge/receipts.html", {"article": article, "line": line, "people": people, "finding": finding}
    )


@shows("KB-013")
@may("knowledge.view")
def reading(request: HttpRequest) -> HttpResponse:
    """What one still has to read and confirm, and what one has confirmed."""
    staff = staff_of(request.user)
    owed = selectors.to_read(staff, roles_of(request.user)) if staff else []
    done = selectors.read_by(staff) if staff else []
    return render(request, "knowledge/reading.html", {"owed": owed, "done": done})


@shows("KB-009")
@may("knowledge.figures")
def figures(request: HttpRequest) -> HttpResponse:
    """Searches, searches in vain, readings, reviews that are due; each opens its rows."""
    today = timezone.localdate()
    text = request.GET.get("days", "30")
    days = int(text) if text in {str(one) for one in _SPANS} else 30
    series, lines = counting.searches_by_day(today, days), counting.reading_lines(today)
    numbers = counting.figures(today, days, series, lines)
    chart = {
        "kind": "bar",
        "x": [f"{one.day:%m-%d}" for one in series],
        "series": [
            {"name": _("Searches"), "data": [one.searches for one in series]},
            {"name": _("In vain"), "data": [one.in_vain for one in series], "tone": "warn"},
        ],
        "unit": "count",
    }
    return render(
        request,
        "knowledge/figures.html",
        {
            "numbers": numbers,
            "days": days,
            "spans": _SPANS,
            "chart": chart,
            "vain": counting.found_nothing(today, days, 15),
            "lines": lines[:15],
            "popular": list(counting.in_force().order_by("-opened")[:10]),
        },
    )
