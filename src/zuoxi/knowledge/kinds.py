# SPDX-License-Identifier: Apache-2.0
"""Kinds of articles of the site's packs, and who drafts and decides them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zuoxi.knowledge.handbook import KINDS, ArticleKindBody
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words


class UnknownKind(LookupError):
    """The packs of the site have no such kind of article."""


def kinds() -> dict[str, ArticleKindBody]:
    """Every kind by key, in the order in which they are offered."""
    found: Mapping[str, ArticleKindBody] = site_handbook().entries(KINDS)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def kind_named(key: str) -> ArticleKindBody:
    """Raises UnknownKind."""
    try:
        return kinds()[key]
    except KeyError:
        raise UnknownKind(key) from None


def label_of(key: str) -> str:
    """What a kind is called; its key where the pack no longer has it."""
    known = kinds().get(key)
    return str(known.label) if known else key


def posts_of(words: Iterable[str]) -> frozenset[str]:
    """The posts that answer to role words; a post may stand for itself."""
    known = role_words()
    return frozenset(post for word in words for post in (known[word].positions if word in known else (word,)))


@enforces("KB-001", "KB-002", "KB-003")
def drafted_by(roles: Iterable[str]) -> list[str]:
    """The kinds that somebody with these posts drafts: quality the questions, training the products."""
    held = frozenset(roles)
    return [key for key, body in kinds().items() if held & (posts_of(body.drafts) | posts_of(body.decides))]


def decided_by(roles: Iterable[str]) -> list[str]:
    """The kinds that somebody with these posts publishes."""
    held = frozenset(roles)
    return [key for key, body in kinds().items() if held & posts_of(body.decides)]
