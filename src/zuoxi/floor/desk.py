# SPDX-License-Identifier: Apache-2.0
"""What an agent's desk asks of the tables: his telephone, the call in hand, and the calls behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists
from django.utils import timezone

from zuoxi.customers.models import Customer
from zuoxi.floor import linking
from zuoxi.floor.facts import HandSeen, StateSeen
from zuoxi.floor.handbook import Figure, figure
from zuoxi.floor.picture import Picture
from zuoxi.floor.reading import day_bounds
from zuoxi.floor.roster import QueueShown, Roster
from zuoxi.telephony.models import (
    Call,
    Command,
    Extension,
    Leg,
    StateInterval,
    Switch,
    WrapUp,
)
from zuoxi.vault import masking
from zuoxi.web.states import state_label

AWAY = ("break", "meal", "training")
RECENT = 8
COLLEAGUES = 40
WRAP_UP_FORM_KEPT = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
IN_CALLS = ("on_call", "ringing")


@dataclass(frozen=True, slots=True)
class Telephone:
    """The agent's telephone. `browser`: this page is the telephone; else the switch is asked to press its keys."""

    extension: Extension | None
    browser: bool

    @property
    def simulated(self) -> bool:
        return self.extension is not None and self.extension.switch.kind == Switch.Kind.SIMULATOR


def telephone_of(agent: str) -> Telephone:
    extension = Extension.objects.select_related("switch").filter(staff__code=agent).first()
    browser = extension is not None and extension.browser and bool(extension.switch.websocket_url)
    return Telephone(extension, browser)


def softphone_config(telephone: Telephone, name: str) -> dict[str, Any] | None:
    """What the telephone in the page needs to register; None where the page is none."""
    extension = telephone.extension
    if extension is None or not telephone.browser:
        return None
    domain = extension.switch.sip_domain or extension.switch.host
    return {
        "ws": extension.switch.websocket_url,
        "uri": f"sip:{extension.number}@{domain}",
        "user": extension.number,
        "password": extension.secret,
        "display_name": name,
        "ice_servers": [],
        "register_expires": 120,
        "auto_answer": False,
    }


@dataclass(frozen=True, slots=True)
class PastCall:
    """A line of history, its number masked."""

    call: Call
    number: str
    at: datetime
    talk_seconds: int | None
    agent: str
    agent_name: str
    topic: str
    note: str


@dataclass(frozen=True, slots=True)
class CallInHand:
    """The call that the desk is about: ringing, in talk, or just ended and not written up."""

    call: Call
    state: str
    since: datetime
    number: str
    queue: QueueShown | None
    customer: Customer | None
    held_at: datetime | None
    wrap_up: WrapUp | None
    wrap_until: datetime | None
    extended: bool
    hold_prompt: Figure


def other_number(call: Call) -> str:
    """The customer's number: who called, or whom the agent called."""
    return call.caller if call.direction == "inbound" else call.called


class Colleague(NamedTuple):
    """Somebody who is ready, to whom a call may be passed on."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Now:
    """What the live picture says of the agent: his state, his raised hand, who could take a call, who is who."""

    code: str
    state: StateSeen | None
    hand: HandSeen | None
    colleagues: list[Colleague]
    roster: Roster
    at: datetime

    @classmethod
    def of(cls, code: str, picture: Picture) -> Now:
        board, people = picture.board, picture.roster.people
        free = sorted(one for one, seen in board.agents.items() if seen.state == "ready" and one != code)
        colleagues = [Colleague(one, people[one].name) for one in free if one in people][:COLLEAGUES]
        return cls(code, board.agents.get(code), board.hands.get(code), colleagues, picture.roster, picture.now)


def ways_to_be_away(roster: Roster, language: str) -> dict[str, Any]:
    """Break, meal and training always, as (pause, label); and the not-ready reasons that are set up."""
    named = {reason.state: reason.name(language) for reason in roster.reasons.values() if reason.state in AWAY}
    return {
        "aways": [(state, named.get(state, state_label(state))) for state in AWAY],
        "reasons": [
            (reason.code, reason.name(language), reason.limit_seconds)
            for reason in roster.reasons.values()
            if reason.state not in AWAY
        ],
    }


def takes_part(agent: str, call: Call) -> bool:
    """Whether the agent talks, talked, or is being rung with the call."""
    return (
        call.agent == agent
        or Leg.objects.filter(call_id=call.pk, agent=agent).exists()
        or StateInterval.objects.filter(agent=agent, to_at=None, subject=call.uid).exists()
    )


def call_in_hand(now: Now) -> CallInHand | None:
    """None when the agent has no call and none that waits to be written up."""
    state, agent = now.state, now.code
    live = state is not None and state.state in ("ringing", "on_call", "wrap_up") and state.subject != ""
    call = Call.objects.filter(uid=state.subject).first() if state and live else _unwritten(agent, now.at)
    if call is None:
        return None
    if call.direction == "internal":
        call = _waiting(agent, now.at) or call
    queue = now.roster.queues.get(call.queue)
    number = other_number(call)
    wrapping = state is not None and state.state == "wrap_up"
    extended = wrapping and state is not None and _extended(agent, state.since)
    until = None
    if wrapping and state and queue:
        until = state.since + timedelta(seconds=queue.wrap_seconds * (2 if extended else 1))
    return CallInHand(
        call,
        state.state if state and live else "ended",
        state.since if state and live else (call.ended_at or call.offered_at),
        masking.phone(number),
        queue,
        linking.customer_of(call.uid, number),
        state.held_at if state else None,
        WrapUp.objects.filter(call_id=call.pk, agent=agent).first() if live else None,
        until,
        extended,
        figure("desk.hold_prompt", timezone.localdate(now.at)),
    )


def _waiting(agent: str, now: datetime) -> Call | None:
    """The customer's call that waits while the agent asks a colleague about it; None while he just talks to one.

    It is one that is up and that he has had since he was last out of calls: the end of an older one went unheard.
    """
    other = StateInterval.objects.filter(agent=agent, to_at__isnull=False, to_at__gt=now - LONGEST)
    free = other.exclude(state__in=IN_CALLS).order_by("-from_at").values_list("to_at", flat=True).first()
    since = free or now - LONGEST
    open_legs = Leg.objects.filter(agent=agent, to_at=None, from_at__gte=since).values("call_id")
    waiting = Call.objects.filter(pk__in=open_legs, ended_at=None).exclude(direction="internal")
    return waiting.order_by("-pk").first()


def _unwritten(agent: str, now: datetime) -> Call | None:
    """His last call, when it ended a short while ago and nothing was written."""
    leg = Leg.objects.filter(agent=agent, from_at__gte=now - 4 * WRAP_UP_FORM_KEPT).order_by("-from_at").first()
    if leg is None or leg.to_at is None or leg.to_at < now - WRAP_UP_FORM_KEPT:
        return None
    written = WrapUp.objects.filter(call_id=leg.call_id, agent=agent)
    return Call.objects.filter(~Exists(written), pk=leg.call_id).exclude(direction="internal").first()


def _extended(agent: str, since: datetime) -> bool:
    asked = Command.objects.filter(verb="extend_wrap_up", agent=agent, asked_at__gte=since)
    return asked.exclude(status=Command.Status.FAILED).exists()


def recent_calls(agent: str, roster: Roster, now: datetime) -> list[PastCall]:
    """The agent's own calls of today, newest first."""
    start, _end = day_bounds(timezone.localdate(now))
    legs = Leg.objects.filter(agent=agent, from_at__gte=start).order_by("-from_at")[: RECENT * 2]
    numbers = list(dict.fromkeys(leg.call_id for leg in legs))[:RECENT]
    calls = Call.objects.in_bulk(numbers)
    written = {one.call_id: one for one in WrapUp.objects.filter(call_id__in=numbers, agent=agent)}
    return [_line(calls[number], roster, written.get(number)) for number in numbers if number in calls]


def _line(call: Call, roster: Roster, wrap_up: WrapUp | None) -> PastCall:
    person = roster.people.get(call.agent)
    return PastCall(
        call,
        masking.phone(other_number(call)),
        call.offered_at,
        call.talk_seconds,
        call.agent,
        person.name if person else call.agent,
        wrap_up.topic if wrap_up else "",
        wrap_up.note if wrap_up else "",
    )
