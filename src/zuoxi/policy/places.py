# SPDX-License-Identifier: Apache-2.0
"""Where a clause is carried, as people read it: a rule by its title, a page by its door, a test as its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import Promise

from zuoxi.policy.rulebook import rules
from zuoxi.policy.vocabulary import fact_word, rule_titles
from zuoxi.web.navigation import NavItem, items


@dataclass(frozen=True, slots=True)
class Place:
    """`area` is the part of the program, `code` the dotted name for who reads the source; `url` "" where none opens.

    `worded`: the title is in the reader's language; else it is a name of the source, which is English.
    """

    area: str
    title: str | Promise
    code: str
    url: str = ""
    worded: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """What the reader's language has words for; the names of the source for the rest, and how many each part has."""

    worded: tuple[Place, ...]
    named: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.worded) + len(self.named)

    @property
    def areas(self) -> list[tuple[str, int]]:
        return sorted(Counter(one.area for one in self.named).items())


def sorted_out(places: Iterable[str]) -> Places:
    """The places of the clause map as a page shows them."""
    found = readable(places)
    return Places(tuple(one for one in found if one.worded), tuple(one for one in found if not one.worded))


def readable(places: Iterable[str]) -> list[Place]:
    """Places as the clause map has them, in words; by area, each once."""
    found = {(one.area, str(one.title)): one for one in map(_place, places)}
    return [found[key] for key in sorted(found)]


def _place(code: str) -> Place:
    if "::" in code:
        path, _colons, test = code.partition("::")
        return Place(_area(path.removeprefix("src/zuoxi/").split("/")[0]), _words(test.removeprefix("test_")), code)
    if code.startswith("constraint:"):
        return Place(fact_word("packages", "events"), _words(code.partition(":")[2]), code)
    area = _area(code.split(".")[1]) if "." in code else ""
    rule = _rules().get(code)
    if rule:
        return Place(area, str(rule_titles().get(rule, rule)), code, reverse("policy:rule", args=[rule]), True)
    names, route = _doors().get(code, ((), ""))
    for item in items():
        if item.url_name in names:
            return Place(area, item.label, code, _url(item.url_name), True)
    if route:
        door = max((one for one in items() if _leads_to(one.url_name, route)), key=_length, default=None)
        title = door.label if door else _words(code.rpartition(".")[2])
        return Place(area, f"{title} · /{route}", code, worded=door is not None)
    return Place(area, _words(code.rpartition(".")[2]), code)


def _area(package: str) -> str:
    return fact_word("packages", package)


def _words(name: str) -> str:
    said = name.strip("_").replace("_", " ")
    return said[:1].upper() + said[1:]


def _leads_to(name: str, route: str) -> bool:
    """Whether a page of the navigation stands above that address."""
    url = _url(name).lstrip("/")
    return bool(url) and route.startswith(url)


def _length(item: NavItem) -> int:
    return len(_url(item.url_name))


@cache
def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@cache
def _rules() -> dict[str, str]:
    """Dotted name of the judgement → name of its rule."""
    return {f"{one.pure.__module__}.{one.pure.__qualname__}": name for name, one in rules().items()}


@cache
def _doors() -> dict[str, tuple[tuple[str, ...], str]]:
    """Dotted name of a view → the names of its addresses and the first address."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for pattern, names, route in _patterns(get_resolver().url_patterns, (), ""):
        view: Any = pattern.callback
        code = f"{getattr(view, '__module__', '')}.{getattr(view, '__qualname__', '')}"
        name = ":".join((*names, pattern.name)) if pattern.name else ""
        known, first = found.get(code, ((), route))
        found[code] = ((*known, name), first)
    return found


def _patterns(
    patterns: Iterable[URLPattern | URLResolver], names: tuple[str, ...], before: str
) -> Iterator[tuple[URLPattern, tuple[str, ...], str]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            yield from _patterns(one.url_patterns, inner, route)
        else:
            yield one, names, route
