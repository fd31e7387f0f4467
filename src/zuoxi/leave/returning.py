# SPDX-License-Identifier: Apache-2.0
"""After leave was granted: back early, cancelled, and whether its reason was true."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.services import NotDone, Sentence, notify, owe, waive
from zuoxi.leave import ledger
from zuoxi.leave.granting import owed_now, papers_of
from zuoxi.leave.kinds import kind_label
from zuoxi.leave.models import Contact, Leave, LeaveState
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

_DAY = timedelta(days=1)


@transaction.atomic
def back_early(leave: Leave, back_on: date, *, by: Staff, now: datetime, note: str = "") -> Leave:
    """End a leave before its time: the days from `back_on` on are given back; from its first day on it is cancelled.

    Raises NotDone when it is no longer in force, or the day lies outside it.
    """
    leave = Leave.objects.select_for_update(of=("self",)).select_related("staff", "request").get(pk=leave.pk)
    if leave.state != LeaveState.APPROVED:
        raise NotDone(_("This leave is no longer in force."), _("Look at the list again."))
    if back_on > leave.last_on:
        raise NotDone(_("The leave ends before that day anyway."), _("Choose a day within the leave."))
    given = _drop_days(leave, max(back_on, leave.first_on))
    if back_on <= leave.first_on:
        leave.state = LeaveState.CANCELLED
    leave.back_on, leave.closing_note = back_on, note.strip()
    leave.save()
    if given:
        ledger.give_back(leave, given, now)
    gone = leave.contacts.filter(state=Contact.State.DUE)
    if leave.state == LeaveState.APPROVED:
        gone = gone.filter(due_on__gte=back_on)
    gone.update(state=Contact.State.DROPPED)
    _move_papers(leave, by, now)
    vault.record(
        "leave.ended", who=by.code, on=("staff", leave.staff.code), leave=leave.pk, back_on=back_on.isoformat()
    )
    if by.pk != leave.staff_id:
        text = Sentence(_("Your %(kind)s ends early: back on %(day)s"), kind=kind_label(leave.kind), day=back_on)
        notify(leave.staff, text, dedupe=f"leave:back:{leave.pk}:{back_on}")
    return leave


def _drop_days(leave: Leave, from_on: date) -> Decimal:
    """Take the days from a day on out of the leave; how many days that gives back."""
    gone = leave.taken.filter(day__gte=from_on)
    given = sum((row.share for row in gone), Decimal(0))
    if from_on > leave.first_on:
        gone.delete()
        leave.last_on = from_on - _DAY
        last = leave.taken.order_by("-ends_at").first()
        if last is not None:
            leave.ends_at = last.ends_at
        leave.days -= given
    return given


def _move_papers(leave: Leave, by: Staff, now: datetime) -> None:
    """Papers fall due after the return; of a cancelled leave none is owed."""
    if leave.request is None:
        return
    open_papers = list(leave.request.papers.filter(state="owed"))
    if leave.state == LeaveState.CANCELLED:
        if by.user is None:
            return
        for paper in open_papers:
            waive(paper, by=by.user, now=now, note=str(_("The leave was cancelled.")))
        return
    for one in owed_now(leave, papers_of(paper.code for paper in open_papers)):
        owe(leave.request, one)


@transaction.atomic
@enforces("ATT-016", "ATT-033")
def check_truth(leave: Leave, *, truthful: bool, note: str, by: Staff, now: datetime) -> Leave:
    """Write down whether the reason was true. A false one turns the days into absence (see `proposed_absences`).

    Raises NotDone without a note, or for one's own leave.
    """
    if not note.strip():
        raise NotDone(_("Write down what was found out."))
    leave = Leave.objects.select_for_update().select_related("staff").get(pk=leave.pk)
    if leave.staff_id == by.pk:
        raise NotDone(_("Nobody checks his own leave."), _("Let the leader or human resources do it."))
    leave.truthful, leave.check_note, leave.checked_by, leave.checked_at = truthful, note.strip(), by, now
    leave.save(update_fields=["truthful", "check_note", "checked_by", "checked_at"])
    vault.record("leave.checked", who=by.code, on=("staff", leave.staff.code), leave=leave.pk, truthful=truthful)
    if not truthful:
        text = Sentence(
            _("The reason of your %(kind)s was found false; its days count as absence"), kind=kind_label(leave.kind)
        )
        notify(leave.staff, text, dedupe=f"leave:untrue:{leave.pk}")
    return leave
