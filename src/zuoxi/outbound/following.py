# SPDX-License-Identifier: Apache-2.0
"""What became of the calls that were asked for: found in the ledger, brought on, ended once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from zuoxi.customers.numbers import canonical
from zuoxi.outbound.dialling import Close
from zuoxi.outbound.models import Attempt, Lead
from zuoxi.outbound.turn_keeping import turn_called
from zuoxi.outbound.writing import call_again, write_unanswered
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony import services as switch

CLOCKS: Final = timedelta(seconds=20)
"""By how much the switch's clock may be behind ours."""
LEFT: Final = "the agent left"


def follow(now: datetime) -> int:
    """Find the open attempts' calls in the ledger and bring them on; returns how many have ended."""
    rows = list(Attempt.objects.filter(ended_at=None).select_related("staff", "lead__campaign", "campaign", "turn"))
    if not rows:
        return 0
    since = min(row.reserved_at for row in rows) - CLOCKS
    placed = telephony.placed_since({row.staff.code for row in rows}, since)
    linked = set(Attempt.objects.filter(call__in=[one.call_id for one in placed]).values_list("call", flat=True)) - {
        row.call for row in rows
    }
    ended = 0
    for row in rows:
        call = _call_of(row, placed, linked)
        if call is not None:
            linked.add(call.call_id)
            ended += _bring_on(row, call, now)
    return ended


def _call_of(row: Attempt, placed: Sequence[telephony.Placed], linked: set[int | None]) -> telephony.Placed | None:
    """His call: known already, or the first of this agent to this number since he was reserved."""
    for one in placed:
        if row.call is not None:
            if one.call_id == row.call:
                return one
        elif (
            one.call_id not in linked
            and one.agent == row.staff.code
            and one.offered_at >= row.reserved_at - CLOCKS
            and _same(one.called, row.number)
        ):
            return one
    return None


def _same(called: str, number: str) -> bool:
    return called == number or canonical(called) == number


@transaction.atomic
def _bring_on(row: Attempt, call: telephony.Placed, now: datetime) -> int:
    if call.ended_at is None:
        state = Attempt.State.TALKING if call.answered_at else Attempt.State.DIALLING
        if row.call is None or row.state != state:
            Attempt.objects.filter(pk=row.pk, ended_at=None).update(
                call=call.call_id, state=state, answered_at=call.answered_at
            )
        return 0
    return int(_end(row, _how(row, call), now, call=call))


def _how(row: Attempt, call: telephony.Placed) -> str:
    if call.answered_at is None:
        return Attempt.State.UNANSWERED
    hung_up = row.why == LEFT
    return Attempt.State.NUISANCE if hung_up else Attempt.State.ANSWERED


def _end(row: Attempt, state: str, now: datetime, *, call: telephony.Placed | None = None, why: str = "") -> bool:
    """End an open attempt once; False when somebody else has."""
    values: dict[str, Any] = {
        "state": state,
        "ended_at": max(row.reserved_at, (call.ended_at if call else None) or now),
    }
    if call is not None:
        values |= {"call": call.call_id, "answered_at": call.answered_at, "talk_seconds": call.talk_seconds}
    if why:
        values["why"] = why[:200]
    if not Attempt.objects.filter(pk=row.pk, ended_at=None).update(**values):
        return False
    row.refresh_from_db()
    if row.turn_id is not None:
        turn_called(row, state, now)
    if state == Attempt.State.UNANSWERED:
        write_unanswered(row, now)
    elif row.lead is not None and state in (Attempt.State.DROPPED, Attempt.State.UNKNOWN):
        _back_to_list(row.lead.pk, state, now)
    elif row.lead_id is not None:
        Lead.objects.filter(pk=row.lead_id, state=Lead.State.RESERVED).update(state=Lead.State.DONE, changed_at=now)
    return True


def _back_to_list(pk: int, state: str, now: datetime) -> None:
    """Not dialled: as if nothing had been. Nobody knows: it counts, and he is not called again before the spacing."""
    lead = Lead.objects.select_related("campaign").get(pk=pk)
    if state == Attempt.State.DROPPED:
        Lead.objects.filter(pk=lead.pk, state=Lead.State.RESERVED).update(
            state=Lead.State.WAITING, attempts=F("attempts") - 1, next_at=now + timedelta(minutes=1), changed_at=now
        )
    elif lead.state == Lead.State.RESERVED:
        call_again(lead, now)
        lead.changed_at = now
        lead.save()


@transaction.atomic
def withdraw(pk: int, why: str, now: datetime) -> int:
    """Take the wish back; too late when the listener has it: then the next round sees."""
    row = Attempt.objects.select_for_update().get(pk=pk)
    if row.ended_at is not None or row.command is None or not switch.withdraw(row.command, why):
        return 0
    return int(_end(row, Attempt.State.DROPPED, now, why=why))


@transaction.atomic
def hang_up(pk: int, now: datetime) -> int:
    """Ask the switch once to end a call whose agent has gone."""
    row = Attempt.objects.select_for_update(of=("self",)).select_related("staff").get(pk=pk)
    if row.ended_at is not None or row.why == LEFT:
        return 0
    Attempt.objects.filter(pk=pk).update(why=LEFT)
    switches = telephony.switches_by_agent([row.staff.code])
    if row.staff.code in switches:
        switch.ask_switch(switches[row.staff.code], "hang_up", row.staff.code, {})
    return 1


@transaction.atomic
def close(action: Close, now: datetime) -> None:
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=action.attempt)
    state = Attempt.State.UNKNOWN if action.unknown else Attempt.State.DROPPED
    _end(row, state, now, why=action.why)
