# SPDX-License-Identifier: Apache-2.0
"""What the desk says back: useful or not, missing or wrong, and what was looked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.knowledge.drafting import Overtaken, Refused
from zuoxi.knowledge.indexing import refresh
from zuoxi.knowledge.models import Article, Search, Vote, Wish
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of
from zuoxi.search.selectors import folded
from zuoxi.web.roles import Role

TYPING = timedelta(seconds=15)  # a search that goes on within this time is the same one


@transaction.atomic
def vote(article: Article, useful: bool, *, by: Staff, now: datetime) -> None:
    """Whether it helped; changing one's mind moves the count."""
    held = Article.objects.select_for_update().get(pk=article.pk)
    known = Vote.objects.filter(article=held, staff=by).first()
    if known is not None and known.useful == useful:
        return
    if known is not None:
        _count(held, known.useful, -1)
    Vote.objects.update_or_create(article=held, staff=by, defaults={"useful": useful, "at": now})
    _count(held, useful, 1)
    held.save(update_fields=["useful", "useless"])
    refresh(held)


def _count(article: Article, useful: bool, step: int) -> None:
    if useful:
        article.useful = max(article.useful + step, 0)
    else:
        article.useless = max(article.useless + step, 0)


@transaction.atomic
def wish(kind: str, words: str, *, by: Staff, now: datetime, article: Article | None = None, call: str = "") -> Wish:
    """Say that something is missing, wrong or unclear; the same said again is counted, and the responsible is told
    once. Raises Refused without words where nothing is named."""
    said = " ".join(words.split())[:200]
    if article is None and not said:
        raise Refused(_("Say what is missing."))
    if kind not in Wish.Kind.values:
        raise Refused(_("There is no such kind of remark."))
    subject, key = (str(article.pk) if article else ""), folded(said)[:200]
    found = _counted(subject, kind, key, now)
    if found is not None:
        return found
    responsible = article.responsible if article is not None else _keeper(now)
    try:
        with transaction.atomic():
            made = Wish.objects.create(
                article=article, subject=subject, kind=kind, words=said, words_key=key, by=by, at=now, last_at=now,
                call=call[:64], responsible=responsible,
            )  # fmt: skip
    except IntegrityError:  # somebody wished the same at the same moment
        again = _counted(subject, kind, key, now)
        if again is None:
            raise
        return again
    if responsible is not None:
        text = gettext_lazy("Asked for from the desk: %(words)s")
        notify(responsible, Sentence(text, words=said or str(article)), "/knowledge/asked/", f"kb-wish:{made.pk}")
    return made


def _counted(subject: str, kind: str, key: str, now: datetime) -> Wish | None:
    rows = Wish.objects.filter(subject=subject, kind=kind, words_key=key, state=Wish.State.OPEN)
    if not rows.update(times=F("times") + 1, last_at=now):
        return None
    return rows.first()


def _keeper(now: datetime) -> Staff | None:
    """Who answers for what nobody has written yet: quality keeps the questions."""
    held = holders_of(Role.QAS, now.date()) or holders_of(Role.QA, now.date())
    return held[0] if held else None


@transaction.atomic
def settle(row: Wish, answer: str, *, by: Staff, now: datetime) -> None:
    """Say what was done about it; whoever asked is told. Raises Refused."""
    if not answer.strip():
        raise Refused(_("Say what was done."))
    held = Wish.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    if held.state != Wish.State.OPEN:
        raise Overtaken(_("Somebody else has settled it already."))
    held.state, held.answer, held.settled_by, held.settled_at = Wish.State.DONE, answer.strip()[:300], by, now
    held.save()
    if held.by is not None and held.by_id != by.pk:
        url = f"/knowledge/articles/{held.article_id}/" if held.article_id else "/knowledge/"
        text = gettext_lazy("What you asked for is settled: %(answer)s")
        notify(held.by, Sentence(text, answer=held.answer[:120]), url, f"kb-wish-done:{held.pk}")


def note_search(words: str, hits: int, *, by: Staff | None, now: datetime) -> Search | None:
    """Remember a search of two signs or more; while somebody types on, the row of a moment ago is rewritten."""
    said = " ".join(words.split())[:80]
    if len(said) < 2:
        return None
    key = folded(said)[:80]
    last = Search.objects.filter(staff=by, at__gte=now - TYPING).order_by("-at").first() if by else None
    if (
        last is not None
        and last.opened_id is None
        and (key.startswith(last.words_key) or last.words_key.startswith(key))
    ):
        last.words, last.words_key, last.hits, last.at = said, key, min(hits, 999), now
        last.save()
        return last
    return Search.objects.create(words=said, words_key=key, hits=min(hits, 999), staff=by, at=now)


def note_opened(article: Article, *, by: Staff | None, now: datetime) -> None:
    """Count that an article was opened, and that a search led to it."""
    Article.objects.filter(pk=article.pk).update(opened=F("opened") + 1)
    if by is None:
        return
    last = Search.objects.filter(staff=by, at__gte=now - timedelta(minutes=5), opened=None).order_by("-at").first()
    if last is not None:
        Search.objects.filter(pk=last.pk).update(opened=article)
