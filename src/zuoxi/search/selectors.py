# SPDX-License-Identifier: Apache-2.0
"""Finding. Who may see what is found is the owner's affair: give `scopes` or `only_refs`, or narrow what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from heapq import nlargest
from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.search import scoring
from zuoxi.search.dialects import Asked, Row, dialect
from zuoxi.search.facts import Found
from zuoxi.search.models import Entry
from zuoxi.search.sounds import loosened, whole
from zuoxi.search.words import Term, folded, gaps_of, is_han, terms_of

BEST_OF = 400  # hits among which the best are chosen
WIDE = 5000  # rows among which hits are still looked for one by one
SHORT = 4  # characters of a word of which one may be wrong; a longer one is found by the others
__all__ = ["Found", "count_of", "find", "folded", "held_by", "is_han", "terms_of"]


def find(
    kinds: Sequence[str],
    words: str,
    limit: int = 20,
    *,
    before: int | None = None,
    scopes: Sequence[str] | None = None,
    only_refs: Sequence[str] | None = None,
    best: bool = False,
    forgiving: bool = False,
) -> list[Found]:
    """What holds all the words, the newest first (`best`: the best of the newest `BEST_OF` first), at most `limit`.

    `before` is the `place` of the last hit of the page before (newest first only). `scopes`: only what was indexed
    under one of them; None: whatever scope, an empty list: nothing. `forgiving`: where the words as written find too
    few, also what sounds alike, what shares most of the characters, and what a word of a few characters stands for of
    which one was typed wrongly; those come after. No words find nothing.
    """
    terms = terms_of(words)
    if not terms or limit < 1:
        return []
    asked = Asked(
        tuple(terms),
        None if scopes is None else tuple(scopes),
        None if only_refs is None else tuple(only_refs),
    )
    rows = _newest(kinds, asked, before, BEST_OF if best else limit)
    if not rows and (apart := terms_of(words, codes=False)) != terms:  # the text may part them by another sign
        rows = _newest(kinds, replace(asked, terms=tuple(apart)), before, BEST_OF if best else limit)
    if not best and not forgiving:
        return [_found(row, terms, 0.0, "words") for row in rows]
    found = _best(rows, terms, limit, "words")
    if forgiving and len(found) < limit:
        known = {(one.kind, one.ref) for one in found}
        found += _alike(kinds, words, asked, limit - len(found), known)
    return found


def held_by(
    rows: QuerySet[Any], kind: str, words: str, limit: int = BEST_OF, *, hits: Sequence[int] | None = None
) -> list[int]:
    """Keys of those of `rows` that hold all the words, however few of all hits they are; about `limit` of the newest.

    The newest hits of all come first. Where some of those are not among the rows, the newest `WIDE` rows are looked
    through by themselves, so that who sees little finds all of his. `hits`: the newest, where they are known already.
    """
    if hits is None:
        hits = [int(one.ref) for one in find([kind], words, limit)]
    kept = set(rows.order_by().filter(pk__in=hits).values_list("pk", flat=True))
    if len(hits) == limit and len(kept) < limit:
        own = [str(pk) for pk in rows.order_by("-pk").values_list("pk", flat=True)[:WIDE]]
        kept |= {int(one.ref) for one in find([kind], words, limit, only_refs=own)}
    return sorted(kept)


def count_of(kind: str) -> int:
    """How many things of a kind can be found."""
    return Entry.objects.filter(kind=kind).count()


def _newest(kinds: Sequence[str], asked: Asked, before: int | None, limit: int) -> list[Row]:
    rows = [row for kind in dict.fromkeys(kinds) for row in dialect().newest(kind, asked, before, limit)]
    return sorted(rows, key=lambda row: -row[0])[:limit] if len(kinds) > 1 else rows


def _found(row: Row, terms: Sequence[Term], score: float, how: str) -> Found:
    entry, kind, ref, title, body, _weight, at = row
    moment = Entry._meta.get_field("at").to_python(at) if isinstance(at, str) else at
    return Found(kind, ref, title, scoring.snippet(body, terms), score, entry, moment, how)


def _best(rows: Sequence[Row], terms: Sequence[Term], limit: int, how: str) -> list[Found]:
    scored = [(scoring.score(terms, row[3], row[4], row[5]), row[0], row) for row in rows]
    return [_found(row, terms, score, how) for score, _place, row in nlargest(limit, scored, key=lambda one: one[:2])]


def _alike(kinds: Sequence[str], words: str, asked: Asked, limit: int, known: set[tuple[str, str]]) -> list[Found]:
    sounding = [one for one in _by_sound(kinds, words, asked, limit) if (one.kind, one.ref) not in known]
    known = known | {(one.kind, one.ref) for one in sounding}
    loose = loose_terms(asked.terms)
    if not loose and len(sounding) < limit:
        return [*sounding, *_near(kinds, asked, limit - len(sounding), known)]
    if len(sounding) >= limit:
        return sounding[:limit]
    any_of_them = replace(asked, terms=tuple(loose), some=True)
    rows = [row for row in _newest(kinds, any_of_them, None, BEST_OF) if (row[1], row[2]) not in known]
    close = [row for row in rows if scoring.share(loose, row[3], row[4]) >= scoring.ENOUGH]
    ranked = sorted(close, key=lambda row: (-scoring.likeness(loose, row[3], row[4]), -row[0]))
    rest = [_found(row, loose, scoring.likeness(loose, row[3], row[4]), "alike") for row in ranked]
    found = [*sounding, *rest][:limit]
    return found or _near(kinds, asked, limit, known)


def _near(kinds: Sequence[str], asked: Asked, limit: int, known: set[tuple[str, str]]) -> list[Found]:
    """What is called almost like short words of which one character is wrong, found by the others."""
    runs = [term.text for term in asked.terms if 2 <= len(term.text) <= SHORT and all(map(is_han, term.text))]
    if not runs or len(runs) < len(asked.terms):
        return []
    gaps = tuple(Term((gap,), False, gap) for run in runs for gap in gaps_of(run))
    rows = _newest(kinds, replace(asked, terms=gaps, some=True), None, BEST_OF)
    ranked = [(scoring.nearness(runs, row[3], row[4]), row) for row in rows if (row[1], row[2]) not in known]
    best = sorted((one for one in ranked if one[0]), key=lambda one: (-one[0], -one[1][0]))
    return [_found(row, asked.terms, nearness, "alike") for nearness, row in best[:limit]]


def loose_terms(terms: Sequence[Term]) -> list[Term]:
    """Each pair of characters by itself: a sentence as the customer says it shares many with what answers it."""
    pieces: dict[str, Term] = {}
    for term in terms:
        for word in term.words:
            if len(word) > 1 and word not in scoring.EMPTY_WORDS:
                pieces[word] = Term((word,), False, word)
    return list(pieces.values())[:40]


def _by_sound(kinds: Sequence[str], words: str, asked: Asked, limit: int) -> list[Found]:
    said = [(sound, f" {loosened(word)}") for word in words.split() if len(sound := whole(word)) >= 2]
    if not said or asked.scopes == ():
        return []
    rows = Entry.objects.filter(kind__in=kinds).exclude(sound="")
    for sound, loose in said:
        rows = rows.filter(Q(sound__contains=sound) | Q(sound__contains=loose))
    if asked.refs is not None:
        rows = rows.filter(ref__in=asked.refs)
    found = []
    for entry in rows.order_by("-weight", "-pk")[: limit * 4]:
        if asked.scopes is None or set(asked.scopes) & set(entry.scopes):
            begins = any(f" {sound}" in entry.sound for sound, _loose in said)
            nearly = not all(sound in entry.sound for sound, _loose in said)
            row = (entry.pk, entry.kind, entry.ref, entry.title, entry.body, entry.weight, entry.at)
            found.append(_found(row, asked.terms, 0.5 if nearly else 2.0 if begins else 1.0, "sound"))
    return sorted(found, key=lambda one: -one.score)[:limit]
