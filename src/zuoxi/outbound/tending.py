# SPDX-License-Identifier: Apache-2.0
"""Everything about outbound calls that is done without anybody asking, once a second and once a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from zuoxi.outbound import dialler, turns
from zuoxi.outbound.campaigns import collect_overdue
from zuoxi.outbound.promising import tend_callbacks

SLOWLY: Final = timedelta(seconds=30)


class Tending:
    """The rounds of one process; the slow ones (callbacks, lists that are due) come every half minute."""

    def __init__(self) -> None:
        self._slow_at: datetime | None = None

    def round(self, now: datetime) -> dialler.Done:
        done = dialler.tick(now)
        done.dialled += turns.tend_turns(now)
        if self._slow_at is None or now - self._slow_at >= SLOWLY:
            self._slow_at = now
            tend_callbacks(now)
            collect_overdue(now)
        return done
