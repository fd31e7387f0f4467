# SPDX-License-Identifier: Apache-2.0
"""Filters that write figures, moments and names; loaded everywhere as built-ins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from django import template

from zuoxi.web import measures
from zuoxi.web.listed import comma, listed
from zuoxi.web.states import state_label

register = template.Library()


@register.filter
def duration(value: measures.Figure | timedelta | None) -> str:
    """{{ seconds|duration }} → 1:05:09."""
    return measures.duration_text(value)


@register.filter
def percent(value: measures.Figure | None) -> str:
    """{{ ratio|percent }} → 85.3%, None → —."""
    return measures.percent_text(value)


@register.filter
def money(value: measures.Figure | None) -> str:
    """{{ amount|money }} → 1,234.50."""
    return measures.money_text(value)


@register.filter
def number(value: measures.Figure | None, places: int = 0) -> str:
    """{{ n|number }} → 12,345; {{ n|number:1 }} → 12,345.0; None → —."""
    return measures.number_text(value, places)


@register.filter
def local(value: datetime | date | None, shape: str = "minute") -> str:
    """{{ at|local:"full" }}; shapes: full, minute, short, date, day, time, hm, month."""
    return measures.local_text(value, shape)


@register.simple_tag(name="comma")
def comma_between() -> str:
    """What stands between two names that are links or have marks of their own."""
    return comma()


@register.filter(name="listed")
def listed_names(names: Iterable[object]) -> str:
    """Several names with the comma of the reader's language."""
    return listed(names)


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash where nothing is known (None or empty text). Zero stays zero."""
    return measures.UNKNOWN if value is None or value == "" else value


@register.filter
def phone(value: str | None) -> str:
    """A number as it was handed over, masked or revealed by the vault; this never unmasks."""
    return value or measures.UNKNOWN


@register.filter
def iso(value: datetime | None) -> str:
    """A moment for machines (data-since)."""
    return value.isoformat() if value else ""


@register.filter
def state_name(value: str) -> str:
    """The word for an agent state."""
    return state_label(value)


@register.filter
def hue(value: str) -> int:
    """0…5, always the same for the same name: the tint of a person's chip."""
    return crc32(str(value).encode()) % 6


@register.filter
def initial(value: str) -> str:
    """What stands in a person's chip: the last character of a Chinese name, else the first letters."""
    name = str(value).strip()
    if not name:
        return "?"
    return name[-1] if ord(name[-1]) > 0x2E80 else "".join(part[0] for part in name.split()[:2]).upper()


@register.filter
def name_of(user: Any) -> str:
    """How the frame calls the person who is signed in."""
    for way in ("get_full_name", "get_username"):
        told = getattr(user, way, None)
        if told and (name := str(told())):
            return name
    return str(user)


@register.filter
def labelled(fields: Any) -> list[tuple[str, Any]]:
    """Pairs of a mapping, for a definition list."""
    return list(fields.items())
