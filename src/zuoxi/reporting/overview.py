# SPDX-License-Identifier: Apache-2.0
"""What a manager sees first: yesterday, this month against target, the last thirty days, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from zuoxi.reporting import names, periods, presentation, selectors
from zuoxi.reporting.facts import FigureQuery, FigureRow
from zuoxi.reporting.presentation import Column, Target
from zuoxi.reporting.visibility import narrowed

FIGURES: Final = ("offered", "service_level", "connect_rate", "abandon_rate", "asa", "aht", "occupancy", "cph")
DAYS: Final = 30
FEW: Final = 20
"""Below so many callers a missed target says little."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of yesterday with the month's beside it."""

    column: Column
    text: str
    url: str
    month: str
    tone: str


@dataclass(frozen=True, slots=True)
class Standout:
    """A figure that missed its target, and where."""

    where: str
    name: str
    text: str
    target: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    day: date
    tiles: list[Tile]
    exceptions: list[Standout]
    chart: dict[str, Any]
    levels: dict[str, Any]
    incomplete: str

    @property
    def unmeasured(self) -> bool:
        """Whether nobody called in the thirty days, as in a centre that has just begun."""
        return not any(value for series in self.chart["series"] for value in series["data"])


def overview(user: Any, readings: dict[str, str], now: datetime) -> Overview:
    """Yesterday's and the month's figures of everything that the user may see."""
    zone = selectors.site_zone()
    today = periods.local_day(now, zone)
    yesterday = today - timedelta(days=1)
    query = narrowed(selectors.day_query(yesterday, figures=_asked(), readings=readings), user, ())
    thirty = _of_days(query, today - timedelta(days=DAYS), yesterday)
    around = selectors.surroundings(thirty, now)
    day = selectors.figures(query, now, around)[0]
    month = selectors.figures(_of_days(query, yesterday.replace(day=1), yesterday), now, around)[0]
    by_day = selectors.figures(replace(thirty, by=("day",)), now, around)
    queues = selectors.figures(replace(query, by=("queue",)), now, around)
    labels = [row.label[5:] for row in by_day]
    return Overview(
        yesterday,
        _tiles(query, day, month, yesterday),
        _exceptions(query, day, queues, yesterday),
        presentation.volume_chart(by_day, labels),
        presentation.percent_chart(by_day, labels, ("service_level", "connect_rate"), yesterday),
        presentation.why_incomplete(day),
    )


def _asked() -> tuple[str, ...]:
    return (*FIGURES, "answered", "abandoned", "overflow")


def _of_days(query: FigureQuery, first: date, last: date) -> FigureQuery:
    whole = selectors.day_query(first, last)
    return replace(query, since=whole.since, until=whole.until)


def _tiles(query: FigureQuery, day: FigureRow, month: FigureRow, on: date) -> list[Tile]:
    found = []
    for column in presentation.columns(query, FIGURES, on):
        cell = presentation.cell(query, day, column)
        tone = cell.tone or ("good" if _met(column.target, day, column.id) else "")
        found.append(Tile(column, cell.text, cell.url, presentation.shown(month.figures[column.id]), tone))
    return found


def _met(target: Target | None, row: FigureRow, name: str) -> bool:
    return target is not None and target.met(row.figures[name].value) is True


def _exceptions(query: FigureQuery, day: FigureRow, queues: Sequence[FigureRow], on: date) -> list[Standout]:
    """Where a target was missed yesterday: in the whole, then by queue; places with few callers say little."""
    heads = presentation.columns(query, [name for name in FIGURES if presentation.target_of(name, on)], on)
    known = names.names_of("queue", (row.label for row in queues))
    found = []
    for row in (day, *queues):
        if (row.figures["offered"].value or 0) < FEW:
            continue
        where = names.label_of("queue", row.label, known) if row.group else _("Whole centre")
        for head in heads:
            cell = presentation.cell(query, row, head)
            if cell.tone == "bad" and head.target is not None:
                found.append(_exception(where, head, head.target, cell))
    return found


def _exception(where: str, head: Column, target: Target, cell: presentation.Cell) -> Standout:
    sign = "≥" if target.at_least else "≤"
    unit = {"%": "%", "s": " s"}.get(head.figure.unit, "")
    source = _("our own default") if target.source == "ours" else target.source
    return Standout(where, str(head.name), cell.text, f"{sign} {target.value:g}{unit}", source, cell.url)
