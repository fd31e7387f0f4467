# SPDX-License-Identifier: Apache-2.0
"""The round of the complaints, every five minutes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.complaints import services
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run


@task("complaints.tick", _("Deadlines of complaints"))
def tick(_run: Run) -> dict[str, Any]:
    return services.tick(timezone.now()) | {"indexed": services.catch_up()}


cron("complaints.tick", "*/5 * * * *", "complaints.tick")
