# SPDX-License-Identifier: Apache-2.0
"""Whose leave somebody sees; the only place in this package that knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zuoxi.approvals.models import Request
from zuoxi.approvals.selectors import requests_of_kind
from zuoxi.leave.asking import CODE
from zuoxi.leave.models import Contact, Leave
from zuoxi.people.models import Staff
from zuoxi.people.selectors import everybody, scope_of


def visible_staff(user: Any, today: date) -> QuerySet[Staff]:
    """One's own people and oneself; human resources sees everybody."""
    return everybody() if user.may("leave.balances.change") else scope_of(user, today).staff()


def visible_leaves(user: Any, today: date) -> QuerySet[Leave]:
    return Leave.objects.filter(staff__in=visible_staff(user, today).order_by().values("pk"))


def visible_requests(user: Any, today: date) -> QuerySet[Request]:
    """Requests for leave that are not decided yet, of the people in reach."""
    people = visible_staff(user, today).order_by().values("pk")
    return requests_of_kind(CODE, Request.State.OPEN).filter(applicant__in=people)


def visible_contacts(user: Any, today: date) -> QuerySet[Contact]:
    """Contacts owed to the people in reach, oneself left out."""
    people = visible_staff(user, today).exclude(user_id=user.pk).order_by().values("pk")
    return Contact.objects.filter(leave__staff__in=people)
