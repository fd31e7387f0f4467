# SPDX-License-Identifier: Apache-2.0
"""Intervals to staff, from a CSV file or the command line, and the answers as people and programs read them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from zuoxi.workforce import erlang


class BadInput(ValueError):
    """What is wrong, in which column, and in which row of a file (1 is the first below the heading)."""

    def __init__(self, field: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.field, self.message, self.row = field, message, row

    def as_json(self) -> dict[str, Any]:
        return {"error": {"field": self.field, "message": self.message, "row": self.row}}


@dataclass(frozen=True, slots=True)
class Interval:
    """Calls expected in one interval; `patience` None: callers wait for ever."""

    start: str
    calls: float
    aht: float
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`target` of the calls within `within` seconds; `shrinkage` and `occupancy` from 0 to 1; `interval` in seconds."""

    target: float
    within: float
    interval: float = 1800
    occupancy: float = 1.0
    shrinkage: float = 0.0


def target_of(text: str) -> tuple[float, float]:
    """0.80/20: the share and the seconds."""
    share, slash, seconds = text.partition("/")
    try:
        if slash:
            return float(share), float(seconds)
    except ValueError:
        pass
    raise BadInput("target", f"{text!r} is not of the form 0.80/20: the share of calls, and within how many seconds")


def read_intervals(lines: Iterable[str]) -> Iterator[Interval]:
    """Rows of a CSV file with the columns start, calls, aht_seconds and, where callers give up, patience_seconds."""
    try:
        yield from _rows(csv.DictReader(lines))
    except csv.Error as wrong:
        raise BadInput("file", f"is no clean CSV: {wrong}") from wrong


def _rows(reader: csv.DictReader[str]) -> Iterator[Interval]:
    reader.fieldnames = [name.strip().casefold() for name in reader.fieldnames or ()]
    missing = [name for name in ("start", "calls", "aht_seconds") if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(missing[0], f"the heading has no column {', '.join(missing)}")
    number = 0
    for number, row in enumerate(reader, 1):
        patience = (row.get("patience_seconds") or "").strip()
        yield Interval(
            (row["start"] or "").strip(),
            _number("calls", row["calls"], number),
            _number("aht_seconds", row["aht_seconds"], number, above_nought=True),
            _number("patience_seconds", patience, number, above_nought=True) if patience else None,
        )
    if not number:
        raise BadInput("file", "has a heading and no rows")


def _number(field: str, text: str | None, row: int, *, above_nought: bool = False) -> float:
    try:
        found = float((text or "").strip())
    except ValueError:
        raise BadInput(field, f"{text!r} is no number", row) from None
    if not math.isfinite(found) or found < 0 or (above_nought and found == 0):
        raise BadInput(field, f"{text!r} has to be {'more than' if above_nought else 'at least'} nought", row)
    return found


def answers(intervals: list[Interval], wanted: Wanted) -> list[dict[str, Any]]:
    """One answer for each interval, as the command prints it. Raises BadInput."""
    if not 0 <= wanted.shrinkage < 1:
        raise BadInput("shrinkage", "lies from 0 to below 1")
    if not 0 < wanted.interval < math.inf:
        raise BadInput("interval", "is a number of seconds, more than nought")
    found: list[dict[str, Any]] = [{} for _ in intervals]
    for leaves in (False, True):
        places = [place for place, one in enumerate(intervals) if (one.patience is not None) is leaves]
        if places:
            for place, answer in zip(places, _answers([intervals[p] for p in places], wanted, leaves), strict=True):
                found[place] = answer
    return found


def _answers(intervals: list[Interval], wanted: Wanted, leaves: bool) -> Iterator[dict[str, Any]]:
    rate = np.array([one.calls for one in intervals]) / wanted.interval
    handle = np.array([one.aht for one in intervals])
    patience = np.array([one.patience for one in intervals], np.float64) if leaves else None
    try:
        steady = erlang.fewest(
            rate, handle, wanted.within, wanted.target, patience=patience, occupancy=wanted.occupancy
        )
    except erlang.Impossible as wrong:
        raise BadInput(wrong.field, wrong.message) from wrong
    for place in range(len(intervals)):
        agents = int(steady.agents[place])
        yield {
            "agents": agents,
            "positions": math.ceil(agents / (1 - wanted.shrinkage) - 1e-9),
            "service_level": float(steady.service_level[place]),
            "asa_seconds": float(steady.asa_seconds[place]),
            "occupancy": float(steady.occupancy[place]),
            "wait_probability": float(steady.wait_probability[place]),
            "abandonment": float(steady.abandonment[place]) if leaves else None,
            "model": "erlang_a" if leaves else "erlang_c",
        }
