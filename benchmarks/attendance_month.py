# SPDX-License-Identifier: Apache-2.0
"""A month of attendance judged anew from the ledger: 3,000 people, 31 days, one shift and two records each day.

    python benchmarks/attendance_month.py [--staff 3000] [--processes 2] [--rounds 2]

Builds a centre in a database of its own (`--home`, a new folder by default), recomputes the month, and does the bare
work beside it in the same process: the same ledger rows read, and the same result rows written again, by the same means
without a single judgement. Prints one line of JSON: seconds, findings a second, and the ratio to the bare work.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
MONTH = date(2026, 10, 1)
DAYS = 31


def build(staff_count: int) -> None:
    """People, a published roster and their records; one in eight comes late or leaves early."""
    from zuoxi.attendance.models import Punch
    from zuoxi.people import services
    from zuoxi.people.models import Assignment, Position, Staff
    from zuoxi.workforce.models import Roster, ShiftAssignment

    chance = random.Random(7)
    services.load_positions()
    project = services.ensure_project("bench", "量", "Bench")
    post = Position.objects.get(code="TSR")
    teams = [
        services.ensure_team(f"b{n}", f"量{n}组", f"Bench {n}", project) for n in range(max(staff_count // 100, 1))
    ]
    staff = Staff.objects.bulk_create(Staff(code=f"b{n}", name=f"测{n}") for n in range(staff_count))
    Assignment.objects.bulk_create(
        Assignment(staff=one, position=post, team=teams[n % len(teams)], from_on=date(2026, 1, 1))
        for n, one in enumerate(staff)
    )
    rosters = [
        Roster.objects.create(month=MONTH, project=project, team=team, state=Roster.State.PUBLISHED) for team in teams
    ]
    shifts, punches, told = [], [], datetime.now(UTC)
    for n, one in enumerate(staff):
        for day in range(DAYS):
            start = datetime(2026, 10, day + 1, 0, 45, tzinfo=UTC)  # a quarter to nine in the house
            end = start + timedelta(hours=8, minutes=45)
            clock = "08:45-12:00,13:30-17:30"
            shifts.append(
                ShiftAssignment(
                    roster=rosters[n % len(teams)],
                    staff=one,
                    day=start.date(),
                    clock=clock,
                    starts_at=start,
                    ends_at=end,
                )
            )
            came = start + timedelta(seconds=chance.randint(-900, -20) if chance.random() > 0.06 else 400)
            went = end + timedelta(seconds=chance.randint(5, 900) if chance.random() > 0.06 else -500)
            for at, way in ((came, "in"), (went, "out")):
                key = f"bench:{n}:{day}:{way}"
                punches.append(Punch(staff=one, at=at, direction=way, source="switch", key=key, recorded_at=told))
    ShiftAssignment.objects.bulk_create(shifts, batch_size=500)
    Punch.objects.bulk_create(punches, batch_size=500)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """What both benchmarks of a month can be told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--staff", type=int, default=3000)
    parser.add_argument("--home", type=Path, help="a folder of a former run, or for this one (a new one by default)")
    return parser


def open_centre(options: argparse.Namespace) -> None:
    """The program set up on the centre of `--home`, built there unless it has a month already."""
    os.environ["ZUOXI_HOME"] = str(options.home or tempfile.mkdtemp(prefix="zuoxi-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")

    import django

    django.setup()
    from django.core.management import call_command

    from zuoxi.attendance.models import Punch

    call_command("migrate", verbosity=0)
    if not Punch.objects.exists():
        build(options.staff)


def bare(now: datetime) -> float:
    """Seconds for reading the ledger's rows and writing the result's rows, nothing judged."""
    from django.db import transaction

    from zuoxi.attendance.models import DayRecord, MonthRecord, Punch
    from zuoxi.attendance.writing import insert_many
    from zuoxi.workforce.models import ShiftAssignment

    kept = []
    for model in (DayRecord, MonthRecord):
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        kept.append((model, names, list(model.objects.values_list(*names))))
    began = time.perf_counter()
    list(Punch.objects.order_by().values_list("staff_id", "id", "at", "direction", "source", "device"))
    list(ShiftAssignment.objects.values_list("id", "staff_id", "day", "starts_at", "ends_at", "clock", "kind"))
    with transaction.atomic():
        DayRecord.objects.all().delete()
        MonthRecord.objects.all().delete()
        for model, names, rows in kept:
            insert_many(model, names, rows)
    return time.perf_counter() - began


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    open_centre(options)
    from zuoxi.attendance.models import DayRecord, MonthRecord
    from zuoxi.attendance.recomputing import recompute

    now = datetime(2026, 11, 5, tzinfo=UTC)
    seconds = []
    for _round in range(options.rounds):
        began = time.perf_counter()
        recompute(MONTH, now, processes=options.processes)
        seconds.append(time.perf_counter() - began)
    findings = sum(len(row) for row in DayRecord.objects.values_list("findings", flat=True))
    findings += MonthRecord.objects.exclude(finding={}).count()
    floor = min(bare(now) for _round in range(options.rounds))
    told = {
        "staff": options.staff,
        "days": DayRecord.objects.count(),
        "processes": options.processes,
        "seconds": round(min(seconds), 2),
        "findings_per_second": round(findings / min(seconds)),
        "bare_seconds": round(floor, 2),
        "ratio_to_bare": round(min(seconds) / floor, 2),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
