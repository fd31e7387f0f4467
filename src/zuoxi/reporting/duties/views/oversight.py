# SPDX-License-Identifier: Apache-2.0
"""Duties seen from above: punctuality, the calendar, what the handbook asks, and work that is set."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from zuoxi.people import selectors as people
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting import access
from zuoxi.reporting.duties import lists, rates, tasks_set
from zuoxi.reporting.duties.centres import centre, duties_of
from zuoxi.reporting.duties.delivering import NotNow
from zuoxi.reporting.duties.facts import DueItem, Duty
from zuoxi.reporting.duties.forms import EventForm, TaskForm
from zuoxi.reporting.duties.grounds import CHANNELS, OURS, clauses_of, post_names, rhythm, until
from zuoxi.reporting.duties.schedule import due_items
from zuoxi.reporting.duties.views.own import now_of, staff_or_404, tabs, tell
from zuoxi.reporting.handbook import OF_SHIFTS, positions_of
from zuoxi.reporting.models import DutyHolder, DutyItem
from zuoxi.reporting.questions import PRESETS, preset_days
from zuoxi.web.access import may, signed_in
from zuoxi.web.listed import listed
from zuoxi.web.listing import page_of

GROUP_NAMES = {
    "duty": gettext_lazy("Duty"),
    "position": gettext_lazy("Post"),
    "person": gettext_lazy("Person"),
}


def _days(request: HttpRequest) -> tuple[str, date, date]:
    today = lists.today(now_of())
    name = request.GET.get("when", "month")
    if name not in PRESETS or name == "custom":
        name = "month"
    return name, *preset_days(name, today)


@shows("RPT-033")
@may(access.PUNCTUALITY.code)
def punctuality(request: HttpRequest) -> HttpResponse:
    """How much of what was due came in time: in all, of the safety reports, and by duty, post or person."""
    now, (when, first, last) = now_of(), _days(request)
    by = request.GET.get("by", "duty")
    by = by if by in rates.GROUPS else "duty"
    rows = lists.narrowed(rates.between(first, last), people.scope_of(request.user, lists.today(now)))
    place = {"when": when}
    found = [
        (one, f"{reverse('reporting:duty_rows')}?{urlencode(place | {by: one.key})}")
        for one in rates.rates(rows, by, now)
    ]
    context = {
        "by": by,
        "by_name": GROUP_NAMES[by],
        "when": when,
        "presets": [(key, label) for key, label in PRESETS.items() if key != "custom"],
        "all": rates.total(rows, now),
        "safety": rates.total(rows.filter(rates.SAFETY), now),
        "rates": found,
        "tabs": [
            {"label": label, "url": f"?{urlencode(place | {'by': key})}", "current": key == by}
            for key, label in GROUP_NAMES.items()
        ],
        "rows_url": f"{reverse('reporting:duty_rows')}?{urlencode(place)}",
    }
    return render(request, "reporting/duties/punctuality.html", context)


@shows("RPT-033")
@may(access.PUNCTUALITY.code)
def rows(request: HttpRequest) -> HttpResponse:
    """The items that a rate was made of."""
    now, (when, first, last) = now_of(), _days(request)
    found = lists.narrowed(rates.between(first, last), people.scope_of(request.user, lists.today(now)))
    for key, column in (("duty", "duty"), ("position", "position"), ("person", "holders__staff__code")):
        if request.GET.get(key):
            found = found.filter(**{column: request.GET[key]})
    state = request.GET.get("state", "")
    if state == "missing":
        found = found.filter(Q(state__in=lists.LIVE) & rates.past_due(now))
    elif state in DutyItem.State.values:
        found = found.filter(state=state)
    found = found.select_related("done_by").prefetch_related(
        Prefetch("holders", DutyHolder.objects.select_related("staff"))
    )
    page = page_of(request, found.distinct(), {"due": "due_at", "done": "done_at"}, "-due")
    context = {
        "page": page,
        "lines": [lists.line(one, now) for one in page.rows],
        "when": when,
        "state": state,
        "states": [("missing", pgettext("duty", "Overdue")), *DutyItem.State.choices],
        "presets": [(key, label) for key, label in PRESETS.items() if key != "custom"],
        "kept": [(key, request.GET[key]) for key in ("duty", "position", "person") if request.GET.get(key)],
    }
    return render(request, "reporting/duties/rows.html", context)


_WORST = ("bad", "warn", "info", "plain", "good")


@dataclass(slots=True)
class _Cell:
    """A day of the calendar."""

    day: date
    here: bool
    today: bool
    off: bool
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def shown(self) -> list[dict[str, str]]:
        """The day's duties by name, each once with how often, in its worst colour."""
        found: dict[str, list[tuple[str, str]]] = {}
        for label, url, tone in self.lines:
            found.setdefault(label, []).append((url, tone))
        return [
            {
                "label": label if len(rows) == 1 else f"{label} ×{len(rows)}",
                "url": min(rows, key=lambda row: _WORST.index(row[1]))[0],
                "tone": min((tone for _url, tone in rows), key=_WORST.index),
            }
            for label, rows in found.items()
        ]


@shows("RPT-033", "RPT-026", "TRN-029")
@signed_in
def calendar(request: HttpRequest) -> HttpResponse:
    """A month of what falls due for me: periodic duties by the handbook, those of shifts once they are there."""
    staff, now = staff_or_404(request), now_of()
    today = lists.today(now)
    month = _month(request.GET.get("month", ""), today)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    handbook = site_handbook()
    where, work = centre(month, last, handbook, shifts=False), calendar_of(handbook)
    cells = [
        _Cell(day, day.month == month.month, day == today, not work.is_working_day(day)) for day in _weeks(month, last)
    ]
    by_day = {cell.day: cell for cell in cells}
    known = {
        (one.duty, one.occasion, one.slot): one
        for one in DutyItem.objects.filter(holders__staff=staff, due_at__date__range=(month, last)).order_by("due_at")
    }
    for item in known.values():
        tone, label = lists.line(item, now).tone, str(item.title)
        _put(
            by_day, item.due_at.astimezone(handbook.zone).date(), label, reverse("reporting:duty", args=[item.pk]), tone
        )
    for duty, one in _coming(duties_of(handbook), month - timedelta(days=12), last, where):
        if staff.pk in one.holders and one.key not in known and one.due_at > now:
            _put(by_day, one.due_at.astimezone(handbook.zone).date(), str(duty.body.label), "", "plain")
    context = {
        "month": month,
        "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)],
        "before": (month - timedelta(days=1)).strftime("%Y-%m"),
        "after": (last + timedelta(days=1)).strftime("%Y-%m"),
        "weekdays": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        "tabs": tabs(request, "duty_calendar"),
    }
    return render(request, "reporting/duties/calendar.html", context)


def _coming(duties: list[Duty], first: date, last: date, where: Any) -> list[tuple[Duty, DueItem]]:
    periodic = [one for one in duties if one.body.when.every not in (*OF_SHIFTS, "event", "day", "working_day")]
    return [(duty, item) for duty in periodic for item in due_items(duty, first, last, where)]


def _put(by_day: dict[date, _Cell], day: date, label: str, url: str, tone: str) -> None:
    if day in by_day:
        by_day[day].lines.append((label, url, tone))


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _weeks(first: date, last: date) -> list[date]:
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]


@shows(
    "RPT-002", "RPT-003", "RPT-004", "RPT-005", "RPT-006", "RPT-007", "RPT-008", "RPT-009", "RPT-010", "RPT-011",
    "RPT-033", "ORG-004", "ORG-008", "ORG-015", "ORG-017", "ORG-033",
)  # fmt: skip
@signed_in
def catalogue(request: HttpRequest) -> HttpResponse:
    """What the handbook asks of each post, with clause and source."""
    staff_or_404(request)
    handbook = site_handbook()
    every = {duty.key: duty for duty in duties_of(handbook)}
    posts = sorted({position for duty in every.values() for position in duty.body.positions})
    names = people.position_names(people.lines_of_command())
    post = request.GET.get("post", "")
    word = request.GET.get("q", "").strip().lower()
    found = [
        _described(duty, names)
        for duty in every.values()
        if (not post or post in duty.body.positions)
        and (not word or word in f"{duty.body.label.zh} {duty.body.label.en} {' '.join(duty.body.clauses)}".lower())
    ]
    context = {
        "rows": found,
        "posts": [(code, names.get(code, code)) for code in posts],
        "post": post,
        "word": word,
        "pack": handbook.pack,
        "count": len(every),
        "tabs": tabs(request, "duty_catalogue"),
    }
    return render(request, "reporting/duties/catalogue.html", context)


def _described(duty: Duty, names: dict[str, str]) -> dict[str, Any]:
    body = duty.body
    return {
        "body": body,
        "who": [code for word in body.who for code in positions_of(word)],
        "who_names": post_names(body.who, names),
        "to": post_names(body.to, names),
        "copies": post_names(body.copies, names),
        "rhythm": rhythm(body),
        "until": until(body),
        "channel": CHANNELS[body.channel],
        "ours": listed(str(OURS[one]) for one in body.ours),
        "clauses": clauses_of(body.clauses),
    }


@shows("ORG-022")
@may(access.TASKS.code)
def new_task(request: HttpRequest) -> HttpResponse:
    """Give somebody below a piece of work."""
    staff, form = staff_or_404(request), TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = people.staff_by_code(form.cleaned_data["to"].strip())
        if to is None:
            form.add_error("to", _("Nobody has this staff number."))
        else:
            given = form.cleaned_data
            try:
                one = tasks_set.set_task(
                    staff, to, given["title"], words=given["words"], due_at=given["due_at"], now=now_of()
                )
            except NotNow as refused:
                tell(request, refused)
            else:
                messages.success(request, _("%s has been told.") % to.name)
                return redirect("reporting:duty", one.pk)
    set_by_me = DutyItem.objects.filter(set_by=staff).prefetch_related(
        Prefetch("holders", DutyHolder.objects.select_related("staff"))
    )
    lines = [lists.line(one, now_of()) for one in set_by_me.order_by("-created_at")[:30]]
    status = 422 if form.is_bound else 200
    return render(request, "reporting/duties/task.html", {"form": form, "lines": lines}, status=status)


@signed_in
def events(request: HttpRequest) -> HttpResponse:
    """Things that happened and began duties; whoever may record one finds the form."""
    staff = staff_or_404(request)
    kinds = tasks_set.events_for(staff, lists.today(now_of()))
    context = {
        "form": EventForm(kinds, initial={"day": lists.today(now_of())}) if kinds else None,
        "events": tasks_set.recorded(50),
        "tabs": tabs(request, "duty_events"),
    }
    return render(request, "reporting/duties/events.html", context)


@require_POST
@signed_in
def record_event(request: HttpRequest) -> HttpResponse:
    """Write down what happened."""
    staff = staff_or_404(request)
    form = EventForm(tasks_set.events_for(staff, lists.today(now_of())), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            tasks_set.record_event(given["kind"], given["day"], given["subject"], staff, now_of())
            messages.success(request, _("Recorded. What it begins falls due by itself."))
        except NotNow as refused:
            tell(request, refused)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("reporting:duty_events")
