# SPDX-License-Identifier: Apache-2.0
"""zuoxi import_staff FILE [--dry-run]: exit 0 when every row was good, 1 when some were refused, 2 when unreadable."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.people import staff_import
from zuoxi.people.staff_file import Unreadable, read
from zuoxi.vault.exports import refused_lines


class Command(BaseCommand):
    help = "Take staff from a CSV or Excel file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--create-teams", action="store_true", help="make teams that do not exist yet")
        parser.add_argument("--rejects", type=Path, help="write the refused rows there, with the reason")
        parser.add_argument(
            "--heading",
            action="append",
            default=[],
            metavar="THEIRS=OURS",
            help="a heading of the file that means one of ours, as 编号=工号",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        own = dict(pair.partition("=")[::2] for pair in options["heading"])
        try:
            file = read(options["file"].read_bytes(), own)
        except (Unreadable, OSError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["dry_run"]:
            report, _good = staff_import.check(file, today, create=options["create_teams"])
        else:
            report = staff_import.take(file, today, "", create=options["create_teams"])
        for one in report.problems:
            self.stderr.write(f"{options['file']}:{one.line}: {one.column}: {one.wrong} {one.todo}")
        if options["rejects"] and report.problems:
            options["rejects"].write_text("".join(refused_lines(file, report.problems)), encoding="utf-8")
        self.stdout.write(
            _("New: %(new)d, changed: %(changed)d, as before: %(same)d, refused: %(bad)d.")
            % {
                "new": report.new,
                "changed": report.changed,
                "same": report.same,
                "bad": len(report.bad_lines),
            }
        )
        sys.exit(1 if report.problems else 0)
