# SPDX-License-Identifier: Apache-2.0
"""What time does: plans of a grade fall due, agreed times come near, lists run out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy

from zuoxi.approvals import services as approvals
from zuoxi.customers import selectors as customers
from zuoxi.followups.handbook import KINDS, PLANS
from zuoxi.followups.making import make, reading_at
from zuoxi.followups.models import FollowUpTask
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.web.measures import local_text

_SOON = timedelta(minutes=15)
_STILL = timedelta(hours=1)  # after a standstill somebody is reminded that late, and no later
MOST = 500  # new follow-ups of one plan in a night


@enforces("FUP-007")
def make_planned(now: datetime) -> dict[str, int]:
    """For every plan: customers of its grade whose last follow-up of the kind (or first day with us) lies so long back.
    Each plan makes at most a few hundred a night, so that a new plan does not flood the pool."""
    made = 0
    handbook, reading = site_handbook(), reading_at(now)
    for plan in handbook.entries(PLANS).values():
        if plan.kind not in handbook.entries(KINDS):
            continue
        since = now - timedelta(days=float(reading.number(plan.every_days)))
        asked = FollowUpTask.objects.filter(kind=plan.kind, made_at__gt=since, customer__isnull=False)
        lately = asked.values("customer_id")  # with one unknown among them nobody would be left
        rows = customers.of_grade(plan.grade).filter(made_at__lte=since).exclude(pk__in=lately)
        for customer in rows.order_by("pk")[:MOST]:
            subject = f"plan:{customer.pk}:{reading.on:%Y%m%d}"
            made += make(plan.kind, at=now, now=now, customer=customer, subject=subject) is not None
    return {"made": made}


def remind_booked(now: datetime) -> dict[str, int]:
    """Tell people of the times they agreed on, shortly before, once."""
    rows = FollowUpTask.objects.filter(
        state=FollowUpTask.State.BOOKED, booked_for__lte=now + _SOON, booked_for__gt=now - _STILL
    )
    told = 0
    for task in rows.select_related("assignee").order_by("booked_for", "pk"):
        if task.assignee is None or task.booked_for is None:
            continue
        text = approvals.Sentence(
            gettext_lazy("You agreed to call a customer at %(at)s."), at=local_text(task.booked_for, "hm")
        )
        dedupe = f"followup:{task.pk}:{task.booked_for:%Y%m%d%H%M}"
        told += approvals.notify(task.assignee, text, f"/followups/{task.pk}/", dedupe=dedupe) is not None
    return {"told": told}
