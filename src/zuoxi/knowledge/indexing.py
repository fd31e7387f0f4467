# SPDX-License-Identifier: Apache-2.0
"""What of an article can be found. Products that were announced are found by name before anything is published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zuoxi.knowledge.models import Article, Version
from zuoxi.search import services as search
from zuoxi.search.facts import Doc

KIND, OPEN, WAITING = "article", "open", "waiting"
_SIGNS = re.compile(r"[#*|]+|\[\[|\]\]|-{3,}")  # of the small writing; nobody looks for them
ANNOUNCED = "product"  # the kind whose drafts are announced (KB-003)


def text_of(version: Version) -> str:
    """Everything a version says, for the index."""
    pieces = [version.body]
    for value in version.fields.values():
        pieces += value if isinstance(value, list) else [str(value)]
    return _SIGNS.sub(" ", "\n".join(piece for piece in pieces if piece))


def _doc(article: Article, version: Version | None) -> Doc | None:
    if article.retired_at is not None:
        return None
    if version is not None:
        weight = article.useful * 2 - article.useless * 2 + article.opened // 10
        called = (*article.called, *article.topics, article.category, article.code or "")
        return Doc(
            KIND, str(article.pk), version.title, text_of(version), (OPEN,), tuple(filter(None, called)), weight,
            version.decided_at, forgiving=True,
        )  # fmt: skip
    if article.kind == ANNOUNCED:
        return Doc(KIND, str(article.pk), article.title, "", (WAITING,), tuple(article.called), forgiving=True)
    return None


def refresh(article: Article) -> None:
    """Let the article be found by what holds today."""
    refresh_many([article])


def refresh_many(articles: Iterable[Article]) -> None:
    docs = []
    for article in articles:
        doc = _doc(article, article.current)
        if doc is None:
            search.drop(KIND, article.pk)
        else:
            docs.append(doc)
    search.index_docs(docs)


def docs() -> Iterator[Doc]:
    """Every article, oldest first."""
    for article in Article.objects.select_related("current").order_by("pk").iterator(500):
        doc = _doc(article, article.current)
        if doc is not None:
            yield doc
