# SPDX-License-Identifier: Apache-2.0
"""Waiting at a telephone queue in steady state, exactly: callers who wait for ever (Erlang C) or give up (Erlang A).

A plain library on arrays: every argument may be an array, they are broadcast, and all intervals are worked out at once.
Arrivals are Poisson (`rate`, calls a second), handling times and patience exponential with the given means in seconds.

Erlang C: A. K. Erlang, 1917. Erlang A: C. Palm, 1946; in the form of A. Mandelbaum and S. Zeltyn, "Service engineering
in action: the Palm/Erlang-A queue", 2007: with x = agents · patience / handle and y = rate · patience all follows from
A(x, y) = 1 + y/(x+1) + y²/((x+1)(x+2)) + …, which is kept as its logarithm, because it outgrows a float where many
more call than can be served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_AGENTS: Final = 1_000_000
_EPSILON: Final = 1e-17
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_SHIFT: Final = 16


class Impossible(ValueError):
    """A figure that cannot be; `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Steady:
    """What so many agents reach, one value for each interval.

    `service_level` is answered within the time ÷ offered; `asa_seconds` the mean wait of all callers (infinite where a
    queue only grows); `abandonment` is 0 for callers who wait for ever.
    """

    agents: Counts
    service_level: Floats
    asa_seconds: Floats
    occupancy: Floats
    wait_probability: Floats
    abandonment: Floats


def erlang_b(agents: ArrayLike, load: ArrayLike) -> Floats:
    """Share of calls lost where nobody can wait; `load` in erlang.

    1/B(n) = 1 + n/a · 1/B(n−1) has only positive terms, so nothing is lost to rounding, however large n is.
    """
    counts, loads = np.broadcast_arrays(np.asarray(agents, np.int64), np.asarray(load, np.float64))
    order = np.argsort(counts, axis=None, kind="stable")
    sorted_counts, sorted_loads = counts.ravel()[order], loads.ravel()[order]
    inverse = np.ones(sorted_counts.size)
    first = np.searchsorted(sorted_counts, np.arange(1, sorted_counts[-1] + 1 if sorted_counts.size else 1))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        steps = 1 / sorted_loads
        for count, start in enumerate(first, 1):
            part = inverse[start:]
            part *= steps[start:] * count
            part += 1
        found = np.empty(sorted_counts.size)
        found[order] = 1 / inverse
    lost = found.reshape(counts.shape)
    return np.where(loads <= 0, np.where(counts > 0, 0.0, 1.0), lost)


def steady_c(rate: ArrayLike, handle: ArrayLike, agents: ArrayLike, within: ArrayLike) -> Steady:
    """Callers who never give up."""
    calls, seconds, counts, limit = _together(rate, handle, agents, within)
    load = calls * seconds
    lost = erlang_b(counts, load)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spare = counts - load
        waits = np.where(spare > 0, counts * lost / (counts - load * (1 - lost)), 1.0)
        late = np.where(spare > 0, waits * np.exp(-spare * limit / seconds), 1.0)
        wait = np.where(spare > 0, waits * seconds / spare, np.inf)
        busy = np.where(counts > 0, np.minimum(load / counts, 1.0), 1.0)
    idle = load <= 0
    return Steady(
        counts,
        np.where(idle, 1.0, 1 - late),
        np.where(idle, 0.0, wait),
        np.where(idle, 0.0, busy),
        np.where(idle, 0.0, waits),
        np.zeros(load.shape),
    )


def steady_a(rate: ArrayLike, handle: ArrayLike, patience: ArrayLike, agents: ArrayLike, within: ArrayLike) -> Steady:
    """Callers who give up after an exponential time of mean `patience`."""
    calls, seconds, counts, limit, patient = _together(rate, handle, agents, within, patience)
    load = calls * seconds
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        x, y = counts * patient / seconds, calls * patient
        log_a = log_palm(x, y)
        lost = erlang_b(counts, load)
        waits = 1 / (1 + (1 / lost - 1) * np.exp(-log_a))
        share = np.exp(-log_a) * counts / load + 1 - counts / load
        gone = waits * np.clip(share, 0.0, 1.0)
        left = np.exp(-limit / patient)
        beyond = (x + 1) * np.log(left) + y * (1 - left) + log_palm(x + 1, y * left) - log_a
        served = x * (-np.expm1(-log_a)) / y - x / (x + 1) * np.exp(beyond)
        level = 1 - waits + waits * np.clip(served, 0.0, 1.0)
        busy = load * (1 - gone) / counts
    idle, nobody = load <= 0, counts <= 0
    return Steady(
        counts,
        np.where(idle, 1.0, np.where(nobody, 0.0, level)),
        np.where(idle, 0.0, np.where(nobody, patient, gone * patient)),
        np.where(idle, 0.0, np.where(nobody, 1.0, np.minimum(busy, 1.0))),
        np.where(idle, 0.0, np.where(nobody, 1.0, waits)),
        np.where(idle, 0.0, np.where(nobody, 1.0, gone)),
    )


def fewest(
    rate: ArrayLike,
    handle: ArrayLike,
    within: ArrayLike,
    target: ArrayLike,
    *,
    patience: ArrayLike | None = None,
    occupancy: ArrayLike = 1.0,
) -> Steady:
    """The smallest number of agents whose service level reaches `target` and whose occupancy stays within the cap.

    No agents where nobody calls. Raises Impossible for figures that cannot be, or when MOST_AGENTS are too few.
    """
    given = {"calls": rate, "aht": handle, "within": within, "target": target, "max_occupancy": occupancy}
    calls, seconds, limit, goal, cap, patient = _checked(given | ({} if patience is None else {"patience": patience}))

    def reach(counts: Counts) -> Steady:
        if patient is None:
            return steady_c(calls, seconds, counts, limit)
        return steady_a(calls, seconds, patient, counts, limit)

    def enough(counts: Counts) -> NDArray[np.bool_]:
        found = reach(counts)
        fine: NDArray[np.bool_] = (found.service_level >= goal) & (found.occupancy <= cap + 1e-12)
        return fine

    load = calls * seconds
    if load.size and load.max() > MOST_AGENTS:
        raise Impossible("calls", f"a load of {load.max():.0f} erlang is more than {MOST_AGENTS} agents carry")
    nobody = load <= 0
    floor = np.where(nobody, -1, np.floor(load) if patient is None else 0).astype(np.int64)  # known to be too few
    stride = np.maximum(1, np.sqrt(load) / 2).astype(np.int64)
    high = np.where(nobody, 0, np.maximum(np.ceil(load), floor + 1)).astype(np.int64)
    low = high.copy()
    fine = enough(high)
    down, up = fine & ~nobody, ~fine
    low = np.where(nobody, -1, low)
    while up.any():  # strides that double, until it is enough
        low, high = np.where(up, high, low), np.where(up, high + stride, high)
        if high.max() > MOST_AGENTS:
            raise Impossible("target", f"not reached with {MOST_AGENTS} agents")
        stride, up = np.where(up, stride * 2, stride), up & ~enough(high)
    while down.any():  # and back, until it is too few
        low = np.where(down, np.maximum(high - stride, floor), low)
        still = down & (low > floor) & enough(np.maximum(low, 0))
        high, stride, down = np.where(still, low, high), np.where(still, stride * 2, stride), still
    while (high - low > 1).any():
        middle = np.where(high - low > 1, (low + high) // 2, high)
        fine = enough(middle)
        low, high = np.where(fine, low, middle), np.where(fine, middle, high)
    return reach(high)


def log_palm(x: ArrayLike, y: ArrayLike) -> Floats:
    """log A(x, y) for x, y ≥ 0: the sum itself while it is short, else the whole gamma function less its upper part."""
    xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
    found = np.zeros(xs.shape)
    short = ys <= xs + 3 * np.sqrt(xs) + 30
    if short.any():
        found[short] = np.log(_series(xs[short], ys[short]))
    if not short.all():
        found[~short] = _whole_less_upper(xs[~short], ys[~short])
    return found


def _series(x: Floats, y: Floats) -> Floats:
    term, total, step = np.ones(x.shape), np.ones(x.shape), 0
    while True:
        step += 1
        term = term * y / (x + step)
        total = total + term
        if step % 8 == 0 and (term <= total * _EPSILON).all():
            return total


def _whole_less_upper(x: Floats, y: Floats) -> Floats:
    with np.errstate(under="ignore", divide="ignore"):
        whole = y - x * np.log(y) + _log_gamma(x + 1)
        return whole + np.log1p(-x * _upper(x, y) * np.exp(-whole))


def _upper(x: Floats, y: Floats) -> Floats:
    """Γ(x, y) · e^y · y^−x for y > x + 1, by its continued fraction (modified Lentz)."""
    b = y + 1 - x
    c, d = np.full(x.shape, 1e300), 1 / b
    step = 0
    h: Floats = d.copy()
    while True:
        step += 1
        a = -step * (step - x)
        b = b + 2
        d = a * d + b
        c = b + a / c
        d = 1 / d
        change = c * d
        h = h * change
        settled = step % 4 == 0 and bool((np.abs(change - 1) < 1e-16).all())
        if settled or step > 100_000:
            return h


def _log_gamma(x: Floats) -> Floats:
    """log Γ(x) for x ≥ 1, by Stirling's series where it is sharp."""
    small = x < _SHIFT
    shifted = np.where(small, x + _SHIFT, x)
    inverse = 1 / shifted
    square, tail, power = inverse * inverse, np.zeros(x.shape), inverse
    for factor in _STIRLING:
        tail = tail + factor * power
        power = power * square
    found = (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * np.log(2 * np.pi) + tail
    product = np.ones(x.shape)
    for step in range(_SHIFT):
        product = product * np.where(small, x + step, 1.0)
    whole: Floats = found - np.log(product)
    return whole


def _together(rate: Any, handle: Any, agents: Any, *more: Any) -> tuple[Any, ...]:
    given = np.broadcast_arrays(
        *(np.asarray(one, np.float64) for one in (rate, handle)),
        np.asarray(agents, np.int64),
        *(np.asarray(one, np.float64) for one in more),
    )
    return tuple(given)


def _checked(named: dict[str, Any]) -> tuple[Any, ...]:
    arrays = dict(zip(named, np.broadcast_arrays(*(np.asarray(v, np.float64) for v in named.values())), strict=True))
    for name, values in arrays.items():
        if not np.isfinite(values).all():
            raise Impossible(name, "is no number")
    for name in ("calls", "within"):
        if (arrays[name] < 0).any():
            raise Impossible(name, "is negative")
    for name in ("aht", "patience"):
        if name in arrays and (arrays[name] <= 0).any():
            raise Impossible(name, "has to be more than nought")
    if ((arrays["target"] <= 0) | (arrays["target"] >= 1)).any():
        raise Impossible("target", "lies above 0 and below 1")
    if ((arrays["max_occupancy"] <= 0) | (arrays["max_occupancy"] > 1)).any():
        raise Impossible("max_occupancy", "lies above 0 and up to 1")
    return (*arrays.values(), *(() if "patience" in arrays else (None,)))
