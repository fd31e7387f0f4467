# SPDX-License-Identifier: Apache-2.0
"""What is typed into a cell of the roster, and what stands there: "E", "T+L", "E@A-12", "09:00-12:00,13:00-17:30",
"T<10:30" (a training that ends early)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from zuoxi.policy.handbook import Handbook
from zuoxi.workforce.clock import EMPTY, Clock, clock_from
from zuoxi.workforce.handbook import ShiftTemplateBody, clocks_on, templates_of

_LONGEST = 12
_WIDE = str.maketrans({"\uff0b": "+", "\uff20": "@", "\u3000": " "})


class CellError(ValueError):
    """The text says no shift; the message tells what could be typed."""


@dataclass(frozen=True, slots=True)
class CellPart:
    """One shift of a cell. `template` "" for own times."""

    template: str
    kind: str
    clock: Clock
    seat: str
    meal_minutes: int = 0

    def __str__(self) -> str:
        said = self.template or str(self.clock)
        return f"{said}@{self.seat}" if self.seat else said


class Kept(Protocol):
    """A row that holds a part of a cell."""

    template: str
    clock: str
    seat: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be typed on a day: templates by code in capitals, and their times by season."""

    templates: Mapping[str, ShiftTemplateBody]
    clocks: Mapping[str, Clock]

    def parse(self, text: str) -> tuple[CellPart, ...]:
        """The shifts that the text says; none for an empty one. Raises CellError."""
        said = text.translate(_WIDE).strip()
        parts = tuple(self._part(one.strip()) for one in said.split("+")) if said else ()
        if len(parts) > 1 and any(one.kind == "rest" for one in parts):
            raise CellError(_("A rest stands alone."))
        return tuple(sorted(parts, key=lambda one: one.clock.spans))

    def _part(self, text: str) -> CellPart:
        said, _at, seat = text.partition("@")
        code = said.strip().upper()
        body = self.templates.get(code)
        if body is not None:
            return CellPart(code, body.kind, self.clocks[code], seat.strip()[:20], body.meal_minutes)
        if "<" in said:
            return self._cut(said, seat)
        named = [
            key for key, one in self.templates.items() if said.strip() and said.strip() in (one.name.zh, one.name.en)
        ]
        if named:
            return self._part(f"{named[0]}@{seat}" if seat else named[0])
        try:
            clock = clock_from(said)
        except ValueError:
            clock = EMPTY
        if not clock.spans:
            known = " ".join(self.templates)
            raise CellError(_("“%(text)s” is no shift. Type %(known)s or times like 09:00-17:30.") % {
                "text": text, "known": known,
            })  # fmt: skip
        return CellPart("", "work", clock, seat.strip()[:20])

    def _cut(self, text: str, seat: str) -> CellPart:
        """A training that ends before its time. Raises CellError."""
        code, _before, until = text.partition("<")
        key = code.strip().upper()
        body = self.templates.get(key)
        end = _minute(until.strip())
        if body is None or body.kind != "training" or end is None:
            raise CellError(_("“%(text)s” is no training that ends early. Write one like T<10:30.") % {"text": text})
        spans = tuple((first, min(last, end)) for first, last in self.clocks[key].spans if first < end)
        if not spans:
            raise CellError(_("“%(text)s” would end before it begins.") % {"text": text})
        kept = f"{key}<{end // 60:02}:{end % 60:02}"
        if len(kept) > _LONGEST:  # a row holds no more
            kept = kept.replace(":", "")
        if len(kept) > _LONGEST:
            raise CellError(_("“%(text)s” is too long to be kept. Type the times instead, like 09:00-10:30.") % {
                "text": text,
            })  # fmt: skip
        return CellPart(kept, body.kind, Clock(spans), seat.strip()[:20])


def _minute(text: str) -> int | None:
    hour, _colon, minute = text.partition(":") if ":" in text else (text[:-2], "", text[-2:])
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and len(hour) <= 2 and int(minute) < 60):
        return None
    return int(hour) * 60 + int(minute)


_menus: dict[tuple[int, date], Menu] = {}


def menu_on(handbook: Handbook, day: date) -> Menu:
    """What may be typed on that day; kept while the handbook stays the same."""
    key = (id(handbook), day)
    if key not in _menus:
        if len(_menus) > 200:
            _menus.clear()
        _menus[key] = Menu(templates_of(handbook), clocks_on(handbook, day))
    return _menus[key]


def cell_text(rows: Iterable[Kept]) -> str:
    """What stands in a cell, so that typing it again gives the same."""
    return "+".join(
        f"{row.template or row.clock}@{row.seat}" if row.seat else row.template or row.clock for row in rows
    )
