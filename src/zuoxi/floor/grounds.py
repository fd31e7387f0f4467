# SPDX-License-Identifier: Apache-2.0
"""Findings as pages show their ground: the sentence, clauses with their titles, figures with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from zuoxi.policy.entries import FIGURES
from zuoxi.policy.findings import Finding
from zuoxi.policy.selectors import clause_titles, site_handbook
from zuoxi.policy.vocabulary import figure_said


@dataclass(frozen=True, slots=True)
class Ground:
    """`ours`: it leans on a default of this program or on a decision of ours."""

    sentence: str
    clauses: list[dict[str, str]]
    figures: list[dict[str, str]]
    ours: bool


def _url(clause: str) -> str:
    try:
        return reverse("policy:clause", args=[clause])
    except NoReverseMatch:
        return ""


def ground(kept: Finding | Mapping[str, Any]) -> Ground | None:
    """None for an empty one."""
    if not kept:
        return None
    finding = kept if isinstance(kept, Finding) else Finding.from_json(kept)
    titles = clause_titles()
    book = site_handbook()
    figures = []
    for key, text in finding.figures.items():
        if book.has("figures", key):
            body = book.entry(FIGURES, key)
            said, unit = figure_said(body.unit, text)
            figures.append({"name": str(body.label), "value": said, "unit": unit, "clause": ", ".join(body.clauses)})
        else:
            figures.append({"name": key, "value": text, "unit": "", "clause": ""})
    clauses = [{"id": one, "title": str(titles.get(one, "")), "url": _url(one)} for one in finding.clauses]
    return Ground(str(finding.why), clauses, figures, bool(finding.ours or finding.gaps))
