# SPDX-License-Identifier: Apache-2.0
"""A month judged again under a proposal, in the background, and its totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from zuoxi.jobs.services import enqueue
from zuoxi.policy.amending import Person
from zuoxi.policy.handbook import Change, Handbook
from zuoxi.policy.models import Amendment, ReplayChange, ReplayRun
from zuoxi.policy.replays import Changed, Progress, replays
from zuoxi.policy.site import site_handbook

_BATCH = 1000
_LONG = timedelta(days=62)  # a month and its last shift across midnight
CENT = Decimal("0.01")


class NoSuchMonth(ValueError):
    """Nobody can judge that month again."""


def ask(amendment: Amendment, month: date, by: Person, now: datetime, *, user: int | None = None) -> ReplayRun:
    """Have a month judged again; the run exists when the caller's transaction commits. Raises NoSuchMonth."""
    if not any(month in one.months() for one in replays().values()):
        raise NoSuchMonth(month.isoformat())
    with transaction.atomic():
        run = ReplayRun.objects.create(amendment=amendment, month=month, asked_by=by.code, asked_at=now)
        job = enqueue("policy.replay", key=f"replay:{run.pk}", by=user, run_id=run.pk)
        ReplayRun.objects.filter(pk=run.pk).update(job=job.pk)
    run.refresh_from_db()
    return run


def under(handbook: Handbook, amendment: Amendment, month: date) -> Handbook:
    """The handbook as it would have stood that month: the proposal holds from its first day on."""
    value = tuple(amendment.value) if isinstance(amendment.value, list) else amendment.value
    return handbook.changed(Change(amendment.figure, month, value, month + _LONG))


@dataclass(slots=True)
class _Totals:
    """What one team (or everybody) would have seen."""

    changes: int = 0
    people: set[int] = field(default_factory=set)
    money: Decimal = Decimal(0)
    ways: Counter[str] = field(default_factory=Counter)

    def add(self, one: Changed) -> None:
        self.changes += 1
        self.people.add(one.staff_id)
        self.money += one.money
        self.ways[f"{one.before.outcome}>{one.after.outcome}"] += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "changes": self.changes,
            "people": len(self.people),
            "money": str(self.money.quantize(CENT)),
            "ways": dict(self.ways.most_common()),
        }


def work(run: ReplayRun, now: Callable[[], datetime], progress: Progress) -> dict[str, Any]:
    """Judge the month again and keep what comes out differently. May be run again: it begins anew."""
    before = site_handbook()
    after = under(before, run.amendment, run.month)
    teams: defaultdict[str, _Totals] = defaultdict(_Totals)
    everybody = _Totals()
    ReplayChange.objects.filter(run=run).delete()
    batch: list[ReplayChange] = []
    for one in _all_changes(before, after, run.month, progress):
        teams[one.team].add(one)
        everybody.add(one)
        batch.append(_row(run, one))
        if len(batch) >= _BATCH:
            ReplayChange.objects.bulk_create(batch)
            batch = []
    ReplayChange.objects.bulk_create(batch)
    summary = {
        "all": everybody.as_json(),
        "teams": {team: totals.as_json() for team, totals in sorted(teams.items())},
    }
    run.summary = summary
    run.done_at = now()
    run.save(update_fields=["summary", "done_at"])
    return summary


def _all_changes(before: Handbook, after: Handbook, month: date, progress: Progress) -> Iterator[Changed]:
    for one in replays().values():
        if month in one.months():
            yield from one.again(before, after, month, progress)


def _row(run: ReplayRun, one: Changed) -> ReplayChange:
    return ReplayChange(
        run=run,
        team=one.team[:80],
        staff_code=one.staff_code,
        staff_name=one.staff_name[:80],
        day=one.day,
        before=one.before.as_json(),
        after=one.after.as_json(),
        money=one.money.quantize(CENT),
    )
