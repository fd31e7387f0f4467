# SPDX-License-Identifier: Apache-2.0
"""Sums per group, as columns, and adding up the parts that came from different places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Group = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of equal length: the groups' keys and the sums. A sum of None is "not known for this grouping"."""

    keys: tuple[str, ...]
    key_columns: tuple[Sequence[Any], ...]
    sums: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.sums.values())))

    def groups(self) -> list[Group]:
        return list(zip(*self.key_columns, strict=True)) if self.keys else [()] * len(self)

    def row(self, place: int) -> dict[str, int | None]:
        """One group's sums as plain numbers."""
        return {name: None if (value := values[place]) is None else int(value) for name, values in self.sums.items()}


def from_rows(keys: tuple[str, ...], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Cells:
    """Cells of database rows whose first columns are the keys."""
    width = len(keys)
    turned: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * (width + len(columns))
    return Cells(keys, tuple(turned[:width]), dict(zip(columns, turned[width:], strict=True)))


def _plus(one: Any, other: Any) -> Any:
    return other if one is None else one if other is None else one + other


def added(parts: Iterable[Cells]) -> Cells:
    """The parts added up group by group; all must have the same keys and measures."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    keys, names = found[0].keys, list(found[0].sums)
    totals: dict[Group, list[Any]] = {}
    for part in found:
        columns = [part.sums[name] for name in names]
        for place, group in enumerate(part.groups()):
            values = [column[place] for column in columns]
            held = totals.get(group)
            totals[group] = values if held is None else [_plus(a, b) for a, b in zip(held, values, strict=True)]
    return from_rows(keys, names, [(*group, *values) for group, values in totals.items()])
