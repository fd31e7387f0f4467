# SPDX-License-Identifier: Apache-2.0
"""Writing down what a month comes to: people in batches, each batch read, judged and written at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from datetime import date, datetime
from hashlib import blake2b
from multiprocessing import get_context
from operator import attrgetter
from typing import Any, Final

from django.db import connection, transaction

from zuoxi.attendance import ledger, sharing
from zuoxi.attendance.computing import PersonMonth, compute, month_before, month_end
from zuoxi.attendance.grounds import Grounds
from zuoxi.attendance.judging import Judges
from zuoxi.attendance.models import DayRecord, MonthRecord, Sheet
from zuoxi.attendance.verdicts import DayVerdict
from zuoxi.attendance.writing import insert_many, without_collecting
from zuoxi.people import selectors as people
from zuoxi.policy.entries import FIGURES, SCALES
from zuoxi.policy.handbook import Handbook, as_text
from zuoxi.policy.selectors import site_handbook, suspended_rules

Progress = Callable[[int, int | None, str], None]
BATCH: Final = 250
_DAY_FIELDS: Final = (
    "staff_id", "day", "part", "status", "team_id", "template", "due_start", "due_end", "first_in", "last_out", "late",
    "early", "absence_days", "leave_kind", "leave_days", "due_minutes", "leave_minutes", "worked_minutes",
)  # fmt: skip
_MONTH_FIELDS: Final = (
    "staff_id", "month", "due_days", "present_days", "late", "early", "absence_days", "unknown_days", "excused_days",
    "unrostered_days", "longest_run", "open_run", "leave", "due_minutes", "worked_minutes",
)  # fmt: skip
_day_values = attrgetter(*_DAY_FIELDS)
_month_values = attrgetter(*_MONTH_FIELDS)


class Locked(Exception):
    """The month is locked: what it says stays; later knowledge is carried in an open month."""

    def __init__(self, month: date) -> None:
        super().__init__(f"{month:%Y-%m}")
        self.month = month


def fingerprint(handbook: Handbook) -> str:
    """Names what of the handbook attendance is judged by; another fingerprint, another judgement may follow."""
    parts: list[Any] = [handbook.pack]
    for key, body in handbook.entries(FIGURES).items():
        if key.startswith("attendance."):
            values = [(since.isoformat(), as_text(value)) for since, value in handbook.values_of(key)]
            parts.append([key, body.boundary, values])
    parts += [[key, body.model_dump_json()] for key, body in handbook.entries(SCALES).items() if "attendance" in key]
    parts += [rule for rule in suspended_rules() if rule.startswith("attendance.")]
    return blake2b(json.dumps(parts, ensure_ascii=False).encode(), digest_size=12).hexdigest()


def open_runs(month: date, staff_ids: Collection[int]) -> dict[int, int]:
    """Days absent in a row with which each person's month before ended."""
    rows = MonthRecord.objects.filter(month=month_before(month), staff_id__in=list(staff_ids), open_run__gt=0)
    return dict(rows.values_list("staff_id", "open_run"))


def is_locked(month: date) -> bool:
    return Sheet.objects.filter(month=month.replace(day=1), locked_at__isnull=False).exists()


def people_of(month: date) -> list[int]:
    """Everybody with a post in the month, and whoever has a record of it."""
    held = {post.staff_id for post in people.post_spells(month, month_end(month))}
    return sorted(held | set(MonthRecord.objects.filter(month=month).values_list("staff_id", flat=True)))


def judged(month: date, staff_ids: Collection[int], handbook: Handbook, now: datetime) -> Iterator[PersonMonth]:
    """What the people's month comes to under a handbook; nothing is written."""
    facts = ledger.read(month, month_end(month), handbook, staff_ids)
    yield from compute(facts, month, Judges(handbook), open_runs(month, staff_ids), now)


def recompute(
    month: date,
    now: datetime,
    staff_ids: Collection[int] | None = None,
    progress: Progress | None = None,
    processes: int = 1,
) -> int:
    """Judge a month anew and write it down; how many shifts. Raises Locked.

    `processes` above one shares the work out; each batch of people is written in one transaction of its own.
    """
    month = month.replace(day=1)
    if is_locked(month):
        raise Locked(month)
    everybody = people_of(month) if staff_ids is None else sorted(staff_ids)
    batches = [everybody[start : start + BATCH] for start in range(0, len(everybody), BATCH)]
    done = 0
    for number, shifts in enumerate(_shared_out(month, batches, now, processes), start=1):
        done += shifts
        if progress:
            progress(min(number * BATCH, len(everybody)), len(everybody), "")
    if staff_ids is None:
        _note_computed(month, now)
    return done


def _shared_out(month: date, batches: Sequence[Sequence[int]], now: datetime, processes: int) -> Iterator[int]:
    if processes < 2 or len(batches) < 2:
        for batch in batches:
            yield write_batch(month, batch, now)
        return
    database = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(processes, get_context("spawn"), sharing.begin, (str(database),)) as pool:
        waiting: list[Future[int]] = [
            pool.submit(sharing.call, f"{__name__}:write_batch", month, batch, now) for batch in batches
        ]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            for one in waiting:
                one.cancel()


def write_batch(month: date, staff_ids: Sequence[int], now: datetime) -> int:
    """Judge the people's month and write it down, all or nothing; how many shifts. Raises Locked."""
    with without_collecting():
        return _write_batch(month, staff_ids, now)


def _write_batch(month: date, staff_ids: Sequence[int], now: datetime) -> int:
    handbook = site_handbook()
    mark = fingerprint(handbook)
    grounds = Grounds()
    days: list[tuple[Any, ...]] = []
    months: list[tuple[Any, ...]] = []
    facts = ledger.read(month, month_end(month), handbook, staff_ids)
    for person in compute(facts, month, Judges(handbook), open_runs(month, staff_ids), now):
        days += [(*_day_values(one), _findings(one, grounds), mark, now) for one in person.days]
        team = facts.teams.get(person.staff_id)
        told = person.month.finding
        months.append((*_month_values(person.month), team, told.as_json() if told else {}, mark, now))
    with transaction.atomic():
        sheet = Sheet.objects.select_for_update().get_or_create(month=month)[0]
        if sheet.locked_at is not None:
            raise Locked(month)
        DayRecord.objects.filter(staff_id__in=list(staff_ids), day__range=(month, month_end(month))).delete()
        MonthRecord.objects.filter(staff_id__in=list(staff_ids), month=month).delete()
        grounds.save()
        insert_many(DayRecord, (*_DAY_FIELDS, "findings", "fingerprint", "computed_at"), days)
        insert_many(MonthRecord, (*_MONTH_FIELDS, "team_id", "finding", "fingerprint", "computed_at"), months)
    return len(days)


def _findings(one: DayVerdict, grounds: Grounds) -> dict[str, Any]:
    kept: dict[str, Any] = {name: grounds.kept(finding) for name, finding in one.findings.items()}
    if one.doubts:
        kept["doubts"] = list(one.doubts)
    return kept


def _note_computed(month: date, now: datetime) -> None:
    mark = fingerprint(site_handbook())
    Sheet.objects.get_or_create(month=month)
    Sheet.objects.filter(month=month, locked_at__isnull=True).update(computed_at=now, fingerprint=mark)
