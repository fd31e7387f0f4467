# SPDX-License-Identifier: Apache-2.0
"""Who stands in while somebody is away (A and B posts): the first handler stays the first handler."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.leave.selectors import is_on_leave
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import telling, trail
from zuoxi.tickets.models import OPEN_STATES, Cover, Ticket
from zuoxi.tickets.refusing import Refused

MOST = "service.agency.agents"


@enforces("CUS-008")
@transaction.atomic
def name_cover(
    staff: Staff,
    cover: Staff,
    *,
    rank: int,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    by: Staff | None,
) -> Cover:
    """Name who stands in for somebody. Raises Refused for himself, for too many, for an end before the beginning."""
    if staff.pk == cover.pk:
        raise Refused(_("Nobody stands in for himself."))
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(_("The end has to come after the beginning."))
    most = _most()
    standing = Cover.objects.filter(Cover.in_force(starts_at), staff=staff).exclude(cover=cover).count()
    if most is not None and standing >= most:
        raise Refused(_("%(name)s has %(most)s people to stand in already.") % {"name": staff.name, "most": most})
    return Cover.objects.create(
        staff=staff, cover=cover, rank=rank, starts_at=starts_at, ends_at=ends_at, reason=reason[:200], made_by=by
    )


def _most() -> int | None:
    handbook = site_handbook()
    try:
        return int(handbook.values_of(MOST)[-1][1])
    except NoSuchEntry:
        return None


def end_cover(cover: Cover, now: datetime) -> None:
    Cover.objects.filter(pk=cover.pk).update(ends_at=max(now, cover.starts_at))


def stand_in_for(staff: Staff, now: datetime) -> Staff | None:
    """Who does his tickets now: None while he is here, or when nobody who is here was named."""
    if not is_on_leave(staff.pk, now):
        return None
    rows = Cover.objects.filter(Cover.in_force(now), staff=staff).select_related("cover").order_by("rank", "pk")
    return next((one.cover for one in rows if not is_on_leave(one.cover_id, now)), None)


@enforces("CUS-004", "CUS-008")
def look_at(ticket: Ticket, now: datetime) -> bool:
    """Let the stand-in take over, or give it back; whether something changed."""
    responsible = ticket.owner or (None if ticket.department_id else ticket.first_handler)
    cover = stand_in_for(responsible, now) if responsible else None
    if (cover.pk if cover else None) == ticket.covered_by_id:
        return False
    ticket.covered_by = cover
    detail = {"staff": cover.code} if cover else {}
    trail.moved(ticket, "cover" if cover else "uncover", None, now, **detail)
    if cover:
        telling.tell(ticket, [cover], gettext_lazy("You stand in for %(number)s: %(title)s"))
    return True


def look_at_all(now: datetime) -> int:
    """The same for every open ticket of people who have somebody to stand in; how many changed hands."""
    away = list(Cover.objects.values_list("staff_id", flat=True).distinct())
    mine = Ticket.objects.filter(state__in=OPEN_STATES)
    rows = mine.filter(owner_id__in=away) | mine.filter(owner=None, department=None, first_handler_id__in=away)
    changed = 0
    for pk in (rows | mine.filter(covered_by__isnull=False)).values_list("pk", flat=True).distinct():
        with transaction.atomic():
            ticket = Ticket.objects.select_for_update().get(pk=pk)
            changed += ticket.state in OPEN_STATES and look_at(ticket, now)
    return changed
