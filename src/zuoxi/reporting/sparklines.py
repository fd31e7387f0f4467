# SPDX-License-Identifier: Apache-2.0
"""A line of a figure's last periods, small enough to stand in a table. Drawn here, so that a page needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 108, 26, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Coordinates in a box of WIDTH × HEIGHT. `strokes`: runs of known values; unknown ones leave a gap."""

    strokes: tuple[str, ...]
    dot: tuple[str, str] | None
    target: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[Decimal | None], target: Decimal | None = None) -> Sparkline | None:
    """None where fewer than two values are known. The target's line is drawn where it lies near the values."""
    known = [float(one) for one in values if one is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    aim = float(target) if target is not None else None
    if aim is not None and low - (high - low or 1) * 2 <= aim <= high + (high - low or 1) * 2:
        low, high = min(low, aim), max(high, aim)
    else:
        aim = None
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)

    def height(value: float) -> float:
        share = 0.5 if high == low else (value - low) / (high - low)
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    points = [None if one is None else (MARGIN + at * step, height(float(one))) for at, one in enumerate(values)]
    strokes: list[list[str]] = [[]]
    for point in points:
        if point is None:
            strokes.append([])
        else:
            strokes[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    last = points[-1]
    return Sparkline(
        tuple(" ".join(stroke) for stroke in strokes if len(stroke) > 1),
        (f"{last[0]:.1f}", f"{last[1]:.1f}") if last else None,
        "" if aim is None else f"{height(aim):.1f}",
    )
