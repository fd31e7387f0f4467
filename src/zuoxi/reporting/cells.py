# SPDX-License-Identifier: Apache-2.0
"""Sums per group, as columns, and adding up the parts that came from different places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Group = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """`groups[i]` has `sums[measure][i]`; None is "not known for this grouping"."""

    keys: tuple[str, ...]
    groups: Sequence[Group]
    sums: Mapping[str, Sequence[int | None]]

    def row(self, place: int) -> dict[str, int | None]:
        return {name: values[place] for name, values in self.sums.items()}


def from_rows(keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Cells:
    """Cells of database rows whose first columns are the keys."""
    width = len(keys)
    values = list(zip(*rows, strict=True))[width:] if rows else [()] * len(columns)
    return Cells(keys, [tuple(row[:width]) for row in rows], dict(zip(columns, values, strict=True)))


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def added(parts: Iterable[Cells]) -> Cells:
    """The parts added up group by group; all must have the same keys and measures."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    names = list(found[0].sums)
    totals: dict[Group, list[int | None]] = {}
    for part in found:
        columns = [part.sums[name] for name in names]
        for place, group in enumerate(part.groups):
            values = [column[place] for column in columns]
            held = totals.get(group)
            totals[group] = values if held is None else [_plus(a, b) for a, b in zip(held, values, strict=True)]
    columns_out = list(zip(*totals.values(), strict=True)) if totals else [()] * len(names)
    return Cells(found[0].keys, list(totals), dict(zip(names, columns_out, strict=True)))
