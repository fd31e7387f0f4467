# SPDX-License-Identifier: Apache-2.0
"""Which calls, states and recordings a person sees; the only place in telephony that knows."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from zuoxi.people import selectors as people
from zuoxi.telephony.models import Attempt, Call, Leg, QueueVisit, Recording, StateInterval

Row = TypeVar("Row", bound=Model)


def _agent_codes(user: Any) -> Any | None:
    """A subquery of the agents whose rows the user sees; None when he sees all."""
    scope = people.scope_of(user, timezone.localdate())
    return None if scope.kind == "all" else scope.agent_codes_query()


def _narrow(user: Any, rows: QuerySet[Row], condition: Any) -> QuerySet[Row]:
    codes = _agent_codes(user)
    return rows if codes is None else rows.filter(condition(codes))


def visible_calls(user: Any) -> QuerySet[Call]:
    """Calls that an agent of the user's scope took part in; calls nobody answered are seen with the whole centre."""

    def takes_part(codes: Any) -> Q:
        legs = Leg.objects.filter(call_id=OuterRef("pk"), agent__in=codes)
        return Q(agent__in=codes) | Q(Exists(legs))

    return _narrow(user, Call.objects.all(), takes_part)


def visible_visits(user: Any) -> QuerySet[QueueVisit]:
    return _narrow(user, QueueVisit.objects.all(), lambda codes: Q(agent__in=codes))


def visible_legs(user: Any) -> QuerySet[Leg]:
    return _narrow(user, Leg.objects.all(), lambda codes: Q(agent__in=codes))


def visible_attempts(user: Any) -> QuerySet[Attempt]:
    return _narrow(user, Attempt.objects.all(), lambda codes: Q(agent__in=codes))


def visible_states(user: Any) -> QuerySet[StateInterval]:
    return _narrow(user, StateInterval.objects.all(), lambda codes: Q(agent__in=codes))


def visible_recordings(user: Any) -> QuerySet[Recording]:
    """Recordings of agents in the user's scope; the capability to play is asked apart."""
    return _narrow(user, Recording.objects.all(), lambda codes: Q(agent__in=codes))
