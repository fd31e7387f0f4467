# SPDX-License-Identifier: Apache-2.0
"""Forecasts from the ledger: each queue's half hours, with the holidays and events that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from zuoxi.people.models import Staff
from zuoxi.policy.calendars import CALENDARS, DayKind, WorkCalendar
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import Arrivals, arrivals_between, mean_wrap_up, queue_loads
from zuoxi.vault.services import record
from zuoxi.workforce.demand.history import Past, with_files
from zuoxi.workforce.demand.slots import HALVES
from zuoxi.workforce.demand_models import DemandEvent, ForecastDay, ForecastRun
from zuoxi.workforce.forecasting.calendars import Calendar, Event
from zuoxi.workforce.forecasting.engine import Backtest, Forecast, forecast
from zuoxi.workforce.forecasting.handling import handling
from zuoxi.workforce.forecasting.series import Days, Floats, History
from zuoxi.workforce.forecasting.twins import with_past_of

_DAY = timedelta(days=1)
_AROUND = 8
LEAST_DAYS = 1


class NoHistory(ValueError):
    """No queue has had a call yet that a forecast could be made from."""


def calendar_between(
    handbook: Handbook, first: date, last: date, queue: str, events: Collection[DemandEvent]
) -> Calendar:
    """The business calendar and the events of a queue as the library wants them."""
    work = WorkCalendar(handbook.entry(CALENDARS, "business"))
    free, made_up = {}, set()
    for step in range((last - first).days + 2 * _AROUND + 1):
        day = first + (step - _AROUND) * _DAY
        kind = work.kind_of(day)
        if kind == DayKind.HOLIDAY:
            free[day] = work.holiday_name(day) or "—"
        elif kind == DayKind.MAKE_UP:
            made_up.add(day)
    held = tuple(
        Event(one.name, one.first, one.last, one.effect, one.from_minute, one.to_minute)
        for one in events
        if one.queue in ("", queue)
    )
    return Calendar(free, frozenset(made_up), held)


def pasts(arrivals: Collection[Arrivals], first: date, last: date, zone: ZoneInfo) -> dict[str, Past]:
    """Queue → its days from its first call to `last`. A half hour without a call had none: the ledger tells all."""
    by_queue: dict[str, list[Arrivals]] = defaultdict(list)
    for one in arrivals:
        by_queue[one.queue].append(one)
    found = {}
    for queue, rows in by_queue.items():
        local = [one.at.astimezone(zone) for one in rows]
        began = max(min(local).date(), first)
        shape = ((last - began).days + 1, HALVES)
        calls, answered, seconds = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for one, at in zip(rows, local, strict=True):
            place = (at.date() - began).days, at.hour * 2 + at.minute // 30
            calls[place] += one.calls
            answered[place] += one.answered
            seconds[place] += one.talk_seconds
        found[queue] = Past(began, calls, answered, seconds)
    return found


@enforces("SCH-001", "CALL-023")
def make_forecasts(
    last: date,
    *,
    by: Staff | None,
    now: datetime,
    queues: Collection[str] | None = None,
    twins: dict[str, tuple[str, float | None]] | None = None,
    progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> list[ForecastRun]:
    """Forecast every queue (or those named) from the day of `now` to `last`, each in a transaction of its own.

    What came until the evening before is the history, with what files tell of the days before the ledger. `twins`:
    queue → the queue whose past it borrows, and the share of its calls where that cannot be told yet. Raises NoHistory.
    """
    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    reading = handbook.on(today)
    first = today - timedelta(days=reading.whole("forecast.history_days"))
    since, until = (datetime.combine(one, time(), handbook.zone) for one in (first, today))
    wrap = mean_wrap_up(max(since, until - timedelta(days=28)), until)
    ledger = pasts(arrivals_between(since, until), first, today - _DAY, handbook.zone)
    loads = {one.code: one for one in queue_loads() if queues is None or one.code in queues}
    wraps = {code: one.wrap_seconds if wrap is None else wrap for code, one in loads.items()}
    found = with_files(ledger, first, today - _DAY, wraps)
    borrowed = twins or {}
    todo = [code for code in loads if code in found or code in borrowed]
    if not todo or last < today:
        raise NoHistory
    events = list(DemandEvent.objects.filter(withdrawn_at__isnull=True))
    made = []
    for done, code in enumerate(todo):
        progress(done, len(todo), loads[code].name_zh)
        twin, share = borrowed.get(code, ("", None))
        past = _history_of(found, code, twin, share)
        if past is None:
            continue
        calendar = calendar_between(handbook, past[0].start.date(), last, code, events)
        said = forecast(past[0], ((last - today).days + 1) * HALVES, calendar, (0.1, 0.9), kept_course=True)
        handled = _handling(found.get(code) or found[twin], wraps[code], today, last)
        run = ForecastRun(
            queue=code, made_at=now, made_by=by, first=today, last=last, history_from=past[0].start.date(),
            history_days=len(past[0].counts) // HALVES, model=said.model, twin=twin,
            test=_test(said.backtest),
            said=_said(said) | {"times": found[twin if twin in found else code].times},
        )  # fmt: skip
        _keep(run, said, handled)
        made.append(run)
    progress(len(todo), len(todo), "")
    if by is not None:
        record("workforce.forecast.made", who=by.code, at=now, queues=len(made), until=last.isoformat())
    return made


def _history_of(found: dict[str, Past], code: str, twin: str, share: float | None) -> tuple[History] | None:
    own = found.get(code)
    mine = _as_history(own) if own is not None else None
    if twin and twin in found:
        other = _as_history(found[twin])
        try:
            return (with_past_of(mine or History(other.end, 30, np.zeros(0)), other, share),)
        except ValueError:
            return None
    return (mine,) if mine is not None else None


def _as_history(past: Past) -> History:
    return History(datetime.combine(past.first, time()), 30, past.calls.reshape(-1))


def _handling(past: Past, wrap: float, first: date, last: date) -> Floats | None:
    seconds = past.seconds + past.answered * wrap
    return handling(Days(past.first, 30, seconds), Days(past.first, 30, past.answered), first, (last - first).days + 1)


def _rounded(values: Floats, digits: int = 2) -> list[float]:
    return [round(float(one), digits) for one in values]


def _test(test: Backtest) -> dict[str, Any]:
    return {
        "days": test.days,
        "wape": test.wape,
        "naive": test.wape_seasonal_naive,
        "bias": test.bias,
        "coverage": test.coverage_80,
        "by_model": dict(test.by_model),
        "day_low": test.day_low,
        "day_high": test.day_high,
    }


def _said(made: Forecast) -> dict[str, Any]:
    return {
        "repairs": [
            {
                "start": one.start.isoformat(timespec="minutes"),
                "end": one.end.isoformat(timespec="minutes"),
                "cause": str(one.cause),
                "found": round(one.found, 1),
                "expected": round(one.expected, 1),
            }
            for one in made.repairs
        ],
        "short": made.backtest.wape is None,
        "course": made.course.as_json(),
    }


@transaction.atomic
def _keep(run: ForecastRun, said: Forecast, handled: Floats | None) -> None:
    run.save()
    means, lows, highs = (one.reshape(-1, HALVES) for one in (said.mean, said.quantiles[0.1], said.quantiles[0.9]))
    ForecastDay.objects.bulk_create(
        ForecastDay(
            run=run, day=run.first + place * _DAY, mean=_rounded(means[place]), low=_rounded(lows[place]),
            high=_rounded(highs[place]), handling=_rounded(handled[place], 1) if handled is not None else [],
        )
        for place in range(len(means))
    )  # fmt: skip
