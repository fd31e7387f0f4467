# SPDX-License-Identifier: Apache-2.0
"""The closed vocabularies of the handbooks: units (`handbooks/units.yaml`) and role words (`handbooks/roles.yaml`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from zuoxi.policy.clauses import Title
from zuoxi.policy.yaml_file import Entries, Kept, PackError, read
from zuoxi.web.listed import listed

Kind = Literal["number", "time", "date", "text", "words", "flag"]
KINDS: tuple[Kind, ...] = ("number", "time", "date", "text", "words", "flag")


@dataclass(frozen=True, slots=True)
class Unit:
    """`kind` says what the values are: Decimal, time of day, date, one word, a list of words, or yes/no."""

    code: str
    title: Title
    kind: Kind


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A word of the rules for somebody who decides; `positions` are the posts that answer to it, nearest first.

    `on_duty`: not a post but whoever has that duty at the moment.
    """

    code: str
    title: Title
    positions: tuple[str, ...]
    on_duty: bool


def _root(path: Path | None) -> Path:
    return path or Path(settings.HANDBOOKS)


def _title(file: Path, line: int, body: Mapping[str, Any]) -> Title:
    if not (isinstance(body.get("zh"), str) and isinstance(body.get("en"), str)):
        raise PackError(file, line, "needs zh and en")
    return Title(body["zh"], body["en"])


def _body(file: Path, entries: Entries, key: str, allowed: set[str]) -> Entries:
    body = entries[key]
    if not isinstance(body, Entries):
        raise PackError(file, entries.lines[key], f"{key}: a mapping is expected")
    strangers = sorted(set(body) - allowed)
    if strangers:
        raise PackError(file, body.lines[strangers[0]], f"{key}: unknown key {strangers[0]!r}")
    return body


@Kept
def units(root: Path | None) -> Mapping[str, Unit]:
    """Every unit by code. Raises PackError."""
    file = _root(root) / "units.yaml"
    entries = read(file)
    found = {}
    for code in entries:
        body = _body(file, entries, code, {"zh", "en", "kind"})
        kind = body.get("kind", "number")
        if kind not in KINDS:
            raise PackError(file, entries.lines[code], f"{code}: kind must be one of {', '.join(KINDS)}")
        found[code] = Unit(code, _title(file, entries.lines[code], body), kind)
    return found


@Kept
def role_words(root: Path | None) -> Mapping[str, RoleWord]:
    """Every role word by code. Raises PackError."""
    file = _root(root) / "roles.yaml"
    entries = read(file)
    found = {}
    for code in entries:
        body = _body(file, entries, code, {"zh", "en", "positions", "on_duty"})
        title, positions = _title(file, entries.lines[code], body), body.get("positions", [])
        if not isinstance(positions, list):
            raise PackError(file, body.lines["positions"], f"{code}: positions is a list, [] for none")
        found[code] = RoleWord(code, title, tuple(positions), bool(body.get("on_duty", False)))
    return found


@cache
def post_titles(root: Path | None = None) -> Mapping[str, Title]:
    """What the posts of the house are called, by code, as `handbooks/site/positions.yaml` has it. Raises PackError."""
    file = _root(root) / "site" / "positions.yaml"
    posts = read(file).get("positions", ())
    return {one["code"]: Title(one["zh"], one["en"]) for one in posts}


_trade_names: list[Callable[[], Mapping[str, Title]]] = []


def provide_trade_names(names: Callable[[], Mapping[str, Title]]) -> None:
    """What the site's trade calls posts, by code; handbooks are read by these very vocabularies."""
    _trade_names[:] = [names]


def posts_named() -> Mapping[str, Title]:
    """What the posts are called here, by code: as the site's trade calls them, else as the house does."""
    return {**post_titles(), **{code: title for names in _trade_names for code, title in names().items()}}


def title_of_role(word: str) -> str:
    """A role word or a post by its name, as the site's trade calls it; the word itself where nobody has named it."""
    known = role_words().get(word)
    title = known.title if known is not None else next((names().get(word) for names in _trade_names), None)
    title = title or post_titles().get(word)
    return word if title is None else str(title)


def figure_said(unit: str, text: str) -> tuple[str, str]:
    """A figure's exact text in a finding, and its unit, as pages show them: role words, posts and choices by name,
    yes or no in words, lists with commas of the reader's kind; only numbers carry a unit."""
    kind = units()[unit].kind
    if unit in ("role", "roles"):
        return " → ".join(map(title_of_role, text.split(","))), ""
    if unit in ("post", "posts"):
        named = posts_named()
        return listed(named.get(word, word) for word in text.split(",")), ""
    if kind == "flag":
        return str(_YES if text == "true" else _NO), ""
    if kind == "words" or unit == "word":
        return listed(fact_word("values", word) for word in text.split(",")), ""
    return text, str(units()[unit].title) if kind == "number" else ""


_YES, _NO = Title("是", "Yes"), Title("否", "No")


@cache
def _rule_words(section: str, root: Path | None = None) -> Mapping[str, Title]:
    file = _root(root) / "rule_words.yaml"
    entries = read(file)
    if set(entries) != {"rules", "outcomes"}:
        raise PackError(file, 1, "needs rules and outcomes")
    words = _body(file, entries, section, set(entries[section]))
    return {code: _title(file, words.lines[code], _body(file, words, code, {"zh", "en"})) for code in words}


def rule_titles(root: Path | None = None) -> Mapping[str, Title]:
    """What the judgements are called, by the rule's name. Raises PackError."""
    return _rule_words("rules", root)


def outcome_titles(root: Path | None = None) -> Mapping[str, Title]:
    """What their outcomes are called, by the outcome's code. Raises PackError."""
    return _rule_words("outcomes", root)


@cache
def _fact_words(root: Path | None = None) -> Mapping[str, Mapping[str, Title]]:
    """Section of `handbooks/fact_words.yaml` → word → title. Raises PackError."""
    file = _root(root) / "fact_words.yaml"
    entries = read(file)
    found = {}
    for section in entries:
        words = _body(file, entries, section, set(entries[section]))
        found[section] = {
            code: _title(file, words.lines[code], _body(file, words, code, {"zh", "en"})) for code in words
        }
    return found


def fact_word(section: str, code: str) -> str:
    """What pages call a fact, a value, a section or a field of the packs; the code itself where nobody has named it."""
    found = _fact_words().get(section, {}).get(code)
    return str(found) if found is not None else code


def fact_title(code: str) -> Title | None:
    """What a fact is called in both languages; None where nobody has named it."""
    return _fact_words().get("facts", {}).get(code)


def are_choices(words: Iterable[object]) -> bool:
    """Whether each of the words is the code of a value that pages call by a name."""
    known = _fact_words().get("values", {})
    found = list(words)
    return bool(found) and all(isinstance(word, str) and word in known for word in found)


def choice_named(title: str) -> str:
    """The code of a value that somebody gave by its name in either language; as it was said where none or several
    values are called so."""
    codes = [code for code, one in _fact_words().get("values", {}).items() if one.says(title)]
    return codes[0] if len(codes) == 1 else title
