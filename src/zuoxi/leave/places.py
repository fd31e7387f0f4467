# SPDX-License-Identifier: Apache-2.0
"""Places: how many may be away at once, by duty supervisor or by shift, and how many are away from the centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count as DbCount

from zuoxi.leave.counting import Piece
from zuoxi.leave.models import Leave, LeaveDay, LeaveState, QuotaLock
from zuoxi.leave.routes import LEAVE_ROUTES
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_id, superior_of
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.web.roles import FLOOR_SUPERVISORS
from zuoxi.workforce import selectors as workforce

_DAY = timedelta(days=1)
UNBOUND = 10_000
_LINE = 4  # steps up the line in which a floor supervisor is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a leave needs on a day: whose (None: nobody is known), in which shift, how many are taken."""

    day: date
    duty: Staff | None
    shift: str
    taken: int


def duty_for(staff: Staff, pieces: Sequence[Piece]) -> dict[date, Staff | None]:
    """Day → the duty supervisor whose place the leave uses: the person's own when on duty, else whoever is on duty as
    the shift begins; without a roster of duties the person's own supervisor."""
    if not pieces:
        return {}
    own = _own_supervisor(staff, pieces[0].day)
    shifts = workforce.duties_between(pieces[0].day - _DAY, pieces[-1].day)
    people = staff_by_id({one.staff_id for one in shifts})
    found: dict[date, Staff | None] = {}
    for piece in pieces:
        on_duty = [one.staff_id for one in shifts if one.starts_at <= piece.starts_at < one.ends_at]
        on_duty = on_duty or [one.staff_id for one in shifts if one.day == piece.day]
        if own is not None and (own.pk in on_duty or not on_duty):
            found[piece.day] = own
        else:
            found[piece.day] = people.get(on_duty[0]) if on_duty else None
    return found


def _own_supervisor(staff: Staff, day: date) -> Staff | None:
    above: Staff | None = staff
    for _step in range(_LINE):
        above = superior_of(above, day) if above is not None else None
        if above is None or above.roles_on(day) & FLOOR_SUPERVISORS:
            return above
    return None


@enforces("ATT-019", "SCH-008")
def places_for(staff: Staff, pieces: Sequence[Piece], *, by_shift: bool) -> list[Place]:
    """What is taken already on each day of the leave, by others than the person."""
    duties = duty_for(staff, pieces)
    days = [piece.day for piece in pieces]
    rows = LeaveDay.objects.filter(day__in=days, counts=True, leave__state=LeaveState.APPROVED).exclude(staff=staff)
    column = "shift" if by_shift else "duty_id"
    taken = {
        (row["day"], row[column]): row["n"]
        for row in rows.order_by().values("day", column).annotate(n=DbCount("staff_id", distinct=True))
    }
    places = []
    for piece in pieces:
        duty = duties[piece.day]
        key = piece.shift if by_shift else duty.pk if duty else None
        places.append(Place(piece.day, duty, piece.shift, taken.get((piece.day, key), 0) if key else 0))
    return places


@enforces("ATT-020")
def centre_on_leave(days: Iterable[date], but: Staff) -> int:
    """The most people away on any of the days, long leave included, without the person."""
    wanted = sorted(days)
    if not wanted:
        return 0
    rows = Leave.objects.filter(state=LeaveState.APPROVED, first_on__lte=wanted[-1], last_on__gte=wanted[0])
    spells = list(rows.exclude(staff=but).values_list("staff_id", "first_on", "last_on"))
    return max(len({who for who, first, last in spells if first <= day <= last}) for day in wanted)


def places_a_day(reading: Reading) -> int:
    """How many may be away at once by the pack's quota; a number beyond every team where there is none."""
    body = reading.handbook.entries(LEAVE_ROUTES).get("leave.route")
    return int(reading.number(body.quota.figure)) if body and body.quota else UNBOUND


def lock_days(days: Sequence[date]) -> None:
    """Hold the days until the end of the transaction: places of them are counted and taken by one at a time."""
    wanted = sorted(set(days))
    QuotaLock.objects.bulk_create([QuotaLock(day=day) for day in wanted], ignore_conflicts=True)
    list(QuotaLock.objects.select_for_update().filter(day__in=wanted).order_by("day"))
