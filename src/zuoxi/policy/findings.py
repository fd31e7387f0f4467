# SPDX-License-Identifier: Apache-2.0
"""What a judgement says: an outcome with the clauses and figures it rests on, and a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence in both languages; as text in the language of the page."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one judgement.

    `details` holds only what JSON can (money and days as decimal strings). `clauses` are all that the outcome rests
    on, `figures` every figure read, by key, as exact text. `gaps` are decisions of `gaps.yaml` it leans on, `ours` the
    figures that are this program's defaults: pages mark such an outcome.
    """

    rule: str
    pack: str
    outcome: str
    why: Why
    details: Mapping[str, Any] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return self.outcome != UNKNOWN

    def as_json(self) -> dict[str, Any]:
        """The shape that `zuoxi evaluate` prints and that tables keep."""
        return {
            "rule": self.rule,
            "pack": self.pack,
            "outcome": self.outcome,
            "details": dict(self.details),
            "clauses": list(self.clauses),
            "figures": dict(self.figures),
            "why": {"zh": self.why.zh, "en": self.why.en},
            "gaps": list(self.gaps),
            "ours": list(self.ours),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        """A kept finding, as it was judged then."""
        return cls(
            kept["rule"],
            kept["pack"],
            kept["outcome"],
            Why(kept["why"]["zh"], kept["why"]["en"]),
            kept.get("details", {}),
            tuple(kept.get("clauses", ())),
            kept.get("figures", {}),
            tuple(kept.get("gaps", ())),
            tuple(kept.get("ours", ())),
        )
