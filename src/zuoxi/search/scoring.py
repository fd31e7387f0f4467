# SPDX-License-Identifier: Apache-2.0
"""How well a thing answers a search, and the piece of it that shows why. The same arithmetic on either database."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from zuoxi.search.sounds import near
from zuoxi.search.words import Term, folded, is_han, words_of

ENOUGH = 0.4  # of the pairs of a search that a thing must share to count as alike
ALSO = "\u2063"  # an invisible sign: behind it stand the other names of a thing, found and not shown
AROUND = 40  # characters on each side of what was found
# Pairs of characters that every second question has and no answer is told apart by.
EMPTY_WORDS = frozenset(
    "怎么 么办 什么 请问 一下 你们 我们 可以 是不 不是 没有 有没 这个 那个 我的 你的 的话 就是 还是 多少 如何 "
    "能不 不能 我想 想问".split()
)


def score(terms: Sequence[Term], title: str, body: str, weight: int) -> float:
    """Words in the title count threefold, more at its beginning; often in the text a little; votes a little."""
    heading, text = folded(title), folded(body)
    points = 0.0
    for term in terms:
        said = _as_written(term, heading, text)
        if said in heading:
            points += 3.0 + (1.0 if heading.startswith(said) else 0.0) + len(said) / max(len(heading), 1)
        points += log1p(text.count(said)) if said else 0.0
    return points + log1p(max(weight, 0)) / 4


def _as_written(term: Term, *texts: str) -> str:
    """The term as the texts have it; between Latin words they may have any sign, so then its first word."""
    said = folded(term.text)
    return said if any(said in text for text in texts) else term.words[0]


def share(terms: Sequence[Term], title: str, body: str) -> float:
    """The part of the pairs that stand in the title or the text, or, if more, the part of the title's pairs that were
    said (two at least): 0…1. A long question has many pairs of its own."""
    text = folded(title) + "\n" + folded(body)
    asked = {term.text for term in terms}
    heading = {word for word in words_of(title) if len(word) > 1}
    common = len(asked & heading)
    of_title = common / len(heading) if common > 1 else 0.0
    return max(sum(one in text for one in asked) / len(asked), of_title) if asked else 0.0


def likeness(terms: Sequence[Term], title: str, body: str) -> float:
    """As `share`, and a pair in the title once more."""
    heading = folded(title)
    return share(terms, title, body) + (sum(term.text in heading for term in terms) / len(terms) if terms else 0.0)


def nearness(runs: Sequence[str], title: str, body: str) -> float:
    """How near the runs come to what a thing is called: 1 for a run that stands there, 0.5 for one of whose characters
    one sounds almost as another does; 0 altogether where one of them comes near nothing."""
    heading = folded(f"{title} {body.partition(ALSO)[2]}")
    found = [1.0 if run in heading else 0.5 * _nearly(run, heading) for run in runs]
    return min(found, default=0.0) and sum(found) / len(found)


def _nearly(run: str, heading: str) -> bool:
    for place in range(len(heading) - len(run) + 1):
        other = [(a, b) for a, b in zip(run, heading[place : place + len(run)], strict=True) if a != b]
        if len(other) == 1 and all(map(is_han, other[0])) and near(*other[0]):
            return True
    return False


def snippet(body: str, terms: Sequence[Term]) -> str:
    """The piece of the text around the first word found, or its beginning; plain text in one line."""
    flat = " ".join(body.partition(ALSO)[0].split())
    low = folded(flat)
    if len(low) != len(flat):  # folding made one sign two: places would not agree
        low = flat.lower()
    places = [place for place in (low.find(_as_written(term, low)) for term in terms) if place >= 0]
    start = max(min(places, default=0) - AROUND, 0)
    end = min(start + 3 * AROUND, len(flat))
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")
