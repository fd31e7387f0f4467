# SPDX-License-Identifier: Apache-2.0
"""Rounds of the floor: beginning one, looking at a seat, handing it in; and whom chance chooses to be looked at."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor.conduct import judge_fault, record_violation
from zuoxi.floor.duty_judgements import PatrolsDueFacts, judge_patrols_due
from zuoxi.floor.handbook import AREAS, VIOLATIONS, AreaBody, ViolationBody
from zuoxi.floor.models import Patrol, PatrolCheck, Photo, SpotDraw
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.vault import services as vault
from zuoxi.web.roles import LEADERS
from zuoxi.workforce import selectors as workforce

SEAT_KINDS = ("agent", "leader", "expert", "quality", "counter")
DEPUTY = "ODM"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list at a seat: the area, and the faults of it that hold here and today."""

    key: str
    area: AreaBody
    items: tuple[tuple[str, ViolationBody], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A seat to be looked at. `staff` None: nobody sits there now."""

    seat: str
    kind: str
    staff_id: int | None
    code: str
    name: str


def checklist(handbook: Handbook, seat_kind: str, *, room: bool = False) -> list[Line]:
    """The lines of the list in order: of a seat of the kind, or of the room."""
    items = handbook.entries(VIOLATIONS)
    lines = []
    for key, area in handbook.entries(AREAS).items():
        if area.room != room:
            continue
        held = tuple(
            (code, body)
            for code, body in items.items()
            if body.area == key and body.patrol and (not body.seats or seat_kind in body.seats)
        )
        lines.append(Line(key, area, held))
    return sorted(lines, key=lambda line: line.area.order)


def shift_key(now: datetime) -> str:
    """The shift that rounds of now count for: the latest start of a shift in force, else the day."""
    book = site_handbook()
    local = now.astimezone(book.zone)
    shifts = workforce.on_shift(now)
    if not shifts:
        return f"{local.date()}"
    latest = max(shifts, key=lambda one: one.starts_at)
    return f"{latest.day}:{latest.template}"


def places(team_id: int | None, day: date) -> list[Place]:
    """The seats of a team (None: of everybody), by seat; people without a known seat stand under their number."""
    posts = people.posts_on(day, teams=None if team_id is None else [team_id])
    seats = telephony.seats_by_staff()
    found: dict[str, Place] = {}
    for post in posts:
        if post.position not in ("TSR", "CSR", *LEADERS):
            continue
        seat = seats.get(post.staff_id) or post.code
        kind = "leader" if post.position in LEADERS else "agent"
        found.setdefault(seat, Place(seat, kind, post.staff_id, post.code, post.name))
    return sorted(found.values(), key=lambda place: place.seat)


@transaction.atomic
def start(staff: Staff, team_id: int | None, now: datetime, *, draw: SpotDraw | None = None) -> Patrol:
    """Begin a round, or go on with the one that is under way."""
    standing = Patrol.objects.filter(walked_by=staff, submitted_at=None).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            return Patrol.objects.create(
                walked_by=staff, team_id=team_id, shift=shift_key(now), started_at=now, draw=draw,
                kind=Patrol.Kind.SPOT if draw else Patrol.Kind.ROUND,
            )  # fmt: skip
    except IntegrityError:
        return Patrol.objects.get(walked_by=staff, submitted_at=None)


def _under_way(pk: int, by: Staff) -> Patrol:
    patrol = Patrol.objects.select_for_update(of=("self",)).get(pk=pk)
    if patrol.walked_by_id != by.pk:
        raise Refused(_("Only whoever walks the round writes in it."))
    if patrol.submitted_at is not None:
        raise Refused(_("The round has been handed in; nothing can be added."))
    return patrol


@enforces("FLR-014", "FLR-015")
@transaction.atomic
def look_at_seat(
    pk: int,
    seat: str,
    *,
    seat_kind: str,
    staff: Staff | None,
    faults: Sequence[str],
    note: str,
    photos: Sequence[bytes],
    by: Staff,
    now: datetime,
) -> PatrolCheck:
    """Write down one seat. Faults of a person become violations to be looked at again; a seat is written once.

    `faults` are entries of the dictionary. Raises Refused; then nothing of the seat is kept.
    """
    patrol = _under_way(pk, by)
    book = site_handbook()
    day = now.astimezone(book.zone).date()
    known = book.entries(VIOLATIONS)
    if strange := [item for item in faults if item not in known]:
        raise Refused(_("The list has no line %(item)s.") % {"item": strange[0]})
    by_area: dict[str, list[str]] = {}
    for item in faults:
        by_area.setdefault(known[item].area, []).append(item)
    try:
        with transaction.atomic():
            check = PatrolCheck.objects.create(
                patrol=patrol, seat=seat[:16], seat_kind=seat_kind, staff=staff, at=now, faults=by_area,
                note=note.strip()[:300],
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("Seat %(seat)s is written down already in this round.") % {"seat": seat}) from None
    for jpeg in photos:
        Photo.objects.create(check_of=check, jpeg=jpeg, taken_by=by, taken_at=now)
    again = now + timedelta(minutes=book.on(day).whole("floor.patrol.recheck_minutes"))
    for item in faults if staff else ():
        if staff and judge_fault(staff, item, day, seat_kind=seat_kind, handbook=book).outcome == "counts":
            record_violation(
                staff, item, now, cause=f"patrol:{check.pk}:{item}", by=by, now=now, note=note, place=seat,
                seat_kind=seat_kind, recheck_at=again,
            )  # fmt: skip
    return check


@enforces("FLR-014")
@transaction.atomic
def submit(pk: int, room: Mapping[str, str], note: str, by: Staff, now: datetime) -> Patrol:
    """Hand the round in to the deputy manager. Raises Refused while no seat has been looked at."""
    patrol = _under_way(pk, by)
    if not patrol.checks.exists():
        raise Refused(_("Look at one seat at least before the round is handed in."))
    day = now.astimezone(site_handbook().zone).date()
    deputy = next(iter(people.holders_of(DEPUTY, day)), None)
    patrol.room, patrol.note = {key: text[:200] for key, text in room.items()}, note.strip()[:300]
    patrol.submitted_at, patrol.submitted_to = now, deputy
    patrol.save(update_fields=["room", "note", "submitted_at", "submitted_to"])
    vault.record("floor.patrol.submitted", who=by.code, on=("patrol", pk))
    if deputy is not None:
        count = patrol.checks.exclude(faults={}).count()
        said = Why(f"{by.name} 提交巡视记录，{count} 席有问题", f"{by.name} handed in a round: faults at {count} seats")
        approvals.notify(deputy, said, reverse("floor:patrol", args=[pk]), dedupe=f"patrol:{pk}")
    return patrol


@enforces("FLR-014")
def rounds_due(team_ids: Sequence[int] | None, now: datetime) -> Finding:
    """How many rounds of this shift are done, and whether that is enough."""
    book = site_handbook()
    rows = Patrol.objects.filter(shift=shift_key(now), submitted_at__isnull=False)
    if team_ids is not None:
        rows = rows.filter(team_id__in=list(team_ids))
    day = now.astimezone(book.zone).date()
    return judge_patrols_due(PatrolsDueFacts(rows.count(), day), book.on(day))


def drawn(seed: int, pool: Sequence[str], count: int) -> list[str]:
    """Whom the seed chooses from the pool: always the same for the same seed and pool. Pure."""
    return sorted(random.Random(seed).sample(sorted(pool), min(count, len(pool))))  # noqa: S311 - to be repeated


@enforces("FLR-015")
@transaction.atomic
def draw_spot_check(pool: Sequence[str], by: Staff, now: datetime) -> SpotDraw:
    """Let chance choose whom to look at; seed and pool are kept, so that anybody can repeat the draw."""
    if not pool:
        raise Refused(_("Nobody is at work whom chance could choose."))
    book = site_handbook()
    count = book.on(now.astimezone(book.zone).date()).whole("floor.spot_check.people")
    seed = secrets.randbits(48)
    made = SpotDraw.objects.create(
        seed=seed, pool=sorted(pool), chosen=drawn(seed, pool, count), drawn_by=by, drawn_at=now
    )
    vault.record("floor.spot_check.drawn", who=by.code, on=("draw", made.pk), seed=seed)
    return made
