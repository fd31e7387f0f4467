# SPDX-License-Identifier: Apache-2.0
"""A finding as pages draw it: its sentence, clauses, figures in words, and what rests on a decision or on a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from zuoxi.policy import site
from zuoxi.policy.clauses import clause_book
from zuoxi.policy.entries import FIGURES, Label
from zuoxi.policy.findings import Finding
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.handbook import Handbook, handbook_of
from zuoxi.policy.packs import UnknownPack
from zuoxi.policy.statutory import set_off
from zuoxi.policy.vocabulary import figure_said
from zuoxi.web import explaining


@dataclass(frozen=True, slots=True)
class ClauseShown:
    id: str
    title: str
    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class FigureShown:
    """`ours`: this program's default; `gap`: the decision of `gaps.yaml` that it stands on."""

    name: str
    value: str
    unit: str
    clause: str
    url: str
    ours: bool
    gap: str


@dataclass(frozen=True, slots=True)
class GapShown:
    key: str
    decision: str
    url: str


@dataclass(frozen=True, slots=True)
class WarningShown:
    """`off`: who switched it off, on which day and why; "" while it counts."""

    label: str
    law: str
    source: str
    off: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What `{% why %}` draws."""

    sentence: str
    outcome: str
    rule: str
    rule_url: str
    clauses: tuple[ClauseShown, ...]
    figures: tuple[FigureShown, ...]
    gaps: tuple[GapShown, ...]
    warnings: tuple[WarningShown, ...]
    ours: bool
    suspended: str
    facts: tuple[Any, ...] = ()


def explain(finding: Any) -> Any:
    """A Finding, or the JSON that a table kept of one, as pages draw it; anything else unchanged."""
    if isinstance(finding, Mapping) and {"rule", "outcome", "why"} <= set(finding):
        finding = Finding.from_json(finding)
    return _explained(finding) if isinstance(finding, Finding) else finding


def _explained(finding: Finding) -> Explained:
    titles = clause_book().clauses
    handbook = _handbook(finding.pack)
    return Explained(
        str(finding.why),
        finding.outcome,
        finding.rule,
        reverse("policy:rule", args=[finding.rule]),
        tuple(
            ClauseShown(code, str(titles[code].title) if code in titles else "", reverse("policy:clause", args=[code]))
            for code in finding.clauses
        ),
        tuple(_figure(handbook, key, value, key in finding.ours) for key, value in finding.figures.items()),
        tuple(gap_shown(key) for key in finding.gaps),
        tuple(_warnings(finding)),
        bool(finding.ours),
        _off("rule", finding.rule),
    )


def _handbook(pack: str) -> Handbook | None:
    try:
        here = site.site_handbook()
        return here if here.pack == pack else handbook_of(pack)
    except UnknownPack:
        return None


def _figure(handbook: Handbook | None, key: str, value: str, ours: bool) -> FigureShown:
    if handbook is None or not handbook.has("figures", key):
        return FigureShown(key, value, "", "", "", ours, "")
    body = handbook.entry(FIGURES, key)
    said, unit = figure_said(body.unit, value)
    url = reverse("policy:figure", args=[key])
    return FigureShown(str(body.label), said, unit, " ".join(body.clauses), url, ours, body.gap)


def gap_shown(key: str) -> GapShown:
    found = gap_book().get(key)
    return GapShown(key, str(found.decision) if found else "", f"{reverse('policy:questions')}#{key}")


def _warnings(finding: Finding) -> list[WarningShown]:
    return [
        WarningShown(_text(one.body.label), _text(one.body.law), _text(one.body.source), _off("warning", one.key))
        for one in set_off(finding.rule, finding.details, _today())
    ]


def _text(label: Label) -> str:
    return str(label)


def _today() -> date:
    return timezone.localdate()


def _off(kind: str, key: str) -> str:
    found = site.switched_off(kind).get(key)
    return f"{found.by_name} · {found.at:%Y-%m-%d} · {found.reason}" if found else ""


explaining.provide(explain)
