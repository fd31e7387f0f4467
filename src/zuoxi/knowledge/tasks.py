# SPDX-License-Identifier: Apache-2.0
"""What the knowledge does by itself: versions take effect and lapse, readers are reminded, the index is made anew."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.knowledge import services
from zuoxi.knowledge.indexing import KIND, docs
from zuoxi.knowledge.models import Article
from zuoxi.search import services as search


@task("knowledge.turn", _("Articles take effect and lapse; readers are reminded"))
def turn(run: Run) -> dict[str, Any]:
    today = timezone.localdate()
    return {"changed": services.turn(today), "reminded": services.remind(today, timezone.now())}


@task("knowledge.reindex", _("Make the index of the knowledge anew"))
def reindex(run: Run) -> dict[str, Any]:
    total = Article.objects.count()
    return {"indexed": search.reindex(KIND, docs(), lambda count: run.progress(count, total))}


cron("knowledge.turn", "5 0 * * *", "knowledge.turn", at_start=True)
