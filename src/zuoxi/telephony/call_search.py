# SPDX-License-Identifier: Apache-2.0
"""Which calls are meant: one query object for the list, its export, its count and the API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from zuoxi.people.selectors import members_between
from zuoxi.telephony.models import Call, Leg, QueueVisit, Recording

MOST_COUNTED: Final = 10_000
FEW: Final = 3
"""So many agents asked for, and their calls are looked up; of more, the period's calls are walked through."""
SURVEYED: Final[dict[str, Q]] = {
    "asked": Q(survey_asked__isnull=False),
    "answered": Q(survey_score__isnull=False),
    "silent": Q(survey_asked__isnull=False, survey_score=None),
    "satisfied": Q(survey_means="satisfied"),
    "fairly_satisfied": Q(survey_means="fairly_satisfied"),
    "content": Q(survey_means__in=("satisfied", "fairly_satisfied")),
    "dissatisfied": Q(survey_means="dissatisfied"),
}
"""What the survey by key counts, and the same rows in the list."""


@dataclass(frozen=True, slots=True)
class Period:
    """`since` inclusive, `until` exclusive; None is open."""

    since: datetime | None = None
    until: datetime | None = None


ANY_TIME: Final = Period()


def midnight(day: date) -> datetime:
    """The first moment of a day at the site."""
    return datetime.combine(day, time(0), tzinfo=timezone.get_current_timezone())


def preset_period(name: str, now: datetime) -> Period:
    """What a preset means at `now`; ValueError for a name that is none."""
    today = now.astimezone(timezone.get_current_timezone()).date()
    first = today.replace(day=1)
    spans: dict[str, tuple[date | None, date | None]] = {
        "today": (today, today + timedelta(days=1)),
        "yesterday": (today - timedelta(days=1), today),
        "7d": (today - timedelta(days=6), today + timedelta(days=1)),
        "30d": (today - timedelta(days=29), today + timedelta(days=1)),
        "month": (first, today + timedelta(days=1)),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first),
        "all": (None, None),
    }
    if name not in spans:
        raise ValueError(name)
    start, end = spans[name]
    return Period(midnight(start) if start else None, midnight(end) if end else None)


def local_days(period: Period) -> tuple[date | None, date | None]:
    """The first and the last day of the site that the period touches."""
    zone = timezone.get_current_timezone()
    first = period.since.astimezone(zone).date() if period.since else None
    last = (period.until - timedelta(microseconds=1)).astimezone(zone).date() if period.until else None
    return first, last


@dataclass(frozen=True, slots=True)
class CallQuery:
    """What the filters say; an empty field does not narrow. Seconds are inclusive at both ends."""

    period: Period = ANY_TIME
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    number: str = ""
    wait_from: int | None = None
    wait_to: int | None = None
    talk_from: int | None = None
    talk_to: int | None = None
    recording: str = ""  # any | none | a status
    doubts: bool = False
    survey_to: int | None = None
    survey: str = ""  # asked | answered | silent | what the first answer means


def same_number(number: str) -> tuple[str, ...]:
    """The ways one number may stand in the ledger: bare, with a trunk prefix, with the country code."""
    digits = re.sub(r"[^0-9]", "", number)
    if not digits:
        return ()
    bare = re.sub(r"^(0086|86(?=1[0-9]{10}$))", "", digits)
    mobile = bare[1:] if re.fullmatch(r"01[3-9][0-9]{9}", bare) else bare
    ways = {digits, bare, mobile, f"+86{mobile}", f"86{mobile}", f"0{mobile}"}
    return tuple(sorted(ways))


def matching(calls: QuerySet[Call], query: CallQuery) -> QuerySet[Call]:
    """The calls of `calls` that the query means, in no order."""
    if query.period.since:
        calls = calls.filter(offered_at__gte=query.period.since)
    if query.period.until:
        calls = calls.filter(offered_at__lt=query.period.until)
    if query.directions:
        calls = calls.filter(direction__in=query.directions)
    if query.outcomes:
        calls = calls.filter(outcome__in=query.outcomes)
    if query.number:
        ways = same_number(query.number)
        calls = calls.filter(Q(caller__in=ways) | Q(called__in=ways)) if ways else calls.none()
    return _by_evidence(_by_seconds(_by_who(calls, query), query), query)


def _by_who(calls: QuerySet[Call], query: CallQuery) -> QuerySet[Call]:
    """A call belongs to every queue it waited in and to every agent who had a part in it."""
    if query.queues:
        visited = QueueVisit.objects.filter(call_id=OuterRef("pk"), queue__in=query.queues)
        calls = calls.filter(Q(queue__in=query.queues) | Exists(visited))
    if 0 < len(query.agents) <= FEW:
        calls = calls.filter(pk__in=calls_of(query.agents, query.period))
    elif query.agents:
        took_part = Leg.objects.filter(call_id=OuterRef("pk"), agent__in=query.agents)
        calls = calls.filter(Q(agent__in=query.agents) | Exists(took_part))
    if query.teams:
        calls = calls.filter(agent__in=members_between(query.teams, *local_days(query.period)))
    return calls


def calls_of(agents: Sequence[str] | QuerySet[Any], period: Period = ANY_TIME) -> QuerySet[Any]:
    """Ids of a few people's calls by their own indexes: among ten million calls theirs are not found by walking."""
    own, legs = Call.objects.filter(agent__in=agents), Leg.objects.filter(agent__in=agents, aside_at__isnull=False)
    if period.since:
        own = own.filter(offered_at__gte=period.since)
        legs = legs.filter(aside_at__gte=period.since)
    if period.until:
        own = own.filter(offered_at__lt=period.until)
        legs = legs.filter(aside_at__lt=period.until)
    return own.order_by().values("pk").union(legs.order_by().values("call_id"))


def _by_seconds(calls: QuerySet[Call], query: CallQuery) -> QuerySet[Call]:
    bounds = {
        "wait_seconds__gte": query.wait_from,
        "wait_seconds__lte": query.wait_to,
        "talk_seconds__gte": query.talk_from,
        "talk_seconds__lte": query.talk_to,
        "survey_score__lte": query.survey_to,
    }
    return calls.filter(**{name: value for name, value in bounds.items() if value is not None})


def _by_evidence(calls: QuerySet[Call], query: CallQuery) -> QuerySet[Call]:
    if query.survey:
        calls = calls.filter(SURVEYED.get(query.survey, Q(pk__in=[])))
    if query.doubts:
        calls = calls.exclude(doubts="")
    if query.recording:
        rows = Recording.objects.filter(call_id=OuterRef("pk"))
        playable = ("complete", "short", "repaired", "expected")
        if query.recording == "none":
            return calls.filter(~Exists(rows.filter(status__in=playable)))
        wanted = playable if query.recording == "any" else (query.recording,)
        calls = calls.filter(Exists(rows.filter(status__in=wanted)))
    return calls


def bounded_count(calls: QuerySet[Any]) -> tuple[int, bool]:
    """How many, and whether there are more than are counted."""
    count = calls.order_by()[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count > MOST_COUNTED
