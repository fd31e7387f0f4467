# SPDX-License-Identifier: Apache-2.0
"""What the rules of knowledge are asked with, and what other packages are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zuoxi.policy.rulebook import Impossible


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of an article on a day. Without a first day it never takes effect; `effective_until` None: no end."""

    on: date
    published: bool
    effective_from: date | None
    effective_until: date | None = None
    superseded_on: date | None = None

    def __post_init__(self) -> None:
        if self.effective_from and self.effective_until and self.effective_until < self.effective_from:
            raise Impossible("effective_until", "the last day lies before the first")


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """A festival and the notice that lets its opening be used; without a published notice both days are None."""

    on: date
    festival: str
    notice_from: date | None
    notice_until: date | None


@dataclass(frozen=True, slots=True)
class SpokenFacts:
    """A text and who speaks it. Of a labelled conversation only the agent's own turns count, and what he only quotes
    does not."""

    text: str
    speaker: Literal["agent", "customer", "conversation"] = "conversation"


@dataclass(frozen=True, slots=True)
class BriefingFacts:
    """How many have to read something before it begins, and how many have."""

    asked: int
    have_read: int

    def __post_init__(self) -> None:
        if self.have_read > self.asked:
            raise Impossible("have_read", "more have read it than were asked")


@dataclass(frozen=True, slots=True)
class TabooHit:
    """A piece of a text that is not said to customers; `start` counts characters of the whole text."""

    key: str
    label: str
    words: str
    start: int
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script as it is to be said now. `key` stays the same while the script does."""

    key: str
    say: str
    when: str = ""
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A script ready to be read aloud; `festival` names whose opening it begins with, "" the usual one."""

    key: str
    title: str
    lines: tuple[Line, ...]
    festival: str = ""
    own: bool = False
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """An article beside a call. `waiting`: announced, and not published yet."""

    article_id: int
    title: str
    kind: str
    snippet: str = ""
    waiting: bool = False
    how: str = "words"
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """What a person has to bring for a matter, how long it takes, what it costs and on what ground (KB-010)."""

    code: str
    title: str
    materials: tuple[str, ...]
    steps: tuple[str, ...]
    time_limit: str
    fee: str
    basis: str
    handled_by: str
    since: date | None
