# SPDX-License-Identifier: Apache-2.0
"""The board as HTML, written by hand: a template engine takes a second for fifteen thousand cells, this a tenth."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.policy.calendars import DayKind
from zuoxi.workforce.board import Board, Cell, DayColumn, PersonRow, UnitRows
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.conflicts import BAD, NOTE, spoken, text_of, texts

FITS = 4
"""Signs that a column shows whole."""


def weekday_names() -> list[str]:
    """One sign a day, Monday first."""
    return pgettext("one letter a day, Monday first", "M T W T F S S").split()


def _said(cell: Cell, said: dict[str, Any]) -> str:
    return "\n".join(text_of(one, said) for one in cell.conflicts)


def _title(cell: Cell, said: dict[str, Any]) -> str:
    return escape(_said(cell, said))


def short_text(text: str) -> str:
    """What a narrow column shows of a long cell: codes stay, own times become their hours; "" where it fits anyway.

    "E+18:00-20:00" is "E+2h", "E@A-12" is "E@".
    """
    if len(text) <= FITS:
        return ""
    return "+".join(map(_short_part, text.split("+")))


def _short_part(part: str) -> str:
    said, seated, _seat = part.partition("@")
    shown = f"{spoken(clock_from(said).minutes)}h" if ":" in said else said
    return f"{shown}@" if seated else shown


def _classes(cell: Cell) -> str:
    return f"{cell.tone} {'off' if cell.level == NOTE else cell.level}".strip()


def cell_html(cell: Cell, said: dict[str, Any]) -> str:
    short = short_text(cell.text)
    told = _title(cell, said) or (escape(cell.text) if short else "")
    mark = f' class="{_classes(cell)}"' if cell.level else f" class={cell.tone}" if cell.tone else ""
    mark += f' title="{told}"' if told else ""
    mark += f' data-short="{escape(short)}"' if short else ""
    return f"<td{mark}>{escape(cell.text)}"


def row_html(row: PersonRow, said: dict[str, Any]) -> str:
    cells = "".join(cell_html(cell, said) for cell in row.cells)
    lock = "" if row.writable else " class=ro"
    name = (
        f'<th scope=row title="{escape(row.code)} {escape(row.position)}">{escape(row.name)}<i>{escape(row.code)}</i>'
    )
    return f"<tr data-s={row.staff_id}{lock}>{name}{cells}<td class=h>{row.hours}"


def _unit(unit: UnitRows, said: dict[str, Any], width: int) -> Iterator[str]:
    state = unit.roster.get_state_display() if unit.roster else _("Not begun")
    yield f"<tbody><tr class=u><th scope=rowgroup colspan={width}>{escape(unit.title)} <i>{escape(str(state))}</i>"
    for row in unit.rows:
        yield row_html(row, said)


def _head(days: list[DayColumn]) -> str:
    signs = weekday_names()
    cells = "".join(f"<th scope=col{_day_class(one)}>{one.day.day}<i>{signs[one.day.weekday()]}</i>" for one in days)
    name, hours = escape(_("Name")), escape(_("Hours"))
    return f"<thead><tr><th scope=col>{name}{cells}<th scope=col class=h>{hours}"


def _day_class(one: DayColumn) -> str:
    return {DayKind.HOLIDAY: " class=ho", DayKind.WEEKEND: " class=we", DayKind.MAKE_UP: " class=mk"}.get(one.kind, "")


def foot_cells(days: list[DayColumn]) -> list[tuple[str, str, str, bool]]:
    """(text, class, title, whether it counts as under the need) of the cover of each day."""
    made = []
    for one in days:
        notes = []
        if one.under:
            notes.append(_("%(count)s half hours under the need, up to %(most)s people missing") % {
                "count": one.under, "most": one.missing,
            })  # fmt: skip
        notes += [
            _("%(template)s: %(count)s too few") % {"template": key, "count": count} for key, count in one.short.items()
        ]
        if one.beyond_seats:
            notes.append(_("%(count)s more people than seats") % {"count": one.beyond_seats})
        made.append((str(one.people), "bad" if notes else "", "\n".join(notes), bool(one.under or one.short)))
    return made


def board_html(board: Board) -> SafeString:
    """The whole table."""
    said = texts()
    width, at_work = len(board.days) + 2, escape(_("People at work"))
    columns = "".join("<col>" for _day in board.days)
    label = escape(_("Roster of %(month)s") % {"month": f"{board.month:%Y-%m}"})
    body = "".join(part for unit in board.units for part in _unit(unit, said, width))
    foot = "".join(
        f'<td class="{tone}" title="{escape(title)}">{text}' if tone else f"<td>{text}"
        for text, tone, title, _under in foot_cells(board.days)
    )
    return mark_safe(  # noqa: S308 - every text above is escaped
        f'<table class=zx-roster role=grid aria-label="{label}">'
        f"<colgroup><col class=n>{columns}<col class=h></colgroup>"
        f"{_head(board.days)}{body}<tfoot><tr><th scope=row>{at_work}{foot}<td class=h></table>"
    )


def wrong_of(row: PersonRow) -> tuple[int, int]:
    """How many conflicts and how many warnings stand in the row; what is merely noted is neither."""
    levels = [one.level for cell in row.cells for one in cell.conflicts if one.level != NOTE]
    return levels.count(BAD), len(levels) - levels.count(BAD)


def changes_json(board: Board, staff_ids: set[int]) -> dict[str, Any]:
    """What the board draws anew after an edit: rows of the people changed, and the cover of the days."""
    said = texts()
    rows = {
        row.staff_id: {
            "cells": [
                [cell.text, _classes(cell), _said(cell, said), short_text(cell.text)]
                for cell in row.cells
            ],
            "hours": row.hours,
            "wrong": wrong_of(row),
        }
        for unit in board.units
        for row in unit.rows
        if row.staff_id in staff_ids
    }  # fmt: skip
    return {"rows": rows, "days": foot_cells(board.days)}
