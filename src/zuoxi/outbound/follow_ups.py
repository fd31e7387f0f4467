# SPDX-License-Identifier: Apache-2.0
"""Records of follow-ups: written with three things, handed to the leader before leaving, kept for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.customers import selectors as customers
from zuoxi.customers.models import Customer
from zuoxi.outbound.facts import FollowUpFacts
from zuoxi.outbound.handbook import COLOURS
from zuoxi.outbound.models import Attempt, FollowUpRecord
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.rules import judge_follow_up
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


@dataclass(frozen=True, slots=True)
class Said:
    """Whom, by which number, what; the colour of a prospect; when to go on."""

    contact: str
    phone: str
    content: str
    colour: str = ""
    next_at: datetime | None = None


@enforces("CUS-003", "CALL-019")
@transaction.atomic
def write_follow_up(
    said: Said,
    *,
    by: Staff,
    now: datetime,
    customer: Customer | None = None,
    attempt: Attempt | None = None,
    corrects: FollowUpRecord | None = None,
) -> FollowUpRecord:
    """Keep what was said. Raises Refused when one of the three is missing, the number is none, or the colour unknown.

    The same words for the same number on the same day are kept once.
    """
    handbook = site_handbook()
    day = now.astimezone(handbook.zone).date()
    finding = judge_follow_up(FollowUpFacts(said.contact, said.phone, said.content), handbook.on(day))
    if finding.outcome != "complete":
        raise Refused(str(finding.why), finding)
    number = customers.parsed(said.phone)
    if not number.valid:
        raise Refused(_("The telephone number is none: %(problem)s") % {"problem": number.problem})
    if said.colour and not handbook.has(COLOURS.name, said.colour):
        raise Refused(_("The handbook has no such colour."))
    words = said.content.strip()
    known: FollowUpRecord | None = FollowUpRecord.objects.filter(
        staff=by, day=day, phone=number.national, content=words
    ).first()
    if known is not None and corrects is None:
        return known
    made: FollowUpRecord = FollowUpRecord.objects.create(
        staff=by, day=day, at=now, customer=customer or customers.found_by(number.national), attempt=attempt,
        contact=said.contact.strip()[:80], phone=number.national, content=words, colour=said.colour,
        next_at=said.next_at, corrects=corrects,
    )  # fmt: skip
    if corrects is not None:
        vault.record("outbound.follow_up.corrected", who=by.code, on=("follow_up", made.pk), of=corrects.pk)
    return made


@enforces("CALL-019")
@transaction.atomic
def hand_in(staff: Staff, day: date, now: datetime) -> int:
    """The day's records go to the leader; returns how many. Raises Refused when there is nothing to hand in."""
    fresh = FollowUpRecord.objects.filter(staff=staff, day=day, handed_at=None)
    count = fresh.update(handed_at=now)
    if not count:
        raise Refused(_("There is nothing left to hand in for this day."))
    leader = people.superior_of(staff, day)
    if leader is not None:
        said = Why(
            f"{staff.name} 交来 {day:%m-%d} 的跟进记录 {count} 条，请收阅",
            f"{staff.name} has handed in {count} follow-ups of {day:%m-%d}",
        )
        where = f"{reverse('outbound:follow_ups')}?day={day}&staff={staff.code}"
        approvals.notify(leader, said, where, dedupe=f"follow:{staff.code}:{day}:{now:%H%M%S}")
    return count


@enforces("CALL-019")
@transaction.atomic
def receive(ids: Iterable[int], by: Staff, now: datetime) -> int:
    """The leader has taken them over, which is the second signature; own ones cannot be taken over by oneself."""
    rows = FollowUpRecord.objects.filter(pk__in=list(ids), received_at=None, handed_at__isnull=False).exclude(staff=by)
    count = rows.update(received_by=by, received_at=now)
    if not count:
        raise Refused(_("Nothing was left to take over: somebody did it before, or it is not handed in yet."))
    return count
