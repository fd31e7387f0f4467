# SPDX-License-Identifier: Apache-2.0
"""Calling back who kept his place: when his turn has come and an agent of the queue is free."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zuoxi.outbound.calling import ask_switch, open_attempt, own_matter
from zuoxi.outbound.models import Attempt, QueueTurn
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.turn_keeping import OPEN, answered_meanwhile, expire, next_turns, take_requests
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code
from zuoxi.telephony import selectors as telephony

__all__ = ["OPEN", "call_turn", "drop_turn", "tend_turns"]


def tend_turns(now: datetime) -> int:
    """New places, given up ones, and a call for each free agent whose queue's next turn has come; calls made."""
    take_requests(now)
    answered_meanwhile(now)
    expire(now)
    made = 0
    for queue in (
        QueueTurn.objects.filter(state=QueueTurn.State.WAITING).order_by().values_list("queue", flat=True).distinct()
    ):
        made += _call_next(queue, now)
    return made


def _call_next(queue: str, now: datetime) -> int:
    """At most one call for each free agent; who waits on the line and joined before goes first."""
    free = telephony.free_in(queue)
    busy = set(Attempt.objects.filter(ended_at=None).values_list("staff__code", flat=True))
    agents = [code for code in free if code not in busy]
    made = 0
    for turn in next_turns(queue, now):
        if made >= len(agents) or telephony.waiting_before(queue, turn.entered_at, now) >= len(agents) - made:
            break
        staff = staff_by_code(agents[made])
        if staff is None:
            break
        try:
            call_turn(turn.pk, staff, now)
        except Refused:
            continue
        made += 1
    return made


@transaction.atomic
def call_turn(pk: int, staff: Staff, now: datetime) -> Attempt:
    """Call him back with that agent. Raises Refused when somebody was faster, or he wants no call at all."""
    turn = QueueTurn.objects.select_related("customer").get(pk=pk)
    finding = own_matter(turn.number, now)
    mine = QueueTurn.objects.filter(pk=pk, state=QueueTurn.State.WAITING).update(
        state=QueueTurn.State.DIALLING, attempts=F("attempts") + 1
    )
    if not mine:
        raise Refused(_("Somebody calls him back already."))
    row = Attempt(turn=turn, customer=turn.customer, number=turn.number, mode="queue")
    attempt = open_attempt(row, staff, now, finding)
    ask_switch(attempt, staff, "")
    return attempt


@transaction.atomic
def drop_turn(pk: int, reason: str, by: Staff | None, now: datetime) -> None:
    """Nobody calls back. Raises Refused without a reason, or when it is settled."""
    if not reason.strip():
        raise Refused(_("Say why nobody calls back."))
    rows = QueueTurn.objects.filter(pk=pk, state=QueueTurn.State.WAITING)
    if not rows.update(state=QueueTurn.State.DROPPED, closed_at=now, note=reason.strip()[:200]):
        raise Refused(_("This place is settled already."))
