# SPDX-License-Identifier: Apache-2.0
"""Verbs of the floor. What others must see at once is told by an event of the stream "floor"."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.floor.models import FloorMessage, OpenDesk, RaisedHand, WallLink
from zuoxi.floor.refusing import Refused
from zuoxi.floor.telling import tell
from zuoxi.floor.watch_keeping import note_second_seat
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

__all__ = [
    "Refused",
    "answer_hand",
    "desk_elsewhere",
    "keep_desk",
    "leave_desk",
    "lower_hand",
    "make_wall_link",
    "open_desk",
    "raise_hand",
    "read_message",
    "revoke_wall_link",
    "send_message",
    "take_desk",
]

DESK_FREE_AFTER = timedelta(seconds=45)


@enforces("FLR-005", "CALL-022")
@transaction.atomic
def raise_hand(agent: str, note: str, now: datetime) -> RaisedHand:
    """Ask for the leader. A hand that is up stays up: raising it again changes only the note."""
    standing = RaisedHand.objects.filter(agent=agent, answered_at=None, lowered_at=None).first()
    if standing:
        RaisedHand.objects.filter(pk=standing.pk).update(note=note[:120])
        return standing
    hand = RaisedHand.objects.create(agent=agent, note=note[:120], raised_at=now)
    tell("hand.raised", agent, now, hand.pk)
    return hand


@transaction.atomic
def lower_hand(agent: str, now: datetime) -> bool:
    """The agent no longer needs the leader; False when no hand was up."""
    hand = RaisedHand.objects.filter(agent=agent, answered_at=None, lowered_at=None).first()
    if hand is None:
        return False
    RaisedHand.objects.filter(pk=hand.pk).update(lowered_at=now)
    tell("hand.lowered", agent, now, hand.pk)
    return True


@enforces("FLR-005")
@transaction.atomic
def answer_hand(hand_id: int, by: Staff | None, now: datetime) -> RaisedHand:
    """The leader goes; raises Refused when somebody was faster or the hand is down again."""
    taken = RaisedHand.objects.filter(pk=hand_id, answered_at=None, lowered_at=None).update(
        answered_at=now, answered_by=by
    )
    hand = RaisedHand.objects.select_related("answered_by").get(pk=hand_id)
    if not taken:
        if hand.answered_by:
            raise Refused(_("%(who)s has answered already.") % {"who": hand.answered_by.name})
        raise Refused(_("The hand is down again."))
    tell("hand.answered", hand.agent, now, hand.pk)
    return hand


@transaction.atomic
def send_message(agent: str, text: str, by: Staff | None, now: datetime) -> FloorMessage:
    words = text.strip()
    if not words:
        raise Refused(_("Write what the agent should read."))
    if len(words) > 200:
        raise Refused(_("At most 200 characters."))
    message = FloorMessage.objects.create(agent=agent, text=words, sent_by=by, sent_at=now)
    tell("message.sent", agent, now, message.pk)
    return message


@transaction.atomic
def read_message(agent: str, message_id: int, now: datetime) -> None:
    if FloorMessage.objects.filter(pk=message_id, agent=agent, read_at=None).update(read_at=now):
        tell("message.read", agent, now, message_id)


@enforces("CALL-009")
@transaction.atomic
def open_desk(agent: str, tab: str, session: str, address: str, now: datetime, *, note: bool = True) -> OpenDesk | None:
    """Take the agent's desk for this tab. None: it is taken; otherwise the desk that stands in the way.

    The standing desk wins over a later one (CALL-009) until it has not been seen for a while; a refusal of another
    sign-in is kept in the audit chain where `note` asks for it.
    """
    free = now - DESK_FREE_AFTER
    mine = {"tab": tab, "session": session, "address": address, "opened_at": now, "seen_at": now}
    if OpenDesk.objects.filter(agent=agent, tab=tab).update(seen_at=now):
        return None
    if OpenDesk.objects.filter(agent=agent, seen_at__lt=free).update(**mine):
        return None
    try:
        with transaction.atomic():
            _desk, made = OpenDesk.objects.get_or_create(agent=agent, defaults=mine)
    except IntegrityError:
        made = False
    if made:
        return None
    standing = OpenDesk.objects.get(agent=agent)
    if note and standing.session != session:
        vault.record("floor.desk.second_sign_in", who=agent, ip=address or None, standing=standing.address)
        note_second_seat(agent, standing.address, now)
    return standing


@transaction.atomic
def take_desk(agent: str, tab: str, session: str, address: str, now: datetime) -> None:
    """Move the desk to this tab of the same sign-in; raises Refused when it stands in another sign-in."""
    standing = OpenDesk.objects.filter(agent=agent).first()
    busy = standing is not None and standing.seen_at >= now - DESK_FREE_AFTER
    if standing and busy and standing.session != session:
        raise Refused(_("This staff number works at another seat. Sign out there first, or ask the leader."))
    mine = {"tab": tab, "session": session, "address": address, "opened_at": now, "seen_at": now}
    OpenDesk.objects.update_or_create(agent=agent, defaults=mine)
    tell("desk.taken", agent, now, int(now.timestamp() * 1000))


def desk_elsewhere(agent: str, session: str, now: datetime) -> bool:
    """Whether the agent works at another seat, in another sign-in, at this moment."""
    busy = OpenDesk.objects.filter(agent=agent, seen_at__gte=now - DESK_FREE_AFTER)
    return busy.exclude(session=session).exists()


def keep_desk(agent: str, tab: str, now: datetime) -> bool:
    """Say that the tab is still there; False when the desk has moved elsewhere."""
    return bool(OpenDesk.objects.filter(agent=agent, tab=tab).update(seen_at=now))


def leave_desk(agent: str, tab: str) -> None:
    OpenDesk.objects.filter(agent=agent, tab=tab).delete()


@transaction.atomic
def make_wall_link(
    label: str, queues: list[str], *, names: bool, language: str, rotate_seconds: int, by: Staff | None, now: datetime
) -> WallLink:
    link = WallLink.objects.create(
        label=label[:60], queues=queues, names=names, language=language, rotate_seconds=rotate_seconds,
        made_by=by, made_at=now,
    )  # fmt: skip
    vault.record("floor.wall.made", who=by.code if by else "", on=("wall", link.pk), names=names)
    return link


@transaction.atomic
def revoke_wall_link(link_id: int, by: Staff | None, now: datetime) -> None:
    WallLink.objects.filter(pk=link_id, revoked_at=None).update(revoked_at=now)
    vault.record("floor.wall.revoked", who=by.code if by else "", on=("wall", link_id))
