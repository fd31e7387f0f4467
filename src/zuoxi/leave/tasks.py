# SPDX-License-Identifier: Apache-2.0
"""What time does to leave: contacts that fall due, entitlements of the year, balances that expire."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.leave import services
from zuoxi.people.selectors import employed


@task("leave.contacts", _("Contacts with people on long leave"))
def contacts(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    return dict(services.remind_contacts(timezone.localdate(now), now))


@task("leave.balances", _("Balances of leave"))
def balances(_run: Run) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    return dict(services.yearly(employed(today), today, now))


cron("leave.contacts", "15 8 * * *", "leave.contacts")
cron("leave.balances", "20 2 * * *", "leave.balances", at_start=True)
