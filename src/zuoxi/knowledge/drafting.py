# SPDX-License-Identifier: Apache-2.0
"""Writing a version and handing it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.approvals.services import Sentence, notify
from zuoxi.knowledge.indexing import ANNOUNCED, refresh
from zuoxi.knowledge.kinds import kind_named, label_of, posts_of
from zuoxi.knowledge.models import Article, Version
from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on, staff_by_id
from zuoxi.policy.marks import enforces
from zuoxi.web.listed import listed

OPEN_STATES = (Version.State.DRAFT, Version.State.REVIEW)
_ABOUT = (
    "title", "category", "topics", "called", "must_read", "public", "audience", "responsible", "review_on", "current",
)  # fmt: skip


class Refused(ValueError):
    """It was not done; the message says why and what to do instead."""


class Overtaken(Refused):
    """Somebody else was quicker; nothing typed is lost, the page shows both."""


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody writes. `about`: category, topics, called, must_read, audience, public, responsible (staff number),
    review_on (ISO day)."""

    title: str
    body: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    change: str = ""
    effective_from: date | None = None
    effective_until: date | None = None


@transaction.atomic
def save_draft(
    article: Article | None, text: Text, *, kind: str, by: Staff, now: datetime, revision: int | None = None
) -> Version:
    """Write the open draft of an article, or begin one. `revision` is the one that was on the screen: if somebody saved
    meanwhile, Overtaken. A version under review is not changed. Raises Refused."""
    body = kind_named(kind)
    missing = [str(one.label) for key, one in body.fields.items() if one.must and not text.fields.get(key)]
    if missing:
        raise Refused(_("Still missing: %(fields)s") % {"fields": listed(missing)})
    if article is None:
        article = Article.objects.create(kind=kind, title=text.title, made_at=now)
        article.code = f"K{article.pk:05d}"
        article.save(update_fields=["code"])
    else:
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.retired_at is not None:
            raise Refused(_("The article has been taken out of use."))
    held = article.versions.filter(state__in=OPEN_STATES).first()
    if held is None:
        held = _begun(article, text, by, now)
    else:
        _rewrite(held, text, by, now, revision)
    if article.current_id is None:
        copy_about(article, held)
        if article.kind == ANNOUNCED:
            refresh(article)
    return held


def _begun(article: Article, text: Text, by: Staff, now: datetime) -> Version:
    last = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    made = Version(article=article, number=last + 1, author=by, written_at=now)
    _fill(made, text)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Overtaken(_("Somebody else has just begun a new version; open it and write there.")) from None
    return made


def _rewrite(held: Version, text: Text, by: Staff, now: datetime, revision: int | None) -> None:
    if held.state == Version.State.REVIEW:
        raise Refused(_("The version is under review; take it back before you change it."))
    if revision is not None and revision != held.revision:
        raise Overtaken(_("Somebody else has saved this draft meanwhile. What you typed is below; look at both."))
    _fill(held, text)
    held.author, held.written_at, held.revision = by, now, held.revision + 1
    held.save()


def _fill(version: Version, text: Text) -> None:
    version.title, version.body, version.fields = text.title.strip(), text.body, dict(text.fields)
    version.about, version.change = dict(text.about), text.change
    version.effective_from, version.effective_until = text.effective_from, text.effective_until


def copy_about(article: Article, version: Version) -> None:
    """Let the article say of itself what the version says."""
    about = version.about
    article.title = version.title
    article.category = about.get("category", "")[:40]
    article.topics, article.called = list(about.get("topics", [])), list(about.get("called", []))
    article.must_read, article.public = bool(about.get("must_read")), bool(about.get("public"))
    article.audience = list(about.get("audience", []))
    article.responsible = _responsible(about.get("responsible", "")) or article.responsible or version.author
    article.review_on = date.fromisoformat(about["review_on"]) if about.get("review_on") else article.review_on
    article.save(update_fields=_ABOUT)  # and no count of readers and votes, which others raise meanwhile


def _responsible(code: str) -> Staff | None:
    from zuoxi.people.selectors import staff_by_code

    return staff_by_code(code)


@enforces("KB-003", "KB-014")
@transaction.atomic
def hand_in(version: Version, *, by: Staff, now: datetime) -> None:
    """Ask for the decision. Without its first day a version could never take effect: not taken. Raises Refused."""
    held = Version.objects.select_for_update(of=("self",)).select_related("article").get(pk=version.pk)
    if held.state != Version.State.DRAFT:
        raise Overtaken(_("The version is no draft any more."))
    if held.effective_from is None:
        raise Refused(_("Say from which day it holds: what has no first day never takes effect (KB-014)."))
    held.state, held.handed_in_at, held.remark = Version.State.REVIEW, now, ""
    held.save()
    text = Sentence(_lazy_waits(), kind=label_of(held.article.kind), title=held.title)
    for staff in deciders(held.article.kind, now.date()):
        if staff.pk != held.author_id:
            notify(staff, text, f"/knowledge/articles/{held.article_id}/?version={held.number}", f"kb-review:{held.pk}")


def _lazy_waits() -> Any:
    from django.utils.translation import gettext_lazy

    return gettext_lazy("%(kind)s “%(title)s” waits for your decision")


def deciders(kind: str, on: date) -> list[Staff]:
    """Who may publish that kind on that day."""
    held = posts_on(on, positions=posts_of(kind_named(kind).decides))
    return list(staff_by_id({one.staff_id for one in held}).values())


@transaction.atomic
def take_back(version: Version, *, by: Staff, now: datetime) -> None:
    """The author goes on writing. Raises Refused."""
    held = Version.objects.select_for_update().get(pk=version.pk)
    if held.state != Version.State.REVIEW:
        raise Overtaken(_("The version is not under review any more."))
    held.state = Version.State.DRAFT
    held.revision += 1
    held.save()
