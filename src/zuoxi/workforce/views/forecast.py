# SPDX-License-Identifier: Apache-2.0
"""Calls to come: by day and half hour with their band, changed by hand, and what the forecasts were worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.jobs import selectors as jobs
from zuoxi.jobs import services as work
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import QueueLoad
from zuoxi.vault.exports import may_export
from zuoxi.web.access import may
from zuoxi.web.listing import page_of
from zuoxi.workforce import services
from zuoxi.workforce.demand.accuracy import came_between, latest_runs, measured
from zuoxi.workforce.demand.export import answer
from zuoxi.workforce.demand.slots import HALVES, Slot, edits_between, latest_days, slots_of
from zuoxi.workforce.demand_forms import EditForm, EventForm, MakeForm
from zuoxi.workforce.demand_models import DemandEvent, ForecastRun
from zuoxi.workforce.forecast_names import cause_name, model_name
from zuoxi.workforce.tasks import FORECAST
from zuoxi.workforce.views.rosters import month_day
from zuoxi.workforce.visibility import seen_edits, seen_queues

_DAY = timedelta(days=1)
_BACK, _AHEAD = 14, 35
TIMES = [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(HALVES)]


def queue_name(queue: QueueLoad) -> str:
    return queue.name_zh if (get_language() or "zh").startswith("zh") else queue.name_en or queue.name_zh


def _chosen(request: HttpRequest, queues: Sequence[QueueLoad], runs: dict[str, ForecastRun]) -> QueueLoad | None:
    """The asked queue, or the first that has a forecast, or the first of all."""
    asked = request.GET.get("queue", "")
    by_code = {one.code: one for one in queues}
    with_run = next((one for one in queues if one.code in runs), None)
    return by_code.get(asked) or with_run or (queues[0] if queues else None)


def _me(request: HttpRequest) -> Staff:
    staff = staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


@shows("SCH-001", "SCH-009", "CALL-023")
@may("workforce.forecast")
def forecast(request: HttpRequest, form: EditForm | None = None, status: int = 200) -> HttpResponse:
    """A queue's days to come, one of them by half hour, with the edits on it."""
    today, now = timezone.localdate(), timezone.now()
    queues = seen_queues(request.user)
    runs = latest_runs([one.code for one in queues])
    queue = _chosen(request, queues, runs)
    day = month_day(request.GET.get("day", ""), today)
    context: dict[str, Any] = {
        "queues": [(one.code, queue_name(one)) for one in queues],
        "queue": queue,
        "day": day,
        "previous": day - _DAY,
        "next": day + _DAY,
        "today": today,
        "job": jobs.latest(FORECAST),
        "make": MakeForm(initial={"last": today + _DAY * site_handbook().on(today).whole("forecast.horizon_days")}),
        "may_edit": request.user.may("workforce.forecast.edit"),  # type: ignore[union-attr]
        "may_export": may_export(request.user.roles),  # type: ignore[union-attr]
    }
    if queue is not None:
        context |= _queue_context(queue, runs.get(queue.code), day, now)
        context["form"] = form or EditForm(initial={"day": day, "kind": "factor"})
    return render(request, "workforce/forecast.html", context, status=status)


def _queue_context(queue: QueueLoad, run: ForecastRun | None, day: date, now: datetime) -> dict[str, Any]:
    zone = site_handbook().zone
    first, last = day - _BACK * _DAY, day + _AHEAD * _DAY
    rows = {key[1]: row for key, row in latest_days([queue.code], first, last).items()}
    since, until = datetime.combine(first, time(), zone), datetime.combine(last + _DAY, time(), zone)
    edits = edits_between([queue.code], since, until)
    slots = {one: slots_of(row, edits, zone) for one, row in rows.items()}
    came = came_between(first, last, now)[queue.code]
    here, moment = slots.get(day, []), datetime.combine(day, time(), zone)
    on_day = [one for one in edits if one.starts_at < moment + _DAY and one.ends_at > moment]
    busiest = max(here, key=lambda one: one.calls, default=None)
    test = run.test if run else {}
    return {
        "name": queue_name(queue),
        "run": run,
        "model": model_name(run.model) if run else "",
        "test": test,
        "ratio": test["wape"] / test["naive"] if test.get("wape") and test.get("naive") else None,
        "repairs": [one | {"cause": cause_name(one["cause"])} for one in run.said.get("repairs", [])] if run else [],
        "short": bool(run and run.said.get("short")),
        "slots": list(zip(TIMES, here, strict=False)),
        "calls": sum(one.calls for one in here) if here else None,
        "busiest": busiest,
        "edits": [(one, len([s for s in here if one.starts_at <= s.start < one.ends_at])) for one in on_day],
        "day_chart": _day_chart(here, came.get(day)) if here else None,
        "days_chart": _days_chart(queue, slots, came, (first, last), test) if slots else None,
    }


def _day_chart(slots: Sequence[Slot], came: Any) -> dict[str, Any]:
    edited = any(one.edited for one in slots)
    series: list[dict[str, Any]] = [
        {"name": pgettext("forecast", "Expected"), "data": [round(one.calls, 1) for one in slots], "tone": "accent"},
        {
            "name": _("8 of 10 lie here"),
            "kind": "band",
            "low": [round(one.low, 1) for one in slots],
            "data": [round(one.high, 1) for one in slots],
            "tone": "accent",
        },
    ]
    if edited:
        made = [round(one.made, 1) for one in slots]
        series.append({"name": _("Before edits"), "data": made, "tone": "warn", "dashed": True})
    if came is not None:
        series.append({"name": pgettext("forecast", "Came"), "data": [int(one) for one in came], "tone": "good"})
    return {"kind": "line", "x": TIMES, "series": series, "unit": "count"}


def _days_chart(
    queue: QueueLoad, slots: dict[date, list[Slot]], came: Any, span: tuple[date, date], test: dict[str, Any]
) -> dict[str, Any]:
    days = [span[0] + step * _DAY for step in range((span[1] - span[0]).days + 1)]
    days = [one for one in days if one in slots or one in came]
    expected = {day: sum(one.calls for one in held) for day, held in slots.items()}

    def times(factor: float | None) -> list[float | None]:
        return [round(expected[day] * factor, 1) if factor is not None and day in expected else None for day in days]

    series: list[dict[str, Any]] = [{"name": pgettext("forecast", "Expected"), "data": times(1.0), "tone": "accent"}]
    if test.get("day_low") is not None:
        low, high = times(test["day_low"]), times(test["day_high"])
        series.append({"name": _("8 of 10 lie here"), "kind": "band", "low": low, "data": high, "tone": "accent"})
    if came:
        known = [int(came[day].sum()) if day in came else None for day in days]
        series.append({"name": pgettext("forecast", "Came"), "data": known, "tone": "good"})
    address = reverse("workforce:forecast")
    links = [f"{address}?{urlencode({'queue': queue.code, 'day': day.isoformat()})}" for day in days]
    return {"kind": "line", "x": [f"{day:%m-%d}" for day in days], "series": series, "unit": "count", "links": links}


@require_POST
@may("workforce.forecast.edit")
def make_forecast(request: HttpRequest) -> HttpResponse:
    """Ask for every queue's forecast to be made anew in the background."""
    today, me = timezone.localdate(), _me(request)
    furthest = site_handbook().on(today).whole("forecast.furthest_days")
    form = MakeForm(request.POST, today=today, furthest=furthest, queues=seen_queues(request.user))
    if not form.is_valid():
        said = next(iter(form.errors.values()))[0]
        messages.error(request, _("%(wrong)s Nothing was reckoned.") % {"wrong": said})
    else:
        last = form.cleaned_data["last"].isoformat()
        work.enqueue(FORECAST, key=FORECAST, by=me.user_id, once=True, last=last, by_code=me.code, **form.borrowed())
        messages.info(request, _("The forecasts are being made."))
    return redirect(f"{reverse('workforce:forecast')}?{urlencode({'queue': request.POST.get('queue', '')})}")


@require_POST
@may("workforce.forecast.edit")
def edit_forecast(request: HttpRequest) -> HttpResponse:
    """Put a factor or calls over some hours of a queue."""
    today, me = timezone.localdate(), _me(request)
    most = float(site_handbook().on(today).number("forecast.edit_factor_maximum"))
    form = EditForm(request.POST, zone=site_handbook().zone, most=most)
    code = request.GET.get("queue", "")
    if code not in {one.code for one in seen_queues(request.user)}:
        raise Http404(code)
    if not form.is_valid():
        return forecast(request, form, 422)
    said = form.cleaned_data
    services.edit_forecast(
        code, form.starts_at, form.ends_at, kind=said["kind"], value=said["value"], reason=said["reason"], by=me,
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Kept beside the reckoned figures."))
    return redirect(f"{reverse('workforce:forecast')}?{urlencode({'queue': code, 'day': said['day'].isoformat()})}")


@require_POST
@may("workforce.forecast.edit")
def withdraw_edit(request: HttpRequest, pk: int) -> HttpResponse:
    edit = get_object_or_404(seen_edits(request.user), pk=pk)
    if services.withdraw_edit(edit, by=_me(request), now=timezone.now()):
        messages.success(request, _("Withdrawn; the reckoned figures count again."))
    else:
        messages.info(request, _("Somebody else has withdrawn it already."))
    day = timezone.localtime(edit.starts_at).date().isoformat()
    return redirect(f"{reverse('workforce:forecast')}?{urlencode({'queue': edit.queue, 'day': day})}")


@shows("SCH-001")
@may("workforce.forecast")
def accuracy(request: HttpRequest) -> HttpResponse:
    """What each queue's forecasts were worth: on the days since, and in the test that came with the last one."""
    today = timezone.localdate()
    queues = seen_queues(request.user)
    codes = [one.code for one in queues]
    span = site_handbook().on(today).whole("forecast.accuracy_days")
    found = measured(codes, today - span * _DAY, today - _DAY, timezone.now())
    runs = latest_runs(codes)
    lines = [
        (one, queue_name(one), runs[one.code], model_name(runs[one.code].model), found[one.code][0])
        for one in queues
        if one.code in runs
    ]
    queue = _chosen(request, queues, runs)
    days = found[queue.code][1] if queue else []
    context = {
        "lines": lines,
        "span": span,
        "queue": queue,
        "queues": [(one.code, queue_name(one)) for one in queues],
        "name": queue_name(queue) if queue else "",
        "days": days,
        "models": _models(runs.get(queue.code)) if queue else [],
        "chart": _accuracy_chart(days) if days else None,
    }
    return render(request, "workforce/forecast_accuracy.html", context)


def _models(run: ForecastRun | None) -> list[tuple[str, float, bool]]:
    if run is None:
        return []
    return [(model_name(name), score, name == run.model) for name, score in run.test.get("by_model", {}).items()]


def _accuracy_chart(days: Sequence[Any]) -> dict[str, Any]:
    return {
        "kind": "line",
        "x": [f"{one.day:%m-%d}" for one in days],
        "series": [
            {
                "name": pgettext("forecast", "Expected"),
                "data": [round(one.expected, 1) for one in days],
                "tone": "accent",
                "dashed": True,
            },
            {"name": pgettext("forecast", "Came"), "data": [one.came for one in days], "tone": "good"},
        ],
        "unit": "count",
    }


@shows("SCH-001", "SCH-009")
@may("workforce.forecast")
def events(request: HttpRequest) -> HttpResponse:
    """Events that move the calls, and the form for another."""
    queues = seen_queues(request.user)
    names = {one.code: queue_name(one) for one in queues}
    may_edit = request.user.may("workforce.forecast.edit")  # type: ignore[union-attr]
    form = EventForm(request.POST or None, queues=list(names.items()), initial={"first": timezone.localdate() + _DAY})
    if request.method == "POST":
        if not may_edit:
            raise Http404
        if form.is_valid():
            services.keep_event(**form.kept(), by=_me(request), now=timezone.now())
            messages.success(request, _("Written down; the next reckoning knows it."))
            return redirect("workforce:forecast_events")
    rows = DemandEvent.objects.filter(withdrawn_at__isnull=True).select_related("by")
    page = page_of(request, rows, {"first": "first", "name": "name"}, "-first")
    context = {
        "page": page,
        "lines": [(one, names.get(one.queue, one.queue), _hours(one)) for one in page.rows],
        "form": form if may_edit else None,
        "known": sorted({one.name for one in page.rows}),
    }
    return render(request, "workforce/forecast_events.html", context, status=422 if form.errors else 200)


def _hours(event: DemandEvent) -> str:
    since, until = (f"{minute // 60:02}:{minute % 60:02}" for minute in (event.from_minute, event.to_minute))
    return f"{since}–{until}"


@require_POST
@may("workforce.forecast.edit")
def withdraw_event(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(DemandEvent, pk=pk)
    if services.withdraw_event(event, by=_me(request), now=timezone.now()):
        messages.success(request, _("Withdrawn; the next reckoning does without it."))
    else:
        messages.info(request, _("Somebody else has withdrawn it already."))
    return redirect("workforce:forecast_events")


@may("workforce.export")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The half hours of a queue or of all as CSV or Excel."""
    if form not in ("csv", "xlsx"):
        raise Http404(form)
    today = timezone.localdate()
    first = month_day(request.GET.get("first", ""), today)
    last = min(month_day(request.GET.get("last", ""), first + 34 * _DAY), first + 100 * _DAY)
    seen = {one.code: queue_name(one) for one in seen_queues(request.user)}
    asked = request.GET.get("queue", "")
    return answer(request, seen, asked if asked in seen else None, (first, last), form)
