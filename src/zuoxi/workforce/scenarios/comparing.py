# SPDX-License-Identifier: Apache-2.0
"""What the courses of a what-if gave, side by side, each set against the first: the same callers met both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queue_names
from zuoxi.web.measures import UNKNOWN, number_text, percent_text
from zuoxi.workforce.scenario_models import WhatIf, WhatIfCourse
from zuoxi.workforce.scenarios.drawing import Stretch
from zuoxi.workforce.twin.bands import Band, band

PERCENT, SECONDS, HOURS, YUAN, COUNT = "percent", "seconds", "hours", "yuan", "count"


@dataclass(frozen=True, slots=True)
class Measure:
    """`better` 1: more is better, −1: less is, 0: neither. `sample`: its values by replication. `beside`: how far what
    was may lie beside the band of the play, which knows the day's callers but not every step of its agents."""

    key: str
    label: str | Promise
    unit: str
    better: int
    sample: str = ""
    beside: float = 0.0


MEASURES: Final = (
    Measure("service_level", gettext_lazy("Service level"), PERCENT, 1, "service_level", 0.02),
    Measure("asa_seconds", gettext_lazy("Mean wait"), SECONDS, -1, "asa_seconds", 1.5),
    Measure("abandonment", gettext_lazy("Gave up"), PERCENT, -1, "abandonment", 0.01),
    Measure("occupancy", gettext_lazy("Occupancy"), PERCENT, 0, "occupancy"),
    Measure("offered", gettext_lazy("Calls offered"), COUNT, 0),
    Measure("planned_hours", gettext_lazy("Hours planned"), HOURS, -1, "planned_hours"),
    Measure("overrun_hours", gettext_lazy("Hours over the end of shift"), HOURS, -1, "over_hours"),
    Measure("cost", gettext_lazy("Cost"), YUAN, -1, "cost"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One course's value. `change` against the first course, with its own band; `tone` only where the band of the
    change leaves nought out."""

    band: Band
    change: Band | None
    tone: str
    text: str
    days: str
    difference: str


@dataclass(frozen=True, slots=True)
class Line:
    """`was`: what a past stretch reached; `held`: whether that lies among 95 of 100 days of the first course, or
    hardly beside them."""

    measure: Measure
    was: float | None
    was_text: str
    held: bool | None
    cells: tuple[Cell | None, ...]


def lines_of(what_if: WhatIf, courses: list[WhatIfCourse], queue: str = "all") -> list[Line]:
    """A line for each measure; those of hours and money only for all queues together."""
    found = []
    for one in MEASURES:
        bands = [_band(course.outcome, one, queue) for course in courses]
        if any(band is not None for band in bands):
            was = what_if.was.get(queue, {}).get(one.key)
            cells = tuple(
                None if band is None else _cell(one, band, *_change(one, courses, place, queue))
                for place, band in enumerate(bands)
            )
            found.append(Line(one, was, written(was, one.unit), _held(was, bands[0], one.beside), cells))
    return found


def _cell(measure: Measure, band: Band, change: Band | None, tone: str) -> Cell:
    days = ""
    if band.day_low is not None and band.day_low != band.day_high:
        days = f"{written(band.day_low, measure.unit)}–{written(band.day_high, measure.unit)}"
    difference = ""
    if change is not None and change.mean is not None:
        said = written(abs(change.mean), measure.unit)
        nought = said == written(0.0, measure.unit)
        if measure.unit == PERCENT:
            said = pgettext("difference of shares", "%(points)s points") % {
                "points": number_text(abs(change.mean) * 100, 1)
            }
        difference = f"{'−' if change.mean < 0 else '+'}{said}"
        if nought:
            difference, tone = "±0", ""
    return Cell(band, change, tone, written(band.mean, measure.unit), days, difference)


def written(value: float | None, unit: str) -> str:
    """A value as the page shows it."""
    if value is None:
        return UNKNOWN
    if unit == PERCENT:
        return percent_text(value)
    if unit == SECONDS:
        return _("%(seconds)s s") % {"seconds": number_text(value, 1)}
    if unit == YUAN:
        return _("%(amount)s yuan") % {"amount": number_text(value)}
    return number_text(value, 1 if unit == HOURS else 0)


def _band(outcome: dict[str, Any], measure: Measure, queue: str) -> Band | None:
    if not outcome:
        return None
    held = outcome["all"] if queue == "all" else outcome["queues"].get(queue, {})
    value = held.get(measure.key)
    if value is None and queue == "all":
        value = outcome["staff"].get(measure.key)
    if value is None:
        return None
    found = Band(float(value)) if isinstance(value, int | float) else Band.from_json(value)
    return None if found.mean is None else found


def _change(measure: Measure, courses: list[WhatIfCourse], place: int, queue: str) -> tuple[Band | None, str]:
    """Day by day against the first course, which met the same callers."""
    if place == 0 or queue != "all" or not measure.sample or not courses[0].outcome:
        return None, ""
    first = courses[0].outcome["samples"].get(measure.sample)
    mine = courses[place].outcome["samples"].get(measure.sample)
    if not first or not mine or len(first) != len(mine):
        return None, ""
    pairs = [b - a for a, b in zip(first, mine, strict=True) if a is not None and b is not None]
    change = band(pairs)
    if change.mean is None or change.low is None or change.high is None or change.low <= 0 <= change.high:
        return change, ""
    good = (change.mean > 0) == (measure.better > 0)
    return change, "" if measure.better == 0 else "good" if good else "bad"


def _held(was: float | None, first: Band | None, beside: float) -> bool | None:
    if was is None or first is None or first.day_low is None or first.day_high is None:
        return None
    return first.day_low - beside <= was <= first.day_high + beside


def queues_in(courses: list[WhatIfCourse]) -> list[tuple[str, str]]:
    """(code, name) of every queue that was played."""
    codes = sorted({code for one in courses if one.outcome for code in one.outcome["queues"]})
    names = queue_names(codes) if codes else {}
    return [(code, names.get(code, code)) for code in codes]


def chart_of(what_if: WhatIf, courses: list[WhatIfCourse], what: str) -> dict[str, Any] | None:
    """Service level ("level"), agents ("agents") or calls ("offered") by half hour, one line a course."""
    played = [one for one in courses if one.outcome.get("course")]
    if not played:
        return None
    begins = Stretch(what_if.first, what_if.days, site_handbook()).begins
    size = len(played[0].outcome["course"][what])
    form = "%H:%M" if what_if.days == 1 else "%m-%d %H:%M"
    unit = "percent" if what == "level" else "count"
    tones = ("accent", "call", "warn", "good", "bad", "ready")
    return {
        "kind": "line",
        "x": [f"{timezone.localtime(begins + timedelta(minutes=30 * step)):{form}}" for step in range(size)],
        "series": [
            {
                "name": one.name,
                "data": [_point(value, what) for value in one.outcome["course"][what]],
                "tone": tones[place % len(tones)],
                "dashed": place > 0 and what == "offered",
            }
            for place, one in enumerate(played)
        ],
        "unit": unit,
    }


def _point(value: float | None, what: str) -> float | None:
    if value is None:
        return None
    return round(value, 4 if what == "level" else 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def table_of(what_if: WhatIf, courses: list[WhatIfCourse]) -> tuple[list[str], Iterator[list[Any]]]:
    """Heading and rows of the export: each measure by queue, with mean and 95 % band of every course."""
    head = [pgettext("what if", "Queue"), pgettext("what if", "Measure"), pgettext("what if", "Was")]
    for one in courses:
        head += [one.name, f"{one.name} 95%−", f"{one.name} 95%+"]

    def rows() -> Iterator[list[Any]]:
        for queue, name in [("all", pgettext("what if", "All")), *queues_in(courses)]:
            for line in lines_of(what_if, courses, queue):
                row: list[Any] = [name, str(line.measure.label), _rounded(line.was)]
                for cell in line.cells:
                    band = (None,) * 3 if cell is None else (cell.band.mean, cell.band.low, cell.band.high)
                    row += [_rounded(one) for one in band]
                yield row

    return head, rows()
