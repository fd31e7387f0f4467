# SPDX-License-Identifier: Apache-2.0
"""`zuoxi roster`: rosters worked out for published instances, and finished ones looked over."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from zuoxi.workforce.management.refusing import refusing
from zuoxi.workforce.rostering import command as solve_command
from zuoxi.workforce.solver import benchmark_command
from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Instance, Unreadable, read


class Command(BaseCommand):
    help = "Work out a roster for a published instance, or look a finished one over."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **words: Any) -> CommandParser:
        return refusing(super().create_parser(prog_name, subcommand, **words))

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        one = acts.add_parser("check", help="objective and violations of a roster")
        one.add_argument("instance")
        one.add_argument("roster", metavar="solution")
        one.add_argument("--json", action="store_true")
        benchmark_command.add_arguments(acts.add_parser("benchmark", help="the best roster found in a given time"))
        solve_command.add_arguments(acts.add_parser("solve", help="a roster for a whole centre's problem file"))

    def handle(self, *_: Any, **options: Any) -> None:
        if options["act"] == "solve":
            return solve_command.run(options, self.stdout)
        try:
            if options["act"] == "benchmark":
                return benchmark_command.run(_instance(options["instance"]), options, self.stdout)
            found = check(_instance(options["instance"]), _roster(options["roster"]))
        except Unreadable as wrong:
            self.stdout.write(json.dumps({"error": {"field": wrong.field, "message": wrong.message, "row": wrong.row}}))
            sys.exit(2)
        answer = {
            "objective": found.objective,
            "violations": [asdict(one) for one in found.breaches],
            "by_constraint": dict(sorted(found.by_constraint.items())),
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable("file", f"{name} cannot be read: {wrong}") from wrong


def _instance(name: str) -> Instance:
    return read(_text(name).splitlines())


def _roster(name: str) -> dict[str, list[str]]:
    try:
        found = json.loads(_text(name))
    except json.JSONDecodeError as wrong:
        raise Unreadable("solution", f"{name} is no JSON: {wrong.msg}", wrong.lineno) from wrong
    if not isinstance(found, dict):
        raise Unreadable("solution", "has to be an object of people and their days")
    return found
