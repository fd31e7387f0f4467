# SPDX-License-Identifier: Apache-2.0
"""`zuoxi roster check`: a finished roster beside a published instance."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Instance, Unreadable, read


class Command(BaseCommand):
    help = "Look a finished roster over: what it breaks of an instance's rules, and what it costs."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        one = acts.add_parser("check", help="objective and violations of a roster")
        one.add_argument("instance")
        one.add_argument("roster", metavar="solution")
        one.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
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
