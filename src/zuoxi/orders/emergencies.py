# SPDX-License-Identifier: Apache-2.0
"""Emergencies after the sale: told by whoever sees one, dealt with by the posts that the handbook names."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import NotDone, Overtaken, Sentence, notify
from zuoxi.orders.handbook import EMERGENCIES
from zuoxi.orders.models import Emergency, EmergencyNote
from zuoxi.orders.series import next_number
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.web.roles import Role

HANDLERS = (Role.OM, Role.ODM, Role.CSRS)


@transaction.atomic
@enforces("ORD-008")
def tell_emergency(
    kind: str, title: str, words: str, *, by: Staff, now: datetime, orders: int | None = None
) -> Emergency:
    """Write one down; everybody who may deal with it is told at once."""
    if not site_handbook().has(EMERGENCIES.name, kind):
        raise NotDone(_("Choose what kind of emergency it is."))
    if len(title.strip()) < 2 or len(words.strip()) < 2:
        raise NotDone(_("Say in a few words what happened."))
    hours = site_handbook().on(timezone.localdate(now)).number("orders.emergency_hours")
    made = Emergency.objects.create(
        number=next_number("E", now), kind=kind, title=title.strip()[:120], words=words.strip()[:1000],
        orders=orders, told_by=by, opened_at=now, due_at=now + timedelta(hours=float(hours)),
    )  # fmt: skip
    text = Sentence(gettext_lazy("Emergency after the sale: %(title)s"), title=made.title)
    for post in HANDLERS:
        for holder in holders_of(post, timezone.localdate(now)):
            notify(holder, text, f"/orders/emergencies/{made.number}/", f"emergency:{made.pk}:{holder.pk}")
    vault.record("orders.emergency.told", who=by.code, on=("emergency", made.number), at=now)
    return made


@transaction.atomic
@enforces("ORD-008")
def take_emergency(emergency: Emergency, *, by: Staff, now: datetime) -> Emergency:
    """Take it over. Raises NotDone for a post that does not deal with it, Overtaken when somebody has it."""
    if not by.roles_on(timezone.localdate(now)) & {str(post) for post in HANDLERS}:
        raise NotDone(_("Emergencies are dealt with by the operations manager, the deputy or the service supervisor."))
    rows = Emergency.objects.filter(pk=emergency.pk, state=Emergency.State.OPEN)
    if not rows.update(state=Emergency.State.HANDLING, handler=by):
        held = Emergency.objects.select_related("handler").get(pk=emergency.pk)
        raise Overtaken(_("%(name)s deals with it already.") % {"name": held.handler.name if held.handler else "—"})
    note_emergency(emergency, _("Taken over"), by=by, now=now)
    return Emergency.objects.get(pk=emergency.pk)


@transaction.atomic
def note_emergency(emergency: Emergency, words: str, *, by: Staff, now: datetime) -> EmergencyNote:
    """Write down what was done."""
    if len(words.strip()) < 2:
        raise NotDone(_("Say what was done."))
    return EmergencyNote.objects.create(emergency=emergency, by=by, at=now, words=words.strip()[:1000])


@transaction.atomic
def close_emergency(emergency: Emergency, words: str, *, by: Staff, now: datetime) -> Emergency:
    """Its handler says how it ended."""
    held = Emergency.objects.select_for_update().get(pk=emergency.pk)
    if held.state != Emergency.State.HANDLING or held.handler_id != by.pk:
        raise Overtaken(_("Only whoever deals with it closes it."))
    note_emergency(held, words, by=by, now=now)
    held.state, held.closed_at = Emergency.State.CLOSED, now
    held.save(update_fields=["state", "closed_at"])
    vault.record("orders.emergency.closed", who=by.code, on=("emergency", held.number), at=now)
    return held
