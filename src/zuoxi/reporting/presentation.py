# SPDX-License-Identifier: Apache-2.0
"""Figures as a page shows them: columns with their formula, cells that open their rows, and charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.reporting import definitions, names, thresholds
from zuoxi.reporting.definitions import Figure, Text
from zuoxi.reporting.facts import FigureQuery, FigureRow, FigureValue
from zuoxi.reporting.questions import evidence_address
from zuoxi.web import measures as written

QUEUE_COLUMNS: Final = (
    "offered answered abandoned short_abandoned service_level connect_rate abandon_rate asa talk aht overflow"
).split()
TIME_COLUMNS: Final = [*QUEUE_COLUMNS[:-1], "occupancy"]
AGENT_COLUMNS: Final = (
    "answered ring_no_answer talk hold wrap_up aht occupancy utilisation cph success_rate outbound_connected "
    "outbound_connect_rate transfers survey_average caller_satisfaction survey_response_rate "
    "signed_in_time not_ready_time"
).split()
REASON_COLUMNS: Final = ["not_ready_time", "break_time", "meal_time", "training_time"]
COLUMNS: Final[dict[str, list[str]]] = {
    "queue": QUEUE_COLUMNS,
    "agent": AGENT_COLUMNS,
    "team": AGENT_COLUMNS,
    "reason": REASON_COLUMNS,
}
TARGETS: Final = ("service_level", "connect_rate", "abandon_rate", "occupancy", "asa")


def columns_for(by: Sequence[str]) -> list[str]:
    return COLUMNS.get(by[0] if by else "", TIME_COLUMNS)


def shown(one: FigureValue) -> str:
    """A value as people read it; unknown is a dash."""
    if one.value is None:
        return written.UNKNOWN
    if one.unit == "%":
        return written.percent_text(one.value / 100)
    if one.unit == "s":
        return written.duration_text(round(one.value))
    return written.number_text(one.value, {"/h": 1, "points": 2}.get(one.unit, 0))


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach; `at_least` False: should not pass. `source` is the clause or "ours"."""

    value: float
    at_least: bool
    source: str

    def met(self, value: float | None) -> bool | None:
        """None where the figure is not known."""
        if value is None:
            return None
        return value >= self.value if self.at_least else value <= self.value


def target_of(figure: str, day: date) -> Target | None:
    if figure not in TARGETS:
        return None
    told = thresholds.parameter(f"target.{figure}")
    return Target(float(told.on(day)), told.boundary == "at_least", told.source)


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a report, with everything that tells what it means."""

    figure: Figure
    reading: str
    target: Target | None

    @property
    def id(self) -> str:
        return self.figure.id

    @property
    def name(self) -> Text:
        return self.figure.name

    @property
    def formula(self) -> str:
        return str(self.figure.reading(self.reading).formula)

    @property
    def choices(self) -> list[tuple[str, Text, bool]]:
        """Readings to choose from: name, formula, whether it is the one in use; empty when there is only one."""
        if len(self.figure.readings) < 2:
            return []
        return [(name, one.formula, name == self.reading) for name, one in self.figure.readings.items()]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One group of a report."""

    label: str
    url: str
    cells: list[Cell]
    incomplete: str


def columns(query: FigureQuery, ids: Iterable[str], day: date) -> list[Column]:
    return [
        Column(one, query.readings.get(one.id) or one.default, target_of(one.id, day))
        for one in definitions.chosen(ids)
    ]


def lines(
    query: FigureQuery,
    rows: Sequence[FigureRow],
    heads: Sequence[Column],
    *,
    detail: str = "",
    within: Mapping[str, str] = MappingProxyType({}),
) -> list[Line]:
    """The rows as lines; `detail` names the page that a group's name opens, `within` what all of them are held to."""
    known = {key: names.names_of(key, (row.group[key] for row in rows)) for key in query.keys}
    found = []
    for row in rows:
        label = " · ".join(names.label_of(key, code, known[key]) for key, code in row.group.items())
        code = next(iter(row.group.values()), "")
        url = reverse(detail, args=[code]) if detail and code else ""
        cells = [cell(query, row, head, within) for head in heads]
        found.append(Line(label or str(_("Total")), url, cells, why_incomplete(row)))
    return found


def cell(query: FigureQuery, row: FigureRow, head: Column, within: Mapping[str, str] = MappingProxyType({})) -> Cell:
    """A figure that opens the rows of its numerator; red where it misses its target."""
    one = row.figures[head.id]
    url = ""
    if one.numerator is not None:
        asked = query if row.terms is None else replace(query, threshold=row.terms[0], short_abandon=row.terms[1])
        address = evidence_address(asked, head.id, "numerator", {**row.group, **within})
        url = f"{reverse('reporting:evidence', args=[head.id])}?{address}"
    missed = head.target is not None and head.target.met(one.value) is False
    return Cell(shown(one), url, "bad" if missed else "")


def why_incomplete(row: FigureRow) -> str:
    """Why the figures rest on incomplete data, in words; "" when they do not."""
    told = row.incomplete
    parts = [
        (told.unknown_windows, _("%(n)s windows in which the switch was not heard")),
        (told.unknown_calls, _("%(n)s calls whose end is not known")),
        (told.doubted_calls, _("%(n)s calls with contradictions")),
        (told.quarantined, _("%(n)s facts that were not believed")),
    ]
    found = [text % {"n": count} for count, text in parts if count]
    if told.unknown_seconds:
        found.append(_("%(time)s in an unknown state") % {"time": written.duration_text(told.unknown_seconds)})
    return "; ".join(found)


def volume_chart(rows: Sequence[FigureRow], labels: Sequence[str]) -> dict[str, Any]:
    """Answered, abandoned and overflowed on top of each other."""
    tones = {"answered": "good", "abandoned": "bad", "overflow": "warn"}
    return {
        "kind": "stacked",
        "x": list(labels),
        "unit": "count",
        "series": [
            {"name": str(definitions.BY_ID[name].name), "tone": tone, "data": [_value(row, name) for row in rows]}
            for name, tone in tones.items()
        ],
    }


def percent_chart(rows: Sequence[FigureRow], labels: Sequence[str], ids: Sequence[str], day: date) -> dict[str, Any]:
    """Rates as lines, with the target of the first."""
    target = target_of(ids[0], day)
    chart: dict[str, Any] = {
        "kind": "line",
        "x": list(labels),
        "unit": "percent",
        "series": [
            {"name": str(definitions.BY_ID[name].name), "data": [_value(row, name, 100) for row in rows]}
            for name in ids
        ],
    }
    if target:
        chart |= {"target": target.value / 100, "target_label": str(_("Target"))}
    return chart


def bar_chart(rows: Sequence[FigureRow], labels: Sequence[str], figure: str) -> dict[str, Any]:
    unit = {"%": "percent", "s": "duration"}.get(definitions.BY_ID[figure].unit, "count")
    scale = 100 if unit == "percent" else 1
    data = [_value(row, figure, scale) for row in rows]
    return {
        "kind": "bar",
        "x": list(labels),
        "unit": unit,
        "series": [{"name": str(definitions.BY_ID[figure].name), "data": data}],
    }


def _value(row: FigureRow, name: str, scale: int = 1) -> float | int | None:
    value = row.figures[name].value
    if value is None:
        return None
    return value / scale if scale != 1 else int(value) if float(value).is_integer() else value
