# SPDX-License-Identifier: Apache-2.0
"""Bonus points: asked for on the ground of a matter, reviewed by the leader, granted by whoever may grant as many."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Request
from zuoxi.approvals.services import NotDone
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import identities_of
from zuoxi.orders.facts import PointsFacts
from zuoxi.orders.models import Order, PointsEntry, PointsGrant
from zuoxi.orders.rules import judge_points
from zuoxi.orders.selectors import granted_between
from zuoxi.orders.series import next_number
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

KIND = "points"


def month_of(day: date) -> tuple[datetime, datetime]:
    """First moment of the day's month and of the next."""
    zone = site_handbook().zone
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return (
        datetime.combine(first, datetime.min.time(), zone),
        datetime.combine(following, datetime.min.time(), zone),
    )


def finding_for(customer_id: int, points: int, now: datetime) -> Finding:
    """Who has to sign for so many points, this month's counted in."""
    day = timezone.localdate(now)
    known = granted_between(identities_of(customer_id), *month_of(day))
    return judge_points(PointsFacts(points, known), site_handbook().on(day))


@transaction.atomic
@enforces("ORD-007")
def ask_points(
    customer: Customer, points: int, *, reason: str, basis: str, basis_ref: str, by: Staff, now: datetime
) -> PointsGrant:
    """Ask for points. Raises NotDone for the same complaint or ticket twice, and where nobody could sign."""
    if points < 1 or len(reason.strip()) < 2:
        raise NotDone(_("Say how many points, and what for."))
    ref = basis_ref.strip().upper()
    if basis not in PointsGrant.Basis.values or not ref:
        raise NotDone(_("Name the complaint, ticket or order that the points are given for."))
    if basis == PointsGrant.Basis.ORDER and not _ordered(customer.pk, ref):
        raise NotDone(_("This customer has no order %(number)s.") % {"number": ref})
    known = PointsGrant.objects.filter(basis=basis, basis_ref=ref).exclude(state=PointsGrant.State.REFUSED).first()
    if known is not None:
        raise _twice(known)
    number = next_number(
        "J", now
    )  # first: it holds the day's series, so that the month's points are counted one by one
    finding = finding_for(customer.pk, points, now)
    try:
        with transaction.atomic():
            grant = PointsGrant.objects.create(
                number=number, customer=customer, points=points, reason=reason.strip()[:300],
                basis=basis, basis_ref=ref, finding=finding.as_json(), asked_by=by, asked_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise _twice(PointsGrant.objects.filter(basis=basis, basis_ref=ref).first()) from error
    data = {"grant": grant.number, "points": points, "customer": customer.pk, "reason": grant.reason}
    request = approvals.submit(KIND, by, data, by=by.user, now=now)
    PointsGrant.objects.filter(pk=grant.pk).update(request=request.number)
    grant.refresh_from_db()
    return grant


def _ordered(customer_id: int, number: str) -> bool:
    return Order.objects.filter(number=number, customer__in=identities_of(customer_id)).exists()


def _twice(known: PointsGrant | None) -> NotDone:
    return NotDone(
        _("Points were asked for this matter already (%(number)s).") % {"number": known.number if known else "—"},
        _("A matter is made good with points once."),
    )


def granted(request: Request) -> None:
    """The last one signed: the points are the customer's, until they expire."""
    grant = PointsGrant.objects.select_for_update().get(number=request.data["grant"])
    now = request.decided_at or timezone.now()
    months = site_handbook().on(timezone.localdate(now)).whole("points.valid_months")
    grant.state, grant.decided_at = PointsGrant.State.GRANTED, now
    grant.expires_on = _months_later(timezone.localdate(now), months)
    grant.request = request.number
    grant.save()
    PointsEntry.objects.create(customer=grant.customer, grant=grant, what="granted", points=grant.points, at=now)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def refused(request: Request) -> None:
    PointsGrant.objects.filter(number=request.data["grant"], state=PointsGrant.State.ASKED).update(
        state=PointsGrant.State.REFUSED, decided_at=request.decided_at
    )


@transaction.atomic
def expire_points(today: date, now: datetime) -> int:
    """Take points back whose last day has passed; returns how many grants."""
    due = PointsGrant.objects.select_for_update().filter(state=PointsGrant.State.GRANTED, expires_on__lt=today)
    grants = list(due)
    for grant in grants:
        grant.state = PointsGrant.State.EXPIRED
        PointsEntry.objects.create(customer=grant.customer, grant=grant, what="expired", points=-grant.points, at=now)
    PointsGrant.objects.bulk_update(grants, ["state"])
    return len(grants)
