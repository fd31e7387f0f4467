# SPDX-License-Identifier: Apache-2.0
"""The handbook as people leaf through it: figures, rules, packs side by side, and where a figure is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.policy import packs, standing
from zuoxi.policy.clauses import Title, clause_book
from zuoxi.policy.entries import FIGURES, SCALES, FigureBody, sections
from zuoxi.policy.handbook import Handbook, as_text, handbook_of
from zuoxi.policy.models import Amendment
from zuoxi.policy.rulebook import Rule, rules
from zuoxi.policy.selectors import PACKAGE
from zuoxi.policy.vocabulary import fact_word, figure_said, role_words, rule_titles, units
from zuoxi.policy.yaml_file import PackError

Text = str | Promise
SOURCES: dict[str, Text] = {
    "stated": _("Stated by a clause"),
    "gap": _("Rests on a decision"),
    "ours": _("Our default"),
    "law": _("By law"),
    "amended": _("Changed by this site"),
}
BOUNDARIES: dict[str, Text] = {
    "inclusive": _("The figure itself counts in"),
    "exclusive": _("The figure itself does not count yet"),
    "at_least": _("A target: at least this much"),
    "at_most": _("A target: at most this much"),
    "none": _("No boundary"),
}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure of today in a list; `domains` are those of its clauses."""

    key: str
    label: str
    value: str
    unit: str
    clauses: tuple[str, ...]
    domains: tuple[str, ...]
    source: str
    gap: str
    pack: str
    amended: bool

    @property
    def source_label(self) -> Text:
        return SOURCES[self.source]


def spoken(value: Any, unit: str) -> str:
    """A value as people read it: role words, posts and choices by name, yes or no in words."""
    return figure_said(unit, as_text(value))[0]


def value_on(handbook: Handbook, key: str, day: date) -> Any | None:
    """The value in force; None before the first."""
    held = [value for since, value in handbook.values_of(key) if since <= day]
    return held[-1] if held else None


def _unit_title(unit: str) -> str:
    found = units()[unit]
    return str(found.title) if found.kind == "number" else ""


def figure_line(handbook: Handbook, key: str, body: FigureBody, day: date, amended: frozenset[str]) -> FigureLine:
    value = value_on(handbook, key, day)
    return FigureLine(
        key,
        str(body.label),
        "—" if value is None else spoken(value, body.unit),
        _unit_title(body.unit),
        body.clauses,
        tuple(dict.fromkeys(clause.partition("-")[0] for clause in body.clauses)),
        body.source,
        body.gap,
        handbook.entries_by_section["figures"][key].pack,
        key in amended,
    )


def figure_lines(handbook: Handbook, day: date, *, domain: str = "", source: str = "", q: str = "") -> list[FigureLine]:
    """Figures of a handbook, narrowed; by key. `source` is one of SOURCES."""
    amended = frozenset(change.key for change in handbook.changes)
    lines = [
        figure_line(handbook, key, body, day, amended)
        for key, body in sorted(handbook.entries(FIGURES).items())
        if _said(q, key, body.label.zh, body.label.en, *body.clauses)
    ]
    return [
        line
        for line in lines
        if (not domain or domain in line.domains)
        and (not source or line.source == source or (source == "amended" and line.amended))
    ]


def _said(q: str, *texts: str) -> bool:
    asked = q.strip().casefold()
    return not asked or any(asked in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in a list. `clauses` are those that it is registered for."""

    rule: Rule

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def title(self) -> str:
        return str(rule_titles().get(self.name, self.name))

    @property
    def lead(self) -> str:
        text = (self.rule.judge.__doc__ or "").strip().splitlines()
        return text[0] if text else ""


def rule_lines(handbook: Handbook, q: str = "") -> list[RuleLine]:
    """The rules that a handbook has, by name."""
    found = [RuleLine(rule) for rule in rules().values() if rule.in_pack(handbook)]
    return [line for line in found if _said(q, line.name, line.title, line.lead, *line.rule.clauses)]


def rules_reading(handbook: Handbook, figure: str) -> list[str]:
    """The rules that need a figure, themselves or by a scale."""
    return [rule.name for rule in rules().values() if rule.in_pack(handbook) and figure in _read_by(handbook, rule)]


def _read_by(handbook: Handbook, rule: Rule) -> set[str]:
    read: set[str] = set()
    for need in rule.needs:
        section, _colon, key = need.partition(":")
        if section == "figures":
            read.add(key)
        elif section == "scales":
            for step in handbook.entry(SCALES, key).steps:
                read |= {step.at, *step.also.values()} - {""}
    return read | {key for key in handbook.entries(FIGURES) if rule.judge.__module__ in modules_reading(key)}


_QUOTED = re.compile(r"""["']([a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)+)["']""")


@cache
def _quoted() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts or path.name.startswith("demo"):
            continue
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for key in _QUOTED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(key, set()).add(module)
    return {key: tuple(sorted(modules)) for key, modules in found.items()}


def modules_reading(figure: str) -> tuple[str, ...]:
    """The modules of the program that name a figure."""
    return _quoted().get(figure, ())


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in the list; `error` where its files cannot be read."""

    code: str
    name: str
    about: str
    kind: str
    base: str
    figures: int
    rules: int
    clauses: tuple[str, ...]
    here: bool
    error: str = ""


def pack_lines() -> list[PackLine]:
    """Every pack, this site's first, trades before what lies beneath them."""
    order = {"trade": 0, "cross": 1, "base": 2, "law": 3}
    found = [_pack_line(code) for code in packs.pack_codes()]
    return sorted(found, key=lambda one: (not one.here, order[one.kind], one.code))


def _pack_line(code: str) -> PackLine:
    try:
        handbook = handbook_of(code)
        body = packs.pack(code).body
    except PackError as wrong:
        return PackLine(code, code, "", "trade", "", 0, 0, (), code == settings.PACK, str(wrong))
    own = packs.pack(code).written.get("figures", {})
    return PackLine(
        code,
        str(body.name),
        str(body.about),
        body.kind,
        body.base,
        len(own),
        sum(rule.in_pack(handbook) for rule in rules().values()),
        body.clauses,
        code == settings.PACK,
        standing.trouble(code),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry on which two packs differ; None where one has none of it."""

    section: str
    key: str
    label: str
    left: str | None
    right: str | None


_MARKS: dict[str, Text] = {
    "inclusive": pgettext_lazy("boundary", "counts in"),
    "exclusive": pgettext_lazy("boundary", "does not count yet"),
    "at_least": pgettext_lazy("boundary", "at least"),
    "at_most": pgettext_lazy("boundary", "at most"),
}


def differences(left: str, right: str, day: date) -> list[Difference]:
    """What two packs say differently on a day, by section and key. Raises UnknownPack and PackError."""
    one, two = handbook_of(left), handbook_of(right)
    return [
        found
        for section in sorted(sections(), key=lambda name: (name != "figures", name))
        if section != "why"
        for found in _differing(section, one, two, day)
    ]


def _differing(section: str, one: Handbook, two: Handbook, day: date) -> Iterator[Difference]:
    left, right = (_told(book, section, day) for book in (one, two))
    for key in sorted({*left, *right}):
        here, there = left.get(key), right.get(key)
        if (here and here[1]) != (there and there[1]):
            label = next((found[0] for found in (here, there) if found), key)
            yield Difference(section, key, label, here[1] if here else None, there[1] if there else None)


def _told(handbook: Handbook, section: str, day: date) -> Mapping[str, tuple[str, str]]:
    """Key → (label, what it says) of a section's entries."""
    told = {}
    for key, written in handbook.entries_by_section.get(section, {}).items():
        body = written.body
        label = str(getattr(body, "label", None) or getattr(body, "name", None) or key)
        if isinstance(body, FigureBody):
            value = value_on(handbook, key, day)
            text = "—" if value is None else f"{spoken(value, body.unit)} {_unit_title(body.unit)}".strip()
            text += f" · {_MARKS[body.boundary]}" if body.boundary in _MARKS else ""
        else:
            text = _short(body)
        told[key] = (label, text)
    return told


def _short(body: Any) -> str:
    kept = body.model_dump(mode="json", exclude_defaults=True, exclude={"label", "name", "clauses", "gap", "why"})
    return " · ".join(f"{fact_word('fields', name)} {_plain(value)}" for name, value in kept.items())


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        if set(value) == {"zh", "en"}:
            return str(Title(value["zh"], value["en"]))
        return " ".join(f"{fact_word('fields', name)} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if value in role_words():
        return str(role_words()[value].title)
    return fact_word("values", str(value))


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value of a figure through time; `until` the day before which it holds, None for now on."""

    since: date
    until: date | None
    value: str
    amendment: Amendment | None


def values_through_time(handbook: Handbook, key: str, amendments: list[Amendment]) -> list[HeldValue]:
    """Every value a figure had and will have, oldest first; which of them an amendment gave."""
    given = {row.since: row for row in amendments if row.state == Amendment.State.APPROVED}
    unit = handbook.entry(FIGURES, key).unit
    held = handbook.values_of(key)
    ends = [since for since, _value in held[1:]] + [None]
    return [
        HeldValue(since, until, spoken(value, unit), given.get(since))
        for (since, value), until in zip(held, ends, strict=True)
    ]


def domains() -> Mapping[str, Title]:
    return clause_book().domains


def figures_of_clause(handbook: Handbook, clause: str, day: date) -> list[FigureLine]:
    amended = frozenset(change.key for change in handbook.changes)
    return [
        figure_line(handbook, key, body, day, amended)
        for key, body in sorted(handbook.entries(FIGURES).items())
        if clause in body.clauses
    ]


def rules_of_clause(handbook: Handbook, clause: str) -> list[str]:
    return [rule.name for rule in rules().values() if clause in rule.clauses and rule.in_pack(handbook)]


def resting_on(gap: str, handbook: Handbook) -> list[tuple[str, str, str]]:
    """(section, key, label) of this site's entries that rest on a decision."""
    return [
        (section, key, str(getattr(written.body, "label", None) or key))
        for section, entries in handbook.entries_by_section.items()
        for key, written in entries.items()
        if getattr(written.body, "gap", "") == gap
    ]


def known_figure(handbook: Handbook, key: str) -> FigureBody:
    """Raises NoSuchEntry."""
    return handbook.entry(FIGURES, key)
