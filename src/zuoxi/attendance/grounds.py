# SPDX-License-Identifier: Apache-2.0
"""Findings as days keep them: what is the same for thousands (clauses, figures) is kept once, as a ground."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from zuoxi.attendance.models import Ground
from zuoxi.policy.findings import Finding, Why


class Grounds:
    """Collects the grounds of findings while they are written down."""

    def __init__(self) -> None:
        self.bodies: dict[str, dict[str, Any]] = {}
        self._keys: dict[tuple[Any, ...], str] = {}

    def kept(self, finding: Finding) -> dict[str, Any]:
        """The finding in the short form of `DayRecord.findings`."""
        rests = (
            finding.rule,
            finding.pack,
            finding.clauses,
            tuple(finding.figures.items()),
            finding.gaps,
            finding.ours,
        )
        key = self._keys.get(rests)
        if key is None:
            body = finding.as_json()
            for name in ("outcome", "details", "why"):
                del body[name]
            text = json.dumps(body, sort_keys=True, ensure_ascii=False)
            key = self._keys[rests] = blake2b(text.encode(), digest_size=12).hexdigest()
            self.bodies[key] = body
        why = {"zh": finding.why.zh, "en": finding.why.en}
        return {"outcome": finding.outcome, "details": dict(finding.details), "why": why, "ground": key}

    def save(self) -> None:
        """Write down the grounds that are not known yet."""
        rows = [Ground(key=key, body=body) for key, body in self.bodies.items()]
        Ground.objects.bulk_create(rows, ignore_conflicts=True)


def findings_of(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Finding]]:
    """The findings of several days, by name, as they were judged then. One query."""
    rows = list(kept)
    wanted = {one["ground"] for row in rows for one in row.values() if isinstance(one, dict)}
    bodies = {ground.key: ground.body for ground in Ground.objects.filter(key__in=wanted)} if wanted else {}
    return [
        {name: _finding(one, bodies.get(one["ground"], {})) for name, one in row.items() if isinstance(one, dict)}
        for row in rows
    ]


def _finding(kept: Mapping[str, Any], body: Mapping[str, Any]) -> Finding:
    return Finding(
        body.get("rule", ""),
        body.get("pack", ""),
        kept["outcome"],
        Why(kept["why"]["zh"], kept["why"]["en"]),
        kept["details"],
        tuple(body.get("clauses", ())),
        body.get("figures", {}),
        tuple(body.get("gaps", ())),
        tuple(body.get("ours", ())),
    )
