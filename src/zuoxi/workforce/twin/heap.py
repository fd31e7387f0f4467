# SPDX-License-Identifier: Apache-2.0
"""Who comes first, compiled: a binary heap over two plain arrays, and a tournament whose leaves change their time."""

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


@compiled
def rematched(times: Any, winners: Any, leaf: Any, at: Any) -> None:
    """Set the time of a leaf and play its matches up to the root, or to where the winner stays the same."""
    place = (times.shape[0] >> 1) + leaf
    times[place] = at
    winner = leaf
    while place > 1:
        other_at, other = times[place ^ 1], winners[place ^ 1]
        less = other_at < at
        at = other_at if less else at
        winner = other if less else winner
        place >>= 1
        if times[place] == at and winners[place] == winner:
            break
        times[place] = at
        winners[place] = winner
