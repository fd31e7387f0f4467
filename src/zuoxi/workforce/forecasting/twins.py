# SPDX-License-Identifier: Apache-2.0
"""A queue that is new borrows the past of one that is like it, at its own scale."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from zuoxi.workforce.forecasting.series import History

_LEAST_CALLS = 50.0


def with_past_of(own: History, twin: History, share: float | None = None) -> History:
    """`own` with what came to `twin` before, times the share of its calls that `own` has had since it began.

    `share`: what somebody expects, taken while the two have too few calls together to tell. Raises ValueError for
    different intervals, or without a share where none can be told.
    """
    if own.minutes != twin.minutes:
        raise ValueError("twins are counted in the same intervals")
    step = timedelta(minutes=own.minutes)
    before = (own.start - twin.start) // step
    together = (
        twin.counts[max(before, 0) : before + len(own.counts)] if before + len(own.counts) > 0 else own.counts[:0]
    )
    mine = own.counts[max(-before, 0) : max(-before, 0) + len(together)]
    both = ~np.isnan(together) & ~np.isnan(mine)
    theirs = float(together[both].sum())
    if theirs >= _LEAST_CALLS:
        share = float(mine[both].sum()) / theirs
    if share is None:
        raise ValueError("say which share of the twin's calls the new queue will have")
    if before <= 0:
        return own
    past = twin.counts[:before] * share
    missing = before - len(past)
    gap = np.full(max(missing, 0), np.nan)
    return History(twin.start, own.minutes, np.concatenate([past, gap, own.counts]))
