# SPDX-License-Identifier: Apache-2.0
"""Where the documents contradict each other or are silent, and what was decided: `handbooks/gaps.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from zuoxi.policy.clauses import Title, clause_book
from zuoxi.policy.yaml_file import Kept, PackError, read


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str

    def title(self) -> Title:
        return Title(self.zh, self.en)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["catalogue", "ours"]
    clauses: tuple[str, ...] = ()
    question: _Text
    decision: _Text
    alternatives: tuple[_Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """An open question with its decision. `by`: "catalogue" where the list of requirements decides, "ours" else."""

    key: str
    by: str
    clauses: tuple[str, ...]
    question: Title
    decision: Title
    alternatives: tuple[Title, ...]


@Kept
def gap_book(folder: Path | None) -> Mapping[str, Gap]:
    """Every open question by key, in the order of the file. Raises PackError with file and line."""
    file = (folder or Path(settings.HANDBOOKS)) / "gaps.yaml"
    if not file.is_file():
        return {}
    entries = read(file)
    return {key: _gap(file, key, body, entries.lines[key]) for key, body in entries.items()}


def _gap(file: Path, key: str, raw: Any, line: int) -> Gap:
    try:
        body = _Body.model_validate(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PackError(file, line, f"{key}: {where}: {first['msg']}") from wrong
    for clause in body.clauses:
        if clause not in clause_book().clauses:
            raise PackError(file, line, f"{key}: no clause {clause}")
    alternatives = tuple(one.title() for one in body.alternatives)
    return Gap(key, body.by, body.clauses, body.question.title(), body.decision.title(), alternatives)
