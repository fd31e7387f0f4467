# SPDX-License-Identifier: Apache-2.0
"""Whose shifts a person sees, and whose he may write; the only place in this package that knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zuoxi.people.selectors import Matter, scope_of, staff_of
from zuoxi.telephony.selectors import QueueLoad, queue_loads
from zuoxi.workforce.demand_models import ForecastEdit
from zuoxi.workforce.models import (
    Dispatch,
    HandoverNote,
    OvertimeCall,
    OvertimeList,
    PlannedBreak,
    PostPair,
    Roster,
    ShiftSwap,
)
from zuoxi.workforce.today_models import IntradayDecision
from zuoxi.workforce.units import Book, book_of
from zuoxi.workforce.wish_models import RosterWish


def seen_staff(user: Any, day: date) -> frozenset[int]:
    """Ids of everybody whose shifts the person may see on a day."""
    if not user.may("workforce.rosters"):
        own = staff_of(user)
        return frozenset({own.pk} if own else ())
    return frozenset(scope_of(user, day, Matter.STAFF).staff(day).order_by().values_list("pk", flat=True))


def written_staff(user: Any, day: date) -> frozenset[int]:
    """Ids of everybody whose shifts the person may write."""
    if not user.may("workforce.rosters.edit"):
        return frozenset()
    return frozenset(scope_of(user, day, Matter.OPERATIONS).staff(day).order_by().values_list("pk", flat=True))


def seen_rosters(user: Any, book: Book, month: date, day: date) -> dict[int, Roster]:
    """The month's rosters that hold anybody whom the person may see, by id."""
    units = book.units(seen_staff(user, day))
    return {one.pk: one for one in book.rosters(units, month).values()}


def seen_roster(user: Any, pk: int, day: date) -> Roster | None:
    """The roster, if it holds anybody whom the person may see."""
    roster = Roster.objects.filter(pk=pk).select_related("team", "project", "published_by", "filed_by").first()
    if roster is None:
        return None
    return roster if (roster.project_id, roster.team_id) in book_of(roster).units(seen_staff(user, day)) else None


def overtime_seen(user: Any, day: date) -> QuerySet[OvertimeList]:
    """Lists that somebody in the person's reach stands on, and those he made himself."""
    rows = OvertimeList.objects.all()
    if not user.may("workforce.day"):
        return rows.none()
    reach = scope_of(user, day, Matter.OPERATIONS)
    if reach.everything:
        return rows
    mine = rows.filter(calls__staff__in=reach.staff(day)) | rows.filter(made_by__user_id=user.pk)
    return mine.distinct()


def own_calls(user: Any) -> QuerySet[OvertimeCall]:
    return OvertimeCall.objects.filter(staff__user_id=user.pk)


def handovers_seen(user: Any, day: date) -> QuerySet[HandoverNote]:
    """Notes that the person gave or takes, and those of the people in his reach."""
    rows = HandoverNote.objects.select_related("giver", "taker")
    mine = rows.filter(giver__user_id=user.pk) | rows.filter(taker__user_id=user.pk)
    if not user.may("workforce.rosters"):
        return mine
    reach = scope_of(user, day, Matter.OPERATIONS).staff(day)
    return mine | rows.filter(giver__in=reach)


def swaps_of_user(user: Any) -> QuerySet[ShiftSwap]:
    """Swaps that the person asked for or is asked to join."""
    rows = ShiftSwap.objects.all()
    return rows.filter(applicant__user_id=user.pk) | rows.filter(peer__user_id=user.pk)


def own_wishes(user: Any) -> QuerySet[RosterWish]:
    return RosterWish.objects.filter(staff__user_id=user.pk)


def seen_breaks(user: Any, day: date) -> QuerySet[PlannedBreak]:
    """Planned breaks of the people in the person's reach."""
    return PlannedBreak.objects.filter(shift__staff__in=scope_of(user, day, Matter.OPERATIONS).staff(day))


def pairs_seen(user: Any, day: date) -> QuerySet[PostPair]:
    """Pairs of posts in force whose A or B is in the person's reach."""
    rows = PostPair.objects.filter(Q(until_on__isnull=True) | Q(until_on__gt=day)).select_related("a", "b")
    reach = scope_of(user, day, Matter.STAFF).staff(day).order_by().values("pk")
    return rows.filter(Q(a__in=reach) | Q(b__in=reach))


def dispatches_seen(user: Any, day: date) -> QuerySet[Dispatch]:
    """Moves of the people in reach, and one's own entries."""
    reach = scope_of(user, day, Matter.OPERATIONS).staff(day).order_by().values("pk")
    rows = Dispatch.objects.select_related("staff", "instead_of", "team", "by")
    return rows.filter(Q(staff__in=reach) | Q(by__user_id=user.pk) | Q(by__in=reach))


def seen_queues(user: Any) -> list[QueueLoad]:
    """Queues whose forecast the person may see. A forecast is of the centre: whoever may plan sees every queue."""
    return queue_loads() if user.may("workforce.forecast") else []


def seen_edits(user: Any) -> QuerySet[ForecastEdit]:
    """Edits of the queues whose forecast the person may see."""
    return ForecastEdit.objects.filter(queue__in=[one.code for one in seen_queues(user)])


def movable_staff(user: Any, day: date) -> tuple[frozenset[int], frozenset[int]]:
    """Whose breaks and overtime the person may touch on the running day, and whose shifts he may write: nobody's
    without the right."""
    if not user.may("workforce.day"):
        return frozenset(), frozenset()
    reached = frozenset(scope_of(user, day, Matter.OPERATIONS).staff(day).order_by().values_list("pk", flat=True))
    # Who may write shifts may write those of everybody in the same reach.
    return reached, reached if user.may("workforce.rosters.edit") else frozenset()


def decisions_seen(user: Any, day: date) -> QuerySet[IntradayDecision]:
    """Decisions of the running day about people in reach, and one's own."""
    reach = scope_of(user, day, Matter.OPERATIONS)
    rows = IntradayDecision.objects.all()
    if reach.everything:
        return rows
    about = IntradayDecision.staff.through.objects.filter(staff__in=reach.staff(day)).values("intradaydecision")
    return rows.filter(Q(pk__in=about) | Q(by__user_id=user.pk))
