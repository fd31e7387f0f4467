# SPDX-License-Identifier: Apache-2.0
"""Handovers, posts with an A and a B, people moved during the day: written down, taken over, ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import enforces, records
from zuoxi.vault.services import record
from zuoxi.workforce.models import Dispatch, HandoverNote, PostPair

HANDED = gettext_lazy("%(name)s hands over to you (%(day)s): please read and take over")
STANDS_IN = gettext_lazy("You are B of %(duty)s for %(name)s: %(authority)s")
MOVED = gettext_lazy("You are needed elsewhere from %(at)s: %(reason)s")


@records("SCH-016", "SCH-019", "SCH-025")
@transaction.atomic
def hand_over(
    *, giver: Staff, taker: Staff, occasion: str, day: date, said: dict[str, str], now: datetime
) -> HandoverNote:
    """Write down what is handed over and tell who takes over. `said`: tickets, callbacks, escalations, items."""
    note = HandoverNote.objects.create(giver=giver, taker=taker, occasion=occasion, day=day, given_at=now, **said)
    notify(taker, Sentence(HANDED, name=giver.name, day=day), reverse("workforce:handovers"), f"handover:{note.pk}")
    return note


@enforces("SCH-019", "SCH-025")
@transaction.atomic
def take_over(note: HandoverNote, *, now: datetime, objection: str = "") -> bool:
    """The other has read it and takes over, with what is missing in words; False when it was taken already."""
    return bool(
        HandoverNote.objects.filter(pk=note.pk, taken_at__isnull=True).update(taken_at=now, objection=objection[:200])
    )


@records("SCH-024")
@transaction.atomic
def keep_pair(
    *, duty: str, a: Staff, b: Staff | None, authority: str, from_on: date, by: str, now: datetime
) -> PostPair:
    """Write down A and B of a post; an earlier pair of the same duty and A ends on that day."""
    PostPair.objects.filter(duty=duty, a=a, until_on__isnull=True, from_on__lt=from_on).update(until_on=from_on)
    pair = PostPair.objects.create(duty=duty, a=a, b=b, authority=authority, from_on=from_on)
    record("workforce.pair.kept", who=by, on=("pair", pair.pk), at=now, duty=duty)
    if b is not None:
        notify(b, Sentence(STANDS_IN, duty=duty, name=a.name, authority=authority or "—"), reverse("workforce:pairs"))
    return pair


@transaction.atomic
def end_pair(pair: PostPair, on: date, *, by: str, now: datetime) -> bool:
    """The pair holds until that day (exclusive); False when it ended already."""
    done = PostPair.objects.filter(pk=pair.pk, until_on__isnull=True).update(until_on=max(on, pair.from_on))
    if done:
        record("workforce.pair.ended", who=by, on=("pair", pair.pk), at=now)
    return bool(done)


@records("SCH-013", "SCH-018", "SCH-028")
@transaction.atomic
def dispatch(
    *, kind: str, by: Staff, staff: Staff | None, team: Team | None, starts_at: datetime, ends_at: datetime | None,
    reason: str, now: datetime,
) -> Dispatch:  # fmt: skip
    """Write down that somebody was lent or moved, or what was suggested; who is moved is told."""
    made = Dispatch.objects.create(
        kind=kind, by=by, staff=staff, team=team, starts_at=starts_at, ends_at=ends_at, reason=reason[:400], made_at=now
    )
    record("workforce.dispatch", who=by.code, on=("dispatch", made.pk), at=now, kind=kind)
    if staff is not None:
        notify(staff, Sentence(MOVED, at=f"{starts_at:%m-%d %H:%M}", reason=reason), reverse("workforce:mine"))
    return made
