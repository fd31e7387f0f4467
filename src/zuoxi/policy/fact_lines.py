# SPDX-License-Identifier: Apache-2.0
"""Facts as they come from outside: one JSON object, checked field by field against the rule's facts dataclass.

Strict, because a judgement stands on it: no number as text for a count, no yes/no for a number, no field more or less,
none twice. Every fact may be `null`: what the judgement needs and nobody knows makes the finding "unknown".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, PlainValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from zuoxi.policy.rulebook import Impossible, Signed

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?\Z")
_WHOLE_LIMIT = 10**12
_DURATION = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)\Z")


class BadFacts(ValueError):
    """The line says nothing that could be judged; `field` is "" where no single field is at fault."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}" if field else message)

    def as_json(self) -> dict[str, Any]:
        return {"error": {"field": self.field, "message": self.message}}


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("fact", "{said}", {"said": message})


def _moment(zone: ZoneInfo) -> Callable[[Any], datetime]:
    def read(raw: Any) -> datetime:
        if not isinstance(raw, str) or len(raw) <= 10:
            raise _wrong("a date and time is expected, like 2026-11-22T08:00:00 (ISO 8601)")
        try:
            made = datetime.fromisoformat(raw)
        except ValueError as wrong:
            raise _wrong(f"no such time: {_short(raw)} ({wrong})") from None
        return made.replace(tzinfo=zone) if made.tzinfo is None else made

    return read


def _day(raw: Any) -> date:
    if not isinstance(raw, str) or len(raw) != 10:
        raise _wrong("a date is expected, like 2026-11-22")
    try:
        return date.fromisoformat(raw)
    except ValueError as wrong:
        raise _wrong(f"no such date: {_short(raw)} ({wrong})") from None


def _time_of_day(raw: Any) -> time:
    try:
        if isinstance(raw, str):
            return time.fromisoformat(raw)
    except ValueError:
        pass
    raise _wrong("a time of day is expected, like 08:30")


def _span(raw: Any) -> timedelta:
    matched = _DURATION.match(raw) if isinstance(raw, str) else None
    if matched is None:
        raise _wrong("a duration is expected, like 1:05:09")
    hours, minutes, seconds = (int(part) for part in matched.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _amount(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise _wrong("a number is expected, as a number or as decimal text")
    text = str(raw)
    if not _NUMBER.match(text):
        raise _wrong(f"not a decimal number that can be: {_short(text)}")
    return Decimal(text)


def _unsigned_amount(raw: Any) -> Decimal:
    made = _amount(raw)
    if made < 0:
        raise _wrong("must not be negative")
    return made


def _count(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _wrong("a whole number is expected")
    if abs(raw) > _WHOLE_LIMIT:
        raise _wrong("a number that large cannot be")
    return raw


def _unsigned_count(raw: Any) -> int:
    made = _count(raw)
    if made < 0:
        raise _wrong("must not be negative")
    return made


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _checked(hint: Any, zone: ZoneInfo, *, signed: bool = False) -> Any:
    """The type with our own reading of its leaves."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _checked(args[0], zone, signed=signed or Signed in args[1:])
    if origin is Literal or not args:
        readers: dict[Any, Callable[[Any], Any]] = {
            datetime: _moment(zone),
            date: _day,
            time: _time_of_day,
            timedelta: _span,
            Decimal: _amount if signed else _unsigned_amount,
            int: _count if signed else _unsigned_count,
        }
        reader = readers.get(hint) if isinstance(hint, type) else None
        return Annotated[hint, PlainValidator(reader)] if reader is not None else hint
    inner = tuple(one if one in (Ellipsis, type(None)) else _checked(one, zone, signed=signed) for one in args)
    if origin in (Union, UnionType):
        return reduce(or_, inner)
    return origin[inner]


_typed_dict: Any = TypedDict  # made while running, so its fields are no literal


@dataclass(frozen=True, slots=True)
class Shape:
    """How the facts of one rule are read. `required` are the facts that the judgement cannot do without."""

    facts: type[Any]
    adapter: TypeAdapter[dict[str, Any]]
    required: tuple[str, ...]

    def read(self, raw: str | bytes | Mapping[str, Any]) -> dict[str, Any]:
        """Name → value of every fact. Raises BadFacts."""
        text = json.dumps(raw, default=str) if isinstance(raw, Mapping) else raw
        _one_object(text)
        try:
            return self.adapter.validate_json(text)
        except ValidationError as wrong:
            raise _first(wrong) from None
        except RecursionError:
            raise BadFacts("", "nested too deeply") from None

    def missing(self, values: Mapping[str, Any]) -> list[str]:
        return [name for name in self.required if values[name] is None]

    def made(self, values: dict[str, Any]) -> Any:
        """The facts themselves. Raises BadFacts where they cannot be."""
        try:
            return self.facts(**values)
        except Impossible as wrong:
            raise BadFacts(wrong.field, wrong.message) from None
        except (TypeError, ValueError, ArithmeticError) as wrong:
            raise BadFacts("", str(wrong)) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadFacts(twice, "stands twice")
    return made


def _not_json(token: str) -> Any:
    raise ValueError(f"{token} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_not_json)


def _one_object(raw: str | bytes) -> None:
    try:
        found = _decoder.decode(raw.decode("utf-8") if isinstance(raw, bytes) else raw)
    except UnicodeDecodeError as wrong:
        raise BadFacts("", f"not UTF-8 (byte {wrong.start})") from None
    except BadFacts:
        raise
    except ValueError as wrong:
        raise BadFacts("", f"not JSON: {wrong}") from None
    except RecursionError:
        raise BadFacts("", "nested too deeply") from None
    if not isinstance(found, dict):
        raise BadFacts("", "an object with the facts by name is expected")


_SAID = {
    "missing": "is missing",
    "extra_forbidden": "unknown field",
    "bool_type": "true or false is expected",
    "string_type": "text is expected",
}


def _first(wrong: ValidationError) -> BadFacts:
    first = wrong.errors(include_url=False, include_context=False)[0]
    # Only field names, not pydantic's names of a union's branches.
    path = [str(part) for part in first["loc"] if isinstance(part, int) or str(part).isidentifier()]
    return BadFacts(path[0] if path else "", _SAID.get(first["type"], first["msg"]))


@lru_cache(maxsize=512)
def shape_of(facts: type[Any], zone: ZoneInfo) -> Shape:
    """How facts of that dataclass are read at a site of that zone."""
    hints = get_type_hints(facts, include_extras=True)
    names = [one.name for one in fields(facts) if one.init]
    described = {name: _checked(hints[name], zone) | None for name in names}
    typed = _typed_dict("Facts", described)
    typed.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    required = tuple(name for name in names if type(None) not in get_args(hints[name]))
    return Shape(facts, TypeAdapter(typed), required)


__all__ = ["BadFacts", "Shape", "shape_of"]
