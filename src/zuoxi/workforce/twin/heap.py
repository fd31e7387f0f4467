# SPDX-License-Identifier: Apache-2.0
"""A binary heap over two plain arrays, the earliest first, compiled."""

from __future__ import annotations

from typing import Any

from zuoxi.workforce.twin.luck import compiled


@compiled
def pushed(times: Any, codes: Any, size: Any, at: Any, code: Any) -> Any:
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if times[above] <= at:
            break
        times[place] = times[above]
        codes[place] = codes[above]
        place = above
    times[place] = at
    codes[place] = code
    return size + 1


@compiled
def popped(times: Any, codes: Any, size: Any) -> Any:
    """Takes the first away; what it was is read before."""
    size -= 1
    at, code = times[size], codes[size]
    place = 0
    below = 1
    while below < size:
        if below + 1 < size and times[below + 1] < times[below]:
            below += 1
        if times[below] >= at:
            break
        times[place] = times[below]
        codes[place] = codes[below]
        place = below
        below = 2 * place + 1
    times[place] = at
    codes[place] = code
    return size
