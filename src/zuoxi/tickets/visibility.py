# SPDX-License-Identifier: Apache-2.0
"""Which tickets a person sees; the only place in this package that knows.

Whoever answers customers sees every ticket, because any customer may call again about any of them. Departments outside
the centre see what was given to them. Tickets of people in need and reports of wrongdoing: those who work on them, who
stands above, and the few with the right to all.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zuoxi.people import selectors as people
from zuoxi.tickets.access import SENSITIVE, VIEW
from zuoxi.tickets.kinds import sensitive_kinds
from zuoxi.tickets.models import Membership, Ticket
from zuoxi.web.roles import RECEIVERS, Role

_OUTSIDE = frozenset(str(role) for role in RECEIVERS | {Role.FD})


def _own(staff_id: int) -> Q:
    """Tickets that he took in, works on or stands in for, and those of departments he works for."""
    departments = Membership.objects.filter(staff_id=staff_id).values("department_id")
    mine = Q(owner_id=staff_id) | Q(first_handler_id=staff_id) | Q(covered_by_id=staff_id)
    return mine | Q(department_id__in=departments)


def visible_tickets(user: Any) -> QuerySet[Ticket]:
    """The tickets that the person may see; nothing for strangers and for who has no post."""
    rows = Ticket.objects.all()
    if not user.is_authenticated or not user.may(VIEW.code):
        return rows.none()
    staff = people.staff_of(user)
    own = _own(staff.pk) if staff else Q(pk__in=[])
    if user.roles <= _OUTSIDE:
        return rows.filter(own)
    hidden = [] if user.may(SENSITIVE.code) else sensitive_kinds()
    if not hidden:
        return rows
    scope = people.scope_of(user, timezone.localdate())
    if scope.everything:
        return rows
    return rows.filter(~Q(kind__in=hidden) | own | Q(first_handler__code__in=scope.agent_codes_query()))


def in_hand(user: Any, ticket: Ticket) -> bool:
    """Whether the ticket is this person's own work: given to him, to his department, taken in by him."""
    staff = people.staff_of(user)
    if staff is None:
        return False
    if staff.pk in (ticket.owner_id, ticket.first_handler_id, ticket.covered_by_id):
        return True
    return Membership.objects.filter(staff=staff, department_id=ticket.department_id or 0).exists()
