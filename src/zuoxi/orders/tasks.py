# SPDX-License-Identifier: Apache-2.0
"""What time does to orders: unreached ones lapse, registrations are audited, points expire."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.orders import services


@task("orders.lapse", _("Orders that nobody could be reached for"))
def lapse(_run: Run) -> dict[str, Any]:
    return {"void": services.lapse_unreached(timezone.now())}


@task("orders.audit", _("Audit of registrations"))
def audit(_run: Run) -> dict[str, Any]:
    return {"found": services.audit_registrations(timezone.now())}


@task("orders.points", _("Points that expire"))
def points(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return {"expired": services.expire_points(timezone.localdate(now), now)}


cron("orders.lapse", "*/15 * * * *", "orders.lapse")
cron("orders.audit", "30 2 * * *", "orders.audit")
cron("orders.points", "10 1 * * *", "orders.points")
