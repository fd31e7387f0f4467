# SPDX-License-Identifier: Apache-2.0
"""`zuoxi roster solve`: the problem file in, the roster file out; `--check` looks a finished one over instead."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from zuoxi.workforce.rostering.answer import as_json, told
from zuoxi.workforce.rostering.checking import check, rows_of
from zuoxi.workforce.rostering.problem import Problem, Unreadable, read, schema
from zuoxi.workforce.rostering.solve import EFFORT, Contradictory, NoAnswer, Progress, solve
from zuoxi.workforce.solver.leaving import asked_to_end, why_not, write_whole

TIME_ENDED = 3


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("problem", nargs="?", help="problem file; - is standard input")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--effort", type=int, default=EFFORT, help="moves tried for each cell before it ends by itself")
    parser.add_argument("--out", help="where the roster file goes")
    parser.add_argument("--check", metavar="ROSTER", help="look this roster file over instead of working one out")
    parser.add_argument("--schema", action="store_true", help="print the JSON schema of the problem file")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], out: Any) -> None:
    if options["schema"]:
        out.write(json.dumps(schema(), ensure_ascii=False, indent=1))
        return
    try:
        if not options["problem"]:
            raise Unreadable("problem", "say the problem file")
        problem = read(_text(options["problem"]))
        if options["check"]:
            _check(problem, options["check"], out)
            return
        made = _solve(problem, options)
    except Contradictory as wrong:
        sets = [
            {"person": one.person, "rule": one.rule, "items": [asdict(item) for item in one.items]}
            for one in wrong.found
        ]
        out.write(json.dumps({**wrong.as_json(), "conflicts": sets}, ensure_ascii=False))
        sys.exit(2)
    except Unreadable as wrong:
        out.write(json.dumps(wrong.as_json(), ensure_ascii=False))
        sys.exit(2)
    except NoAnswer:
        late = Unreadable("seconds", f"nobody was placed within {options['seconds']:g} seconds")
        out.write(json.dumps(late.as_json(), ensure_ascii=False))
        sys.exit(TIME_ENDED)
    answer = told(made)
    if options["out"]:
        try:
            write_whole(options["out"], json.dumps(as_json(made), ensure_ascii=False))
        except OSError as wrong:
            late = Unreadable("out", f"{options['out']} cannot be written: {wrong.strerror}")
            out.write(json.dumps(late.as_json(), ensure_ascii=False))
            sys.exit(2)
    if options["json"]:
        out.write(json.dumps(answer if options["out"] else as_json(made), ensure_ascii=False))
        return
    _table(answer, out)


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable("file", f"{name} cannot be read: {wrong}") from wrong


def _solve(problem: Problem, options: dict[str, Any]) -> Any:
    """Work out; an interrupt or an orderly end keeps the best roster so far. Raises Unreadable for an option out of
    place."""
    if not options["seconds"] > 0 or options["effort"] < 1:
        raise Unreadable("effort" if options["seconds"] > 0 else "seconds", "has to be above nought")
    if options["out"] and (reason := why_not(options["out"])):
        raise Unreadable("out", reason)
    tell = _teller(sys.stderr) if sys.stderr.isatty() else None
    with asked_to_end() as ended:
        return solve(
            problem, seconds=options["seconds"], seed=options["seed"], effort=options["effort"], tell=tell, stop=ended
        )


def _teller(stream: TextIO) -> Any:
    def tell(one: Progress) -> None:
        price = "" if one.price is None else f" price {one.price:,.0f}"
        bound = "" if one.bound is None else f" bound {one.bound:,.0f}"
        stream.write(f"\r{one.share:4.0%} {one.stage:<7}{price}{bound}   ")
        stream.flush()

    return tell


def _check(problem: Problem, name: str, out: Any) -> None:
    try:
        held = json.loads(_text(name))
        rows = rows_of(problem, held["assignments"])
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, IndexError) as wrong:
        raise Unreadable("roster", f"{name} is no roster of this problem: {wrong}") from wrong
    found = check(problem, rows)
    out.write(
        json.dumps(
            {
                "objective": found.objective,
                "violations": [asdict(one) for one in found.breaches],
                "by_constraint": found.by_constraint,
            },
            ensure_ascii=False,
        )
    )


def _table(answer: dict[str, Any], out: Any) -> None:
    gap = "-" if answer["gap"] is None else f"{answer['gap']:.2%}"
    bound = "-" if answer["lower_bound"] is None else f"{answer['lower_bound']:,.0f}"
    out.write(f"price {answer['objective']:,.0f}   bound {bound}   gap {gap}   {answer['seconds']:.1f} s")
    for rule, price in sorted(answer["by_constraint"].items(), key=lambda one: -one[1]):
        out.write(f"  {rule:<10} {price:>14,.0f}")
    if answer["short_in_all"]:
        out.write(f"short in {answer['short_in_all']} half hours by {answer['short_half_hours']} in all; the worst:")
        for one in answer["short"][:10]:
            clock = f"{one['slot'] // 2:02}:{one['slot'] % 2 * 30:02}"
            out.write(f"  day {one['day']:>2} {clock}  {one['line']:<12} {one['have']:>5} of {one['need']}")
        binding = ", ".join(f"{rule} {share:.0%}" for rule, share in answer["binding"].items())
        out.write(f"what binds: {binding or '-'}")
    if answer["wishes_lost"]:
        out.write(f"wishes lost: {len(answer['wishes_lost'])}")
