# SPDX-License-Identifier: Apache-2.0
"""The call behind something of another package, a complaint say, with the recordings that the reader may play there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zuoxi.telephony.access import RECORDINGS
from zuoxi.telephony.call_lines import PLAYABLE
from zuoxi.telephony.facts import Direction
from zuoxi.telephony.listening import ticket_for
from zuoxi.telephony.models import Call, Recording
from zuoxi.telephony.visibility import visible_calls, visible_recordings


@dataclass(frozen=True, slots=True)
class Player:
    """What `telephony/player.html` draws; hearing it is written down with the reader's name."""

    recording: Recording
    id: str
    ticket: str


@dataclass(frozen=True, slots=True)
class CallBehind:
    """`pk` None: the ledger does not know it, or it is out of the reader's reach. `recorded`: whether any sound is
    there, playable by him or not."""

    pk: int | None
    at: datetime | None = None
    agent: str = ""
    talk_seconds: int | None = None
    recorded: bool = False
    players: tuple[Player, ...] = ()


def number_behind(user: Any, ref: str) -> str:
    """The customer's number of a call that the reader sees, by its linked id; "" for any other."""
    row = (
        visible_calls(user, few=True).filter(uid=ref).values_list("direction", "caller", "called").first()
        if ref
        else None
    )
    return "" if row is None else str(row[1] if row[0] == Direction.INBOUND else row[2])


def call_behind(user: Any, ref: str) -> CallBehind | None:
    """The call by its linked id or its number in the ledger; None for an empty reference. Three queries."""
    text = ref.strip()
    if not text:
        return None
    named = {"pk": int(text)} if text.isdecimal() and len(text) < 16 else {"uid": text}
    call: Call | None = visible_calls(user, few=True).filter(**named).first()
    if call is None:
        return CallBehind(None)
    there = [one for one in Recording.objects.filter(call_id=call.pk) if one.status in PLAYABLE]
    players: tuple[Player, ...] = ()
    if there and user.may(RECORDINGS.code):
        mine = set(visible_recordings(user).filter(pk__in=[one.pk for one in there]).values_list("pk", flat=True))
        players = tuple(Player(one, f"recording-{one.pk}", ticket_for(user.pk, one)) for one in there if one.pk in mine)
    return CallBehind(call.pk, call.offered_at, call.agent, call.talk_seconds, bool(there), players)
