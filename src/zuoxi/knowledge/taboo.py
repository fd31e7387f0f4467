# SPDX-License-Identifier: Apache-2.0
"""Finding words that are not said to customers in what an agent said. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from zuoxi.knowledge.facts import TabooHit
from zuoxi.knowledge.handbook import TabooBody
from zuoxi.search.selectors import folded

BETWEEN = 4  # characters that may stand where a mark has "…"
_TURN = re.compile(
    r"^[ \t]*(?P<who>客户|用户|顾客|来电人|customer|caller|坐席|座席|客服|话务员|agent)[ \t]*[0-9]*[ \t]*[:：]",
    re.I | re.M,
)
_CUSTOMERS = ("客户", "用户", "顾客", "来电人", "customer", "caller")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")


def own_words(text: str, speaker: str) -> Iterator[tuple[int, str]]:
    """(place, piece) of what the agent himself said: not the customer's turns, not what stands in quotation marks."""
    if speaker == "customer":
        return
    for start, end in _turns(text) if speaker == "conversation" else [(0, len(text))]:
        place = start
        for quoted in _QUOTED.finditer(text, start, end):
            yield place, text[place : quoted.start()]
            place = quoted.end()
        yield place, text[place:end]


def _turns(text: str) -> Iterator[tuple[int, int]]:
    """The agent's turns; what stands before the first label counts as his."""
    turns = list(_TURN.finditer(text))
    yield 0, turns[0].start() if turns else len(text)
    for place, turn in enumerate(turns):
        end = turns[place + 1].start() if place + 1 < len(turns) else len(text)
        if turn["who"].lower() not in _CUSTOMERS:
            yield turn.end(), end


@lru_cache(maxsize=1024)
def _pattern(mark: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in folded(mark).replace("...", "…").split("…")]
    return re.compile(f"[^。！？.!?\n]{{0,{BETWEEN}}}?".join(parts))


def hits_in(text: str, speaker: str, taboos: Iterable[tuple[str, TabooBody]]) -> list[TabooHit]:
    """Every piece found, by its place; the longest where several begin together."""
    found: dict[int, TabooHit] = {}
    for start, piece in own_words(text, speaker):
        low = folded(piece)
        if len(low) != len(piece):
            low = piece.lower()
        for key, body in taboos:
            for mark in body.marks:
                for match in _pattern(mark).finditer(low):
                    hit = _hit(key, body, piece, start, match)
                    known = found.get(hit.start)
                    if known is None or len(known.words) < len(hit.words):
                        found[hit.start] = hit
    return [found[place] for place in sorted(found)]


def _hit(key: str, body: TabooBody, piece: str, start: int, match: re.Match[str]) -> TabooHit:
    instead = str(body.instead) if body.instead else ""
    return TabooHit(key, str(body.label), piece[match.start() : match.end()], start + match.start(), instead)


def heard_only(taboos: Mapping[str, TabooBody]) -> list[TabooBody]:
    """Manners that no text shows."""
    return [body for body in taboos.values() if not body.marks]
