# SPDX-License-Identifier: Apache-2.0
"""`zuoxi calls --from ISO --to ISO --json`: the calls of a time, one JSON object a line."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zuoxi.telephony import recordings
from zuoxi.telephony.selectors import call_records


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is in the site's zone. Raises CommandError with what to write instead."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no ISO 8601 time; write for example 2026-11-02T09:00", returncode=2) from error
    return timezone.make_aware(value) if value.tzinfo is None else value


class Command(BaseCommand):
    help = "Print the calls that were offered in a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="start", required=True, help="ISO 8601, inclusive")
        parser.add_argument("--to", dest="end", required=True, help="ISO 8601, exclusive")
        parser.add_argument("--json", action="store_true", help="JSON Lines")

    def handle(self, *args: Any, start: str, end: str, json: bool, **options: Any) -> None:
        begin, finish = moment(start), moment(end)
        if finish <= begin:
            raise CommandError("--to must be later than --from", returncode=2)
        # calls begin in whole seconds: the one that came in the second of a finer moment belongs to the time after it
        begin, finish = begin.replace(microsecond=0), finish.replace(microsecond=0)
        # whoever asks wants to know of each recording whether it is whole, not that somebody will look some time
        recordings.check(timezone.now() + recordings.QUIET)
        for record in call_records(begin, finish):
            if json:
                self.stdout.write(orjson.dumps(record).decode())
            else:
                self.stdout.write(
                    f"{record['offered_at']}  {record['direction']:<9} {record['queue'] or '—':<12} "
                    f"{record['outcome']:<10} {record['agent'] or '—':<6} "
                    f"{_shown(record['wait_seconds']):>6} {_shown(record['talk_seconds']):>6}"
                )


def _shown(seconds: int | None) -> str:
    return "—" if seconds is None else str(seconds)
