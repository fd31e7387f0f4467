# SPDX-License-Identifier: Apache-2.0
"""One call is made: permitted, reserved in the database, and only then asked of the switch."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zuoxi.customers import selectors as customers
from zuoxi.outbound.models import Attempt, Campaign, Lead, Promise
from zuoxi.outbound.permission import permission
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.writing import call_again
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony import services as switch

MACHINE: Final = ("progressive", "queue")
"""Calls that nobody pressed a button for."""


def call_lead(
    pk: int, staff: Staff, now: datetime, *, mode: str = Campaign.Mode.PREVIEW, handbook: Handbook | None = None
) -> Attempt:
    """Reserve contact and agent, then ask the switch. Raises Refused where the number may not be called now (the
    contact then stays in the list for later, or is barred), and when somebody was faster."""
    lead = Lead.objects.select_related("campaign", "customer").get(pk=pk)
    if lead.campaign.state != Campaign.State.RUNNING:
        raise Refused(_("The campaign is not running."))
    if lead.state != Lead.State.WAITING or lead.owner_id not in (None, staff.pk):
        raise Refused(_("Somebody else calls this contact already."))
    finding = permission(lead.campaign.rule, lead.number, now, lead=lead, handbook=handbook)
    if finding.outcome != "allowed":
        _put_off(lead, finding, now)
        raise Refused(str(finding.why), finding)
    with transaction.atomic():
        attempt = _reserve(lead, staff, now, mode, finding)
        ask_switch(attempt, staff, lead.campaign.present)
    return attempt


def _put_off(lead: Lead, finding: Finding, now: datetime) -> None:
    """A contact who may not be called: for good, or not before a later moment."""
    if finding.outcome in ("do_not_call", "no_consent"):
        Lead.objects.filter(pk=lead.pk, state=Lead.State.WAITING).update(
            state=Lead.State.BARRED, why=finding.outcome, changed_at=now
        )
    elif finding.outcome == "enough":
        Lead.objects.filter(pk=lead.pk, state=Lead.State.WAITING).update(
            state=Lead.State.DONE, why="enough", changed_at=now
        )
    elif finding.outcome in ("too_soon", "enough_today"):
        call_again(lead, now)
        Lead.objects.filter(pk=lead.pk, state=Lead.State.WAITING).update(next_at=lead.next_at, changed_at=now)


def _reserve(lead: Lead, staff: Staff, now: datetime, mode: str, finding: Finding) -> Attempt:
    mine = Lead.objects.filter(pk=lead.pk, state=Lead.State.WAITING).update(
        state=Lead.State.RESERVED, attempts=F("attempts") + 1, last_at=now, changed_at=now
    )
    if not mine:
        raise Refused(_("Somebody else calls this contact already."))
    return open_attempt(
        Attempt(campaign=lead.campaign, lead=lead, customer=lead.customer, number=lead.number, mode=mode),
        staff,
        now,
        finding,
    )


def open_attempt(row: Attempt, staff: Staff, now: datetime, finding: Finding) -> Attempt:
    """Store a reservation. Raises Refused when agent or number has an open call."""
    row.staff, row.reserved_at, row.permission = staff, now, finding.as_json()
    row.day = now.astimezone(site_handbook().zone).date()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("You or this number have a call under way. Wait for its end.")) from None
    return row


def ask_switch(attempt: Attempt, staff: Staff, present: str) -> None:
    """Put the wish to the agent's switch. Raises Refused; the caller's transaction then holds nothing of it."""
    switches = telephony.switches_by_agent([staff.code])
    if staff.code not in switches:
        raise Refused(_("No switch is set up yet. Ask IT to add one."))
    arguments: dict[str, Any] = {"number": attempt.number} | ({"present": present} if present else {})
    if attempt.mode in MACHINE:
        arguments["machine"] = True
    try:
        wish = switch.ask_switch(switches[staff.code], "dial", staff.code, arguments, staff)
    except switch.Refused as wrong:
        raise Refused(str(wrong)) from None
    attempt.command, attempt.state, attempt.dialled_at = wish.pk, Attempt.State.DIALLING, wish.asked_at
    attempt.save(update_fields=["command", "state", "dialled_at"])


@transaction.atomic
def call_promise(pk: int, staff: Staff, now: datetime) -> Attempt:
    """Call back from the calendar; a promise to a customer is his own wish, so only the list and the hour of law that
    forbid everything hold. Raises Refused."""
    row = Promise.objects.select_for_update(of=("self",)).select_related("customer").get(pk=pk)
    if row.state != Promise.State.OPEN:
        raise Refused(_("This callback is settled already."))
    finding = own_matter(row.number, now)
    lead = _lead_of(row)
    attempt = open_attempt(
        Attempt(promise=row, lead=lead, campaign=lead.campaign if lead else None, customer=row.customer,
                number=row.number, mode="callback"),
        staff, now, finding,
    )  # fmt: skip
    if lead is not None:
        Lead.objects.filter(pk=lead.pk).update(state=Lead.State.RESERVED, attempts=F("attempts") + 1, last_at=now)
    ask_switch(attempt, staff, lead.campaign.present if lead else "")
    return attempt


def own_matter(number: str, now: datetime) -> Finding:
    """Whether the customer may be called about his own matter. Raises Refused where he wants no call at all."""
    finding = customers.may_call(number, now, purpose="service")
    if finding.outcome != "allowed":
        raise Refused(str(finding.why), finding)
    return finding


def _lead_of(row: Promise) -> Lead | None:
    if not row.ref.startswith("lead:"):
        return None
    return Lead.objects.select_related("campaign").filter(pk=int(row.ref[5:]), state=Lead.State.WAITING).first()
