# SPDX-License-Identifier: Apache-2.0
"""What the figures do by themselves: load closed days, compose and send the daily report."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.reporting import loading, periods, selectors, services, thresholds
from zuoxi.reporting.duties import following, making


@task("reporting.warehouse", _("Load closed days into the warehouse"), lease=120, attempts=3)
def fill_warehouse(run: Run, rebuild: bool = False) -> dict[str, Any]:
    now = datetime.now(UTC)
    days = loading.rebuild(now, run.progress) if rebuild else loading.refresh(now, progress=run.progress)
    return {"days": len(days)}


@task("reporting.daily.compose", _("Compose the daily report"), attempts=8, pause=30)
def compose(run: Run) -> dict[str, Any]:
    now = datetime.now(UTC)
    report = services.compose_daily(_yesterday(now), now)
    return {"result_url": f"/reports/daily/{report.day.isoformat()}/"}


@task("reporting.daily.send", _("Send the daily report"), attempts=8, pause=30)
def send(run: Run) -> dict[str, Any]:
    now = datetime.now(UTC)
    report = services.compose_daily(_yesterday(now), now)
    return {"recipients": services.send_daily(report, now), "result_url": f"/reports/daily/{report.day.isoformat()}/"}


@task("reporting.duties.make", _("Make the to-dos that fall due"), attempts=3)
def make_duties(run: Run) -> dict[str, Any]:
    made = making.make_items(datetime.now(UTC))
    return {"made": made.made, "handed_over": made.handed_over, "dropped": made.dropped}


@task("reporting.duties.follow", _("Remind of what is owed, and pass on what is overdue"), attempts=3)
def follow_duties(run: Run) -> dict[str, Any]:
    return dict(following.follow(datetime.now(UTC)))


def _yesterday(now: datetime) -> Any:
    return periods.local_day(now, selectors.site_zone()) - timedelta(days=1)


def _daily_at(name: str) -> str:
    """The cron of a time of day that the handbook data names."""
    at = time.fromisoformat(str(thresholds.stated(name, datetime.now(selectors.site_zone()).date())))
    return f"{at.minute} {at.hour} * * *"


cron("reporting.warehouse", "25 * * * *", "reporting.warehouse", at_start=True)
cron("reporting.daily.compose", _daily_at("daily.compose_at"), "reporting.daily.compose", at_start=True)
cron("reporting.daily.send", _daily_at("daily.send_at"), "reporting.daily.send")
cron("reporting.duties.make", "*/5 * * * *", "reporting.duties.make", at_start=True)
cron("reporting.duties.follow", "* * * * *", "reporting.duties.follow")
