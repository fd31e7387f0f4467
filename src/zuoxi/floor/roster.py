# SPDX-License-Identifier: Apache-2.0
"""Who is who on the floor: names, teams, queues and reasons, read rarely and kept for a moment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zuoxi.floor.facts import PRESENT_ORDER, QueueTerms
from zuoxi.floor.handbook import state_limit
from zuoxi.people.models import Assignment
from zuoxi.telephony.models import NotReadyReason, Number, Queue, QueueMembership


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the floor shows him. `queues`: those he signs in to."""

    code: str
    name: str
    team_id: int | None
    team_zh: str
    team_en: str
    queues: tuple[str, ...]

    def team(self, language: str) -> str:
        return self.team_en if language.startswith("en") else self.team_zh


@dataclass(frozen=True, slots=True)
class QueueShown:
    """A queue's names and terms. `target_percent` 0 to 100."""

    code: str
    name_zh: str
    name_en: str
    target_seconds: int
    target_percent: Decimal
    short_abandon_seconds: int
    max_wait_seconds: int
    wrap_seconds: int
    open: bool

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is not ready. `limit_seconds` None: no limit."""

    code: str
    state: str
    name_zh: str
    name_en: str
    limit_seconds: int | None

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that does not change with a call. `presented`: numbers that may be shown to a called party."""

    people: dict[str, Person]
    queues: dict[str, QueueShown]
    reasons: dict[str, Reason]
    state_limits: dict[str, int]
    presented: tuple[tuple[str, str], ...]

    @property
    def terms(self) -> dict[str, QueueTerms]:
        return {code: QueueTerms(one.target_seconds, one.short_abandon_seconds) for code, one in self.queues.items()}

    def limit_of(self, state: str, reason: str) -> int | None:
        """Seconds somebody may stay in the state: by his reason, by the state's one reason, else by the handbook."""
        named = self.reasons.get(reason)
        if named is not None and named.limit_seconds is not None:
            return named.limit_seconds
        own = {one.limit_seconds for one in self.reasons.values() if one.state == state and one.limit_seconds}
        if own and state != "not_ready":
            return min(own)
        return self.state_limits.get(state)


def read_roster(day: date) -> Roster:
    """Five queries, however many people there are. People: whoever holds a post today, with his latest team."""
    queues_of: dict[str, list[str]] = defaultdict(list)
    for code, queue in QueueMembership.objects.order_by("queue__code").values_list("staff__code", "queue__code"):
        queues_of[code].append(queue)
    people: dict[str, Person] = {}
    fields = ("staff__code", "staff__name", "team_id", "team__name_zh", "team__name_en")
    for code, name, team, zh, en in (
        Assignment.objects.filter(Assignment.in_force(day)).order_by("from_on", "pk").values_list(*fields)
    ):
        if code not in people or team is not None:
            people[code] = Person(code, name, team, zh or "", en or "", tuple(queues_of[code]))
    shown = (
        "code", "name_zh", "name_en", "target_seconds", "target_percent", "short_abandon_seconds",
        "max_wait_seconds", "wrap_seconds", "open",
    )  # fmt: skip
    queues = {row[0]: QueueShown(*row) for row in Queue.objects.values_list(*shown)}
    reasons = {
        code: Reason(code, state, zh, en, minutes * 60 if minutes else None)
        for code, state, zh, en, minutes in NotReadyReason.objects.filter(active=True).values_list(
            "code", "state", "name_zh", "name_en", "limit_minutes"
        )
    }
    limits = {state: seconds for state in PRESENT_ORDER if (seconds := state_limit(state, day)) is not None}
    numbers = Number.objects.filter(presented=True).order_by("number").values_list("number", "label")
    return Roster(people, queues, reasons, limits, tuple(numbers))
