# SPDX-License-Identifier: Apache-2.0
"""From measures to figures: sums added up per group, numerator over denominator, None where there is nothing below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from zuoxi.reporting import definitions, measures
from zuoxi.reporting.definitions import Figure, Reading
from zuoxi.reporting.facts import FigureQuery, FigureValue

FACTOR = {"%": 100.0, "/h": 3600.0}
"""What numerator ÷ denominator is multiplied by for the unit (seconds below, hours shown)."""
DECIMALS = 4

Sums = Mapping[str, int | None]


def _total(names: Iterable[str], sums: Sums, query: FigureQuery) -> int | None:
    """None when one of the measures is not known for the group (a state has no queue)."""
    total = 0
    for name in names:
        column = measures.BY_ID[name.removeprefix("-")].column(query.threshold, query.short_abandon)
        value = sums[column]
        if value is None:
            return None
        total += -value if name.startswith("-") else value
    return total


def figure_value(figure: Figure, sums: Sums, query: FigureQuery, states_known: bool = True) -> FigureValue:
    """The figure from a group's sums. `states_known` False: nobody's states were recorded in the whole time."""
    reading = figure.reading(query.readings.get(figure.id))
    above = _total(reading.numerator, sums, query)
    if (reading.needs_states and not states_known) or (reading.witness and not _total(reading.witness, sums, query)):
        above = None
    if not reading.denominator:
        return FigureValue(figure.id, figure.version, above, above, None, figure.unit)
    below = _total(reading.denominator, sums, query)
    value = _ratio(above, below, figure.unit)
    shown = round(below / 3600, DECIMALS) if below is not None and figure.unit == "/h" else below
    return FigureValue(figure.id, figure.version, value, above, shown, figure.unit)


def _ratio(above: int | None, below: int | None, unit: str) -> float | None:
    if above is None or not below or below < 0:
        return None
    return round(above / below * FACTOR.get(unit, 1.0), DECIMALS)


def columns_of(reading: Reading, sums: Mapping[str, Any], query: FigureQuery) -> tuple[Any, Any]:
    """Numerator and denominator of a reading as whole columns (denominator None for a count)."""

    def total(names: Iterable[str]) -> Any:
        parts = [
            (-1 if name.startswith("-") else 1)
            * np.asarray(
                sums[measures.BY_ID[name.removeprefix("-")].column(query.threshold, query.short_abandon)],
                dtype=np.float64,
            )
            for name in names
        ]
        return sum(parts[1:], start=parts[0])

    return total(reading.numerator), total(reading.denominator) if reading.denominator else None


def figure_columns(query: FigureQuery, sums: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each figure for all groups at once; NaN where there is nothing to divide by."""
    found = {}
    for figure in definitions.chosen(query.figures):
        reading = figure.reading(query.readings.get(figure.id))
        above, below = columns_of(reading, sums, query)
        if below is None:
            found[figure.id] = above
        else:
            factor = FACTOR.get(figure.unit, 1.0)
            found[figure.id] = np.divide(above * factor, below, out=np.full_like(above, np.nan), where=below > 0)
    return found
