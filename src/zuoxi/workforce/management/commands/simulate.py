# SPDX-License-Identifier: Apache-2.0
"""`zuoxi simulate`: play a scenario many times over and say what service it gives."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from zuoxi.workforce.management.refusing import refusing
from zuoxi.workforce.twin.bands import Band
from zuoxi.workforce.twin.engine import MOST_REPLICATIONS, Outcome, simulate
from zuoxi.workforce.twin.reading import read_scenario
from zuoxi.workforce.twin.scenario import BadScenario, Scenario


class Command(BaseCommand):
    help = "Service, waiting, abandonment and occupancy that a scenario of queues and agents gives, with 95 % bands."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **words: Any) -> CommandParser:
        return refusing(super().create_parser(prog_name, subcommand, **words))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scenario", help="JSON file; - is standard input")
        parser.add_argument("--replications", default=20)
        parser.add_argument("--seed", default=1)
        parser.add_argument("--workers", help="threads that play at once (as many as there are cores)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            _check(options)
            scenario = read_scenario(_text(options["scenario"]))
            watched = _watch if sys.stderr.isatty() else None
            found = simulate(
                scenario, options["replications"], options["seed"], workers=options["workers"], progress=watched
            )
        except BadScenario as wrong:
            self.stdout.write(json.dumps(wrong.as_json(), ensure_ascii=False))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(_answer(scenario, found), ensure_ascii=False))
        else:
            self._table(found)

    def _table(self, found: Outcome) -> None:
        self.stdout.write("queue               offered answered  gave up            service               wait    busy")
        for name, one in [*found.queues.items(), ("all", found.all)]:
            self.stdout.write(
                f"{name:<18} {one.offered:>8.0f} {one.answered:>8.0f} {_share(one.abandonment.mean):>8}"
                f" {_between(one.service_level):>18} {_seconds(one.asa_seconds):>18} {_share(one.occupancy.mean):>7}"
            )
        self.stdout.write(f"{found.calls} calls in {found.seconds:.2f} s, {found.calls_per_second:,.0f} a second")


def _check(options: dict[str, Any]) -> None:
    for field in ("replications", "seed", "workers"):
        try:
            options[field] = None if options[field] is None else int(options[field])
        except ValueError:
            raise BadScenario(field, f"{options[field]!r} is no whole number") from None
    if not 1 <= options["replications"] <= MOST_REPLICATIONS:
        raise BadScenario("replications", f"lies from 1 to {MOST_REPLICATIONS}")
    if not 0 <= options["seed"] < 2**63:
        raise BadScenario("seed", "is a whole number, nought or more")
    if options["workers"] is not None and options["workers"] < 1:
        raise BadScenario("workers", "is 1 or more")


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadScenario("scenario", f"{name} cannot be read: {wrong}") from wrong


def _answer(scenario: Scenario, found: Outcome) -> dict[str, Any]:
    return {
        "queues": {name: one.as_json() for name, one in found.queues.items()},
        "all": found.all.as_json(),
        "groups": {name: one.as_json() for name, one in found.groups.items()},
        "replications": found.replications,
        "seed": found.seed,
        "calls_per_second": found.calls_per_second,
        "notes": list(scenario.notes),
    }


def _watch(done: int, whole: int) -> None:
    sys.stderr.write(f"\r{done} of {whole} replications" + ("\n" if done == whole else ""))
    sys.stderr.flush()


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _between(one: Band) -> str:
    if one.mean is None:
        return "-"
    return f"{one.mean:.1%}" + ("" if one.low is None else f" ({one.low:.1%}–{one.high:.1%})")


def _seconds(one: Band) -> str:
    if one.mean is None:
        return "-"
    return f"{one.mean:.1f}" + ("" if one.low is None else f" ({one.low:.1f}–{one.high:.1f})") + " s"
