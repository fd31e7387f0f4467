# SPDX-License-Identifier: Apache-2.0
"""Reading that is required: who has confirmed, who has not, and when they are reminded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.knowledge.drafting import Overtaken
from zuoxi.knowledge.facts import BriefingFacts
from zuoxi.knowledge.kinds import posts_of
from zuoxi.knowledge.models import Article, Receipt
from zuoxi.knowledge.rules import judge_briefing
from zuoxi.people.models import Staff
from zuoxi.people.selectors import PostHeld, posts_on, staff_by_id
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has to read an article and who of them has (`at` by staff id)."""

    article: Article
    people: tuple[PostHeld, ...]
    read: dict[int, datetime]

    @property
    def missing(self) -> list[PostHeld]:
        return [one for one in self.people if one.staff_id not in self.read]

    @property
    def share(self) -> float | None:
        """Of those who have to, who has; None when nobody has to."""
        return (len(self.people) - len(self.missing)) / len(self.people) if self.people else None


def required(articles: Iterable[Article], on: date) -> list[Readers]:
    """Who has to read each of the articles in force, and who has. Two queries for any number of articles."""
    rows = [one for one in articles if one.must_read and one.current_id is not None]
    if not rows:
        return []
    posts = posts_on(on)
    marks: dict[int, dict[int, datetime]] = {}
    kept = Receipt.objects.filter(version__in=[one.current_id for one in rows])
    for version, staff, at in kept.values_list("version_id", "staff_id", "at"):
        marks.setdefault(version, {})[staff] = at
    return [Readers(one, _audience(one, posts), marks.get(one.current_id or 0, {})) for one in rows]


def _audience(article: Article, posts: Iterable[PostHeld]) -> tuple[PostHeld, ...]:
    wanted = posts_of(article.audience or ("AGENT", "TEAM_LEADER"))
    people = {one.staff_id: one for one in posts if one.position in wanted}
    return tuple(people.values())


def to_read(staff: Staff, positions: Iterable[str]) -> list[Article]:
    """What somebody with these posts still has to confirm, the oldest first. Two queries."""
    held = frozenset(positions)
    rows = Article.objects.filter(must_read=True, current__isnull=False, retired_at=None).select_related("current")
    mine = [
        one
        for one in rows.order_by("current__effective_from", "pk")
        if held & posts_of(one.audience or ("AGENT", "TEAM_LEADER"))
    ]
    read = set(
        Receipt.objects.filter(staff=staff, version__in=[one.current_id for one in mine]).values_list(
            "version_id", flat=True
        )
    )
    return [one for one in mine if one.current_id not in read]


@transaction.atomic
def confirm(article: Article, version: int, *, by: Staff, now: datetime) -> bool:
    """Somebody has read the version in force; False when he had said so before. Raises Overtaken where it is another
    version by now."""
    held = Article.objects.select_for_update().get(pk=article.pk)
    if held.current_id is None or held.current_id != version:
        raise Overtaken(_("There is a newer version; read it first."))
    _row, new = Receipt.objects.get_or_create(version_id=version, staff=by, defaults={"at": now})
    return new


@enforces("KB-013")
def briefing(article: Article, on: date) -> Finding:
    """Whether everybody who has to has read what is to begin: asked before a campaign goes live."""
    found = required([article], on)
    asked = len(found[0].people) if found else 0
    missing = len(found[0].missing) if found else 0
    return judge_briefing(BriefingFacts(asked, asked - missing), site_handbook().on(on))


def remind(today: date, now: datetime) -> int:
    """Tell everybody who owes a reading: once as it takes effect, once when the days for it are over."""
    reading = site_handbook().on(today)
    days = reading.whole("knowledge.reading.days") if reading.has("knowledge.reading.days") else 3
    articles = Article.objects.filter(must_read=True, current__isnull=False, retired_at=None).select_related("current")
    told: Counter[str] = Counter()
    for found in required(articles, today):
        version = found.article.current
        if version is None or version.effective_from is None:
            continue
        late = today > version.effective_from + timedelta(days=days)
        text = gettext_lazy("Overdue reading: “%(title)s”") if late else gettext_lazy("To be read: “%(title)s”")
        people = staff_by_id(one.staff_id for one in found.missing)
        for staff in people.values():
            key = f"kb-read:{version.pk}:{'late' if late else 'new'}"
            told["told"] += (
                notify(staff, Sentence(text, title=version.title), f"/knowledge/articles/{found.article.pk}/", key)
                is not None
            )
    return told["told"]
