# SPDX-License-Identifier: Apache-2.0
"""Which follow-ups and surveys somebody sees; the only place in this package that knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.followups.models import AnswerSheet, Batch, FollowUpTask, Relisten, Response, Survey
from zuoxi.people.selectors import scope_of, team_codes


def visible_tasks(user: Any, today: date) -> QuerySet[FollowUpTask]:
    """The pool to everybody who calls, and what the people in one's reach have in hand or made; quality hears all."""
    if not user.may("followups.view"):
        return FollowUpTask.objects.none()
    scope = scope_of(user, today)
    if scope.everything or user.may("followups.check"):
        return FollowUpTask.objects.all()
    people = scope.staff().order_by().values("pk")
    return FollowUpTask.objects.filter(Q(assignee=None) | Q(assignee__in=people) | Q(closed_by__in=people))


def own_tasks(user: Any) -> QuerySet[FollowUpTask]:
    return FollowUpTask.objects.filter(assignee__user_id=user.pk)


def visible_sheets(user: Any, today: date) -> QuerySet[AnswerSheet]:
    return AnswerSheet.objects.filter(task__in=visible_tasks(user, today).order_by().values("pk"))


def visible_batches(user: Any, today: date) -> QuerySet[Batch]:
    """Lists that people in reach handed out or have a part of."""
    scope = scope_of(user, today)
    if not user.may("followups.view"):
        return Batch.objects.none()
    if scope.everything:
        return Batch.objects.all()
    people = scope.staff().order_by().values("pk")
    part = FollowUpTask.objects.filter(assignee__in=people, batch__isnull=False).values("batch_id")
    return Batch.objects.filter(Q(handed_out_by__in=people) | Q(pk__in=part))


def relistens(user: Any) -> QuerySet[Relisten]:
    """What the lot drew, to those who listen, their own calls left out."""
    if not user.may("followups.check"):
        return Relisten.objects.none()
    return Relisten.objects.exclude(sheet__by__user_id=user.pk)


def visible_surveys(user: Any, today: date) -> QuerySet[Survey]:
    """Every survey but those on one's own window: whoever is judged sees those by their result alone, when over."""
    if not user.may("followups.surveys"):
        return Survey.objects.none()
    judged = Q(anonymous=True, state=Survey.State.OPEN) & Q(window__in=own_windows(user))
    return Survey.objects.exclude(judged)


def own_windows(user: Any) -> list[str]:
    """Codes of the teams that the person stands in or leads."""
    teams = {post.team_id for post in user.posts if post.team_id is not None}
    return [code for pk, code in team_codes().items() if pk in teams] if teams else []


def visible_responses(user: Any, survey: Survey, today: date) -> QuerySet[Response]:
    """Single answers. Of an anonymous survey on one's own window there are none to see: its figures alone."""
    if not visible_surveys(user, today).filter(pk=survey.pk).exists():
        return Response.objects.none()
    if survey.anonymous and survey.window and survey.window in own_windows(user):
        return Response.objects.none()
    return Response.objects.filter(survey=survey)
