# SPDX-License-Identifier: Apache-2.0
"""What the handbook does in the background: judge a month again under a proposal."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import task
from zuoxi.jobs.running import GiveUp, Run
from zuoxi.policy import replaying
from zuoxi.policy.models import ReplayRun


@task("policy.replay", _("Judge a month again under a proposal"), lease=120, attempts=3)
def replay_month(run: Run, run_id: int) -> dict[str, Any]:
    found = ReplayRun.objects.select_related("amendment").filter(pk=run_id).first()
    if found is None:
        raise GiveUp("the replay is gone")

    def progress(done: int, total: int | None = None, message: str = "") -> None:
        run.progress(done, total, message)

    summary = replaying.work(found, timezone.now, progress)
    return {"changes": summary["all"]["changes"], "result_url": reverse("policy:replay", args=[found.pk])}
