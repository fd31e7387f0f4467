# SPDX-License-Identifier: Apache-2.0
"""`zuoxi figures`: the figures of a time on the terminal or as JSON Lines, one group a line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime

from zuoxi.reporting import definitions, periods, selectors
from zuoxi.reporting.facts import DIMENSIONS, FigureQuery, FigureRow, WrongQuestion


def moment(text: str) -> datetime:
    """An ISO time (without a zone: the site's) or day; CommandError for anything else."""
    zone = selectors.site_zone()
    try:
        if (at := parse_datetime(text)) is not None:
            return at if at.tzinfo else at.replace(tzinfo=zone)
        if (day := parse_date(text)) is not None:
            return periods.day_start(day, zone)
    except ValueError as error:
        raise CommandError(f"{text}: {error}") from error
    raise CommandError(f"{text} is no ISO time, for example 2026-11-20T09:00:00+08:00")


def shown(number: float | None) -> float | int | None:
    """Whole numbers without a point."""
    return int(number) if number is not None and float(number).is_integer() else number


def as_json(row: FigureRow) -> dict[str, Any]:
    """The group as the contract has it, with `incomplete` only where there is something to say."""
    group: Any = dict(row.group) if len(row.group) > 1 else row.label or None
    found: dict[str, Any] = {
        "group": group,
        "figures": [
            {
                "id": one.id,
                "version": one.version,
                "value": shown(one.value),
                "numerator": shown(one.numerator),
                "denominator": shown(one.denominator),
                "unit": one.unit,
            }
            for one in row.figures.values()
        ],
    }
    if row.incomplete:
        found["incomplete"] = {
            name: count
            for name in ("unknown_windows", "unknown_calls", "doubted_calls", "quarantined", "unknown_seconds")
            if (count := getattr(row.incomplete, name))
        }
    return found


class Command(BaseCommand):
    help = "Figures of a time: --from ISO --to ISO --by queue|agent|team|interval|hour|day|week|month|reason|total"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="since", required=True, help="ISO time or day, inclusive")
        parser.add_argument("--to", dest="until", required=True, help="ISO time or day, exclusive")
        parser.add_argument("--by", default="total", help=f"{', '.join(DIMENSIONS)}; several with a comma")
        parser.add_argument(
            "--reading",
            action="append",
            default=[],
            help="of the service level (answered_only, with_abandoned, offered, offered_net), or FIGURE=READING",
        )
        parser.add_argument("--threshold", type=int, help="service level seconds")
        parser.add_argument("--short-abandon", type=int, help="seconds below which an abandoned call is short")
        parser.add_argument("--figure", action="append", default=[], help="only these figures")
        parser.add_argument("--json", action="store_true", help="JSON Lines")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = selectors.figures(self._query(options), datetime.now(UTC))
        except WrongQuestion as error:
            raise CommandError(str(error)) from error
        for row in rows:
            if options["json"]:
                self.stdout.write(json.dumps(as_json(row), ensure_ascii=False))
            else:
                self._print(row)

    def _query(self, options: dict[str, Any]) -> FigureQuery:
        readings = dict(definitions.reading_asked(text) for text in options["reading"])
        given = {name: options[name] for name in ("threshold", "short_abandon") if options[name] is not None}
        return selectors.default_query(
            moment(options["since"]).replace(microsecond=0),  # calls begin in whole seconds
            moment(options["until"]).replace(microsecond=0),
            by=tuple(part.strip() for part in options["by"].split(",") if part.strip()),
            readings=readings,
            figures=tuple(options["figure"]),
            **given,
        )

    def _print(self, row: FigureRow) -> None:
        self.stdout.write((row.label or "—") + ("  *" if row.incomplete else ""))
        for one in row.figures.values():
            value = "—" if one.value is None else f"{one.value:g} {one.unit if one.unit != 'count' else ''}"
            name = definitions.BY_ID[one.id].name
            self.stdout.write(f"  {one.id:24} {value:>14}  {name}")
