# SPDX-License-Identifier: Apache-2.0
"""How Chinese sounds: whole syllables and their first letters, for a search typed or heard wrongly."""

from __future__ import annotations

import re
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


_SAME = {"zh": "z", "ch": "c", "sh": "s", "ang": "an", "eng": "en", "ing": "in", "n": "l", "h": "f"}
_HEARD = re.compile(r"^(zh|ch|sh|n|h)|(ang|eng|ing)$")


def loosened(text: str) -> str:
    """The sound with what half the country does not tell apart made one: zh and z, n and l, h and f, -ing and -in."""
    return "".join(map(_loose, syllables(text)))


def _loose(syllable: str) -> str:
    return _HEARD.sub(lambda found: _SAME[found.group()], syllable)


@lru_cache(maxsize=8192)
def readings(sign: str) -> frozenset[str]:
    """Every way one Han character is said, without tones."""
    from pypinyin import Style, pinyin

    return frozenset(pinyin(sign, style=Style.NORMAL, heteronym=True, v_to_u=False)[0])


def near(one: str, other: str) -> bool:
    """Whether two characters may be mistaken for each other by ear or finger: at most one letter of a sound differs,
    or nothing that half the country tells apart."""
    return any(
        _one_apart(said, heard) or _loose(said) == _loose(heard) for said in readings(one) for heard in readings(other)
    )


def _one_apart(one: str, other: str) -> bool:
    """At most one letter put in, left out or changed."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or len(long) < 2:
        return one == other
    same = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = short[same:] if len(short) < len(long) else short[same + 1 :]
    return rest == long[same + 1 :]


def spoken(*texts: str) -> str:
    """What is kept beside an entry: the sound, the first letters and the loosened sound of each text, each between
    spaces."""
    found: dict[str, None] = {}
    for text in texts:
        for sound in (whole(text), initials(text), loosened(text)):
            if sound:
                found[sound] = None
    return f" {' '.join(found)} " if found else ""
