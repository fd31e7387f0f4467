# SPDX-License-Identifier: Apache-2.0
"""Which requests somebody may see: his own, those he signs or has copies of, those of the people in his reach."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.approvals.access import OVERSEE
from zuoxi.approvals.models import Delegation, Filing, Request, Signature
from zuoxi.people.models import User
from zuoxi.people.selectors import Matter, scope_of, staff_of
from zuoxi.policy.marks import enforces


@enforces("SEC-013")
def visible_requests(user: User | AnonymousUser, now: datetime) -> QuerySet[Request]:
    """The requests that the person may open; for a stranger none."""
    staff = staff_of(user)
    if staff is None or not isinstance(user, User) or not user.is_active:
        return Request.objects.none()
    day = timezone.localdate(now)
    givers = Delegation.objects.filter(
        taker=staff, giver__isnull=False, revoked_at__isnull=True, from_on__lte=day, until_on__gte=day
    ).values("giver")
    signed = Signature.objects.filter(
        Q(approver=staff) | Q(decided_by=staff) | (Q(approver__in=givers) & Q(state=Signature.State.OPEN))
    )
    seen = Q(applicant=staff) | Q(submitted_by=user) | Q(pk__in=signed.values("request"))
    seen |= Q(pk__in=Filing.objects.filter(holder=staff).values("request"))
    if user.may(OVERSEE.code):
        seen |= Q(applicant__in=scope_of(user, day, Matter.STAFF).staff())
    return Request.objects.filter(seen)


def people_requests(user: User | AnonymousUser, now: datetime) -> QuerySet[Request]:
    """Those of other people in the person's reach."""
    staff = staff_of(user)
    if staff is None or not isinstance(user, User) or not user.may(OVERSEE.code):
        return Request.objects.none()
    reach = scope_of(user, timezone.localdate(now), Matter.STAFF).staff()
    return Request.objects.filter(applicant__in=reach).exclude(applicant=staff)
