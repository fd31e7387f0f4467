# SPDX-License-Identifier: Apache-2.0
"""What is indexed and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Doc:
    """One thing to be found. `ref` is the owner's key within the kind; `scopes` are words by which the owner narrows a
    search to what a person may see (a department, a person), "" in none; `called` are further names by which people ask
    for it; `weight` lifts it among equals (votes, say); `at` its own moment."""

    kind: str
    ref: str
    title: str
    body: str = ""
    scopes: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    weight: int = 0
    at: datetime | None = None
    forgiving: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One hit. `snippet` is plain text around the first word found; `place` goes on: the next page is `before` it.

    `how`: "words" as written, "sound" by pinyin, "alike" by most of the characters.
    """

    kind: str
    ref: str
    title: str
    snippet: str
    score: float
    place: int
    at: datetime | None = None
    how: str = "words"
