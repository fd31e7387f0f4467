# SPDX-License-Identifier: Apache-2.0
"""Which complaints, praise and findings a person sees; the only place in this package that knows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.complaints.models import Complaint, PersonFinding, Praise, Suggestion, TrainingNeed, Verification
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces

Matter, Reach = people.Matter, people.Reach


def _hears_everything(user: Any) -> bool:
    """Whoever may hear every conversation of the centre verifies every complaint (C-10)."""
    return people.scope_of(user, timezone.localdate(), Matter.RECORDINGS).everything


def _reached(user: Any) -> QuerySet[Staff]:
    return people.scope_of(user, timezone.localdate(), Matter.OPERATIONS).staff().order_by()


@enforces("CMP-004")
def visible_complaints(user: Any) -> QuerySet[Complaint]:
    """About people in reach, one's own to receive, handle or answer for; those about nobody to who may handle."""
    if not user.may("complaints.view"):
        return Complaint.objects.none()
    if _hears_everything(user):
        return Complaint.objects.all()
    me = people.staff_of(user)
    mine = Q(first_receiver=me) | Q(handler=me) | Q(responsible=me) if me else Q(pk__in=[])
    found = mine | Q(about_staff__in=_reached(user).values("pk"))
    if user.may("complaints.handle"):
        found |= Q(about_staff__isnull=True)
    return Complaint.objects.filter(found)


def visible_praise(user: Any) -> QuerySet[Praise]:
    if not user.may("complaints.view"):
        return Praise.objects.none()
    if _hears_everything(user):
        return Praise.objects.all()
    me = people.staff_of(user)
    found = Q(staff__in=_reached(user).values("pk")) | (Q(first_receiver=me) if me else Q(pk__in=[]))
    if user.may("complaints.handle"):
        found |= Q(staff__isnull=True)
    return Praise.objects.filter(found)


@enforces("CMP-004")
def visible_findings(user: Any) -> QuerySet[PersonFinding]:
    """What was found about people: those in reach for who may know of findings; to everybody his own."""
    me = people.staff_of(user)
    own = Q(staff=me) if me else Q(pk__in=[])
    if not user.may("complaints.findings"):
        return PersonFinding.objects.filter(own)
    if _hears_everything(user):
        return PersonFinding.objects.all()
    return PersonFinding.objects.filter(own | Q(staff__in=_reached(user).values("pk")))


def visible_verifications(user: Any) -> QuerySet[Verification]:
    """All of them to who verifies; nobody else has an inbox of them."""
    return Verification.objects.all() if user.may("complaints.verify") else Verification.objects.none()


def visible_needs(user: Any) -> QuerySet[TrainingNeed]:
    """All to who follows them; to everybody else his own."""
    if user.may("complaints.needs"):
        return TrainingNeed.objects.all()
    me = people.staff_of(user)
    return TrainingNeed.objects.filter(staff=me) if me else TrainingNeed.objects.none()


def visible_suggestions(user: Any) -> QuerySet[Suggestion]:
    """The whole file to who handles; agents see what they took in."""
    if user.may("complaints.handle"):
        return Suggestion.objects.all()
    me = people.staff_of(user)
    return Suggestion.objects.filter(first_receiver=me) if me else Suggestion.objects.none()


def knows_people(user: Any, complaint: Complaint) -> bool:
    """Whether steps and findings about the person are for his eyes."""
    me = people.staff_of(user)
    return user.may("complaints.findings") or (me is not None and complaint.about_staff_id == me.pk)


def knows_customer(user: Any, complaint: Complaint) -> bool:
    """Who is complained about is not told who complains: never of an anonymous one, and else no number (CMP-007)."""
    me = people.staff_of(user)
    judged = me is not None and complaint.about_staff_id == me.pk
    return not (judged or (complaint.anonymous and not user.may("complaints.handle")))


@enforces("CMP-007")
def of_a_known_customer(user: Any, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Those that may stand beside their customer's name: without the unnamed ones whose customer is kept from him."""
    if not user.may("complaints.handle"):
        return rows.filter(anonymous=False)
    me = people.staff_of(user)
    return rows.filter(Q(anonymous=False) | ~Q(about_staff=me)) if me else rows
