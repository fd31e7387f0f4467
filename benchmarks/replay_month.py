# SPDX-License-Identifier: Apache-2.0
"""A month judged again under an amended figure, as an amendment's page does it: 3,000 people, 31 days.

    python benchmarks/replay_month.py [--staff 3000] [--home FOLDER]

Builds the centre of `attendance_month.py`, computes its month, and judges it again with lateness beyond five minutes as
half a day absent: read once, judged a second time where the amendment can be felt, what differs kept by person and day,
totals by team. Prints one line of JSON: seconds, CPU seconds, seconds to the first sign of progress, what differs, and
the ratio of its CPU to that of computing the month once.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]
FIGURE = "attendance.late.half_day_absence_after_minutes"


def main() -> None:
    from attendance_month import MONTH, arguments, open_centre

    options = arguments(__doc__).parse_args()
    open_centre(options)
    from django.utils import timezone

    from zuoxi.attendance.models import MonthRecord
    from zuoxi.attendance.recomputing import recompute
    from zuoxi.policy import replaying
    from zuoxi.policy.amending import Person, Proposal, propose
    from zuoxi.policy.models import ReplayRun

    began, worked = time.perf_counter(), time.process_time()
    recompute(MONTH, datetime(2026, 11, 5, tzinfo=UTC), processes=1)
    once, once_cpu = time.perf_counter() - began, time.process_time() - worked
    said = Proposal(FIGURE, "5", date(2026, 12, 1), "measured")
    amendment = propose(said, Person("b0", "bench"), timezone.now())
    run = ReplayRun.objects.create(amendment=amendment, month=MONTH, asked_by="b0", asked_at=timezone.now())
    signs: list[float] = []

    def progress(_done: int, _total: int | None, _what: str) -> None:
        signs.append(time.perf_counter() - began)

    began, worked = time.perf_counter(), time.process_time()
    summary = replaying.work(run, timezone.now, progress)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    told = {
        "staff": MonthRecord.objects.filter(month=MONTH).count(),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "first_sign_seconds": round(signs[0], 2),
        "signs_of_progress": len(signs),
        "outcomes_that_change": summary["all"]["changes"],
        "people": summary["all"]["people"],
        "compute_once_seconds": round(once, 2),
        "compute_once_cpu_seconds": round(once_cpu, 2),
        "ratio_to_computing_once": round(cpu / once_cpu, 2),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
