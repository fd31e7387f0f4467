# SPDX-License-Identifier: Apache-2.0
"""A month judged again under an amended figure, as an amendment's page does it: 3,000 people, 31 days.

    python benchmarks/replay_month.py [--staff 3000] [--home FOLDER]

Builds the centre of `attendance_month.py`, computes its month, and judges it again with lateness beyond five minutes as
half a day absent: read once, judged twice, what differs kept by person and day, totals by team. Prints one
line of JSON: seconds, seconds to the first sign of progress, what differs, and the ratio to computing the month once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]
FIGURE = "attendance.late.half_day_absence_after_minutes"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--staff", type=int, default=3000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="zuoxi-bench-"))
    os.environ["ZUOXI_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")

    import django

    django.setup()
    from attendance_month import MONTH, build
    from django.core.management import call_command
    from django.utils import timezone

    from zuoxi.attendance.models import MonthRecord
    from zuoxi.attendance.recomputing import recompute
    from zuoxi.policy import replaying
    from zuoxi.policy.amending import Person, Proposal, propose
    from zuoxi.policy.models import ReplayRun

    call_command("migrate", verbosity=0)
    if not MonthRecord.objects.exists():
        build(options.staff)
    began = time.perf_counter()
    recompute(MONTH, datetime(2026, 11, 5, tzinfo=UTC), processes=1)
    once = time.perf_counter() - began
    said = Proposal(FIGURE, "5", date(2026, 12, 1), "measured")
    amendment = propose(said, Person("b0", "bench"), timezone.now())
    run = ReplayRun.objects.create(amendment=amendment, month=MONTH, asked_by="b0", asked_at=timezone.now())
    signs: list[float] = []

    def progress(_done: int, _total: int | None, _what: str) -> None:
        signs.append(time.perf_counter() - began)

    began = time.perf_counter()
    summary = replaying.work(run, timezone.now, progress)
    seconds = time.perf_counter() - began
    told = {
        "staff": options.staff,
        "seconds": round(seconds, 2),
        "first_sign_seconds": round(signs[0], 2),
        "signs_of_progress": len(signs),
        "outcomes_that_change": summary["all"]["changes"],
        "people": summary["all"]["people"],
        "compute_once_seconds": round(once, 2),
        "ratio_to_computing_once": round(seconds / once, 2),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
