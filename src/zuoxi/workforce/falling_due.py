# SPDX-License-Identifier: Apache-2.0
"""Work beside the calls, as packages above say what of it falls due; put into the day by `other_work`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Due:
    """`count` pieces of a kind that fall due on a day, the last of them at `by`, none to be begun before `since`;
    `late` of them were due before. `figure` names the minutes that one takes, `url` where they stand, which only who
    has the `right` may open."""

    label: str | Promise
    count: int
    late: int
    since: datetime
    by: datetime
    figure: str
    url: str = ""
    right: str = ""


DueOn = Callable[[datetime, datetime, datetime], Iterable[Due]]
_told: list[DueOn] = []


def provide_other_work(due_on: DueOn) -> None:
    """Packages above tell here what falls due from one moment to before another, as it stands at a third; what is late
    by the first of them belongs to the stretch that holds the third."""
    if due_on not in _told:
        _told.append(due_on)


def due_between(first: datetime, last: datetime, now: datetime) -> list[Due]:
    """Everything that falls due in the stretch, the earliest first."""
    held = [one for told in _told for one in told(first, last, now) if one.count]
    return sorted(held, key=lambda one: (one.by, str(one.label)))
