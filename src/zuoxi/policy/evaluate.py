# SPDX-License-Identifier: Apache-2.0
"""Asking the rules from outside: facts in, finding out, the same from the command line, from Python and over the API.

    asked = asked_rule("attendance.arrival", "tv_shopping")
    asked.finding({"rostered_start": "2026-11-22T08:00:00", "signed_in_at": None, "excused": False})

Judged by the pack as it stands on disk; what a site has amended is in `policy.selectors.site_handbook()`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from zuoxi.policy.fact_lines import BadFacts, Shape, shape_of
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Handbook, NoSuchEntry, Reading, handbook_of
from zuoxi.policy.rulebook import Impossible, Rule, rule_named, rules

LONGEST_LINE = 1_000_000  # bytes
_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule of a handbook, ready for any number of facts. `on` judges all of them by that day's handbook."""

    rule: Rule
    handbook: Handbook
    on: date | None
    today: Callable[[], date]
    shape: Shape

    def finding(self, raw: str | bytes | Mapping[str, Any]) -> Finding:
        """Judge one object of facts, as JSON text or by name. Raises BadFacts."""
        values = self.shape.read(raw)
        missing = self.shape.missing(values)
        if missing:
            return self._indifferent(values, missing) or self._unknown(values, missing)
        return self._judged(values)

    def _judged(self, values: dict[str, Any]) -> Finding:
        facts = self.shape.made(values)
        day = self.on or self.rule.day_of(facts, self.handbook, self.today())
        try:
            found = self.rule.pure(facts, self.handbook.on(day))
        except Impossible as wrong:
            raise BadFacts(wrong.field, wrong.message) from None
        except NoSuchEntry as wrong:
            raise BadFacts("" if self.on else self.rule.day, str(wrong)) from None
        except (OverflowError, ArithmeticError) as wrong:
            raise BadFacts("", f"beyond what can be reckoned: {wrong}") from None
        if found.outcome == UNKNOWN and not found.clauses:
            return self._resting(found)
        return found

    def line(self, raw: bytes) -> tuple[str, bool]:
        """One line in, one line out (with its end), and whether it could be judged."""
        try:
            if len(raw) > LONGEST_LINE:
                raise BadFacts("", f"longer than {LONGEST_LINE} bytes")
            return _encode(self.finding(raw).as_json()) + "\n", True
        except BadFacts as wrong:
            return _encode(wrong.as_json()) + "\n", False

    def _indifferent(self, values: Mapping[str, Any], missing: list[str]) -> Finding | None:
        """The finding that a single missing yes-or-no would not change; None when it would."""
        if len(missing) > 1 or self.rule.fields[missing[0]] is not bool:
            return None
        yes, no = (self._judged({**values, missing[0]: either}) for either in (True, False))
        return yes if (yes.outcome, yes.details) == (no.outcome, no.details) else None

    def _unknown(self, values: Mapping[str, Any], missing: list[str]) -> Finding:
        reading = self._reading(values)
        self._note_needs(reading)
        return reading.unknown(self.rule.name, missing)

    def _resting(self, found: Finding) -> Finding:
        reading = self._reading({})
        self._note_needs(reading)
        return Finding(found.rule, found.pack, found.outcome, found.why, found.details, reading.clauses, found.figures)

    def _reading(self, values: Mapping[str, Any]) -> Reading:
        said = values.get(self.rule.day)
        if isinstance(said, datetime):
            said = said.astimezone(self.handbook.zone).date()
        return self.handbook.on(self.on or said or self.today())

    def _note_needs(self, reading: Reading) -> None:
        for need in self.rule.needs:
            section, _colon, key = need.partition(":")
            body = self.handbook.entries_by_section[section][key].body
            reading.note(*getattr(body, "clauses", ()))
        if not reading.clauses:
            reading.note(*self.rule.clauses)


def asked_rule(
    rule: str, pack: str | Handbook, on: date | None = None, *, today: Callable[[], date] | None = None
) -> Asked:
    """The rule of a pack (its code, or a handbook in hand). Raises UnknownRule, UnknownPack, PackError."""
    handbook = pack if isinstance(pack, Handbook) else handbook_of(pack)
    found = rule_named(rule, handbook)
    return Asked(found, handbook, on, today or date.today, shape_of(cast(Hashable, found.facts), handbook.zone))


def evaluate(rule: str, pack: str | Handbook, facts: Mapping[str, Any], on: date | None = None) -> Finding:
    """Judge one object of facts. Raises UnknownRule, UnknownPack, PackError, BadFacts."""
    return asked_rule(rule, pack, on).finding(facts)


def lines_of(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of a stream, as many at a time as came; blank lines count, save those at the very end.

    A line that is longer than can be is cut, so that it does not fill the memory.
    """
    rest, first, blank = b"", True, 0
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        rest = rest[: LONGEST_LINE + 1]
        if whole and first:
            first, whole[0] = False, whole[0].removeprefix(b"\xef\xbb\xbf")
        ready: list[bytes] = []
        for line in whole:
            if line.isspace() or not line:
                blank += 1
                continue
            ready += [b""] * blank + [line]
            blank = 0
        if ready:
            yield ready
    if first:
        rest = rest.removeprefix(b"\xef\xbb\xbf")
    if rest.strip():
        yield [b""] * blank + [rest]


def judged(asked: Asked, chunks: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    """Lines out, in the order of the lines in, as soon as they came; and whether all of them could be judged."""
    for lines in lines_of(chunks):
        made = [asked.line(line) for line in lines]
        yield "".join(text for text, _good in made), all(good for _text, good in made)


def spoken_type(hint: Any) -> str:
    """A fact's type as people read it: "datetime", "whole number or null", "personal | sick | other"."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return spoken_type(args[0])
    if origin is Literal:
        return "|".join(str(word) for word in args)
    if origin in (Union, UnionType):
        return "|".join("null" if one is type(None) else spoken_type(one) for one in args)
    if args:
        return f"list of {spoken_type(args[0])}"
    names = {"int": "whole", "bool": "yes/no", "str": "text", "Decimal": "decimal"}
    if isinstance(hint, type) and hasattr(hint, "__members__"):
        return "|".join(str(member.value) for member in hint)  # type: ignore[attr-defined]
    name = getattr(hint, "__name__", str(hint))
    return names.get(name, name)


def rules_of(handbook: Handbook) -> list[Rule]:
    """The rules that the handbook has, by name."""
    return [one for one in rules().values() if one.in_pack(handbook)]
