# SPDX-License-Identifier: Apache-2.0
"""Questions about follow-ups and surveys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from zuoxi.followups.figures import Counted, reached_between, satisfaction_between, survey_figures
from zuoxi.followups.models import FollowUpTask
from zuoxi.followups.surveying import invitation_of, still_open

__all__ = [
    "COUNTED",
    "BoardLine",
    "Counted",
    "board",
    "booked_until",
    "invitation_of",
    "last_score",
    "of_ticket",
    "open_and_last",
    "reached_between",
    "satisfaction_between",
    "still_open",
    "survey_figures",
    "waiting_for",
]

State = FollowUpTask.State
STANDING = FollowUpTask.STANDING
PROMOTER, DETRACTOR = 9, 6  # as the net promoter score is defined, on points from 1 to 10
COUNTED: Final[dict[str, Callable[[datetime], Q]]] = {
    "due": lambda now: Q(due_by__lte=now) | ~Q(state__in=STANDING),
    "in_time": lambda _now: Q(state=State.DONE, closed_at__lte=F("due_by")),
    "complaint": lambda _now: ~Q(complaint=""),
    "ended": lambda _now: Q(state__in=(State.DONE, State.NOT_REACHED, State.REFUSED)),
    "satisfied": lambda _now: Q(state=State.DONE, satisfaction="satisfied"),
    "fairly": lambda _now: Q(state=State.DONE, satisfaction="fairly_satisfied"),
    "dissatisfied": lambda _now: Q(state=State.DONE, satisfaction="dissatisfied"),
    "content": lambda _now: Q(state=State.DONE, satisfaction__in=("satisfied", "fairly_satisfied")),
    "said": lambda _now: Q(state=State.DONE, satisfaction__in=("satisfied", "fairly_satisfied", "dissatisfied")),
    "scored": lambda _now: Q(state=State.DONE, score__isnull=False),
    "promoters": lambda _now: Q(state=State.DONE, score__gte=PROMOTER),
    "detractors": lambda _now: Q(state=State.DONE, score__lte=DETRACTOR),
}
"""What figures count, at a moment; the board opens the same rows. Dropped follow-ups are in none of them."""


def last_score(customer_ids: Iterable[int]) -> FollowUpTask | None:
    """The last follow-up of these customers that was answered."""
    rows = FollowUpTask.objects.filter(customer_id__in=list(customer_ids), state=State.DONE)
    return rows.order_by("-closed_at").first()


def open_and_last(customer_ids: Iterable[int], limit: int = 5) -> tuple[list[FollowUpTask], FollowUpTask | None]:
    """Follow-ups of these customers that are still to be made, the most urgent first, and the last that was answered.
    One query."""
    rows = FollowUpTask.objects.filter(customer_id__in=list(customer_ids), state__in=(*STANDING, State.DONE))
    newest = rows.select_related("assignee").order_by(F("closed_at").desc(nulls_first=True), "due_by")[: 4 * limit]
    standing = [one for one in newest if one.state in STANDING]
    done = next((one for one in newest if one.state == State.DONE), None)
    return standing[:limit], done if done or len(standing) < 4 * limit else last_score(customer_ids)


def of_ticket(number: str) -> list[FollowUpTask]:
    return list(FollowUpTask.objects.filter(ticket=number).select_related("closed_by").order_by("pk")) if number else []


def booked_until(customer_ids: Iterable[int], now: datetime) -> datetime | None:
    """Until when nobody calls these customers on his own account, because a time was agreed; None: free."""
    rows = FollowUpTask.objects.filter(customer_id__in=list(customer_ids), state=State.BOOKED, booked_for__gt=now)
    return rows.order_by("booked_for").values_list("booked_for", flat=True).first()


def waiting_for(user_id: int, now: datetime) -> int:
    """How many follow-ups somebody has in hand that may be called now."""
    rows = FollowUpTask.objects.filter(assignee__user_id=user_id, state__in=STANDING)
    return rows.filter(Q(booked_for=None, due_from__lte=now) | Q(booked_for__lte=now)).count()


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Follow-ups of a kind as they stand: in the pool, in hand, booked, late; closed since `since` by how."""

    kind: str
    pool: int
    hand: int
    booked: int
    late: int
    done: int
    not_reached: int
    refused: int
    complaints: int

    @property
    def closed(self) -> int:
        return self.done + self.not_reached + self.refused

    @property
    def rate(self) -> float | None:
        return self.done / self.closed if self.closed else None


def board(rows: QuerySet[FollowUpTask], now: datetime, since: datetime) -> list[BoardLine]:
    """One line for each kind; one query."""
    standing, lately = Q(state__in=STANDING), Q(closed_at__gte=since)
    counted = (
        rows.order_by()
        .values("kind")
        .annotate(
            pool=Count("pk", filter=Q(state=State.OPEN, assignee=None)),
            hand=Count("pk", filter=Q(state=State.OPEN, assignee__isnull=False)),
            booked=Count("pk", filter=Q(state=State.BOOKED)),
            late=Count("pk", filter=standing & Q(due_by__lt=now)),
            done=Count("pk", filter=lately & Q(state=State.DONE)),
            not_reached=Count("pk", filter=lately & Q(state=State.NOT_REACHED)),
            refused=Count("pk", filter=lately & Q(state=State.REFUSED)),
            complaints=Count("pk", filter=lately & ~Q(complaint="")),
        )
    )
    return [BoardLine(**line) for line in counted]
