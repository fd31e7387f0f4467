# SPDX-License-Identifier: Apache-2.0
"""Calls of the days before the ledger began, from files: kept by queue and day, and laid before what the ledger has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Min
from numpy.typing import NDArray

from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces, records
from zuoxi.vault.services import record
from zuoxi.workforce.demand.history_file import HistoryDay
from zuoxi.workforce.demand.slots import HALVES
from zuoxi.workforce.demand_models import DemandHistory
from zuoxi.workforce.forecasting.series import Floats

Flags = NDArray[np.bool_]
_DAY = timedelta(days=1)
LEAST_DAYS, LOOKED_AT = 14, 28
"""Days of the ledger below which its level cannot be told, and days on either side that are compared."""
ALIKE = 1.5
"""The files are at the ledger's level up to so many times its calls, and down to the same part of them."""


@dataclass(frozen=True, slots=True)
class Past:
    """A queue's whole days: days × half hours of calls (nan: unknown), of answered ones and of their talk. `times`: by
    how much the files' calls were multiplied to be at the ledger's level."""

    first: date
    calls: Floats
    answered: Floats
    seconds: Floats
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class KeptHistory:
    """What of a queue came from files."""

    queue: str
    first: date
    last: date
    days: int
    files: tuple[str, ...]
    by: str
    at: datetime


@records("SCH-001")
@transaction.atomic
def keep_history(
    days: Mapping[tuple[str, date], HistoryDay], *, source: str, by: Staff, now: datetime
) -> tuple[int, int]:
    """Keep a file's days; a day of a queue that was kept before is replaced. (days kept, of them replaced)"""
    queues = {queue for queue, _day in days}
    span = (min(day for _queue, day in days), max(day for _queue, day in days))
    held = DemandHistory.objects.filter(queue__in=queues, day__range=span)
    known = set(held.values_list("queue", "day")) & set(days)
    DemandHistory.objects.bulk_create(
        [
            DemandHistory(
                queue=queue, day=day, calls=one.calls, handled=one.handled if any(one.handled) else [],
                source=source[:80], by=by, at=now,
            )
            for (queue, day), one in sorted(days.items(), key=itemgetter(0))  # two at once lock in one order
        ],
        batch_size=500, update_conflicts=True, unique_fields=["queue", "day"],
        update_fields=["calls", "handled", "source", "by", "at"],
    )  # fmt: skip
    record(
        "workforce.history.kept", who=by.code, at=now, days=len(days), replaced=len(known), queues=sorted(queues),
        file=source[:80],
    )  # fmt: skip
    return len(days), len(known)


@transaction.atomic
def drop_history(queue: str, *, by: Staff, now: datetime) -> int:
    """Take everything from files out of a queue's past; how many days."""
    count, _kinds = DemandHistory.objects.filter(queue=queue).delete()
    if count:
        record("workforce.history.dropped", who=by.code, at=now, queue=queue, days=count)
    return count


def kept_histories(queues: Collection[str]) -> dict[str, KeptHistory]:
    """Queue → what of it came from files. Two queries."""
    rows = DemandHistory.objects.filter(queue__in=list(queues))
    sums = rows.order_by().values("queue").annotate(first=Min("day"), last=Max("day"), days=Count("pk"), at=Max("at"))
    files: dict[str, dict[str, str]] = defaultdict(dict)
    for queue, source, name in rows.order_by("at").values_list("queue", "source", "by__name").distinct():
        files[queue][source] = name
    return {
        one["queue"]: KeptHistory(
            one["queue"], one["first"], one["last"], one["days"], tuple(files[one["queue"]]),
            next(reversed(files[one["queue"]].values()), ""), one["at"],
        )
        for one in sums
    }  # fmt: skip


@enforces("SCH-001")
def with_files(pasts: Mapping[str, Past], first: date, last: date, wraps: Mapping[str, float]) -> dict[str, Past]:
    """What the ledger has, and before and between it the days from files. A day on which the ledger has a call of the
    queue is the ledger's, but its first, on which it may have begun at noon: there the one that counts more. Before its
    first call a day that no file has is unknown. `wraps`: seconds of wrap-up by
    queue, which the files' handling times hold and the ledger's talk does not. Files at quite another level (counted in
    another way, queues cut anew) tell of weeks and hours, the ledger of how many. One query."""
    rows: dict[str, list[DemandHistory]] = defaultdict(list)
    for one in DemandHistory.objects.filter(day__range=(first, last)).order_by("day"):
        rows[one.queue].append(one)
    return dict(pasts) | {
        queue: _joined(pasts.get(queue), held, last, wraps.get(queue, 0.0)) for queue, held in rows.items()
    }


def _joined(past: Past | None, held: list[DemandHistory], last: date, wrap: float) -> Past:
    first = min(held[0].day, past.first) if past is not None else held[0].day
    length = (last - first).days + 1
    calls = np.full((length, HALVES), np.nan)
    answered, seconds = np.zeros((length, HALVES)), np.zeros((length, HALVES))
    silent = np.ones(length, np.bool_)
    if past is not None:
        begins = (past.first - first).days
        calls[begins:], answered[begins:], seconds[begins:] = past.calls, past.answered, past.seconds
        silent[begins:] = past.calls.sum(axis=1) == 0
    begun = int(np.argmin(silent))
    taken = np.zeros(length, np.bool_)
    for one in held:
        place = (one.day - first).days
        came = np.array([np.nan if value is None else float(value) for value in one.calls])
        part = place == begun and np.nansum(came) > np.nansum(calls[place])
        if not silent[place] and not part:
            continue
        taken[place] = True
        calls[place] = came
        answered[place] = seconds[place] = 0.0
        if one.handled:
            each = np.array([np.nan if value is None else float(value) for value in one.handled])
            told = ~np.isnan(each) & (np.nan_to_num(came) > 0)
            answered[place] = np.where(told, np.nan_to_num(came), 0.0)
            seconds[place] = np.where(told, np.nan_to_num(came) * np.maximum(np.nan_to_num(each) - wrap, 0.0), 0.0)
    times = 1.0 if past is None else _times(calls, taken, ~silent & ~taken, first)
    calls[taken] *= times
    answered[taken] *= times
    seconds[taken] *= times
    return Past(first, calls, answered, seconds, times)


def _times(calls: Floats, filed: Flags, ledger: Flags, first: date) -> float:
    """What the files' last days have to be multiplied by to be like the ledger's first whole ones, weekday by weekday
    and at hours that the files tell of; one where they are, or where too few days tell."""
    own, old = np.flatnonzero(ledger)[1:][:LOOKED_AT], np.flatnonzero(filed)[-LOOKED_AT:]
    if min(len(own), len(old)) < LEAST_DAYS:
        return 1.0
    totals = np.nansum(calls[:, ~np.isnan(calls[old]).all(axis=0)], axis=1)
    of_week = (np.arange(len(calls)) + first.weekday()) % 7
    shares = []
    for kind in range(7):
        now, before = (totals[days[of_week[days] == kind]] for days in (own, old))
        if len(now) and len(before) and np.median(before) > 0:
            shares.append(float(np.median(now) / np.median(before)))
    found = float(np.median(shares)) if shares else 0.0
    return found if 0 < found < 1 / ALIKE or found > ALIKE else 1.0
