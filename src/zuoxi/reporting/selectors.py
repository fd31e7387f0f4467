# SPDX-License-Identifier: Apache-2.0
"""The figures of a time, in groups; every page, export, report and command asks here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from django.utils import timezone

from zuoxi.reporting import definitions, doubts, live, periods, staleness, thresholds, warehouse
from zuoxi.reporting.cells import Cells, Group, added
from zuoxi.reporting.compilation import needed
from zuoxi.reporting.doubts import Gaps
from zuoxi.reporting.evaluation import figure_value
from zuoxi.reporting.facts import PERIODS, FigureQuery, FigureRow, FigureValue, Incomplete
from zuoxi.reporting.memberships import memberships
from zuoxi.reporting.shelves import Shelves
from zuoxi.telephony import selectors as telephony


def site_zone() -> tzinfo:
    """The zone that days begin in."""
    return timezone.get_default_timezone()


def default_query(since: datetime, until: datetime, **changes: object) -> FigureQuery:
    """A question with the thresholds in force on the first day; `changes` are fields of FigureQuery."""
    day = periods.local_day(since, site_zone())
    asked = FigureQuery(
        since,
        until,
        threshold=int(thresholds.value("service_level.threshold", day)),
        short_abandon=int(thresholds.value("abandon.short", day)),
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def day_query(first: date, last: date | None = None, **changes: object) -> FigureQuery:
    """A question about whole days, `last` included."""
    zone = site_zone()
    until = periods.day_start(date.fromordinal((last or first).toordinal() + 1), zone)
    return default_query(periods.day_start(first, zone), until, **changes)


def cells(query: FigureQuery, now: datetime, shelves: Shelves | None = None) -> Cells:
    """The sums behind the figures: closed days from the warehouse, the rest from the live database."""
    zone = site_zone()
    teams = memberships(query, zone) if "team" in query.keys else ()
    held = shelves or shelves_for(query)
    stored, rest = warehouse.split(query, zone, held)
    parts = [warehouse.compute(query, stored, zone, now, teams=teams, shelves=held)] if stored else []
    parts += [live.compute(part, zone, now, teams) for part in rest]
    return added(parts)


def shelves_for(query: FigureQuery) -> Shelves:
    """The warehouse without the days that late facts have changed since they were loaded; those are asked live."""
    zone, held = site_zone(), Shelves.open()
    if held.holding(periods.days_within(query.since, query.until, zone)):
        results = any(one.table == "judged" for one in needed(query))
        for day in staleness.stale_days(held, zone, results=results):
            del held.folders[day]
    return held


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is not known of a time, whether anybody's states were recorded in it, and the days that are stored."""

    gaps: Gaps
    states: bool
    shelves: Shelves


def surroundings(query: FigureQuery, now: datetime) -> Surroundings:
    """For pages that put several questions about parts of one time: look once, for the longest."""
    return Surroundings(doubts.gaps(query, now), live.states_recorded(query), shelves_for(query))


def figures(query: FigureQuery, now: datetime, around: Surroundings | None = None) -> list[FigureRow]:
    """One row per group in the groups' order; a total is there even when nothing happened."""
    zone = site_zone()
    told = around or surroundings(query, now)
    found = cells(query, now, told.shelves)
    chosen = definitions.chosen(query.figures)
    rows, groups = [], found.groups()
    for place in sorted(range(len(groups)), key=lambda i: _order(groups[i])):
        group, sums = groups[place], found.row(place)
        rows.append(
            FigureRow(
                _labels(found.keys, group, zone),
                {one.id: figure_value(one, sums, query, told.states) for one in chosen},
                _incomplete(sums, told.gaps, _span(query, found.keys, group, zone)),
            )
        )
    return rows


def figures_of_queues(query: FigureQuery, now: datetime) -> list[FigureRow]:
    """A question by queue with each queue held to its own target and its own short abandonment.

    Queues with the same terms are asked together; callers of no queue keep the question's.
    """
    terms = telephony.queue_terms(query.queues)
    common = (query.threshold, query.short_abandon)
    different = sorted({own for own in terms.values() if own != common})
    around, rows = surroundings(query, now), {row.label: row for row in figures(query, now)}
    for own in different:
        codes = frozenset(code for code, its in terms.items() if its == own)
        asked = replace(query, threshold=own[0], short_abandon=own[1], queues=codes)
        rows |= {row.label: replace(row, terms=own) for row in figures(asked, now, around) if row.group["queue"]}
    return [rows[label] for label in sorted(rows)]


def total(query: FigureQuery, now: datetime, around: Surroundings | None = None) -> FigureRow:
    """The question's figures without groups."""
    return figures(replace(query, by=()), now, around)[0]


def _order(group: Group) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(part, str), part) for part in group)


def _labels(keys: Sequence[str], group: Group, zone: tzinfo) -> dict[str, str]:
    return {
        key: periods.label(key, int(part), zone) if key in PERIODS else str(part)
        for key, part in zip(keys, group, strict=True)
    }


def _span(query: FigureQuery, keys: Sequence[str], group: Group, zone: tzinfo) -> tuple[datetime, datetime]:
    """The part of the question's time that the group stands for."""
    since, until = query.since, query.until
    for key, part in zip(keys, group, strict=True):
        if key in PERIODS:
            start, end = periods.span_of(key, int(part), zone)
            since, until = max(since, start), min(until, end)
    return since, until


def _incomplete(sums: dict[str, int | None], gaps: Gaps, span: tuple[datetime, datetime]) -> Incomplete:
    windows, quarantined = gaps.within(*span)
    return Incomplete(
        unknown_windows=windows,
        unknown_calls=(sums["unknown_visits"] or 0) + (sums["unknown_outbound"] or 0),
        doubted_calls=sums["doubted_visits"] or 0,
        quarantined=quarantined,
        unknown_seconds=sums["unknown_time"] or 0,
    )


def without_gaps(query: FigureQuery, rows: list[FigureRow], now: datetime) -> list[FigureRow]:
    """The rows of a report by one period with a row of nought for each period in which nothing happened, up to now."""
    (period,) = query.keys
    if not rows:
        return rows
    known = {row.label: row for row in rows}
    found = []
    for text in periods.labels_between(period, query.since, min(query.until, now), site_zone()):
        found.append(known.get(text) or FigureRow({period: text}, _nought(rows[0]), Incomplete()))
    return found


def _nought(like: FigureRow) -> dict[str, FigureValue]:
    """Counts of nought and ratios of nothing, as unknown where the given row's are for its grouping."""
    return {
        name: replace(
            one,
            value=0.0 if one.denominator is None and one.numerator is not None else None,
            numerator=None if one.numerator is None else 0.0,
            denominator=None if one.denominator is None else 0.0,
        )
        for name, one in like.figures.items()
    }
