# SPDX-License-Identifier: Apache-2.0
"""An agent's day, or a team's: the state intervals that touch it, cut at its ends where time is summed.

A day is the site's calendar day. A spell of duty (sign-in to sign-out) that runs over midnight is one spell and
belongs to the day on which it began, so a night shift is not torn in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zuoxi.telephony.call_search import midnight
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.models import StateInterval

AWAY: Final = frozenset({AgentState.SIGNED_OUT, AgentState.UNKNOWN})
LONGEST_SPELL = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state as it fell into the day. `from_at`/`to_at` are the whole interval's, `seconds` only the day's part."""

    agent: str
    state: str
    reason: str
    direction: str
    cause: str
    queues: str
    subject: str
    from_at: datetime
    to_at: datetime | None
    seconds: int
    began_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """Sign-in to sign-out. `out_at` None: still signed in. `unknown` seconds of it were not seen."""

    in_at: datetime
    out_at: datetime | None
    seconds: int
    unknown: int


@dataclass(frozen=True, slots=True)
class AgentDay:
    """`worked` is the time signed in within the day, what was not seen left out and told in `unknown`."""

    agent: str
    day: date
    stretches: Sequence[Stretch]
    totals: dict[str, int] = field(default_factory=dict)
    spells: Sequence[Spell] = ()

    @property
    def worked(self) -> int:
        return sum(seconds for state, seconds in self.totals.items() if state not in AWAY)

    @property
    def unknown(self) -> int:
        return self.totals.get(AgentState.UNKNOWN, 0)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    return midnight(day), midnight(day + timedelta(days=1))


def touching(states: QuerySet[StateInterval], since: datetime, until: datetime) -> QuerySet[StateInterval]:
    """Intervals of which some part lies in [since, until), by agent and time."""
    rows = states.filter(Q(to_at__isnull=True) | Q(to_at__gt=since), from_at__lt=until)
    return rows.order_by("agent", "from_at")


def days_of(states: QuerySet[StateInterval], agents: Iterable[str], day: date, now: datetime) -> list[AgentDay]:
    """One day for each agent, in the order given, also for those who have nothing on it. One query."""
    since, until = day_bounds(day)
    wanted = list(agents)
    around = touching(
        states.filter(agent__in=wanted, from_at__gte=since - LONGEST_SPELL * 4),
        since - LONGEST_SPELL,
        until + LONGEST_SPELL,
    )
    by_agent: dict[str, list[StateInterval]] = {agent: [] for agent in wanted}
    for row in around:
        by_agent[row.agent].append(row)
    return [_day(agent, day, rows, now) for agent, rows in by_agent.items()]


def _day(agent: str, day: date, rows: Sequence[StateInterval], now: datetime) -> AgentDay:
    since, until = day_bounds(day)
    stretches = [
        _stretch(row, since, until, now)
        for row in rows
        if row.from_at < until and (row.to_at or max(now, row.from_at)) > since
    ]
    totals: dict[str, int] = {}
    for stretch in stretches:
        totals[stretch.state] = totals.get(stretch.state, 0) + stretch.seconds
    spells = [spell for spell in spells_of(rows, now) if since <= spell.in_at < until]
    return AgentDay(agent, day, stretches, totals, spells)


def _stretch(row: StateInterval, since: datetime, until: datetime, now: datetime) -> Stretch:
    start, end = max(row.from_at, since), min(row.to_at or now, until)
    return Stretch(
        agent=row.agent,
        state=row.state,
        reason=row.reason,
        direction=row.direction,
        cause=row.cause,
        queues=row.queues,
        subject=row.subject,
        from_at=row.from_at,
        to_at=row.to_at,
        seconds=max(int((end - start).total_seconds()), 0),
        began_before=row.from_at < since,
        goes_on=row.to_at is None or row.to_at > until,
    )


def spells_of(rows: Sequence[StateInterval], now: datetime) -> list[Spell]:
    """Spells of duty among one agent's intervals in time order; a stretch not seen inside a spell does not end it."""
    spells: list[Spell] = []
    since: datetime | None = None
    unknown = 0
    for row in rows:
        if row.state == AgentState.SIGNED_OUT:
            if since is not None:
                spells.append(_spell(since, row.from_at, unknown))
            since, unknown = None, 0
            continue
        if row.state == AgentState.UNKNOWN:
            if since is not None:
                unknown += int(((row.to_at or now) - row.from_at).total_seconds())
            continue
        since = since or row.from_at
    if since is not None:
        last = rows[-1].to_at
        spells.append(_spell(since, last, unknown) if last else _spell(since, None, unknown, now))
    return spells


def _spell(start: datetime, end: datetime | None, unknown: int, now: datetime | None = None) -> Spell:
    until = end or now or start
    return Spell(start, end, max(int((until - start).total_seconds()) - unknown, 0), unknown)
