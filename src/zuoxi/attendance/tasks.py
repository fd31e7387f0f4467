# SPDX-License-Identifier: Apache-2.0
"""What is done about attendance without anybody asking, and what takes longer than a page should."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.attendance import carrying, services
from zuoxi.attendance.computing import month_before, month_end, month_of
from zuoxi.attendance.recomputing import is_locked
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.people import selectors as people
from zuoxi.policy.selectors import site_handbook

PROCESSES = 2
LOOK_BACK = timedelta(days=3)
"""Days read from the switch again each night: what it tells late is still taken."""
LOCKED_BACK = timedelta(days=370)
"""How far back a changed roster of a locked month is looked for each night."""
ROSTER_CHANGED = _("The roster of a locked month was changed")


@task("attendance.nightly", _("Take clock records from the phones and judge the month"), lease=300)
def nightly(run: Run) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    taken = services.take_days(today - LOOK_BACK, today, site_handbook(), now)
    judged = 0
    for month in sorted({month_of(today - LOOK_BACK), month_of(today), month_before(month_of(today))}):
        if not is_locked(month):
            judged += services.recompute(month, now, progress=run.progress)
    carried = carrying.carry_changed_rosters(month_of(today - LOCKED_BACK), now, reason=str(ROSTER_CHANGED))
    return {"taken": taken, "judged": judged, "carried": carried}


@task("attendance.compute", _("Compute a month of attendance"), lease=300)
def compute(run: Run, month: str, take: bool = True) -> dict[str, Any]:
    """Read the month from the switch (where asked) and judge it anew."""
    first, now = date.fromisoformat(month), timezone.now()
    taken = 0
    if take:
        last = min(month_end(first), timezone.localdate(now))
        taken = services.take_days(first, last, site_handbook(), now)
    judged = services.recompute(first, now, progress=run.progress)
    return {"taken": taken, "judged": judged, "result_url": reverse("attendance:sheet", args=[month[:7]])}


@task("attendance.after_import", _("Judge again what imported records change"), lease=300)
def after_import(run: Run, months: list[str], staff_ids: list[int], reason: str, by_code: str) -> dict[str, Any]:
    """Open months are judged anew, locked ones carried into the open month."""
    now, judged, carried = timezone.now(), 0, 0
    for month in (date.fromisoformat(one) for one in months):
        if not is_locked(month):
            judged += services.recompute(month, now, staff_ids, progress=run.progress)
            continue
        for staff in people.working_staff(month).filter(pk__in=staff_ids):
            carried += len(carrying.carry(staff, month, now, reason=reason, by=by_code))
    return {"judged": judged, "carried": carried}


cron("attendance.nightly", "20 2 * * *", "attendance.nightly")
