# SPDX-License-Identifier: Apache-2.0
"""What time does to orders: unreached ones lapse, registrations are audited, points expire."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.orders import batches, services
from zuoxi.orders.models import OrderImport
from zuoxi.people.selectors import staff_of
from zuoxi.vault import file_runs


@task("orders.lapse", _("Orders that nobody could be reached for"))
def lapse(_run: Run) -> dict[str, Any]:
    return {"void": services.lapse_unreached(timezone.now())}


@task("orders.audit", _("Audit of registrations"))
def audit(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return {"found": services.audit_registrations(now), "owed": services.owe_back_missed(now)}


@task("orders.points", _("Points that expire"))
def points(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return {"expired": services.expire_points(timezone.localdate(now), now)}


@task("orders.import", _("Import orders"), lease=120, attempts=3)
def import_orders(run: Run, batch: int) -> dict[str, Any]:
    """Goes on with what is not there yet; stopped, what is in stays in and the rest can be taken later."""
    found = OrderImport.objects.select_related("by").get(pk=batch)
    if found.state == OrderImport.State.DONE:  # somebody went on by hand while it was about to be tried again by itself
        return {"made": found.made, "refused": found.rejects.count()}
    with file_runs.under_way(OrderImport, found) as content:
        batches.take(found, content, by=staff_of(found.by), now=timezone.now(), tell=run.progress)
    return {"made": found.made, "refused": found.rejects.count()}


cron("orders.lapse", "*/15 * * * *", "orders.lapse")
cron("orders.audit", "30 2 * * *", "orders.audit")
cron("orders.points", "10 1 * * *", "orders.points")
