# SPDX-License-Identifier: Apache-2.0
"""The dialler at work: reads what stands, asks `dialling.decide`, does it under locks, and follows its calls.

Two of these beside each other do no harm: an agent, a contact and a number each have at most one open attempt, which
the database holds, and the switch is asked only after that row stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from zuoxi.outbound.calling import call_lead
from zuoxi.outbound.campaigns import keep_guard
from zuoxi.outbound.dialling import AgentNow, Campaigns, Dial, HangUp, Open, Waiting, Withdraw, decide
from zuoxi.outbound.following import close, follow, hang_up, withdraw
from zuoxi.outbound.models import Attempt, Campaign, Lead, Seat
from zuoxi.outbound.permission import hours_on
from zuoxi.outbound.refusing import Refused
from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony

LISTENER_SILENCE: Final = timedelta(seconds=30)
"""A listener that has not been heard of for that long is dead: nothing is asked of it."""
AHEAD: Final = 3
"""Contacts looked at for each free agent: some turn out not to be called now."""


@dataclass(slots=True)
class Done:
    """What one round did."""

    dialled: int = 0
    refused: int = 0
    withdrawn: int = 0
    hung_up: int = 0
    ended: int = 0
    paused: list[int] = field(default_factory=list)


def tick(now: datetime, handbook: Handbook | None = None) -> Done:
    """One round: follow the calls under way, then make new ones."""
    book = handbook or site_handbook()
    done = Done(ended=follow(now))
    running = list(Campaign.objects.filter(state=Campaign.State.RUNNING))
    done.paused = [one.pk for one in running if keep_guard(one, now)]
    on = _dialling(running, done.paused, now, book)
    agents = _agents(on, now)
    under_way = _under_way(now, agents)
    free = [one for one in agents if one.state == "ready" and not one.owes and one.heard]
    waiting = _waiting(on, free, now)
    for action in decide(agents, waiting, under_way, Campaigns(frozenset(on))):
        if isinstance(action, Dial):
            _dial(on[action.waiting.campaign], action, now, done, book)
        elif isinstance(action, Withdraw):
            done.withdrawn += withdraw(action.attempt, action.why, now)
        elif isinstance(action, HangUp):
            done.hung_up += hang_up(action.attempt, now)
        else:
            close(action, now)
    return done


def _dialling(running: Sequence[Campaign], paused: Sequence[int], now: datetime, book: Handbook) -> dict[int, Campaign]:
    today = now.astimezone(book.zone).date()
    return {
        one.pk: one
        for one in running
        if one.mode == Campaign.Mode.PROGRESSIVE
        and one.pk not in paused
        and (one.begins_on is None or one.begins_on <= today)
        and (one.ends_on is None or one.ends_on >= today)
        and hours_on(one.rule, now, book) is None
    }


def _agents(on: dict[int, Campaign], now: datetime) -> list[AgentNow]:
    seats = list(Seat.objects.filter(left_at=None, campaign__in=list(on)).select_related("staff"))
    codes = [seat.staff.code for seat in seats]
    present = telephony.present_of(codes)
    owing = set(
        Attempt.objects.filter(staff__in=[seat.staff_id for seat in seats], written_at=None, ended_at__isnull=False)
        .filter(state__in=[Attempt.State.ANSWERED, Attempt.State.NUISANCE])
        .values_list("staff__code", flat=True)
    )
    up, switches = telephony.switches_up(now, LISTENER_SILENCE), telephony.switches_by_agent(codes)
    since = {code: found[1] for code, found in present.items()}
    return sorted(
        (
            AgentNow(
                code, seat.campaign_id, present.get(code, ("signed_out",))[0], code in owing, switches.get(code) in up
            )
            for seat in seats
            for code in (seat.staff.code,)
        ),
        key=lambda one: (since.get(one.code, now), one.code),
    )


def _under_way(now: datetime, agents: Sequence[AgentNow]) -> list[Open]:
    rows = list(Attempt.objects.filter(ended_at=None).select_related("staff"))
    wishes = telephony.wishes([row.command for row in rows if row.command])
    states = telephony.present_of([row.staff.code for row in rows])
    found = []
    for row in rows:
        wish = wishes.get(row.command or 0)
        changed = row.dialled_at or row.reserved_at
        found.append(
            Open(
                attempt=row.pk,
                agent=row.staff.code,
                number=row.number,
                state=row.state,  # type: ignore[arg-type]
                wish=wish.status if wish else "none",
                ago=(now - (wish.asked_at if wish else changed)).total_seconds(),
                agent_state=states.get(row.staff.code, ("signed_out",))[0],
                placed=row.call is not None,
                message=wish.message if wish else "",
                uncertain=bool(wish and "listener stopped" in wish.message),
            )
        )
    return found


def _waiting(on: dict[int, Campaign], free: Sequence[AgentNow], now: datetime) -> list[Waiting]:
    """The next contacts of each campaign, as many as its free agents could want."""
    found: list[Waiting] = []
    for pk in on:
        codes = [one.code for one in free if one.campaign == pk]
        if not codes:
            continue
        rows = next_leads(pk, codes, now)[: len(codes) * AHEAD]
        found += [Waiting(row.pk, pk, row.number, row.owner.code if row.owner else "") for row in rows]
    return found


def next_leads(campaign: int, codes: Sequence[str], now: datetime) -> QuerySet[Lead]:
    """Contacts of the campaign that may be next for these agents, in the order in which they are called."""
    rows = Lead.objects.filter(campaign=campaign, state=Lead.State.WAITING)
    rows = rows.filter(Q(next_at=None) | Q(next_at__lte=now)).filter(Q(owner=None) | Q(owner__code__in=codes))
    return rows.select_related("owner").order_by("-priority", F("next_at").asc(nulls_first=True), "pk")


def _dial(campaign: Campaign, action: Dial, now: datetime, done: Done, book: Handbook) -> None:
    staff = staff_by_code(action.agent)
    if staff is None:
        return
    try:
        call_lead(action.waiting.lead, staff, now, mode=Campaign.Mode.PROGRESSIVE, handbook=book)
    except Refused:
        done.refused += 1
    else:
        done.dialled += 1
