# SPDX-License-Identifier: Apache-2.0
"""Scripts, their printing, words that are not said, days off, and the guide that everybody may read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.knowledge import selectors, services
from zuoxi.knowledge.forms import DayOffForm
from zuoxi.knowledge.handbook import OPENINGS
from zuoxi.knowledge.markup import marked
from zuoxi.knowledge.models import DayOff, Print, Version
from zuoxi.knowledge.saying import PRINT_REQUEST, consents
from zuoxi.knowledge.scripts import greeting, opening, scripts, spoken
from zuoxi.knowledge.views.who import own_record, speaker_of
from zuoxi.knowledge.visibility import visible_articles
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.access import may, public


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


@shows("CALL-020", "FUP-003", "KB-004", "KB-006", "KB-007")
@may("knowledge.scripts")
def script_list(request: HttpRequest) -> HttpResponse:
    """Every script, the openings by festival with their notices, and how a day will sound."""
    on = _day(request.GET.get("on", ""))
    notices: dict[str, Version] = {}
    rows = Version.objects.filter(article__kind="notice", article__retired_at=None, state="published")
    for version in rows.select_related("article").order_by("effective_from"):
        if version.fields.get("opening"):
            notices[version.fields["opening"]] = version
    entries, first = site_handbook().entries(OPENINGS), opening(on)
    context = {
        "on": on,
        "opening": first,
        "greeting": greeting(first, speaker_of(request), on),
        "openings": [(key, body, notices.get(key)) for key, body in entries.items()],
        "scripts": [(key, body, sum(step.mandatory for step in body.steps)) for key, body in scripts().items()],
    }
    return render(request, "knowledge/scripts.html", context)


@shows("FUP-003", "KB-004", "KB-006", "KB-007", "KB-008")
@may("knowledge.scripts")
def script(request: HttpRequest, key: str) -> HttpResponse:
    """One script as it sounds on a day, to a customer of some name."""
    body = scripts().get(key)
    if body is None:
        raise Http404(key)
    on, first = _day(request.GET.get("on", "")), None
    who = speaker_of(
        request,
        surname=request.GET.get("surname", "")[:10],
        gender=request.GET.get("gender", ""),
        topic=request.GET.get("topic", "")[:40],
    )
    first = opening(on)
    staff = staff_of(request.user)
    context: dict[str, Any] = {
        "key": key,
        "on": on,
        "said": spoken(key, on, who, first),
        "about": body.about,
        "opening": first,
        "consents": consents(staff, str(body.label)) if staff else [],
        "prints": list(Print.objects.filter(script=key).select_related("staff").order_by("-at")[:10]),
        "request_kind": PRINT_REQUEST,
        "surname": who.surname,
        "gender": who.gender,
        "topic": who.topic,
    }
    return render(request, "knowledge/script.html", context)


@require_POST
@shows("KB-008", "SEC-011")
@may("knowledge.scripts")
def print_script(request: HttpRequest, key: str) -> HttpResponse:
    """The paper itself: once for each consent, with the name of whoever prints across it."""
    body = scripts().get(key)
    if body is None:
        raise Http404(key)
    staff, now = own_record(request), timezone.now()
    try:
        made = services.print_script(key, str(body.label), by=staff, now=now)
    except services.Refused as refused:
        messages.error(request, str(refused))
        return redirect("knowledge:script", key)
    said = spoken(key, timezone.localdate(), speaker_of(request), opening(timezone.localdate()))
    context = {"said": said, "made": made, "staff": staff, "marks": range(24)}
    return render(request, "knowledge/print.html", context)


@shows("KB-005")
@may("knowledge.scripts")
def taboo(request: HttpRequest) -> HttpResponse:
    """The dictionary of what is not said, and a text to try it on."""
    text = request.POST.get("text", "")[:4000] if request.method == "POST" else ""
    context: dict[str, Any] = {"taboos": list(selectors.taboos().items()), "text": text}
    if text:
        hits = selectors.taboo_hits(text)
        context |= {
            "hits": hits,
            "marked": marked(text, [(one.start, one.words) for one in hits]),
            "finding": selectors.judged_words(text, timezone.localdate()),
        }
    return render(request, "knowledge/taboo.html", context)


@shows("KB-012", "KB-013")
@may("knowledge.view")
def days_off(request: HttpRequest) -> HttpResponse:
    """Who does not receive in the two weeks ahead, for whoever guides callers."""
    first = _day(request.GET.get("from", ""))
    days = [first + timedelta(days=ahead) for ahead in range(14)]
    rows = selectors.days_off_between(days[0], days[-1])
    experts = list(
        visible_articles(request.user)
        .filter(kind="expert", current__isnull=False, retired_at=None)
        .select_related("current")
        .order_by("category", "title")[:60]
    )
    grid = []
    for one in experts:
        own = [row for row in rows if row.article_id == one.pk]
        grid.append((one, [next((row for row in own if row.first_on <= day <= row.last_on), None) for day in days]))
    form = DayOffForm(initial={"first_on": first, "last_on": first})
    context = {"days": days, "grid": grid, "rows": rows, "form": form, "today": timezone.localdate()}
    context |= {"before": first - timedelta(days=14), "after": first + timedelta(days=14)}
    return render(request, "knowledge/days_off.html", context)


@require_POST
@may("knowledge.days_off")
def tell_day_off(request: HttpRequest) -> HttpResponse:
    """An expert does not receive."""
    form = DayOffForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the expert and both days."))
        return redirect("knowledge:days_off")
    said = form.cleaned_data
    expert = get_object_or_404(visible_articles(request.user), pk=said["expert"])
    try:
        services.tell_day_off(
            expert,
            said["first_on"],
            said["last_on"],
            note=said["note"],
            by=own_record(request),
            now=timezone.now(),
            today=timezone.localdate(),
        )
        messages.success(request, _("Written down; the guide desk sees it at once."))
    except services.Refused as refused:
        messages.error(request, str(refused))
    return redirect("knowledge:days_off")


@require_POST
@may("knowledge.days_off")
def drop_day_off(request: HttpRequest, pk: int) -> HttpResponse:
    """The expert receives after all."""
    row = get_object_or_404(DayOff.objects.filter(article__in=visible_articles(request.user).values("pk")), pk=pk)
    services.take_day_off_back(row)
    messages.success(request, _("Taken back."))
    return redirect("knowledge:days_off")


@shows("KB-010", "KB-011")
@public
def guide(request: HttpRequest) -> HttpResponse:
    """The office guide: posts, matters, order of steps, time limits, fees and their ground. Nobody's name."""
    today = timezone.localdate()
    found = selectors.matters(today, public=True)
    posts = sorted({one.handled_by for one in found if one.handled_by})
    return render(request, "knowledge/guide.html", {"matters": found, "posts": posts})
