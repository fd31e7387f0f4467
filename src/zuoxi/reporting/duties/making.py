# SPDX-License-Identifier: Apache-2.0
"""Making the to-dos: what the scheduler says is owed becomes rows when its time opens, once, whoever runs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties.centres import centre, duties_of
from zuoxi.reporting.duties.facts import DueItem, Duty
from zuoxi.reporting.duties.schedule import due_items
from zuoxi.reporting.handbook import OF_SHIFTS
from zuoxi.reporting.models import DutyHolder, DutyItem
from zuoxi.web.marks import enforces

FIRST = timedelta(days=1)
BACK = timedelta(days=3)
AHEAD = timedelta(days=75)
"""Longer than any duty opens before it is due, days off that it gives way to included."""
LONGEST_GAP = timedelta(days=62)
State = DutyItem.State


@dataclass(frozen=True, slots=True)
class Made:
    """What one run changed."""

    made: int
    handed_over: int
    dropped: int


def terms_of(duty: Duty, handbook: Handbook) -> dict[str, Any]:
    """What the handbook asks, as an item keeps it."""
    body = duty.body
    return {
        "zh": body.label.zh,
        "en": body.label.en,
        "pack": handbook.pack,
        "clauses": list(body.clauses),
        "ours": list(body.ours),
        "gap": body.gap,
        "to": list(body.to),
        "copies": list(body.copies),
        "channel": body.channel,
        "evidence": list(body.evidence),
        "template": [part.model_dump() for part in body.template],
        "prefill": body.prefill,
        "checks": list(body.checks),
        "sensitive": body.sensitive,
        "remind": sorted(body.remind, reverse=True),
        "escalate": body.escalate,
        "escalate_to": list(body.escalate_to),
        "every": body.when.every,
    }


@enforces(
    "RPT-001", "RPT-003", "RPT-004", "RPT-005", "RPT-006", "RPT-007", "RPT-008", "RPT-009", "RPT-010",
    "RPT-012", "RPT-013", "RPT-014", "RPT-015", "RPT-016", "RPT-017", "RPT-018", "RPT-019", "RPT-020", "RPT-021",
    "RPT-022", "RPT-024", "RPT-027", "RPT-028", "RPT-029", "RPT-030", "RPT-031", "RPT-032",
    "ORG-004", "ORG-006", "ORG-021", "TRN-002", "TRN-031", "TRN-033", "TRN-034", "QA-007", "QA-011", "QA-019",
    "SCH-002", "SCH-014", "PAY-001", "PAY-002", "MTG-001", "MTG-003", "MTG-005", "MTG-007", "MTG-009", "MTG-010",
    "ADM-025", "ADM-027",
)  # fmt: skip
def make_items(now: datetime, *, since: date | None = None) -> Made:
    """Bring the rows up to what is owed now. Running it again, or twice at the same time, changes nothing.

    Looks back to where the last run ended (at least `BACK`); `since` overrides where to begin.
    """
    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    first = since or _first(today)
    wanted = {item.key: (duty, item) for duty, item in owed(first, today, now, handbook)}
    with transaction.atomic():
        known = {
            (row.duty, row.occasion, row.slot): row
            for row in DutyItem.objects.select_for_update().filter(day__gte=first, set_by__isnull=True)
        }
        made = _create([pair for key, pair in wanted.items() if key not in known], handbook, now)
        over, dropped = _settle(known, {key: item for key, (_duty, item) in wanted.items()}, now)
    return Made(made, over, dropped)


def _first(today: date) -> date:
    """The day to look from: the day before the very first run, later three days before the last; two months at most."""
    runs = DutyItem.objects.filter(set_by__isnull=True).aggregate(first=Min("created_at"), last=Max("created_at"))
    if runs["last"] is None:
        return today - FIRST
    begun: date = runs["first"].astimezone(site_handbook().zone).date() - FIRST
    seen: date = runs["last"].astimezone(site_handbook().zone).date()
    return max(begun, min(today, seen) - BACK, today - LONGEST_GAP)


def owed(first: date, today: date, now: datetime, handbook: Handbook) -> list[tuple[Duty, DueItem]]:
    """Everything of the days from `first` on that has opened by now."""
    where = centre(first, today + timedelta(days=1), handbook)
    found = []
    for duty in duties_of(handbook):
        of_shifts = duty.body.when.every in (*OF_SHIFTS, "event")
        last = today + (timedelta(days=1) if of_shifts else min(AHEAD, timedelta(days=duty.body.opens + 12)))
        found += [(duty, item) for item in due_items(duty, first, last, where) if item.opens_at <= now]
    return found


def _create(pairs: list[tuple[Duty, DueItem]], handbook: Handbook, now: datetime) -> int:
    rows = [(row_of(duty, item, handbook, now), item) for duty, item in pairs]
    DutyItem.objects.bulk_create([row for row, _item in rows], batch_size=200, ignore_conflicts=True)
    kept = DutyItem.objects.filter(duty__in={row.duty for row, _ in rows}, day__in={row.day for row, _ in rows})
    ids = {(one.duty, one.occasion, one.slot): one.pk for one in kept}
    holders = [DutyHolder(item_id=ids[item.key], staff_id=staff) for _made, item in rows for staff in item.holders]
    DutyHolder.objects.bulk_create(holders, batch_size=400, ignore_conflicts=True)
    return len(rows)


def row_of(duty: Duty, item: DueItem, handbook: Handbook, now: datetime) -> DutyItem:
    """The row that an item becomes; not saved."""
    return DutyItem(
        duty=item.duty,
        occasion=item.occasion,
        slot=item.slot,
        day=item.day,
        position=item.position,
        vacant=item.vacant,
        team=item.team,
        about_first=item.about_first,
        about_last=item.about_last,
        opens_at=item.opens_at,
        earliest_at=item.earliest_at,
        due_at=item.due_at,
        inclusive=item.inclusive,
        closes_at=item.due_at + timedelta(days=duty.body.closes),
        terms=terms_of(duty, handbook),
        people=list(item.people),
        created_at=now,
    )


def _settle(known: dict[Any, DutyItem], wanted: dict[Any, DueItem], now: datetime) -> tuple[int, int]:
    """Open rows of whoever does not owe them any more go over; those whose occasion is gone are let off.

    A row that somebody has begun, or that is due already, stays as it is.
    """
    over = dropped = 0
    occasions = {(duty, occasion) for duty, occasion, _slot in wanted}
    people = _holders([row.pk for row in known.values()])
    for key, row in known.items():
        if row.state != State.OPEN or row.due_at <= now or row.handed_at is not None:
            continue
        item = wanted.get(key)
        if item is None:
            passed = (row.duty, row.occasion) in occasions
            row.state = State.HANDED_OVER if passed else State.EXCUSED
            row.reason = "" if passed else GONE
            row.excused_at = None if passed else now
            row.save(update_fields=["state", "reason", "excused_at"])
            over, dropped = over + passed, dropped + (not passed)
        elif set(item.holders) != people.get(row.pk, set()) or list(item.people) != row.people:
            _change_holders(row, item)
            over += 1
    return over, dropped


GONE = "gone"
"""Kept as the reason where a row no longer falls due (roster, post or handbook changed); pages say it in words."""


def _holders(items: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for item, staff in DutyHolder.objects.filter(item_id__in=list(items)).values_list("item_id", "staff_id"):
        found.setdefault(item, set()).add(staff)
    return found


def _change_holders(row: DutyItem, item: DueItem) -> None:
    row.holders.exclude(staff_id__in=item.holders).delete()
    DutyHolder.objects.bulk_create(
        [DutyHolder(item=row, staff_id=staff) for staff in item.holders], ignore_conflicts=True
    )
    row.vacant, row.people, row.position = item.vacant, list(item.people), item.position
    row.save(update_fields=["vacant", "people", "position"])
