# SPDX-License-Identifier: Apache-2.0
"""How Chinese sounds: whole syllables and their first letters, for a search typed or heard wrongly."""

from __future__ import annotations

from functools import lru_cache

from zuoxi.search.words import folded


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """The syllables of the Han characters without tones; Latin words and numbers stand as they are."""
    from pypinyin import Style, lazy_pinyin

    found = lazy_pinyin(folded(text), style=Style.NORMAL, v_to_u=False)
    pieces = (piece for one in found for piece in one.split())
    return tuple(said for piece in pieces if (said := "".join(sign for sign in piece if sign.isalnum())))


def whole(text: str) -> str:
    """供暖 → gongnuan"""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """供暖 → gn; a number keeps all its digits."""
    return "".join(one if one.isdigit() else one[:1] for one in syllables(text))


def spoken(*texts: str) -> str:
    """What is kept beside an entry: the sound and the first letters of each text, each between spaces."""
    found: dict[str, None] = {}
    for text in texts:
        for sound in (whole(text), initials(text)):
            if sound:
                found[sound] = None
    return f" {' '.join(found)} " if found else ""
