# SPDX-License-Identifier: Apache-2.0
"""`zuoxi roster benchmark`: a roster for a published instance, worked out, looked over by the checker and kept."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from time import monotonic
from typing import TYPE_CHECKING, Any

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Instance, Unreadable
from zuoxi.workforce.solver.leaving import asked_to_end, why_not, write_whole

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

    from zuoxi.workforce.solver.solving import Progress

TIME_ENDED = 3


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("instance")
    parser.add_argument("--seconds", type=float, default=600, help="of the clock, from the start of the search")
    parser.add_argument("--workers", type=int, default=2, help="processes that search at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, help="file for the roster: each person's shifts, day by day")
    parser.add_argument("--json", action="store_true")


def run(instance: Instance, options: dict[str, Any], out: OutputWrapper) -> None:
    """Raises Unreadable for what is wrong with the instance or the options. Ctrl-C and an orderly end keep the best so
    far."""
    from zuoxi.workforce.solver.solving import NoAnswer, Wanted, solve

    began = monotonic()  # what is loaded at first use is none of the search's time
    if not options["seconds"] > 0 or options["workers"] < 1:
        raise Unreadable("workers" if options["seconds"] > 0 else "seconds", "has to be above nought")
    if reason := why_not(options["out"]):
        raise Unreadable("out", reason)
    told = _tell if sys.stderr.isatty() else (lambda _: None)
    with asked_to_end() as ended:
        wanted = Wanted(options["seconds"], options["seed"], options["workers"], began, stop=ended, told=told)
        try:
            answer = solve(instance, wanted)
        except NoAnswer:
            message = f"no lawful roster was found in {monotonic() - began:.1f} seconds"
            out.write(json.dumps({"error": {"field": "seconds", "message": message, "row": None}}) + "\n")
            sys.exit(TIME_ENDED)
        try:
            write_whole(options["out"], json.dumps(answer.roster, ensure_ascii=False))
        except OSError as wrong:
            raise Unreadable("out", f"{options['out']} cannot be written: {wrong.strerror}") from wrong
    found = check(instance, answer.roster)
    said = {
        "objective": found.objective,
        "lower_bound": answer.bound,
        "violations": len(found.breaches),
        "seconds": round(monotonic() - began, 2),
    }
    if options["json"]:
        out.write(json.dumps(said) + "\n")
    else:
        out.write("".join(f"{name:<12} {'-' if value is None else value}\n" for name, value in said.items()))


def _tell(progress: Progress) -> None:
    bound = "-" if progress.bound is None else f"{progress.bound:.0f}"
    sys.stderr.write(f"\r{progress.seconds:7.1f} s  {progress.objective:.0f}  bound {bound}  {progress.stage:<20}")
    sys.stderr.flush()
