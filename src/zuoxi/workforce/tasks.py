# SPDX-License-Identifier: Apache-2.0
"""What of the rosters takes longer than a page should, and what is done every night."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import GiveUp, Run
from zuoxi.jobs.words import told
from zuoxi.people.selectors import staff_by_codes
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import services
from zuoxi.workforce.planning import tasks as _planning  # noqa: F401  (registers its task)
from zuoxi.workforce.planning import warming as _warming  # noqa: F401  (registers its task)
from zuoxi.workforce.scenario_models import WhatIf
from zuoxi.workforce.services import NoHistory
from zuoxi.workforce.today import tasks as _today  # noqa: F401  (registers the outlook of the day)

FORECAST = "workforce.forecast"


@task(FORECAST, _("Forecast the calls of every queue"), lease=300, attempts=2)
def forecast(
    run: Run, last: str = "", *, by_code: str = "", twin_of: str = "", twin: str = "", share: float | None = None
) -> dict[str, Any]:
    """Every queue up to `last` (the handbook's days ahead by default); `twin_of` borrows the past of `twin`."""
    now = timezone.now()
    today = timezone.localdate(now)
    ahead = timedelta(days=site_handbook().on(today).whole("forecast.horizon_days"))
    until = date.fromisoformat(last) if last else today + ahead
    by = staff_by_codes([by_code]).get(by_code) if by_code else None
    twins = {twin_of: (twin, share)} if twin_of and twin else None
    try:
        made = services.make_forecasts(until, by=by, now=now, twins=twins, progress=run.progress)
    except NoHistory as nothing:
        raise GiveUp(told(gettext_noop("There are no calls yet that a forecast could be made from."))) from nothing
    return {"queues": len(made), "result_url": reverse("workforce:forecast")}


cron("workforce.forecast.nightly", "10 3 * * *", FORECAST)


@task("workforce.whatif", _("Play a what-if"), lease=300, attempts=2)
def play_what_if(run: Run, what_if: int) -> dict[str, Any]:
    """Every course of a what-if; stopped, the courses that were done keep what came of them."""
    from zuoxi.workforce.scenarios.keeping import play

    found = WhatIf.objects.filter(pk=what_if).first()
    if found is None:
        raise GiveUp(told(gettext_noop("The what-if is gone.")))
    play(found, timezone.now(), run.progress)
    return {"result_url": reverse("workforce:what_if", args=[what_if])}
