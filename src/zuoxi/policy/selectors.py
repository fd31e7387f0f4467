# SPDX-License-Identifier: Apache-2.0
"""How far the program answers the clauses: computed from marks in code and markers on tests, never typed by hand."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import zuoxi
from zuoxi.policy import packs, site
from zuoxi.policy.amending import value_text
from zuoxi.policy.clauses import Clause, Title, clause_book
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook, as_text
from zuoxi.policy.models import Amendment, ReplayRun, Suspension
from zuoxi.policy.statutory import LegalWarning, set_off
from zuoxi.policy.vocabulary import figure_said
from zuoxi.policy.yaml_file import PackError
from zuoxi.web.marks import MarkKind, marks

PACKAGE = Path(zuoxi.__file__).parent
# Rooms that act when they are imported, or are not the program.
_CLOSED = ("tests", "migrations", "management", "__main__", "asgi", "wsgi")


class Status(StrEnum):
    ENFORCED = "enforced"
    SHOWN = "shown"
    RECORDED = "recorded"
    PLANNED = "planned"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS: dict[Status, str | Promise] = {
    Status.ENFORCED: _("Enforced"),
    Status.SHOWN: _("Shown"),
    Status.RECORDED: _("Recorded"),
    Status.PLANNED: _("Planned"),
}


@dataclass(frozen=True, slots=True)
class ClauseState:
    """What carries a clause: dotted names of rules, pages and tables, and tests as "path::name"."""

    clause: Clause
    rules: tuple[str, ...]
    screens: tuple[str, ...]
    stores: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def status(self) -> Status:
        """Enforced needs something that enforces and a test that names the clause; then what is shown, then kept."""
        if self.rules and self.tests:
            return Status.ENFORCED
        if self.screens:
            return Status.SHOWN
        return Status.RECORDED if self.stores else Status.PLANNED


@dataclass(frozen=True, slots=True)
class DomainLine:
    """One domain with how many of its clauses have which status."""

    code: str
    title: Title
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def site_handbook() -> Handbook:
    """The handbook that this site is run by, its approved amendments included. Raises PackError and UnknownPack."""
    return site.site_handbook()


@dataclass(frozen=True, slots=True)
class Warned:
    """A statutory warning that a finding sets off; `off` is who switched it off, where the director did."""

    warning: LegalWarning
    off: Suspension | None


def warnings_for(finding: Finding, on: date) -> list[Warned]:
    """The statutory warnings that a finding sets off on that day, those that are switched off too."""
    found = set_off(finding.rule, finding.details, on)
    off = site.switched_off(Suspension.Kind.WARNING) if found else {}
    return [Warned(one, off.get(one.key)) for one in found]


def rule_suspension(rule: str) -> Suspension | None:
    """Who switched the rule off, and when; None while it has effect. Findings say so themselves, see `rulebook`."""
    return site.switched_off(Suspension.Kind.RULE).get(rule)


def suspended_rules() -> tuple[str, ...]:
    """The rules that are switched off now, by name."""
    return tuple(sorted(site.switched_off(Suspension.Kind.RULE)))


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """A proposal as pages show it; values as text in the figure's unit, `before` what holds on its first day."""

    amendment: Amendment
    label: str
    unit: str
    before: str
    after: str
    replays: tuple[ReplayRun, ...]

    @property
    def since(self) -> date:
        return self.amendment.since

    @property
    def until(self) -> date | None:
        return self.amendment.until

    @property
    def reason(self) -> str:
        return self.amendment.reason

    @property
    def alone(self) -> bool:
        """Whether whoever proposed it put it in force himself."""
        return self.amendment.alone


def amendment_line(number: int) -> AmendmentLine | None:
    """One amendment with its replays, newest first; None where there is none. Two queries."""
    found = Amendment.objects.filter(pk=number).first()
    if found is None:
        return None
    handbook = site_handbook()
    label, unit, before = found.figure, "", ""
    if handbook.has("figures", found.figure):
        body = handbook.entry(FIGURES, found.figure)
        label = str(body.label)
        held = [value for since, value in handbook.values_of(found.figure) if since < found.since]
        before, unit = figure_said(body.unit, as_text(held[-1])) if held else ("", figure_said(body.unit, "")[1])
    runs = tuple(found.replays.order_by("-pk")[:6])
    return AmendmentLine(found, label, unit, before, value_text(found.figure, found.value), runs)


_NAMES_CLAUSE = re.compile(r"""["'][A-Z]{2,4}-\d{3}\b""")


def marking_modules() -> list[str]:
    """The modules in which a clause id is written: no other can make a mark. Nothing is imported."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if not any(part in _CLOSED for part in parts) and _NAMES_CLAUSE.search(path.read_text(encoding="utf-8")):
            found.append(".".join(part for part in parts if part != "__init__"))
    return found


def import_everything() -> None:
    """Marks exist once their module has been imported; this takes seconds, because it loads the solvers too."""
    for module in pkgutil.walk_packages([str(PACKAGE)], "zuoxi."):
        if not any(part in _CLOSED for part in module.name.split(".")):
            import_module(module.name)


def _test_files() -> Iterator[Path]:
    """Tests beside the packages, and those of the whole where the program runs from its own folder."""
    yield from PACKAGE.rglob("tests/test_*.py")
    whole = PACKAGE.parent.parent / "tests"
    if (PACKAGE.parent.parent / "pyproject.toml").exists() and whole.is_dir():
        yield from whole.rglob("test_*.py")


def _named_clauses(decorators: list[ast.expr]) -> Iterator[str]:
    for one in decorators:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "clause":
            yield from (arg.value for arg in one.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


@cache
def tests_by_clause() -> dict[str, tuple[str, ...]]:
    """Clause id → tests that name it, on the test or for the whole module (`pytestmark`)."""
    found: dict[str, set[str]] = {}
    for path in _test_files():
        text = path.read_text(encoding="utf-8")
        if ".clause(" not in text:
            continue
        tree = ast.parse(text)
        place = path.relative_to(PACKAGE.parent.parent).as_posix()
        whole = list(_module_clauses(tree))
        for node in _functions(tree.body):
            if node.name.startswith("test_"):
                for clause in (*whole, *_named_clauses(node.decorator_list)):
                    found.setdefault(clause, set()).add(f"{place}::{node.name}")
    return {clause: tuple(sorted(names)) for clause, names in found.items()}


def _functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Of a module and its classes; what stands within a function is no test."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _module_clauses(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets):
            values = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            yield from _named_clauses(values)


@cache
def clause_map() -> dict[str, ClauseState]:
    """Every clause of the book, in its order; computed once per process, from the modules that name clauses."""
    for module in marking_modules():
        import_module(module)
    places: dict[tuple[str, MarkKind], list[str]] = {}
    for mark in sorted(marks()):
        places.setdefault((mark.clause, mark.kind), []).append(mark.place)
    tests = tests_by_clause()
    return {
        code: ClauseState(
            clause,
            tuple(places.get((code, MarkKind.ENFORCES), ())),
            tuple(places.get((code, MarkKind.SHOWS), ())),
            tuple(places.get((code, MarkKind.RECORDS), ())),
            tests.get(code, ()),
        )
        for code, clause in clause_book().clauses.items()
    }


def domain_lines() -> list[DomainLine]:
    """Domains with their counts, in the order of the book."""
    counts: dict[str, Counter[str]] = {}
    for state in clause_map().values():
        counts.setdefault(state.clause.domain, Counter())[state.status] += 1
    return [
        DomainLine(code, title, {status: counts[code][status] for status in Status})
        for code, title in clause_book().domains.items()
    ]


def unknown_clauses() -> set[str]:
    """Ids that code or tests name and the book does not hold."""
    import_everything()
    named = {mark.clause for mark in marks()} | set(tests_by_clause())
    return named - set(clause_book().clauses)


def clause_titles() -> dict[str, Title]:
    """Clause id → what it is about; nothing is computed."""
    return {code: clause.title for code, clause in clause_book().clauses.items()}


def trade_packs() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of every pack that a site can be run by; those that can be read."""
    found = []
    for code in packs.pack_codes():
        with suppress(PackError):
            body = packs.pack(code).body
            if body.kind == "trade":
                found.append((code, str(body.name)))
    return found
