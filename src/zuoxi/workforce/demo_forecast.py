# SPDX-License-Identifier: Apache-2.0
"""The demo's forecasts: one of a week ago, so that its accuracy can be seen, and one of today; an edit, events."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_codes
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queue_loads
from zuoxi.workforce import services
from zuoxi.workforce.demand_models import DemandEvent, ForecastRun

_DAY = timedelta(days=1)
_PLANNER, _SUPERVISOR = "8002", "3001"


def forecast_ahead(today: date) -> None:
    """Does nothing where a forecast is there, or the planner is not."""
    people = staff_by_codes([_PLANNER, _SUPERVISOR])
    if ForecastRun.objects.exists() or len(people) < 2:
        return
    zone, planner = site_handbook().zone, people[_PLANNER]
    last = ((today.replace(day=1) + 62 * _DAY).replace(day=1)) - _DAY
    with suppress(services.NoHistory):
        services.make_forecasts(today + 14 * _DAY, by=None, now=datetime.combine(today - 7 * _DAY, time(3, 10), zone))
    _events(today, planner, zone)
    with suppress(services.NoHistory):
        services.make_forecasts(last, by=planner, now=datetime.combine(today, time(3, 10), zone))
    _edits(today, people)


def _events(today: date, planner: Staff, zone: object) -> None:
    if DemandEvent.objects.exists():
        return
    now = datetime.combine(today - 2 * _DAY, time(16, 20), zone)  # type: ignore[arg-type]
    for name, queue, days, minutes, effect, note in (
        ("晚间专场", "", (-14, -7, 7, 14), (20 * 60, 22 * 60), None, "每周同一档，影响按以往推算"),
        ("会员账单日", "", (12,), (0, 1440), 1.15, "集中寄出账单，查询会多"),
        ("新业务上线", "", (9,), (9 * 60, 11 * 60), 1.4, "业务部门预计咨询增加四成"),
    ):
        for step in days:
            day = today + step * _DAY
            services.keep_event(
                name=name,
                queue=queue,
                first=day,
                last=day,
                minutes=minutes,
                effect=effect,
                note=note,
                by=planner,
                now=now,
            )


def _edits(today: date, people: dict[str, Staff]) -> None:
    zone = site_handbook().zone
    queue = next((one.code for one in queue_loads()), None)
    if queue is None:
        return
    now = datetime.combine(today, time(8, 30), zone)
    for step, hours, value, reason, code in (
        (2, (19, 21), 1.25, "业务部门来电告知，当晚咨询会增加", _PLANNER),
        (5, (9, 12), 0.85, "当地停电检修通知，上午来电减少", _SUPERVISOR),
    ):
        since, until = (datetime.combine(today + step * _DAY, time(hour), zone) for hour in hours)
        services.edit_forecast(queue, since, until, kind="factor", value=value, reason=reason, by=people[code], now=now)
