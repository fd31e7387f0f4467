# SPDX-License-Identifier: Apache-2.0
"""Questions about requests and notices."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.approvals.deciding import entitled, open_step
from zuoxi.approvals.explaining import explained, role_name
from zuoxi.approvals.facts import LiveFacts
from zuoxi.approvals.listing import lines_of
from zuoxi.approvals.models import Delegation, Filing, Notice, Paper, Request, Signature
from zuoxi.approvals.routing import Chosen, choose
from zuoxi.approvals.rules import judge_go_live
from zuoxi.approvals.stepping import title_of, url_of
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import gates_passed, staff_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

__all__ = [
    "Chosen",
    "approver_now",
    "entitled",
    "explained",
    "filings_for",
    "go_live_of",
    "lines_of",
    "notices_of",
    "open_request_of",
    "open_step",
    "papers_awaited",
    "request",
    "requests_of",
    "requests_of_kind",
    "role_name",
    "title_of",
    "unread_count",
    "url_of",
    "waiting_count",
    "waiting_for",
]


def requests_of(staff: Staff) -> QuerySet[Request]:
    """What somebody has asked for, newest first."""
    return Request.objects.filter(applicant=staff).order_by("-submitted_at", "-pk")


def request(number: str) -> Request | None:
    """The request of that number; None for one that was never given."""
    return Request.objects.filter(number=number).select_related("applicant__user", "submitted_by").first()


def requests_of_kind(kind: str, *states: str) -> QuerySet[Request]:
    """All of one type, in the given states (none: any), newest first."""
    rows = Request.objects.filter(kind=kind).select_related("applicant")
    return rows.filter(state__in=states) if states else rows


def open_request_of(staff: Staff, kind: str) -> Request | None:
    """An undecided request of that type by that person."""
    return Request.objects.filter(applicant=staff, kind=kind, state=Request.State.OPEN).first()


def waiting_for(user: User | AnonymousUser, now: datetime) -> QuerySet[Request]:
    """What waits for the person: put before him, or before somebody he stands in for on that day."""
    staff = staff_of(user)
    if staff is None:
        return Request.objects.none()
    day = timezone.localdate(now)
    givers = Delegation.objects.filter(
        taker=staff, giver__isnull=False, revoked_at__isnull=True, from_on__lte=day, until_on__gte=day
    ).values("giver")
    mine = Signature.objects.filter(
        Q(approver=staff) | Q(approver__in=givers), state=Signature.State.OPEN, request__state=Request.State.OPEN
    ).exclude(request__applicant=staff)
    return Request.objects.filter(pk__in=mine.values("request")).select_related("applicant").order_by("submitted_at")


def waiting_count(user: User | AnonymousUser, now: datetime) -> int:
    return waiting_for(user, now).count()


def approver_now(word: str, applicant: Staff, kind: str, now: datetime) -> Chosen:
    """Who would sign a step of that role word for the applicant at the moment."""
    return choose(word, applicant, kind, now)


def notices_of(user: User | AnonymousUser) -> QuerySet[Notice]:
    """What the person was told, newest first."""
    return Notice.objects.filter(staff__user_id=user.pk) if user.is_authenticated else Notice.objects.none()


def unread_count(user: User | AnonymousUser) -> int:
    return notices_of(user).filter(read_at__isnull=True).count()


def filings_for(user: User | AnonymousUser) -> QuerySet[Filing]:
    """Copies that were put before the person, newest first."""
    staff = staff_of(user)
    rows = Filing.objects.filter(holder=staff) if staff else Filing.objects.none()
    return rows.select_related("request__applicant").order_by("-made_at", "-pk")


def papers_awaited(kind: str) -> QuerySet[Paper]:
    """Papers of granted requests of that type which are still to come."""
    rows = Paper.objects.filter(request__kind=kind, request__state=Request.State.APPROVED, state=Paper.State.OWED)
    return rows.select_related("request__applicant")


@enforces("ORG-036")
def go_live_of(staff: Staff, day: date) -> Finding:
    """Whether the person may sign in to calls: "cleared", or "not_cleared" with the gates that are missing."""
    return judge_go_live(LiveFacts(gates_passed(staff.pk)), site_handbook().on(day))
