# SPDX-License-Identifier: Apache-2.0
"""One of each thing of the knowledge, for the test that tries every door."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from zuoxi.knowledge.models import Article, DayOff, Version, Wish
from zuoxi.people.models import Staff


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A question in force, a version under review, a wish, a day off."""
    agent, today, now = world["agent"], timezone.localdate(), timezone.now()
    decider = Staff.objects.get(code="QAS")
    article = Article.objects.create(code="K90001", kind="faq", title="样本", made_at=now, must_read=True)
    held = Version.objects.create(
        article=article, number=1, state="published", title="样本", author=agent, decided_by=decider, written_at=now,
        effective_from=today,
    )  # fmt: skip
    article.current = held
    article.save()
    waiting = Version.objects.create(
        article=article, number=2, state="review", title="样本", author=agent, written_at=now, effective_from=today
    )
    wish = Wish.objects.create(kind="missing", words="样本", words_key="样本", by=agent, at=now, last_at=now)
    off = DayOff.objects.create(article=article, first_on=today, last_on=today, told_at=now)
    found: dict[str, dict[str, Any]] = {
        f"knowledge:{name}": {"pk": article.pk} for name in ("article", "edit", "confirm", "vote", "retire", "receipts")
    }
    found |= {f"knowledge:{name}": {"pk": waiting.pk} for name in ("hand_in", "decide")}
    found |= {f"knowledge:{name}": {"key": "sale"} for name in ("script", "print")}
    found["knowledge:by_code"] = {"code": "K90001"}
    found["knowledge:settle"] = {"pk": wish.pk}
    found["knowledge:drop_day_off"] = {"pk": off.pk}
    return found
