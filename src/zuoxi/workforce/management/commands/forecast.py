# SPDX-License-Identifier: Apache-2.0
"""`zuoxi forecast`: calls to come, from a file of calls that came."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandParser

from zuoxi.workforce.forecasting.calendars import NO_HOLIDAYS, Calendar, statutory
from zuoxi.workforce.forecasting.engine import Forecast, forecast
from zuoxi.workforce.forecasting.reading import BadInput, Read, read
from zuoxi.workforce.management.refusing import refusing

_LENGTH = re.compile(r"^(\d+)\s*(min|m|h|d|w)$")
_MINUTES = {"min": 1, "m": 1, "h": 60, "d": 1440, "w": 10080}
_FURTHEST = 366 * 1440


class Command(BaseCommand):
    help = "Forecast calls by interval, with bands and a test against the past. Columns of the file: start, calls."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **words: Any) -> CommandParser:
        return refusing(super().create_parser(prog_name, subcommand, **words))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", required=True, help="CSV or Excel: start,calls (or one row a call); - is standard input"
        )
        parser.add_argument("--horizon", default="28d", help="how far to look: 28d, 48h, 13w, 90min")
        parser.add_argument("--frequency", default="", help="length of an interval, 30min; otherwise the file's own")
        parser.add_argument("--holidays", default="none", help="CN or another country's code, or none")
        parser.add_argument("--quantiles", default="0.1,0.5,0.9")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            answer = _answer(options, self._tell)
        except BadInput as wrong:
            error = {"field": wrong.field, "message": wrong.message, "row": wrong.row}
            self.stdout.write(json.dumps({"error": error}, ensure_ascii=False))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._table(answer)

    def _tell(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(text)

    def _table(self, answer: dict[str, Any]) -> None:
        test = answer["backtest"]
        told = {name: "-" if test[name] is None else f"{test[name]:.2%}" for name in test if name != "days"}
        self.stdout.write(
            f"{answer['model']}, every {answer['frequency']}; tested on {test['days']} days: WAPE {told['wape']}"
            f" (a week before: {told['wape_seasonal_naive']}), bias {told['bias']},"
            f" bands of 80 % held {told['coverage_80']}"
        )
        names = [name for name in (answer["rows"] or [{}])[0] if name != "start"]
        self.stdout.write("start                     " + "".join(f"{name:>10}" for name in names))
        for row in answer["rows"]:
            self.stdout.write(f"{row['start']:<26}" + "".join(f"{row[name]:>10.1f}" for name in names))
        for note in answer["notes"]:
            self.stdout.write(f"note: {note}")


def minutes_of(field: str, text: str) -> int:
    """Minutes of 30min, 48h, 28d, 13w. Raises BadInput."""
    found = _LENGTH.match(text.strip().casefold())
    if found is None or len(found[1]) > 9 or int(found[1]) < 1:
        raise BadInput(field, f"{text[:40]!r} is no length of time such as 30min, 48h or 28d")
    return int(found[1]) * _MINUTES[found[2]]


def levels_of(text: str) -> list[float]:
    """Levels of quantiles, each between nought and one. Raises BadInput."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        try:
            level = float(part)
        except ValueError:
            raise BadInput("quantiles", f"{part!r} is no number") from None
        if not 0 < level < 1:
            raise BadInput("quantiles", f"{part} does not lie between 0 and 1")
        found.append(level)
    return found


def _answer(options: dict[str, Any], tell: Any) -> dict[str, Any]:
    horizon = minutes_of("horizon", options["horizon"])
    if horizon > _FURTHEST:
        raise BadInput("horizon", "is longer than a year")
    minutes = minutes_of("frequency", options["frequency"]) if options["frequency"] else None
    levels = levels_of(options["quantiles"])
    held = read(_content(options["file"]), minutes)
    history = held.history
    if horizon < history.minutes:
        raise BadInput("horizon", f"is shorter than an interval of {history.minutes} minutes")
    if np.isnan(history.counts).all():
        raise BadInput("calls", "the file holds no known count")
    if len(history.counts) * history.minutes < 1440:
        raise BadInput(
            "file", "holds less than a day; a forecast needs three days at the very least, better eight weeks"
        )
    tell(f"{len(history.counts)} intervals read, forecasting …\n")
    calendar = _calendar(options["holidays"], history.start.date(), (history.end + timedelta(minutes=horizon)).date())
    return as_json(forecast(history, horizon // history.minutes, calendar, levels), held)


def _calendar(country: str, first: date, last: date) -> Calendar:
    if country.casefold() in ("", "none"):
        return NO_HOLIDAYS
    try:
        return statutory(country.upper(), first - timedelta(days=8), last + timedelta(days=8))
    except ValueError as unknown:
        raise BadInput("holidays", f"{unknown}; say CN or none") from unknown


def _content(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as wrong:
        raise BadInput("file", f"{name} cannot be read: {wrong.strerror or wrong}") from wrong


def as_json(made: Forecast, held: Read) -> dict[str, Any]:
    """The answer as the command prints it; moments as the file wrote them."""
    zone = None if held.offset is None else timezone(held.offset)
    step = timedelta(minutes=made.minutes)
    test = made.backtest
    rows = [
        {
            "start": (made.start + place * step).replace(tzinfo=zone).isoformat(timespec="minutes"),
            "mean": round(float(mean), 4),
            **{f"q{level:g}": round(float(made.quantiles[level][place]), 4) for level in made.quantiles},
        }
        for place, mean in enumerate(made.mean)
    ]
    return {
        "frequency": f"{made.minutes}min",
        "model": made.model,
        "backtest": {
            "wape": test.wape,
            "wape_seasonal_naive": test.wape_seasonal_naive,
            "bias": test.bias,
            "coverage_80": test.coverage_80,
            "days": test.days,
        },
        "rows": rows,
        "notes": [*held.notes, *made.notes],
        "repairs": [
            {
                "start": one.start.isoformat(timespec="minutes"),
                "end": one.end.isoformat(timespec="minutes"),
                "cause": str(one.cause),
                "found": round(one.found, 2),
                "expected": round(one.expected, 2),
            }
            for one in made.repairs
        ],
    }
