# SPDX-License-Identifier: Apache-2.0
"""Looking things up: the home of the knowledge, the search, the article, what stands beside a call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.knowledge import selectors, services
from zuoxi.knowledge.kinds import decided_by, kinds, label_of
from zuoxi.knowledge.markup import compared, drawn
from zuoxi.knowledge.models import Article, Receipt, Version, Vote, Wish
from zuoxi.knowledge.publishing import standing
from zuoxi.knowledge.scripts import opening, scripts, spoken
from zuoxi.knowledge.views.who import back, own_record, speaker_of
from zuoxi.knowledge.visibility import own_kinds, roles_of, visible_articles, visible_versions
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

_SORTS = {
    "title": "title",
    "opened": "opened",
    "useful": "useful",
    "since": "current__effective_from",
    "review": "review_on",
}


@shows("KB-001", "KB-002", "KB-003", "KB-009", "KB-012")
@may("knowledge.view")
def home(request: HttpRequest) -> HttpResponse:
    """Categories, a search, and the list."""
    rows = visible_articles(request.user).filter(retired_at=None)
    counted = rows.filter(current__isnull=False)
    offered = kinds()
    by_kind = dict(counted.values_list("kind").annotate(Count("pk")).order_by())
    kind, category = request.GET.get("kind", ""), request.GET.get("category", "")
    if kind:
        rows, counted = rows.filter(kind=kind), counted.filter(kind=kind)
    words = request.GET.get("q", "").strip()
    named = counted.exclude(category="").values_list("category").annotate(n=Count("pk"))
    categories = [] if words else list(named.order_by("-n", "category")[:30])  # they narrow the list, not a search
    if category:
        rows = rows.filter(category=category)
    context: dict[str, Any] = {
        "kinds": [(key, body, by_kind.get(key, 0)) for key, body in offered.items()],
        "kind": kind,
        "category": category,
        "categories": categories,
        "q": words,
        "labels": {key: str(body.label) for key, body in offered.items()},
        "may_write": bool(own_kinds(request.user)),
    }
    if words:
        context |= _found(request, words, kind)
    else:
        page = page_of(request, rows.select_related("current"), _SORTS, "-opened", size=30)
        context["page"] = page
        context["rows"] = [(one, label_of(one.kind)) for one in page.rows]
    staff = staff_of(request.user)
    if staff is not None:
        context["owed"] = len(selectors.to_read(staff, roles_of(request.user)))
    return render(request, "knowledge/home.html", context)


def _found(request: HttpRequest, words: str, kind: str = "") -> dict[str, Any]:
    topics = [request.GET.get("topic", ""), request.GET.get("queue", "")]
    pieces, count = selectors.looked_up(words, topics=topics, kinds=[kind] if kind else [])
    services.note_search(words, count, by=staff_of(request.user), now=timezone.now())
    return {"pieces": [(one, label_of(one.kind)) for one in pieces], "searched": words}


@shows("KB-003", "KB-009")
@may("knowledge.view")
def find(request: HttpRequest) -> HttpResponse:
    """The hits while somebody types; beside a call the topic lifts what belongs to it."""
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"q": words, "desk": "desk" in request.GET, "call": request.GET.get("call", "")}
    if words:
        context |= _found(request, words, request.GET.get("kind", ""))
    return render(request, "knowledge/hits.html", context)


@may("knowledge.view")
def by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The number of an article as people write it."""
    found = get_object_or_404(visible_articles(request.user), code=code)
    return redirect("knowledge:article", found.pk)


@shows("KB-001", "KB-002", "KB-010", "KB-012", "KB-014", "CUS-006")
@may("knowledge.view")
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One article: what holds, its versions, and what may be done with it."""
    found = get_object_or_404(visible_articles(request.user).select_related("current", "responsible"), pk=pk)
    seen = list(
        visible_versions(request.user).filter(article=found).select_related("author", "decided_by").order_by("-number")
    )
    version = _asked(request, found, seen)
    staff, today = staff_of(request.user), timezone.localdate()
    now = timezone.now()
    if version is not None and found.current_id == version.pk:
        services.note_opened(found, by=staff, now=now)
    body = kinds().get(found.kind)
    writes = found.kind in own_kinds(request.user)
    context: dict[str, Any] = {
        "article": found,
        "version": version,
        "versions": [(one, standing(one, today)) for one in seen],
        "label": label_of(found.kind),
        "body": drawn(version.body) if version else "",
        "fields": _fields(body, version),
        "writes": writes,
        "open_version": next((one for one in seen if one.state in ("draft", "review")), None),
        "decides": _decides(request, found, version, staff),
        "mine": version is not None and staff is not None and version.author_id == staff.pk,
        "finding": standing(version, today) if version else None,
        "vote": Vote.objects.filter(article=found, staff=staff).first(),
        "wishes": list(found.wishes.filter(state=Wish.State.OPEN)[:10]) if writes else [],
        "off": selectors.experts_off(today).get(found.pk) if found.kind == "expert" else None,
        "waiting": version is None,
    }
    if found.must_read and staff is not None and version is not None:
        context["receipt"] = Receipt.objects.filter(version=version, staff=staff).first()
        context["owes"] = context["receipt"] is None and any(
            one.pk == found.pk for one in selectors.to_read(staff, roles_of(request.user))
        )
    against = next((one for one in seen if str(one.number) == request.GET.get("against", "")), None)
    if against is not None and version is not None:
        context |= {"against": against, "changes": compared(_whole(against, body), _whole(version, body))}
    return render(request, "knowledge/article.html", context)


def _asked(request: HttpRequest, found: Article, seen: list[Version]) -> Version | None:
    number = request.GET.get("version", "")
    if number:
        version = next((one for one in seen if str(one.number) == number), None)
        if version is None:
            raise Http404(number)
        return version
    current = next((one for one in seen if one.pk == found.current_id), None)
    return current or (seen[0] if seen else None)


def _decides(request: HttpRequest, found: Article, version: Version | None, staff: Any) -> bool:
    if version is None or version.state != Version.State.REVIEW or staff is None or version.author_id == staff.pk:
        return False
    return bool(request.user.may("knowledge.decide")) and found.kind in decided_by(roles_of(request.user))  # type: ignore[union-attr]


def _fields(body: Any, version: Version | None) -> list[tuple[str, Any, bool]]:
    """(label, value, whether it is a list) of the kind's own fields that say something."""
    if version is None or body is None:
        return []
    said = [(str(one.label), version.fields.get(key)) for key, one in body.fields.items()]
    return [(label, value, isinstance(value, list)) for label, value in said if value]


def _whole(version: Version, body: Any) -> str:
    parts = [version.title, version.body]
    for label, value, many in _fields(body, version):
        parts += [f"{label}:", *(value if many else [str(value)])]
    return "\n".join(parts)


@require_POST
@may("knowledge.view")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """“I have read it.”"""
    found = get_object_or_404(visible_articles(request.user), pk=pk)
    version = request.POST.get("version", "")
    try:
        services.confirm(found, int(version) if version.isdecimal() else 0, by=own_record(request), now=timezone.now())
        messages.success(request, _("Confirmed as read."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("knowledge:article", pk)


@require_POST
@may("knowledge.view")
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it helped."""
    found = get_object_or_404(visible_articles(request.user), pk=pk)
    services.vote(found, request.POST.get("useful") == "1", by=own_record(request), now=timezone.now())
    if request.headers.get("HX-Request"):
        found.refresh_from_db()
        return render(
            request,
            "knowledge/votes.html",
            {"article": found, "vote": Vote.objects.filter(article=found, staff=own_record(request)).first()},
        )
    return redirect("knowledge:article", pk)


@require_POST
@may("knowledge.view")
def wish(request: HttpRequest) -> HttpResponse:
    """Something is missing or wrong: one click from the desk or the article."""
    number = request.POST.get("article", "")
    found = get_object_or_404(visible_articles(request.user), pk=int(number)) if number.isdecimal() else None
    try:
        made = services.wish(
            request.POST.get("kind", "missing"),
            request.POST.get("words", ""),
            by=own_record(request),
            now=timezone.now(),
            article=found,
            call=request.POST.get("call", ""),
        )
        said, tone = _("Asked for; it has been asked %(times)d times.") % {"times": made.times}, "good"
    except services.Refused as refused:
        said, tone = str(refused), "bad"
    if request.headers.get("HX-Request"):
        return render(request, "knowledge/wished.html", {"said": said, "tone": tone})
    (messages.success if tone == "good" else messages.error)(request, said)
    return back(request, f"/knowledge/articles/{found.pk}/" if found else "/knowledge/")


@shows("CALL-020", "KB-003", "KB-004", "KB-006", "KB-007")
@may("knowledge.view")
def desk(request: HttpRequest) -> HttpResponse:
    """What stands beside a call: the script of the topic with lines to tick, what helps, what is missing."""
    topic, queue = request.GET.get("topic", ""), request.GET.get("queue", "")
    call = request.GET.get("call", "")[:64]
    context: dict[str, Any] = {"call": call, "topic": topic, "queue": queue}
    if request.user.may("knowledge.scripts"):  # type: ignore[union-attr]
        context |= _script(request, topic, queue, call)
    context["pieces"] = [(one, label_of(one.kind)) for one in selectors.articles_for(topic, queue)]
    return render(request, "knowledge/desk.html", context)


def _script(request: HttpRequest, topic: str, queue: str, call: str) -> dict[str, Any]:
    known = scripts()
    key = request.GET.get("script", "") or selectors.script_for(topic, queue)
    if key not in known:
        return {}
    today = timezone.localdate()
    who = speaker_of(
        request, surname=request.GET.get("surname", "")[:20], gender=request.GET.get("gender", ""), topic=topic
    )
    said = spoken(key, today, who, opening(today))
    ticked = selectors.ticked_in(call, own_record(request), key) if call else frozenset()
    return {
        "script": said,
        "lines": [(line, line.key in ticked) for line in said.lines],
        "scripts": [(one, str(body.label)) for one, body in known.items()],
    }


@require_POST
@may("knowledge.scripts")
def tick(request: HttpRequest) -> HttpResponse:
    """Lines of a script said in a call."""
    call, key = request.POST.get("call", ""), request.POST.get("script", "")
    if not call or key not in scripts():
        raise Http404(key)
    said = spoken(key, timezone.localdate(), speaker_of(request))
    row = services.tick(call, said, request.POST.getlist("line"), by=own_record(request), now=timezone.now())
    return render(request, "knowledge/ticked.html", {"row": row})
