# SPDX-License-Identifier: Apache-2.0
"""zuoxi clauses [--json]: every clause and how far the program answers it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zuoxi.policy.clauses import clause_book
from zuoxi.policy.selectors import Status, clause_map, domain_lines, import_everything


class Command(BaseCommand):
    help = "Say of every clause whether it is enforced, shown, recorded or planned."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object per clause and line")

    def handle(self, *args: Any, **options: Any) -> None:
        import_everything()
        if options["json"]:
            for state in clause_map().values():
                self.stdout.write(
                    json.dumps(
                        {
                            "id": state.clause.id,
                            "domain": clause_book().domains[state.clause.domain].zh,
                            "status": state.status,
                            "rules": [*state.rules, *state.stores],
                            "screens": list(state.screens),
                            "tests": list(state.tests),
                        },
                        ensure_ascii=False,
                    )
                )
            return
        self.stdout.write("".join(f"{word:>10}" for word in ("", *Status, "total")))
        for line in domain_lines():
            figures = (*(line.counts[status] for status in Status), line.total)
            self.stdout.write(f"{line.code:>10}" + "".join(f"{figure:>10}" for figure in figures))
