# SPDX-License-Identifier: Apache-2.0
"""Coming home safely after a shift: everybody says so himself, or is telephoned; who is missing is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties.centres import centre
from zuoxi.reporting.duties.delivering import NotNow, hand_in, superiors
from zuoxi.reporting.models import DutyItem, HomeSafe
from zuoxi.vault.services import record
from zuoxi.web.marks import enforces

SHOWN_FOR = timedelta(hours=14)
"""How long after its end a shift is still asked about: until the next one begins."""


@dataclass(frozen=True, slots=True)
class Homecoming:
    """The shift that somebody is asked about. `safe` None: not said yet."""

    day_iso: str
    starts_at: datetime
    ends_at: datetime
    safe: HomeSafe | None

    def over(self, now: datetime) -> bool:
        return self.ends_at <= now


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody of a shift, and when he said that he is home."""

    staff: Staff
    safe: HomeSafe | None


def homecoming(staff: Staff, now: datetime) -> Homecoming | None:
    """The last shift that ended, else the one that is running; None when neither is there."""
    today = now.astimezone(site_handbook().zone).date()
    mine = [
        one for one in centre(today - timedelta(days=1), today).shifts if one.staff == staff.pk and one.starts_at <= now
    ]
    recent = [one for one in mine if one.ends_at + SHOWN_FOR > now]
    if not recent:
        return None
    last = max(recent, key=lambda one: one.ends_at)
    safe = HomeSafe.objects.filter(staff=staff, ended_at=last.ends_at).select_related("said_by").first()
    return Homecoming(last.day.isoformat(), last.starts_at, last.ends_at, safe)


@enforces("RPT-011")
def say_safe(staff: Staff, now: datetime, by: Staff) -> HomeSafe:
    """Write down that somebody is home after his last shift; what he owes of it himself goes out. Raises NotNow."""
    if by != staff and by not in superiors(staff, now):
        raise NotNow(_("Only somebody above writes this down for another."))
    last = homecoming(staff, now)
    if last is None:
        raise NotNow(_("No shift has ended."), _("The button opens when a shift is over."))
    if not last.over(now):
        raise NotNow(_("The shift is not over yet."), _("Say so when you are home."))
    try:
        with transaction.atomic():
            safe = HomeSafe.objects.create(
                staff=staff, day=last.day_iso, ended_at=last.ends_at, safe_at=now, said_by=by
            )
            if by != staff:
                record("reporting.safe.for_other", who=by.code, on=("staff", staff.code))
    except IntegrityError:
        return HomeSafe.objects.select_related("said_by").get(staff=staff, ended_at=last.ends_at)
    _hand_in_own(staff, last.ends_at, now)
    return safe


def _hand_in_own(staff: Staff, ended_at: datetime, now: datetime) -> None:
    rows = DutyItem.objects.filter(holders__staff=staff, terms__prefill="home_safe", handed_at__isnull=True)
    for item in rows.filter(opens_at=ended_at, state__in=(DutyItem.State.OPEN, DutyItem.State.MISSED)):
        local = now.astimezone(site_handbook().zone)
        hand_in(item, staff, f"{staff.name}（{staff.code}）已于{local:%m-%d %H:%M}平安到家。", {}, now)


def expected(item: DutyItem) -> list[Expected]:
    """The people of the shift that a safe-return report is about, whoever is missing first. Two queries."""
    return expected_of(item.people, item.opens_at)


def expected_of(staff_ids: list[int], ended_at: datetime) -> list[Expected]:
    said = {
        one.staff_id: one
        for one in HomeSafe.objects.filter(ended_at=ended_at, staff_id__in=staff_ids).select_related("said_by")
    }
    rows = [Expected(one, said.get(one.pk)) for one in people.staff_by_id(staff_ids).values()]
    return sorted(rows, key=lambda row: (row.safe is not None, row.staff.code))


def not_home(item: DutyItem) -> list[str]:
    """Names of whoever of the shift was not heard of; the holder himself where it is his own report."""
    if item.terms.get("prefill") == "home_safe":
        return [one.staff.name for one in item.holders.select_related("staff")]
    return [row.staff.name for row in expected(item) if row.safe is None]
