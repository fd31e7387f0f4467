# SPDX-License-Identifier: Apache-2.0
"""The clauses by id: domain and short titles, from `handbooks/clauses.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Title:
    """One thing in both languages; as text in the language of the page."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    def says(self, word: str) -> bool:
        """Whether somebody who typed the word meant this, in either language, in capitals or without."""
        return word.casefold() in (self.zh.casefold(), self.en.casefold())


@dataclass(frozen=True, slots=True)
class Clause:
    """`domain` is the code before the dash."""

    id: str
    title: Title

    @property
    def domain(self) -> str:
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class ClauseBook:
    """All clauses in the order of the catalogue, and what its domains are called."""

    domains: Mapping[str, Title]
    clauses: Mapping[str, Clause]


@cache
def clause_book(path: Path | None = None) -> ClauseBook:
    """Read once per process. Raises ValueError for a clause of a domain that the file does not name."""
    file = path or settings.HANDBOOKS / "clauses.yaml"
    # The C reader where it is there: 512 entries take 30 ms instead of 300.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader either way
    domains = {code: Title(*names) for code, names in read["domains"].items()}
    clauses = {code: Clause(code, Title(*names)) for code, names in read["clauses"].items()}
    strangers = {clause.domain for clause in clauses.values()} - set(domains)
    if strangers:
        raise ValueError(f"clauses of unknown domains: {', '.join(sorted(strangers))}")
    return ClauseBook(domains, clauses)
