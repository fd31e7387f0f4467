# SPDX-License-Identifier: Apache-2.0
"""`zuoxi roster benchmark`: a roster for a published instance, worked out, looked over by the checker and kept."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Instance, Unreadable

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

    from zuoxi.workforce.solver.solving import Progress

TIME_ENDED = 3


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("instance")
    parser.add_argument("--seconds", type=float, default=600, help="of the clock, from the start of the command")
    parser.add_argument("--workers", type=int, default=2, help="processes that search at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, help="file for the roster: each person's shifts, day by day")
    parser.add_argument("--json", action="store_true")


def run(instance: Instance, options: dict[str, Any], began: float, out: OutputWrapper) -> None:
    """Raises Unreadable for what is wrong with the instance or the options. Ctrl-C keeps the best so far."""
    from zuoxi.workforce.solver.solving import NoAnswer, Wanted, solve

    if options["seconds"] <= 0 or options["workers"] < 1:
        raise Unreadable("seconds" if options["seconds"] <= 0 else "workers", "has to be above nought")
    target = Path(options["out"])
    if not target.parent.is_dir():
        raise Unreadable("out", f"{target.parent} is no folder")
    told = _tell if sys.stderr.isatty() else (lambda _: None)
    wanted = Wanted(options["seconds"], options["seed"], options["workers"], began, told=told)
    try:
        answer = solve(instance, wanted)
    except NoAnswer:
        message = f"no lawful roster was found in {options['seconds']:g} seconds"
        out.write(json.dumps({"error": {"field": "seconds", "message": message, "row": None}}) + "\n")
        sys.exit(TIME_ENDED)
    target.write_text(json.dumps(answer.roster, ensure_ascii=False), encoding="utf-8")
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
