# SPDX-License-Identifier: Apache-2.0
"""Scenarios of the rules as data: `*.yaml` beside this file, judged through the same door as `zuoxi evaluate`.

    handbook_lateness:
      pack: tv_shopping              # or packs: [...]
      rule: attendance.arrival
      clauses: [ATT-002]             # every finding rests on them
      facts: {excused: false, rostered_start: "2026-11-02T09:00:00"}
      cases:
        - [{signed_in_at: "2026-11-02T09:15:01"}, absent_half_day, {fine_yuan: "0"}]

A case says the facts that differ, the outcome and the details it looks at. Outcomes "error" (then the name of the
fact at fault) and "no rule" are refusals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from zuoxi.policy.evaluate import asked_rule
from zuoxi.policy.fact_lines import BadFacts
from zuoxi.policy.rulebook import UnknownRule

HERE = Path(__file__).parent


@cache
def scenes() -> dict[str, dict[str, Any]]:
    """Name → scene, of every file."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(HERE.glob("*.yaml")):
        for name, scene in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            assert name not in found, f"{name} stands twice"
            found[name] = scene
    return found


@dataclass(frozen=True)
class Case:
    """One line of a scene in one pack."""

    pack: str
    rule: str
    clauses: tuple[str, ...]
    facts: dict[str, Any]
    outcome: str
    expected: Any

    def holds(self) -> None:
        """Judge the facts, and compare everything that the case says."""
        if self.outcome == "no rule":
            with pytest.raises(UnknownRule):
                asked_rule(self.rule, self.pack)
            return
        asked = asked_rule(self.rule, self.pack)
        line = json.dumps(self.facts, ensure_ascii=False)
        if self.outcome == "error":
            with pytest.raises(BadFacts) as wrong:
                asked.finding(line)
            assert wrong.value.field == self.expected
            return
        found = asked.finding(line)
        assert found.outcome == self.outcome
        assert {name: found.details.get(name) for name in self.expected} == self.expected
        assert set(self.clauses) <= set(found.clauses)
        assert found.why.zh
        assert found.why.en


def cases_of(name: str) -> list[Case]:
    scene = scenes()[name]
    packs = scene.get("packs") or [scene["pack"]]
    made = []
    for pack in packs:
        for case in scene["cases"]:
            changed, outcome, *rest = case
            facts = {**scene.get("facts", {}), **changed}
            clauses = tuple(scene.get("clauses", ()))
            made.append(Case(pack, scene["rule"], clauses, facts, outcome, rest[0] if rest else {}))
    return made


def scene(*names: str) -> Any:
    """Run the test once for every case of these scenes."""
    cases = [
        pytest.param(case, id=f"{name}-{case.pack}-{n}") for name in names for n, case in enumerate(cases_of(name))
    ]
    return pytest.mark.parametrize("case", cases)
