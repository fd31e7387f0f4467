# SPDX-License-Identifier: Apache-2.0
"""Which articles a person sees; the only place in this package that knows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.knowledge.indexing import ANNOUNCED
from zuoxi.knowledge.kinds import decided_by, drafted_by
from zuoxi.knowledge.models import Article, Version, Wish


def roles_of(user: Any) -> frozenset[str]:
    return getattr(user, "roles", frozenset())


def own_kinds(user: Any) -> list[str]:
    """The kinds that this person drafts or decides."""
    return drafted_by(roles_of(user)) if user.may("knowledge.write") else []


def visible_articles(user: Any) -> QuerySet[Article]:
    """What is in force to whoever looks things up; what is not, to those who write that kind. Of announced products
    everybody sees the name."""
    if not user.may("knowledge.view"):
        return Article.objects.none()
    seen = Q(current__isnull=False) | Q(kind=ANNOUNCED, retired_at=None) | Q(kind__in=own_kinds(user))
    return Article.objects.filter(seen)


def visible_versions(user: Any) -> QuerySet[Version]:
    """Versions in force or out of force of articles one sees, and drafts of the kinds one writes."""
    if not user.may("knowledge.view"):
        return Version.objects.none()
    held = Q(state=Version.State.PUBLISHED) | Q(state=Version.State.EXPIRED)
    return Version.objects.filter(
        Q(article__in=visible_articles(user).values("pk")) & held | Q(article__kind__in=own_kinds(user))
    )


def waiting_for(user: Any) -> QuerySet[Version]:
    """Versions that this person may decide on: of his kinds, not his own."""
    rows = Version.objects.filter(state=Version.State.REVIEW, article__kind__in=decided_by(roles_of(user)))
    return rows.exclude(author__user_id=user.pk) if user.may("knowledge.decide") else Version.objects.none()


def visible_wishes(user: Any) -> QuerySet[Wish]:
    """What was asked for: all of it to those who write, to others their own."""
    if user.may("knowledge.write"):
        return Wish.objects.all()
    return Wish.objects.filter(by__user_id=user.pk)
