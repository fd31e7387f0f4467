# SPDX-License-Identifier: Apache-2.0
"""`zuoxi staffing`: how many agents a load of calls needs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from zuoxi.workforce.management.refusing import refusing
from zuoxi.workforce.staffing_input import BadInput, Interval, Wanted, answers, read_intervals, target_of


class Command(BaseCommand):
    help = "Agents needed for a load of calls: callers who wait (Erlang C) or give up (Erlang A, with --patience)."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **words: Any) -> CommandParser:
        return refusing(super().create_parser(prog_name, subcommand, **words))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", help="calls offered in one interval")
        parser.add_argument("--aht", help="mean handling time in seconds")
        parser.add_argument("--interval", default=1800, help="seconds of an interval")
        parser.add_argument("--target", default="0.80/20", help="share of calls answered, within how many seconds")
        parser.add_argument("--patience", help="mean seconds after which callers give up")
        parser.add_argument("--max-occupancy", default=1.0)
        parser.add_argument("--shrinkage", default=0.0, help="share of paid time not at the telephone")
        parser.add_argument("--file", help="CSV: start,calls,aht_seconds[,patience_seconds]; - is standard input")
        parser.add_argument(
            "--scenario", help="JSON as of zuoxi simulate, - is standard input: agents of each group by interval"
        )
        parser.add_argument("--seed", default=1, help="of the callers a scenario is played with")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            if options["scenario"]:
                self._skilled(options)
                return
            intervals, many = _intervals(options)
            target, within = target_of(options["target"])
            wanted = Wanted(
                target, within, *(_figure(options, one) for one in ("interval", "max_occupancy", "shrinkage"))
            )
            found = answers(intervals, wanted)
        except BadInput as wrong:
            self.stdout.write(json.dumps(wrong.as_json(), ensure_ascii=False))
            sys.exit(2)
        if options["json"]:
            for interval, answer in zip(intervals, found, strict=True):
                self.stdout.write(json.dumps({"start": interval.start, **answer} if many else answer))
        else:
            self._table(intervals, found)

    def _skilled(self, options: dict[str, Any]) -> None:
        from zuoxi.workforce.staffing_scenario import answer

        text = _text_of("scenario", options["scenario"])
        found = answer(text, target_of(options["target"])[0], _whole(options, "seed"))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, agents in found["agents"].items():
            self.stdout.write(f"{name:<18} " + " ".join(f"{one:>4}" for one in agents))
        for name, levels in found["service_level"].items():
            said = " ".join("   -" if one is None else f"{one:>4.0%}" for one in levels)
            self.stdout.write(f"{name:<18} {said}")
        self.stdout.write(f"{found['met']:.1%} of the intervals within a point of their target, or above it")

    def _table(self, intervals: list[Interval], found: list[dict[str, Any]]) -> None:
        self.stdout.write("start                      agents  positions  service     wait   busy  gave up")
        for interval, one in zip(intervals, found, strict=True):
            gone = "-" if one["abandonment"] is None else f"{one['abandonment']:.1%}"
            self.stdout.write(
                f"{interval.start or '-':<25} {one['agents']:>7} {one['positions']:>10} {one['service_level']:>8.1%}"
                f" {one['asa_seconds']:>7.1f}s {one['occupancy']:>6.1%} {gone:>8}"
            )


def _intervals(options: dict[str, Any]) -> tuple[list[Interval], bool]:
    """What is asked for, and whether it came from a file."""
    if name := options["file"]:
        return list(read_intervals(_text_of("file", name).splitlines())), True
    for field in ("calls", "aht"):
        if options[field] is None:
            raise BadInput(field, f"say --{field}, or --file")
    patience = None if options["patience"] is None else _figure(options, "patience")
    return [Interval("", _figure(options, "calls"), _figure(options, "aht"), patience)], False


def _figure(options: dict[str, Any], field: str) -> float:
    try:
        return float(options[field])
    except ValueError:
        raise BadInput(field, f"{options[field]!r} is no number") from None


def _whole(options: dict[str, Any], field: str) -> int:
    try:
        return int(options[field])
    except ValueError:
        raise BadInput(field, f"{options[field]!r} is no whole number") from None


def _text_of(field: str, name: str) -> str:
    try:
        return _decoded(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadInput(field, f"{name} cannot be read: {wrong}") from wrong


def _decoded(raw: bytes) -> str:
    """The text of a file as spreadsheets write it: UTF-8 or UTF-16 with or without a mark, else GB 18030."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
