# SPDX-License-Identifier: Apache-2.0
"""How text becomes the words that both databases index, and how a search is read. Plain Python, the same for both.

Chinese has no spaces: a run of Han characters is kept as its overlapping pairs, and its last character alone, so that
a search of one character is a search for what begins with it. Latin letters and digits are words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from zuoxi.search.simplified import simplified

SPELLING = 1
"""Which way texts become words. Raise it when that changes; what stands is put anew by `respelling`."""
LONGEST_WORD = 40  # characters of one Latin word or number that are looked at
MOST_WORDS = 8_000  # of one text; PostgreSQL keeps at most 16,383 places
MOST_TERMS = 12  # of one search
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RUN = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+|\d+")
_WORD = re.compile(r'"([^"]+)"|(\S+)')
_CODE = re.compile(r"(?<![a-z])[a-z]{1,8}[ -]?[0-9]{6,}(?:-[0-9]+)*")
_IS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side; `open`: the last of them may go on."""

    words: tuple[str, ...]
    open: bool = False
    text: str = ""


def folded(text: str, spelling: int = SPELLING) -> str:
    """Full-width signs and letters as narrow ones, small letters, traditional characters as simplified ones."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    return simplified(narrow) if spelling else narrow


def is_han(sign: str) -> bool:
    return bool(_IS_HAN.match(sign))


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run, or the only character."""
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def gaps_of(text: str) -> list[str]:
    """Each pair with one of its characters left out (供暖 → 供_, _暖): by these a word typed wrongly is found."""
    runs = [run for run in _RUN.findall(folded(text)) if len(run) > 1 and is_han(run[0])]
    every = [gap for run in runs for pair in pairs(run) for gap in (f"{pair[0]}_", f"_{pair[1]}")]
    return list(dict.fromkeys(every))


def codes_of(narrow: str) -> list[str]:
    """Letters and a long number behind them (WO00012345, TK20261122-0003) in one piece: every one of a million tickets
    has the letters, and a search for the number need not look through them."""
    return [_one_piece(found) for found in _CODE.findall(narrow)]


def _one_piece(code: str) -> str:
    return "".join(sign for sign in code if sign not in " -")[:LONGEST_WORD]


def words_of(text: str, spelling: int = SPELLING) -> list[str]:
    """The words of a text in their order, at most `MOST_WORDS`."""
    found: list[str] = []
    narrow = folded(text, spelling)
    codes = codes_of(narrow) if spelling else []
    for run in _RUN.findall(narrow):
        if is_han(run[0]):
            found += [*pairs(run), run[-1]] if len(run) > 1 else [run]
        else:
            found.append(run[:LONGEST_WORD])
        if len(found) >= MOST_WORDS:
            break
    return [*found, *codes][:MOST_WORDS]


def _terms_of(word: str) -> list[Term]:
    terms: list[Term] = []
    latin: list[str] = []

    def close() -> None:
        if latin:
            terms.append(Term(tuple(latin), _may_go_on(latin[-1]), " ".join(latin)))
            latin.clear()

    for run in _RUN.findall(word):
        if is_han(run[0]):
            close()
            terms.append(Term(tuple(pairs(run)), len(run) == 1, run))
        else:
            latin.append(run[:LONGEST_WORD])
    close()
    return terms


def _may_go_on(word: str) -> bool:
    """Whether a word may be the beginning of a longer one: short ones begin too much."""
    return len(word) >= (5 if word.isdigit() else 2)


def _with_codes(word: str) -> list[Term]:
    terms, place = [], 0
    for found in _CODE.finditer(word):
        terms += [*_terms_of(word[place : found.start()]), Term((_one_piece(found.group()),), True, found.group())]
        place = found.end()
    return [*terms, *_terms_of(word[place:])]


def terms_of(search: str, codes: bool = True) -> list[Term]:
    """What all must be found: words side by side, several words in any order; "…" keeps a whole phrase together.

    `codes`: letters with a long number behind them are looked for in one piece, as they stand in the index.
    """
    terms: list[Term] = []
    for phrase, word in _WORD.findall(folded(search).replace("“", '"').replace("”", '"')):
        if phrase:
            words = words_of(phrase, 0)
            if words and is_han(phrase.strip()[-1]) and len(words) > 1:
                words = words[:-1]  # the lone last character stands only at the end of a run
            if words:
                terms.append(Term(tuple(words), False, phrase))
        else:
            terms += _with_codes(word) if codes else _terms_of(word)
    seen = dict.fromkeys(terms)
    return list(seen)[:MOST_TERMS]
