# SPDX-License-Identifier: Apache-2.0
"""Records coming into the ledger, from the switch and by people's hands; each comes in once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction

from zuoxi.attendance.models import Correction, Direction, Punch, Source
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces, records
from zuoxi.telephony import selectors as telephony
from zuoxi.vault import services as vault

_DAY = timedelta(days=1)
BATCH = 1000


def key_of(source: str, staff_code: str, direction: str, at: datetime, device: str = "") -> str:
    """What makes a record the same record: source, person, direction, second, device."""
    return f"{source}:{staff_code}:{direction}:{int(at.timestamp())}:{device}"[:100]


def add(punches: Iterable[Punch]) -> int:
    """Write records down; those that are there already are passed over. How many were new."""
    before = Punch.objects.count()
    rows = list(punches)
    for start in range(0, len(rows), BATCH):
        Punch.objects.bulk_create(rows[start : start + BATCH], ignore_conflicts=True)
    return Punch.objects.count() - before


def known_keys(keys: Iterable[str]) -> set[str]:
    """Which of the keys the ledger holds."""
    wanted, found = list(keys), set[str]()
    for start in range(0, len(wanted), 500):
        found.update(Punch.objects.filter(key__in=wanted[start : start + 500]).values_list("key", flat=True))
    return found


@records("ATT-002", "CALL-010")
def take_from_switch(since: datetime, until: datetime, now: datetime) -> int:
    """Sign-ins and sign-outs at the phones of [since, until) into the ledger; how many were new.

    A spell still going on has no sign-out yet; taking the time again brings it in.
    """
    staff = {one.code: one.pk for one in people.working_staff(since.date())}
    seats = telephony.seats_of()
    return add(_of_spells(since, until, now, staff, seats))


def _of_spells(
    since: datetime, until: datetime, now: datetime, staff: dict[str, int], seats: dict[str, str]
) -> Iterator[Punch]:
    for agent, spell in telephony.spells_between(since, until, now):
        if agent not in staff:
            continue
        note = f"{spell.unknown} s" if spell.unknown else ""
        for direction, at in ((Direction.IN, spell.in_at), (Direction.OUT, spell.out_at)):
            if at is not None:
                yield Punch(
                    staff_id=staff[agent],
                    at=at,
                    direction=direction,
                    source=Source.SWITCH,
                    device=seats.get(agent, ""),
                    raw=note,
                    key=key_of(Source.SWITCH, agent, direction, at),
                    recorded_at=now,
                )


def take_days(first: date, last: date, handbook: Handbook, now: datetime) -> int:
    """The same for whole days of the site."""
    begin = datetime.combine(first, time(), handbook.zone)
    return take_from_switch(begin, datetime.combine(last + _DAY, time(), handbook.zone), now)


class Superseded(Exception):
    """Somebody else has corrected this record meanwhile."""


@enforces("ATT-022", "ATT-024")
@transaction.atomic
def correct(
    staff: Staff,
    day: date,
    *,
    reason: str,
    by: str,
    now: datetime,
    original: Punch | None = None,
    at: datetime | None = None,
    direction: str = Direction.IN,
    evidence: str = "",
    decided_by: str = "",
    request_number: str = "",
) -> Correction:
    """Put a record right: `original` counts no longer, one at `at` counts instead (None: nothing). Both stay readable.

    Raises ValueError without reason or without anything to do, Superseded when the record was corrected before.
    """
    if not reason.strip():
        raise ValueError("a correction says why")
    if original is None and at is None:
        raise ValueError("a correction changes something")
    if original is not None:
        original = Punch.objects.select_for_update().get(pk=original.pk, staff=staff)
        if Correction.objects.filter(original=original).exists():
            raise Superseded
    punch = None
    if at is not None:
        taken = Correction.objects.filter(staff=staff, day=day).count()
        punch = Punch.objects.create(
            staff=staff,
            at=at,
            direction=direction,
            source=Source.CORRECTION,
            raw=request_number,
            by=by,
            key=f"correction:{staff.code}:{day:%Y%m%d}:{taken}:{direction}:{int(at.timestamp())}",
            recorded_at=now,
        )
    made = Correction.objects.create(
        staff=staff,
        day=day,
        original=original,
        punch=punch,
        reason=reason.strip()[:400],
        evidence=evidence.strip()[:400],
        by=by,
        decided_by=decided_by,
        request_number=request_number,
        at=now,
    )
    vault.record(
        "attendance.corrected",
        who=by,
        on=("staff", staff.code),
        day=day.isoformat(),
        request=request_number,
        reason=made.reason,
    )
    return made
