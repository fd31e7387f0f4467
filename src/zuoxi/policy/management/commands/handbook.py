# SPDX-License-Identifier: Apache-2.0
"""zuoxi handbook check [PACK …]: look packs over, every remark with its file and line."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zuoxi.policy.checking import remarks
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.packs import UnknownPack, pack_codes
from zuoxi.policy.yaml_file import PackError


class Command(BaseCommand):
    help = "Look the handbooks over: broken files, unknown words, outcomes without a sentence."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["check"])
        parser.add_argument("packs", nargs="*", metavar="PACK", help="all of them if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        try:
            gap_book()
        except PackError as broken:
            raise CommandError(str(broken), returncode=2) from broken
        seen: set[str] = set()
        for code in options["packs"] or pack_codes():
            try:
                found = [one for one in remarks(code) if str(one) not in seen]
            except UnknownPack as unknown:
                text = f"no pack {code!r}; there are {', '.join(pack_codes())}"
                raise CommandError(text, returncode=2) from unknown
            seen.update(map(str, found))
            for one in found:
                self.stdout.write(f"{one}" if one.wrong else f"{one} (wording)")
            wrong += sum(one.wrong for one in found)
            self.stdout.write(f"{code}: {sum(one.wrong for one in found)} mistakes")
        if wrong:
            sys.exit(2)
