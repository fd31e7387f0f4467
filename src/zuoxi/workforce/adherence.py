# SPDX-License-Identifier: Apache-2.0
"""The plan against what was: who of those rostered is at the telephone, and for how long. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zuoxi.workforce.facts import RosteredShift, Span

NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Adherence:
    """One shift against the states of its person. `first_seen` None: not seen yet; `present` within the spans only.

    `outside` is time at the telephone beside the shift, up to two hours around it.
    """

    shift: RosteredShift
    planned: timedelta
    present: timedelta
    outside: timedelta
    first_seen: datetime | None
    last_seen: datetime | None

    @property
    def ratio(self) -> float | None:
        """Share of the planned time that was spent signed in; None before the shift has begun."""
        return self.present / self.planned if self.planned else None

    @property
    def late(self) -> timedelta | None:
        """How long after the start he was first seen; nought when before it, None when not at all."""
        return None if self.first_seen is None else max(self.first_seen - self.shift.starts_at, NONE)


def overlap_of(one: Span, other: Span) -> timedelta:
    return max(min(one[1], other[1]) - max(one[0], other[0]), NONE)


def adherence_of(shift: RosteredShift, seen: Iterable[Span], now: datetime) -> Adherence:
    """What has passed of the shift against the signed-in stretches of its person."""
    margin = timedelta(hours=2)
    spans = [(start, min(end, now)) for start, end in shift.spans if start < now]
    planned = sum((end - start for start, end in spans), NONE)
    near = [one for one in seen if one[1] > shift.starts_at - margin and one[0] < shift.ends_at + margin]
    present = sum((overlap_of(span, one) for span in spans for one in near), NONE)
    around: Sequence[Span] = ((shift.starts_at - margin, shift.starts_at), (shift.ends_at, shift.ends_at + margin))
    outside = sum((overlap_of(span, one) for span in around for one in near), NONE)
    first = min((one[0] for one in near), default=None)
    last = max((one[1] for one in near), default=None)
    return Adherence(shift, planned, present, outside, first, last)
