# SPDX-License-Identifier: Apache-2.0
"""The random numbers of a call, compiled: the same call draws the same ones in every scenario."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

GOLD = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0

# Which of a call's random numbers is which.
HANDLING, PATIENT, COMES_AGAIN, COMES_AFTER, WANTS_CALLBACK, PASSED_ON, CHILD = 1, 3, 5, 6, 7, 8, 9


def compiled(function: Callable[..., Any]) -> Any:
    """Compiled without the interpreter's lock; kept on disk where a place for it can be written."""
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder for the cache: compile at each start
        return numba.njit(nogil=True)(function)


@compiled
def mixed(z: Any) -> Any:
    """SplitMix64's finisher."""
    z = (z ^ (z >> _S30)) * _ONE
    z = (z ^ (z >> _S27)) * _TWO
    return z ^ (z >> _S31)


@compiled
def drawn(base: Any, which: Any) -> Any:
    """A number above 0 and below 1: the call's `which`th."""
    return (np.float64(mixed(base + GOLD * np.uint64(which)) >> _S11) + 0.5) * _UNIT


@compiled
def lasting(base: Any, which: Any, mean: Any, cv: Any) -> Any:
    """Seconds with that mean and coefficient of variation; uses two of the call's numbers where it is lognormal."""
    if cv == 1.0:
        return -mean * math.log(drawn(base, which))
    if cv == 0.0 or mean == 0.0:
        return mean
    spread = math.log1p(cv * cv)
    normal = math.sqrt(-2.0 * math.log(drawn(base, which))) * math.cos(2.0 * math.pi * drawn(base, which + 1))
    return mean * math.exp(math.sqrt(spread) * normal - 0.5 * spread)


@compiled
def next_call(  # noqa: PLR0917 - plain arrays for the compiler
    base: Any, number: Any, now: Any, stretch: Any, edges: Any, rates: Any, queue: Any
) -> Any:
    """When the queue's next call comes, and in which stretch; infinite when no further one does."""
    need = -math.log(drawn(base, 2 * number))
    last = rates.shape[0]
    while stretch < last:
        rate = rates[stretch, queue]
        room = rate * (edges[stretch + 1] - now)
        if need <= room and rate > 0.0:
            return now + need / rate, stretch
        need -= room
        now = edges[stretch + 1]
        stretch += 1
    return np.inf, stretch
