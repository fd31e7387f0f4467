# SPDX-License-Identifier: Apache-2.0
"""Wishes for a roster: asked until a day of the month before, weighed when it is worked out, answered with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.people.selectors import names_of
from zuoxi.people.services import hold
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.board import Planning
from zuoxi.workforce.models import RosterChange, ShiftAssignment
from zuoxi.workforce.selectors import absences_between, spoken_days
from zuoxi.workforce.units import month_end
from zuoxi.workforce.wish_models import RosterWish
from zuoxi.workforce.wish_rules import RosterWishFacts

WAITING, GRANTED, LOST = "waiting", "granted", "lost"
STATES = {
    WAITING: pgettext_lazy("roster wish", "Waiting"),
    GRANTED: pgettext_lazy("roster wish", "Granted"),
    LOST: pgettext_lazy("roster wish", "Not granted"),
}
NOT_OFFERED, BY_HAND, UNWEIGHED = "pattern", "hand", "unweighed"
WHY = {
    "cover": gettext_lazy("More people were needed on that day than would have been left"),
    "limits": gettext_lazy("Rest, hours or days in a row would have been beyond their limits"),
    "hours": gettext_lazy("The even share of hours, nights and weekends would have suffered more"),
    "away": gettext_lazy("There is leave on that day"),
    "fixed": gettext_lazy("Something was written for that day before the roster was worked out"),
    NOT_OFFERED: gettext_lazy("This shift is not given to the post"),
    UNWEIGHED: gettext_lazy("The roster was written by hand"),
}
OFFERED_KINDS = ("work", "flex")
_FURTHEST = timedelta(days=365)


class WishRefused(ValueError):
    """Not kept; the message says why and what can be done."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a wish; `why` is empty while it waits, `cell` what the roster says of the day."""

    state: str
    why: str = ""
    cell: str = ""

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        return {WAITING: "plain", GRANTED: "good", LOST: "warn"}[self.state]


def last_day_of_asking(month: date) -> date:
    """Until when, that day included, wishes for a month are taken."""
    before = month.replace(day=1) - timedelta(days=1)
    return before.replace(day=min(site_handbook().on(before).whole("roster.wish.day"), before.day))


def wanted_shifts(position: str, month: date) -> list[tuple[str, str]]:
    """Codes and names of the shifts that somebody in the position may wish."""
    planning = Planning(month)
    return [
        (key, str(body.name))
        for key, body in planning.templates.items()
        if body.kind in OFFERED_KINDS and (body.seat or body.kind == "flex") and planning.fits(position, key)
    ]


@enforces("SCH-002")
@transaction.atomic
def ask_wish(staff: Staff, day: date, want: str, *, strong: bool, reason: str, now: datetime) -> RosterWish:
    """Keep a wish. Raises WishRefused when it comes too late, is one too many, or the roster is out already."""
    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    if day > today + _FURTHEST:
        raise WishRefused(_("That is too far ahead; wish for a day within the next year."))
    hold(staff.pk)  # two wishes at once are counted one after the other
    if spoken_days(staff.pk, day, day):
        raise WishRefused(_("The roster of that day is published already. Ask for a swap or for leave."))
    month = day.replace(day=1)
    held = list(standing(month, [staff.pk]))
    if any(one.day == day for one in held):
        raise WishRefused(_("You have a wish for that day already; withdraw it first."))
    facts = RosterWishFacts(
        months_ahead=(day.year - today.year) * 12 + day.month - today.month,
        asked_day=today.day,
        strong=strong,
        standing=len(held),
        standing_strong=sum(one.strong for one in held),
    )
    found = judge("roster.wish", facts, handbook, today)
    if found.outcome != "taken":
        raise WishRefused(str(found.why))
    try:
        with transaction.atomic():
            return RosterWish.objects.create(
                staff=staff, day=day, want=want, strong=strong, reason=reason[:200], asked_at=now
            )
    except IntegrityError:
        raise WishRefused(_("You have a wish for that day already; withdraw it first.")) from None


def withdraw_wish(wish: RosterWish, now: datetime) -> bool:
    """False when it was withdrawn already, or the roster of the day is out."""
    if spoken_days(wish.staff_id, wish.day, wish.day):
        return False
    return bool(RosterWish.objects.filter(pk=wish.pk, withdrawn_at__isnull=True).update(withdrawn_at=now))


def standing(month: date, staff_ids: Collection[int] | None = None) -> Any:
    """Wishes for a month that were not withdrawn."""
    rows = RosterWish.objects.filter(day__range=(month.replace(day=1), month_end(month)), withdrawn_at__isnull=True)
    return rows if staff_ids is None else rows.filter(staff_id__in=staff_ids)


def weight_of(wish: RosterWish, strong_factor: float) -> float:
    return strong_factor if wish.strong else 1.0


def keep_weighed(wishes: Iterable[RosterWish], lost: Mapping[tuple[int, date], str], now: datetime) -> int:
    """Write what each wish lost to when the roster was worked out; how many were granted."""
    rows, granted = list(wishes), 0
    for one in rows:
        one.weighed_at, one.lost_to = now, lost.get((one.staff_id, one.day), "")[:20]
        granted += not one.lost_to
    RosterWish.objects.bulk_update(rows, ["weighed_at", "lost_to"], batch_size=500)
    return granted


def fulfilled(want: str, parts: Sequence[tuple[str, str]], *, away: bool) -> bool:
    """Whether a day of these (template, kind) is what was wished; leave is as good as a day off."""
    if want == RosterWish.OFF:
        return away or all(kind == "rest" for _template, kind in parts)
    return not away and any(template == want for template, _kind in parts)


def fates_of(wishes: Sequence[RosterWish], *, drafts: bool = False) -> dict[int, Fate]:
    """Wish id → what became of it, by what is published (`drafts`: by what is written). Four queries at most."""
    if not wishes:
        return {}
    people = {one.staff_id for one in wishes}
    first, last = min(one.day for one in wishes), max(one.day for one in wishes)
    rows = ShiftAssignment.objects.filter(staff_id__in=people, day__range=(first, last)).order_by("place")
    if not drafts:
        rows = rows.filter(roster__state="published")
    cells: dict[tuple[int, date], list[tuple[str, str, str]]] = defaultdict(list)
    for staff, day, template, kind, clock in rows.values_list("staff_id", "day", "template", "kind", "clock"):
        cells[staff, day].append((template, kind, clock))
    away = _away(first, last, people)
    open_ones = [one for one in wishes if (one.staff_id, one.day) in cells]
    changed = _changed_by_hand(open_ones, cells, away)
    return {one.pk: _fate(one, cells, away, changed) for one in wishes}


def _away(first: date, last: date, people: Collection[int]) -> set[tuple[int, date]]:
    zone = site_handbook().zone
    found = set()
    for one in absences_between(first, last, people):
        day = max(one.starts_at.astimezone(zone).date(), first)
        until = min((one.ends_at - timedelta(seconds=1)).astimezone(zone).date(), last)
        while day <= until:
            found.add((one.staff_id, day))
            day += timedelta(days=1)
    return found


Cells = Mapping[tuple[int, date], list[tuple[str, str, str]]]


def _granted(wish: RosterWish, cells: Cells, away: Collection[tuple[int, date]]) -> bool:
    key = (wish.staff_id, wish.day)
    return fulfilled(wish.want, [(template, kind) for template, kind, _clock in cells[key]], away=key in away)


def _changed_by_hand(
    wishes: Sequence[RosterWish], cells: Cells, away: Collection[tuple[int, date]]
) -> dict[tuple[int, date], str]:
    """Who last changed the cells of wishes that the working out had granted and that are no longer so."""
    undone = [one for one in wishes if one.weighed_at and not one.lost_to and not _granted(one, cells, away)]
    if not undone:
        return {}
    rows = RosterChange.objects.filter(staff__in={one.staff_id for one in undone}, day__in={one.day for one in undone})
    by = {(staff, day): code for staff, day, code in rows.order_by(F("at").asc()).values_list("staff_id", "day", "by")}
    names = names_of(by.values())
    return {key: names.get(code, code) for key, code in by.items()}


def _fate(
    wish: RosterWish, cells: Cells, away: Collection[tuple[int, date]], changed: Mapping[tuple[int, date], str]
) -> Fate:
    key = (wish.staff_id, wish.day)
    if key not in cells:
        if wish.want == RosterWish.OFF and key in away:
            return Fate(GRANTED, str(WHY["away"]))
        return Fate(WAITING)
    cell = "+".join(template or clock for template, _kind, clock in cells[key])
    if _granted(wish, cells, away):
        return Fate(GRANTED, "", cell)
    if wish.lost_to:
        return Fate(LOST, str(WHY.get(wish.lost_to, wish.lost_to)), cell)
    if key in away:
        return Fate(LOST, str(WHY["away"]), cell)
    if wish.weighed_at:
        who = changed.get(key, "")
        said = _("It was granted at first; %(name)s changed the day by hand afterwards")
        return Fate(LOST, said % {"name": who or _("somebody")}, cell)
    return Fate(LOST, str(WHY[UNWEIGHED]), cell)
