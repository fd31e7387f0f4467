# SPDX-License-Identifier: Apache-2.0
"""Which calls, states and recordings a person sees; the only place in telephony that knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from zuoxi.people import selectors as people
from zuoxi.telephony.call_pieces import Piece, Whose, pieces_of
from zuoxi.telephony.call_search import ANY_TIME, CallQuery, Period, calls_of, matching
from zuoxi.telephony.models import Attempt, Call, Leg, QueueMembership, QueueVisit, Recording, StateInterval

Row = TypeVar("Row", bound=Model)
Matter, Reach = people.Matter, people.Reach


def _scope(user: Any, matter: people.Matter) -> people.Scope:
    return people.scope_of(user, timezone.localdate(), matter)


def _by_agent(user: Any, rows: QuerySet[Row], matter: people.Matter) -> QuerySet[Row]:
    return _scope(user, matter).narrow(rows)


def _unanswered_in_their_queues(scope: people.Scope) -> Q:
    """Nobody's calls belong to those who answer for the people who serve the queue, never to a single agent."""
    if scope.kind not in (Reach.TEAMS, Reach.PROJECTS):
        return Q(pk__in=[])
    served = QueueMembership.objects.filter(staff__in=scope.staff()).values("queue__code")
    return Q(agent="", queue__in=served)


def visible_calls(user: Any, period: Period = ANY_TIME, *, few: bool = False) -> QuerySet[Call]:
    """Calls that somebody in reach took part in, and calls that nobody took in the queues those people serve.

    `period`: no others are wanted, which spares looking for them; the caller filters by it all the same. `few`: the
    caller names the few that he wants (a key, a number), so each is looked at instead of looking up all of a person's.

    Calls are conversations: who may hear all of them (quality, training) finds them all.
    """
    scope = _scope(user, Matter.RECORDINGS)
    rows = Call.objects.all()
    if scope.everything or scope.kind is Reach.NONE:
        return scope.narrow(rows)
    codes = scope.agent_codes_query()
    if scope.kind is Reach.OWN and not few:  # one person's among millions: found by his own indexes, not by walking
        return rows.filter(pk__in=calls_of(codes, period))
    legs = Leg.objects.filter(call_id=OuterRef("pk"), agent__in=codes)
    return rows.filter(Q(agent__in=codes) | Q(Exists(legs)) | _unanswered_in_their_queues(scope))


def asked_calls(user: Any, query: CallQuery) -> tuple[QuerySet[Call], tuple[Piece, ...]]:
    """The calls that the user sees and the query means, and the same in pieces where they are few people's."""
    rows = matching(visible_calls(user, query.period), query)
    if query.agents and not query.teams:
        whose: Whose | None = Whose(tuple(dict.fromkeys(query.agents)))
        seen = visible_calls(user, few=True)
    else:
        whose = whose_calls(user)
        seen = Call.objects.all()
    if whose is None or not whose.few:
        return rows, ()
    rest = replace(query, agents=()) if query.agents and not query.teams else query
    return rows, pieces_of(matching(seen, rest), whose, query.period)


def whose_calls(user: Any) -> Whose | None:
    """Whose calls the user sees; None: everybody's, or those of too many to name. One question."""
    scope = _scope(user, Matter.RECORDINGS)
    if scope.everything or scope.kind is Reach.NONE:
        return None
    if scope.kind is Reach.OWN:
        own = people.staff_of(user)
        return Whose((own.code,) if own else ())
    staff = scope.staff().order_by()
    agents = staff.values_list(Value("agent"), "code")
    served = QueueMembership.objects.filter(staff__in=staff).values_list(Value("queue"), "queue__code")
    found = list(agents.union(served))
    return Whose(*(tuple(sorted(code for kind, code in found if kind == name)) for name in ("agent", "queue")))


def visible_visits(user: Any) -> QuerySet[QueueVisit]:
    """Waits that ended with somebody in reach, and those that ended with nobody, as for calls."""
    scope = _scope(user, Matter.RECORDINGS)
    rows = QueueVisit.objects.all()
    if scope.everything or scope.kind is Reach.NONE:
        return scope.narrow(rows)
    return rows.filter(Q(agent__in=scope.agent_codes_query()) | _unanswered_in_their_queues(scope))


def visible_legs(user: Any) -> QuerySet[Leg]:
    return _by_agent(user, Leg.objects.all(), Matter.RECORDINGS)


def visible_attempts(user: Any) -> QuerySet[Attempt]:
    return _by_agent(user, Attempt.objects.all(), Matter.RECORDINGS)


def visible_states(user: Any) -> QuerySet[StateInterval]:
    return _by_agent(user, StateInterval.objects.all(), Matter.OPERATIONS)


def visible_recordings(user: Any) -> QuerySet[Recording]:
    """Recordings of agents in the user's scope; the capability to play is asked apart."""
    return _by_agent(user, Recording.objects.all(), Matter.RECORDINGS)
