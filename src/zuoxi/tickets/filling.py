# SPDX-License-Identifier: Apache-2.0
"""Reading the answers to a form: what is asked, what is missing, what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from zuoxi.customers.numbers import canonical
from zuoxi.tickets.handbook import FieldBody, TicketTypeBody
from zuoxi.tickets.kinds import ADDRESS_PARTS, shown
from zuoxi.vault import masking

LONGEST = 4000
_MASKS = {
    "phone": masking.phone,
    "name": masking.name,
    "identity": masking.identity,
    "address": masking.address,
}


@dataclass(slots=True)
class Filled:
    """The answers by key, and what is wrong by key."""

    fields: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def asked(one: FieldBody, answers: Mapping[str, Any]) -> bool:
    """Whether the field is asked at all, given the other answers."""
    return all(_has(answers.get(key), wanted) for key, wanted in one.when.items())


def _has(answer: Any, wanted: tuple[str, ...]) -> bool:
    return bool(set(answer) & set(wanted)) if isinstance(answer, list) else answer in wanted


def matches(when: Mapping[str, tuple[str, ...]], answers: Mapping[str, Any]) -> bool:
    """Whether every named field has one of the answers."""
    return all(_has(answers.get(key), wanted) for key, wanted in when.items())


def any_of(when: Mapping[str, tuple[str, ...]], answers: Mapping[str, Any]) -> bool:
    """Whether some named field has one of the answers."""
    return any(_has(answers.get(key), wanted) for key, wanted in when.items())


def read(body: TicketTypeBody, given: Mapping[str, Any]) -> Filled:
    """Clean answers; an answer to what is not asked falls away."""
    found = Filled()
    for one in body.fields:
        raw = given.get(one.key)
        if raw in (None, "", [], {}):
            continue
        try:
            value = _value(one, raw)
        except ValueError as wrong:
            found.problems[one.key] = str(wrong)
            continue
        if value not in ("", [], {}):
            found.fields[one.key] = value
    for one in body.fields:
        if not asked(one, found.fields):
            found.fields.pop(one.key, None)
            found.problems.pop(one.key, None)
        elif one.required and one.key not in found.fields and one.key not in found.problems:
            found.problems[one.key] = _("“%(field)s” is missing.") % {"field": one.label}
    return found


def _value(one: FieldBody, raw: Any) -> Any:
    if one.kind == "multi":
        return _many(one, raw)
    if one.kind == "address":
        return address(raw)
    if not isinstance(raw, (str, int, float, Decimal)):
        raise ValueError(_("“%(field)s” cannot be read.") % {"field": one.label})
    text = str(raw).strip()
    if len(text) > LONGEST:
        raise ValueError(_("“%(field)s” is too long.") % {"field": one.label})
    if one.kind == "yes_no":
        return _yes_no(one, text)
    if one.kind == "choice":
        return _many(one, [text])[0]
    if one.kind == "date":
        return _day(one, text)
    if one.kind == "number":
        return _number(one, text)
    if one.kind == "phone":
        return _phone(one, text)
    return text


def _many(one: FieldBody, raw: Any) -> list[str]:
    known = {choice.key for choice in one.choices}
    chosen = list(dict.fromkeys(str(part) for part in (raw if isinstance(raw, (list, tuple)) else [raw])))
    if set(chosen) - known:
        raise ValueError(_("“%(field)s” has no such answer.") % {"field": one.label})
    return chosen


def _yes_no(one: FieldBody, text: str) -> str:
    if text.lower() in ("yes", "on", "true", "1"):
        return "yes"
    if text.lower() in ("no", "off", "false", "0"):
        return "no"
    raise ValueError(_("“%(field)s” has no such answer.") % {"field": one.label})


def _day(one: FieldBody, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(_("“%(field)s” is no day.") % {"field": one.label}) from None


def _number(one: FieldBody, text: str) -> str:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(_("“%(field)s” is no number.") % {"field": one.label}) from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(_("“%(field)s” is no number from nought up.") % {"field": one.label})
    return format(amount, "f")


def _phone(one: FieldBody, text: str) -> str:
    bare = canonical(text)
    if not 3 <= len(bare) <= 24:
        raise ValueError(_("“%(field)s” is no telephone number.") % {"field": one.label})
    return bare


def address(raw: Any) -> dict[str, str]:
    """District, community, building, unit, room and a free line; a plain text is the free line."""
    given = raw if isinstance(raw, Mapping) else {"line": raw}
    return {part: text for part in ADDRESS_PARTS if (text := str(given.get(part) or "").strip()[:120])}


def area_of(body: TicketTypeBody, fields: Mapping[str, Any]) -> str:
    """The district and community by which the ticket stands on the map; "" without an address."""
    place = fields.get(body.area_field) if body.area_field else None
    if not isinstance(place, dict):
        return ""
    return " ".join(place[part] for part in ("district", "community") if place.get(part))[:60]


def title_of(body: TicketTypeBody, fields: Mapping[str, Any]) -> str:
    """The pack's title with the answers in it, shortened to a line; masked answers stay masked."""
    words = {one.key: _masked(one, fields.get(one.key)) for one in body.fields}
    text = " ".join((body.title or "{_}").format_map({**words, "_": ""}).split())
    return (text or str(body.label))[:160]


def _masked(one: FieldBody, value: Any) -> str:
    text = shown(one, value)
    return _MASKS[one.mask](text) if one.mask and text else text


def masked_text(one: FieldBody, value: Any) -> str:
    """An answer as somebody reads it who has not asked to see it whole."""
    return _masked(one, value)
