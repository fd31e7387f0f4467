# SPDX-License-Identifier: Apache-2.0
"""Deciding on versions, and letting them take effect and lapse by their days."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.knowledge.drafting import Overtaken, Refused, copy_about
from zuoxi.knowledge.facts import VersionFacts
from zuoxi.knowledge.indexing import refresh, refresh_many
from zuoxi.knowledge.kinds import kind_named, posts_of
from zuoxi.knowledge.models import Article, Version
from zuoxi.knowledge.rules import judge_version
from zuoxi.people.models import Staff
from zuoxi.people.selectors import standing_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


def standing(version: Version, on: date, superseded_on: date | None = None) -> Finding:
    """Whether the version holds on that day, and why."""
    published = version.state in (Version.State.PUBLISHED, Version.State.EXPIRED)
    facts = VersionFacts(on, published, version.effective_from, version.effective_until, superseded_on)
    return judge_version(facts, site_handbook().on(on))


@enforces("KB-001", "KB-002", "KB-003")
@transaction.atomic
def publish(version: Version, *, by: Staff, now: datetime, today: date, remark: str = "") -> Version:
    """Let the version hold from its first day on. Not by who wrote it. Raises Refused."""
    held = _waiting(version)
    _may_decide(held, by, today)
    held.state, held.decided_by, held.decided_at, held.remark = Version.State.PUBLISHED, by, now, remark[:300]
    held.save()
    turn_article(held.article, today)
    vault.record(
        "knowledge.published", who=by.code, on=("knowledge.article", held.article.code), at=now, version=held.number
    )
    if held.author is not None:
        _tell(held.author, gettext_lazy("“%(title)s” has been published"), held)
    return held


@transaction.atomic
def send_back(version: Version, *, by: Staff, now: datetime, today: date, remark: str) -> Version:
    """Back to the author, with what is to be done. Raises Refused."""
    if not remark.strip():
        raise Refused(_("Say what is to be changed."))
    held = _waiting(version)
    _may_decide(held, by, today)
    held.state, held.decided_by, held.decided_at, held.remark = Version.State.DRAFT, None, None, remark[:300]
    held.revision += 1
    held.save()
    vault.record(
        "knowledge.returned", who=by.code, on=("knowledge.article", held.article.code), at=now, version=held.number
    )
    if held.author is not None:
        _tell(held.author, gettext_lazy("“%(title)s” came back to you"), held)
    return held


def _waiting(version: Version) -> Version:
    held = Version.objects.select_for_update(of=("self",)).select_related("article", "author").get(pk=version.pk)
    if held.state != Version.State.REVIEW:
        raise Overtaken(_("Somebody else has decided on it meanwhile."))
    return held


def _may_decide(version: Version, by: Staff, today: date) -> None:
    if version.author_id == by.pk:
        raise Refused(_("Who wrote a version does not decide on it."))
    if standing_of(by, today).position not in posts_of(kind_named(version.article.kind).decides):
        raise Refused(_("Your post does not decide on this kind of article."))


def _tell(staff: Staff, text: object, version: Version) -> None:
    url = f"/knowledge/articles/{version.article_id}/?version={version.number}"
    notify(staff, Sentence(text, title=version.title), url)  # type: ignore[arg-type]


@enforces("KB-002")
def turn_article(article: Article, today: date) -> bool:
    """Put in force what holds today, and let what it follows lapse. True when something changed."""
    rows = list(article.versions.filter(state=Version.State.PUBLISHED).order_by("effective_from", "number"))
    begun = [one for one in rows if one.effective_from is not None and one.effective_from <= today]
    newest = begun[-1] if begun else None
    holds = newest is not None and standing(newest, today).outcome == "in_force"
    over = [one.pk for one in begun if not (holds and newest is not None and one.pk == newest.pk)]
    Version.objects.filter(pk__in=over).update(state=Version.State.EXPIRED)
    current = newest if holds else None
    if article.current_id == (current.pk if current else None) and not over:
        return False
    article.current = current
    if current is not None:
        copy_about(article, current)
    else:
        article.save(update_fields=["current"])
    refresh(article)
    return True


def turn(today: date) -> int:
    """The new day: everything that begins or ends. Returns how many articles changed."""
    begins = Q(versions__state=Version.State.PUBLISHED, versions__effective_from__lte=today)
    ends = Q(current__effective_until__lt=today)
    changed = 0
    for article in Article.objects.filter(begins | ends, retired_at=None).distinct():
        with transaction.atomic():
            locked = Article.objects.select_for_update().get(pk=article.pk)
            changed += turn_article(locked, today)
    return changed


@transaction.atomic
def retire(article: Article, *, by: Staff, now: datetime, why: str) -> None:
    """Out of use for good: no longer found, still readable to who asks for it by number. Raises Refused."""
    if not why.strip():
        raise Refused(_("Say why it is taken out of use."))
    held = Article.objects.select_for_update().get(pk=article.pk)
    if held.retired_at is not None:
        raise Overtaken(_("The article has been taken out of use."))
    held.retired_at, held.retired_why, held.current = now, why[:200], None
    held.save()
    held.versions.filter(state__in=("published", "draft", "review")).update(state=Version.State.EXPIRED)
    refresh_many([held])
    vault.record("knowledge.retired", who=by.code, on=("knowledge.article", held.code), at=now, why=why[:200])
