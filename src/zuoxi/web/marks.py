# SPDX-License-Identifier: Apache-2.0
"""Which code carries which clause: marks on rules, pages, tables and services, read by the clause map.

A mark changes nothing about what it stands on. The map (`zuoxi.policy`) is computed from marks and
test markers only, so a clause is "enforced" because something enforces it and a test says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

Marked = TypeVar("Marked")
CLAUSE_ID = re.compile(r"^[A-Z]{2,4}-\d{3}$")


class MarkKind(StrEnum):
    ENFORCES = "enforces"
    SHOWS = "shows"
    RECORDS = "records"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`place` is the dotted name of what carries the clause, or the name of a database constraint."""

    kind: MarkKind
    clause: str
    place: str


_marks: set[Mark] = set()


def marks() -> frozenset[Mark]:
    """Every mark of the modules imported so far."""
    return frozenset(_marks)


def _register(kind: MarkKind, ids: tuple[str, ...], place: str) -> None:
    for clause in ids:
        if not CLAUSE_ID.match(clause):
            raise ValueError(f"{clause!r} is no clause id")
        _marks.add(Mark(kind, clause, place))


def _place(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _decorator(kind: MarkKind, ids: tuple[str, ...]) -> Callable[[Marked], Marked]:
    def decorate(thing: Marked) -> Marked:
        _register(kind, ids, _place(thing))
        return thing

    return decorate


def enforces(*ids: str) -> Callable[[Marked], Marked]:
    """This rule or service refuses what the clauses forbid, or computes what they order."""
    return _decorator(MarkKind.ENFORCES, ids)


def shows(*ids: str) -> Callable[[Marked], Marked]:
    """This page shows what the clauses ask to be seen. Stands above the access mark of a view."""
    return _decorator(MarkKind.SHOWS, ids)


def records(*ids: str) -> Callable[[Marked], Marked]:
    """This table or service keeps what the clauses ask to be kept."""
    return _decorator(MarkKind.RECORDS, ids)


def constraint(name: str, *ids: str) -> None:
    """The database constraint of that name enforces the clauses."""
    _register(MarkKind.ENFORCES, ids, f"constraint:{name}")
