# SPDX-License-Identifier: Apache-2.0
"""Whose outbound calls a person sees; the only place in this package that knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.outbound.models import Attempt, Campaign, FollowUpRecord, Handout, Lead, Promise, QueueTurn, Stay
from zuoxi.people.models import Staff
from zuoxi.people.selectors import Scope, scope_of, team_of, working_staff
from zuoxi.telephony.selectors import queues_of


def _reach(user: Any, today: date) -> Scope:
    return scope_of(user, today)


def campaigns_seen(user: Any, today: date) -> QuerySet[Campaign]:
    """Campaigns of the teams and projects in reach, and those that belong to nobody in particular."""
    scope, rows = _reach(user, today), Campaign.objects.all()
    if scope.everything or not user.may("outbound.see"):
        return rows if scope.everything and user.may("outbound.see") else _own_campaigns(user, rows, today)
    mine = Q(teams__in=scope.team_ids) | Q(teams__project__in=scope.project_ids) | Q(project__in=scope.project_ids)
    mine |= Q(teams__isnull=True, project__isnull=True) | Q(project__teams__in=scope.team_ids)
    return rows.filter(mine).distinct()


def _own_campaigns(user: Any, rows: QuerySet[Campaign], today: date) -> QuerySet[Campaign]:
    """What an agent may work on: campaigns of his team or of everybody, while they are not over."""
    staff = getattr(user, "staff_member", None)
    if staff is None or not user.may("outbound.work"):
        return rows.none()
    team = team_of(staff, today)
    open_to = Q(teams__isnull=True, project__isnull=True)
    if team is not None:
        open_to |= Q(teams=team) | Q(teams__isnull=True, project=team.project_id)
    states = [Campaign.State.RUNNING, Campaign.State.PAUSED]
    return rows.filter(open_to, state__in=states).distinct()


def leads_seen(user: Any, today: date) -> QuerySet[Lead]:
    """Contacts of the campaigns in reach, for who sees campaigns at all."""
    if not user.may("outbound.see"):
        return Lead.objects.none()
    return Lead.objects.filter(campaign__in=campaigns_seen(user, today).order_by().values("pk"))


def handouts_seen(user: Any, today: date) -> QuerySet[Handout]:
    return _reach(user, today).narrow(Handout.objects.all(), "staff__code")


def attempts_seen(user: Any, today: date) -> QuerySet[Attempt]:
    """One's own calls, and those of the people in reach."""
    return _reach(user, today).narrow(Attempt.objects.all(), "staff__code")


def promises_seen(user: Any, today: date) -> QuerySet[Promise]:
    """One's own callbacks, those of the people in reach; what is nobody's yet, for whoever gives it out."""
    scope = _reach(user, today)
    own = Q(owner__code__in=scope.agent_codes_query())
    if user.may("outbound.team"):
        own |= Q(owner__isnull=True)
    return Promise.objects.all() if scope.everything else Promise.objects.filter(own)


def follow_ups_seen(user: Any, today: date) -> QuerySet[FollowUpRecord]:
    return _reach(user, today).narrow(FollowUpRecord.objects.all(), "staff__code")


def stays_seen(user: Any, today: date) -> QuerySet[Stay]:
    return _reach(user, today).narrow(Stay.objects.all(), "staff__code")


def turns_seen(user: Any, today: date) -> QuerySet[QueueTurn]:
    """Places in the queues of one's own projects and teams."""
    scope = _reach(user, today)
    if scope.everything:
        return QueueTurn.objects.all()
    return QueueTurn.objects.filter(queue__in=queues_of(scope.project_ids, scope.team_ids))


def staff_seen(user: Any, today: date) -> QuerySet[Staff]:
    """The agents in reach who are employed; only oneself without the right to see a team."""
    if not user.may("outbound.team"):
        return working_staff(today).filter(user_id=user.pk)
    return _reach(user, today).staff(today).filter(Staff.employed_on(today))
