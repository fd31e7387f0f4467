# SPDX-License-Identifier: Apache-2.0
"""Tells those who plan the day how many contacts of its campaigns have to be called on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Q
from django.urls import reverse

from zuoxi.outbound.dial_rules import spans_of
from zuoxi.outbound.handbook import DIAL_RULES
from zuoxi.outbound.models import Campaign, Lead
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.falling_due import Due, provide_other_work

_DAY = timedelta(days=1)


def _due(first: datetime, last: datetime, now: datetime) -> list[Due]:
    """Of each campaign that runs on the day and has an end, what is left shared evenly over the days until then, to be
    called in the hours of its rule. One query."""
    if now >= last:
        return []
    handbook = site_handbook()
    day, today = first.astimezone(handbook.zone).date(), now.astimezone(handbook.zone).date()
    rows = Campaign.objects.filter(state=Campaign.State.RUNNING, ends_on__gte=day).filter(
        Q(begins_on=None) | Q(begins_on__lte=day)
    )
    left = Count("leads", filter=Q(leads__state__in=(Lead.State.WAITING, Lead.State.RESERVED)))
    found, reading = [], handbook.on(day)
    for one in rows.annotate(left=left).order_by("ends_on", "pk"):
        begins = max(today, one.begins_on or today)
        if not one.left or one.ends_on is None or day < begins:
            continue
        many = ceil(one.left / ((one.ends_on - begins) / _DAY + 1))
        spans = spans_of(reading.entry(DIAL_RULES, one.rule), reading)
        opens, closes = ((first + timedelta(hours=at.hour, minutes=at.minute)) for at in (spans[0][0], spans[-1][1]))
        since = max(opens, now, first)
        if since < closes:
            minutes, where = "staffing.other.contact_minutes", reverse("outbound:campaigns")
            found.append(Due(one.name, many, 0, since, min(closes, last), minutes, where, "outbound.see"))
    return found


provide_other_work(_due)
