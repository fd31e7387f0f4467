# SPDX-License-Identifier: Apache-2.0
"""zuoxi evaluate RULE --pack PACK: judge facts, one object per line in, one finding per line out."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zuoxi.policy.evaluate import asked_rule, judged, rules_of, spoken_type
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import UnknownPack, pack_codes
from zuoxi.policy.rulebook import UnknownRule
from zuoxi.policy.yaml_file import PackError

_CHUNK = 1 << 16


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Judge facts by a rule of a pack: JSON Lines in, JSON Lines out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="?", metavar="RULE", help="as attendance.arrival")
        parser.add_argument("--pack", metavar="PACK", help=f"one of {', '.join(pack_codes())}")
        parser.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="judge by the handbook of that day")
        parser.add_argument("--facts", type=Path, metavar="FILE", help="JSON Lines; standard input if left out")
        parser.add_argument("--list", action="store_true", help="the rules that the pack has, with their facts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list(options["pack"])
            else:
                self._judge(options)
        except UnknownPack as wrong:
            text = f"no pack {wrong.args[0]!r}; there are {', '.join(pack_codes())}"
            raise CommandError(text, returncode=2) from wrong
        except (UnknownRule, PackError) as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong

    def _judge(self, options: dict[str, Any]) -> None:
        if not options["rule"] or not options["pack"]:
            raise CommandError("name a rule and --pack; --list shows the rules", returncode=2)
        asked = asked_rule(options["rule"], options["pack"], options["on"])
        good = True
        for text, fine in judged(asked, _chunks(options["facts"])):
            self.stdout.write(text, ending="")
            self.stdout.flush()
            good = good and fine
        if not good:
            sys.exit(2)

    def _list(self, code: str | None) -> None:
        for pack in [code] if code else pack_codes():
            handbook = handbook_of(pack)
            for rule in rules_of(handbook):
                facts = " ".join(f"{name}:{spoken_type(hint)}" for name, hint in rule.fields.items())
                self.stdout.write(f"{rule.name}  {facts}" if code else f"{pack}  {rule.name}  {facts}")


def _chunks(file: Path | None) -> Iterator[bytes]:
    """What can be read at once, so that whoever writes line by line is answered line by line."""
    if file is None:
        while chunk := os.read(sys.stdin.fileno(), _CHUNK):
            yield chunk
        return
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                yield chunk
    except OSError as wrong:
        raise CommandError(f"{file}: {wrong.strerror}", returncode=2) from wrong
