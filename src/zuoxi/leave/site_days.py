# SPDX-License-Identifier: Apache-2.0
"""The site's own free and working days, laid over the pack's calendar of statutory holidays."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.services import NotDone
from zuoxi.leave.models import SiteDay
from zuoxi.policy.calendars import WorkCalendar, calendar_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


def site_calendar() -> WorkCalendar:
    """The pack's business calendar with the site's own days over it. One query."""
    body = calendar_of(site_handbook()).body
    own = dict(SiteDay.objects.values_list("day", "working"))
    working = {day for day, works in own.items() if works}
    free = set(own) - working
    return WorkCalendar(
        body.model_copy(
            update={
                "working": tuple(sorted((set(body.working) | working) - free)),
                "free": tuple(sorted((set(body.free) | free) - working)),
            }
        )
    )


@transaction.atomic
def set_day(day: date, *, working: bool, reason: str, by: str, now: datetime) -> SiteDay:
    """Work or rest on a day, whatever the country's calendar says. Raises NotDone without a reason."""
    if not reason.strip():
        raise NotDone(_("Say why the day differs from the calendar."), _("Write a short reason."))
    row, _made = SiteDay.objects.update_or_create(
        day=day, defaults={"working": working, "reason": reason.strip()[:200], "by": by, "at": now}
    )
    vault.record("leave.site_day.set", who=by, on=("day", day.isoformat()), working=working, reason=row.reason)
    return row


@transaction.atomic
def drop_day(day: date, *, by: str) -> bool:
    """Follow the country's calendar again; False when the day already does."""
    gone, _counts = SiteDay.objects.filter(day=day).delete()
    if gone:
        vault.record("leave.site_day.dropped", who=by, on=("day", day.isoformat()))
    return bool(gone)
