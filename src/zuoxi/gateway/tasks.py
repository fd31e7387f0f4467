# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.gateway import outbox, services
from zuoxi.gateway.models import UsedMinute
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run

TRIES = 18
KEPT = timedelta(days=30)


@task("gateway.deliver", _("Tell a web hook"), attempts=TRIES, pause=30)
def deliver(run: Run, delivery: int) -> dict[str, Any]:
    """Eighteen attempts over about eleven hours: half a minute, doubled each time up to an hour."""
    now = timezone.now()
    try:
        sent = outbox.deliver(delivery, now)
    except outbox.NotThrough as fault:
        if run.job.attempts < TRIES:
            raise
        outbox.give_up(delivery, str(fault), now)
        return {"delivery": delivery, "sent": False}
    return {"delivery": delivery, "sent": sent}


@task("gateway.clear", _("Forget old answers and deliveries"))
def clear(run: Run) -> dict[str, Any]:
    now = timezone.now()
    minutes = UsedMinute.objects.filter(minute__lt=now - KEPT).delete()[0]
    return {"answers": services.forget(now), "deliveries": outbox.clear(now - KEPT), "minutes": minutes}


cron("gateway.clear", "50 3 * * *", "gateway.clear")
