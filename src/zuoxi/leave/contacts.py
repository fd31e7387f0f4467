# SPDX-License-Identifier: Apache-2.0
"""Keeping in touch with somebody on long leave: every so many days, three attempts, then an alarm (ATT-012)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.services import NotDone, Sentence, notify
from zuoxi.leave.models import Contact, ContactTry, Leave, LeaveState
from zuoxi.people.models import Staff
from zuoxi.people.selectors import superior_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

State = Contact.State


@enforces("ATT-012")
def plan_contacts(leave: Leave) -> int:
    """One contact every so many days from the first day on, as long as the leave lasts; how many."""
    reading = site_handbook().on(leave.first_on)
    length = (leave.last_on - leave.first_on).days + 1
    if not reading.beyond("leave.long_from_days", length):
        return 0
    every = reading.whole("leave.contact.every_days")
    days = [leave.first_on + timedelta(days=step) for step in range(every, length, every)]
    Contact.objects.bulk_create([Contact(leave=leave, due_on=day) for day in days], ignore_conflicts=True)
    return len(days)


@transaction.atomic
@enforces("ATT-012")
def tried(contact: Contact, *, by: Staff, reached: bool, note: str, now: datetime) -> Contact:
    """Write an attempt down. After three that failed the contact has failed, and the supervisor hears of it.

    Raises NotDone when the contact is settled already, or when nothing is said.
    """
    contact = Contact.objects.select_for_update().select_related("leave__staff").get(pk=contact.pk)
    if contact.state != State.DUE:
        raise NotDone(_("This contact is settled already."), _("Look at the next one."))
    if not note.strip():
        raise NotDone(_("Write down what was said or tried."))
    ContactTry.objects.create(contact=contact, at=now, by=by, reached=reached, note=note.strip()[:400])
    reading = site_handbook().on(timezone.localdate(now))
    if reached:
        contact.state = State.REACHED
    elif reading.beyond("leave.contact.tries", contact.tries.count()):
        contact.state = State.FAILED
        _alarm(contact, by, now)
    contact.save(update_fields=["state"])
    return contact


def _alarm(contact: Contact, by: Staff, now: datetime) -> None:
    above = superior_of(by, timezone.localdate(now)) or by
    text = Sentence(_("%(name)s on long leave could not be reached"), name=contact.leave.staff.name)
    notify(above, text, reverse("leave:contacts"), f"leave:contact:failed:{contact.pk}")


def remind_contacts(today: date, now: datetime) -> dict[str, int]:
    """Tell leaders of contacts that are due, and the next above of those that are late. Once each."""
    counts = {"due": 0, "late": 0}
    rows = Contact.objects.filter(state=State.DUE, due_on__lte=today, leave__state=LeaveState.APPROVED)
    for contact in rows.select_related("leave__staff"):
        leader = superior_of(contact.leave.staff, today)
        if leader is None:
            continue
        name = contact.leave.staff.name
        if contact.reminded_at is None:
            text = Sentence(_("Call %(name)s, who is on long leave, today"), name=name)
            notify(leader, text, reverse("leave:contacts"), f"leave:contact:{contact.pk}")
            contact.reminded_at = now
            contact.save(update_fields=["reminded_at"])
            counts["due"] += 1
        elif contact.due_on < today:
            above = superior_of(leader, today) or leader
            text = Sentence(_("%(name)s on long leave was not called on %(day)s"), name=name, day=contact.due_on)
            if notify(above, text, reverse("leave:contacts"), f"leave:contact:late:{contact.pk}") is not None:
                counts["late"] += 1
    return counts
