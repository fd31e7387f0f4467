# SPDX-License-Identifier: Apache-2.0
"""Reading the live picture from the tables: whole, or only what events touched. Every function is a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from zuoxi.events import selectors as ledger
from zuoxi.events import sql
from zuoxi.events.models import Event
from zuoxi.floor.board import Board, Touched
from zuoxi.floor.facts import HandSeen, QueueTerms, Seen, StateSeen, VisitSeen
from zuoxi.floor.models import RaisedHand
from zuoxi.telephony.models import Call, QueueVisit, StateInterval, UnknownWindow

OPEN_AT_MOST = timedelta(days=1)  # a wait that is older was missed at its end, and nobody waits in it


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The local day's first moment and the next day's."""
    zone = timezone.get_default_timezone()
    start = datetime.combine(day, time.min, tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def whole_board(now: datetime, terms: Mapping[str, QueueTerms]) -> Board:
    """The picture as the tables tell it now; `through` is read first, so the tail repeats rather than misses."""
    day = timezone.localdate(now)
    start, end = day_bounds(day)
    board = Board(day, start, end, terms)
    through = ledger.last_id()
    since = min(start, now - OPEN_AT_MOST)
    waits = QueueVisit.objects.filter(Q(entered_at__gte=start) | Q(outcome="open", entered_at__gte=since))
    visits = [VisitSeen(*row) for row in waits.values_list(*_VISIT)]
    states = [StateSeen(*row) for row in StateInterval.objects.filter(to_at=None).values_list(*_STATE)]
    agents, calls = _with_callers(states, visits)
    lost = UnknownWindow.objects.filter(to_at=None).values_list("switch", "from_at")
    board.take(Seen(through, agents, calls, _hands(), dict(lost)))
    return board


def seen_of(touched: Touched) -> Seen:
    """What the tables tell of the touched calls, agents and hands."""
    agents: dict[str, StateSeen | None] = dict.fromkeys(touched.agents)
    calls: dict[int, tuple[VisitSeen, ...]] = {}
    states: list[StateSeen] = []
    visits: list[VisitSeen] = []
    for codes in sql.in_batches(sorted(touched.agents)):
        present = StateInterval.objects.filter(to_at=None, agent__in=codes)
        states += [StateSeen(*row) for row in present.values_list(*_STATE)]
    for uids in sql.in_batches(sorted(touched.subjects)):
        calls.update(dict.fromkeys(Call.objects.filter(uid__in=uids).values_list("id", flat=True), ()))
    for numbers in sql.in_batches(sorted(calls)):
        rows = QueueVisit.objects.filter(call_id__in=numbers)
        visits += [VisitSeen(*row) for row in rows.values_list(*_VISIT)]
    with_callers, by_call = _with_callers(states, visits)
    hands: dict[str, HandSeen | None] = dict.fromkeys(touched.desks)
    if hands:
        hands.update(_hands(Q(agent__in=list(hands))))
    return Seen(touched.through, agents | with_callers, calls | by_call, hands, dict(touched.switches))


_VISIT = ("call_id", "seq", "queue", "entered_at", "outcome", "wait_seconds")
_STATE = ("agent", "state", "reason", "direction", "cause", "queues", "from_at", "subject")
_CALL = ("id", "uid", "direction", "caller", "called", "queue")


def _with_callers(
    states: list[StateSeen], visits: list[VisitSeen]
) -> tuple[dict[str, StateSeen | None], dict[int, tuple[VisitSeen, ...]]]:
    """States by agent and waits by call; numbers only where a call is up: talking, ringing or waiting."""
    waiting = {visit.call for visit in visits if visit.outcome == "open"}
    subjects = {state.subject for state in states if state.subject}
    numbers: dict[int, str] = {}
    talks: dict[str, tuple[str, str]] = {}
    for condition in [Q(id__in=batch) for batch in sql.in_batches(sorted(waiting))] + [
        Q(uid__in=batch) for batch in sql.in_batches(sorted(subjects))
    ]:
        for call, uid, direction, caller, called, queue in Call.objects.filter(condition).values_list(*_CALL):
            other = caller if direction == "inbound" else called
            numbers[call], talks[uid] = other, (other, queue)
    by_call: dict[int, list[VisitSeen]] = defaultdict(list)
    for visit in sorted(visits):
        caller = numbers.get(visit.call, "") if visit.outcome == "open" else ""
        by_call[visit.call].append(visit._replace(caller=caller))
    held = _held({state.subject for state in states if state.state == "on_call"})
    agents: dict[str, StateSeen | None] = {}
    for state in states:
        caller, queue = talks.get(state.subject, ("", ""))
        since = held.get((state.subject, state.agent))
        agents[state.agent] = state._replace(caller=caller, queue=queue, held_at=since)
    return agents, {call: tuple(found) for call, found in by_call.items()}


def _held(subjects: set[str]) -> dict[tuple[str, str], datetime]:
    """(call, agent) → since when the caller is on hold, for the holds that last still."""
    found: dict[tuple[str, str], datetime] = {}
    for batch in sql.in_batches(sorted(subjects - {""})):
        events = Event.objects.filter(subject__in=batch, kind__in=("call.held", "call.resumed"))
        for kind, subject, party, at in events.order_by("at", "id").values_list("kind", "subject", "party", "at"):
            if kind == "call.held":
                found[subject, party] = at
            else:
                found.pop((subject, party), None)
    return found


def _hands(condition: Q | None = None) -> dict[str, HandSeen | None]:
    rows = RaisedHand.objects.filter(condition or Q(), answered_at=None, lowered_at=None)
    return {row[1]: HandSeen(*row) for row in rows.values_list("pk", "agent", "raised_at", "note")}
