# SPDX-License-Identifier: Apache-2.0
"""`zuoxi recordings check|repair|retain`: recordings against calls and disk, and the end of their keeping."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zuoxi.telephony import recordings


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is in the site's zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no ISO 8601 time; write for example 2026-11-02", returncode=2) from error
    return timezone.make_aware(value) if value.tzinfo is None else value


class Command(BaseCommand):
    help = "Compare recordings with calls and disk (check), look at all again (repair), delete what is due (retain)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", choices=("check", "repair", "retain"))
        parser.add_argument("--since", default="", help="ISO 8601; look again at everything from then on")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, task: str, since: str, json: bool, **options: Any) -> None:
        now = timezone.now()
        if task == "retain":
            tally = recordings.retain(now)
        else:
            start = moment(since) if since else None
            if task == "repair" and start is None:
                start = now - recordings.AGAIN_FOR
            tally = recordings.check(now, start)
        counts = {name: count for name, count in tally.as_dict().items() if count or json}
        if json:
            self.stdout.write(orjson.dumps(counts).decode())
        else:
            self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing to do")
