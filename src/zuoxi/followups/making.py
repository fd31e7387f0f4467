# SPDX-License-Identifier: Apache-2.0
"""Making follow-ups: by a moment, by the plan of a grade, from a register, by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.customers import selectors as customers
from zuoxi.customers.models import Customer
from zuoxi.customers.numbers import canonical
from zuoxi.followups.call_rules import judge_due
from zuoxi.followups.facts import DueFacts
from zuoxi.followups.handbook import KINDS, FollowUpKindBody
from zuoxi.followups.models import CheckupFinding, DischargedPatient, FollowUpTask
from zuoxi.followups.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

_WHOLE = 10_000


def reading_at(moment: datetime) -> Reading:
    handbook = site_handbook()
    return handbook.on(moment.astimezone(handbook.zone).date())


def kinds_at(when: str) -> list[tuple[str, FollowUpKindBody]]:
    """The kinds that a moment makes, in their order."""
    found = [(key, body) for key, body in site_handbook().entries(KINDS).items() if body.when == when]
    return sorted(found, key=lambda one: one[1].order)


def drawn(seed: str, percent: float) -> bool:
    """A lot that always falls the same way for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return int.from_bytes(digest[:4], "big") % _WHOLE < percent * _WHOLE / 100


@enforces("ORD-005", "FUP-004", "FUP-007")
def make(
    kind: str,
    *,
    at: datetime,
    now: datetime,
    customer: Customer | None = None,
    subject: str = "",
    by: Staff | None = None,
    facts: Mapping[str, Any] | None = None,
    patient: DischargedPatient | None = None,
    checkup: CheckupFinding | None = None,
    **more: Any,
) -> FollowUpTask | None:
    """The task for what happened `at`; None where it stands already, the lot did not fall on it, the customer was asked
    lately or wants no calls. `more`: ticket, order, name, number, assignee, batch. Raises Refused for a kind that the
    handbook does not have."""
    body = site_handbook().entries(KINDS).get(kind)
    if body is None:
        raise Refused(_("The handbook has no follow-ups of the kind %(kind)s.") % {"kind": kind})
    reading = reading_at(at)
    if body.share and subject and not drawn(f"{kind}:{subject}", float(reading.number(body.share))):
        return None
    if customer is not None and _asked_lately(kind, body, customer, at, reading):
        return None
    number = canonical(str(more.pop("number", "")))[:24] or _number_of(customer, patient, checkup)
    if number and customers.may_call(number, now).outcome == "do_not_call":
        return None
    quiet = tuple("-".join(span) for span in patient.quiet) if patient else ()
    due = judge_due(DueFacts(kind, at, quiet), reading)
    task = FollowUpTask(
        kind=kind,
        subject=subject[:60],
        customer=customer,
        name=(str(more.pop("name", "")) or _name_of(customer, patient, checkup))[:80],
        number=number,
        patient=patient,
        checkup=checkup,
        due_from=datetime.fromisoformat(due.details["due_from"]),
        due_by=datetime.fromisoformat(due.details["due_by"]),
        facts=dict(facts or {}),
        finding=due.as_json(),
        made_at=now,
        **more,
    )
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError:
        return None  # somebody else was told of the same thing
    if by is not None:
        vault.record("followups.made", who=by.code, on=("follow_up", task.pk), kind=kind)
    return task


@transaction.atomic
def make_by_hand(
    kind: str, number: str, *, by: Staff, now: datetime, name: str = "", note: str = "", mine: bool = False
) -> FollowUpTask:
    """One follow-up that somebody asks for: into his own hands (`mine`) or into the pool.

    Raises Refused for what is no number, for who wants no calls, and where he was asked lately.
    """
    found = customers.parsed(number)
    if not found.valid:
        raise Refused(_("That is not a telephone number: %(problem)s") % {"problem": found.problem})
    leave = customers.may_call(found.national, now)
    if leave.outcome == "do_not_call":
        raise Refused(str(leave.why), leave)
    made = make(
        kind, at=now, now=now, customer=customers.found_by(found.national), by=by, number=found.national,
        name=name.strip(), facts={"note": note.strip()[:300]} if note.strip() else {}, assignee=by if mine else None,
    )  # fmt: skip
    if made is None:
        raise Refused(_("This customer was asked the same lately; he is not asked again so soon."))
    return made


def _asked_lately(kind: str, body: FollowUpKindBody, customer: Customer, at: datetime, reading: Reading) -> bool:
    if not body.once_days:
        return False
    since = at - timedelta(days=float(reading.number(body.once_days)))
    same = customers.identities_of(customer.pk)
    return FollowUpTask.objects.filter(kind=kind, customer_id__in=same, made_at__gt=since).exists()


def _number_of(customer: Customer | None, patient: DischargedPatient | None, checkup: CheckupFinding | None) -> str:
    file = patient or checkup
    if file is not None:
        return file.number
    return next(iter(customers.numbers_of([customer.pk])), "") if customer else ""


def _name_of(customer: Customer | None, patient: DischargedPatient | None, checkup: CheckupFinding | None) -> str:
    file = patient or checkup
    return file.name if file else (customer.name if customer else "")


@enforces("FUP-014")
def for_checkup(checkup: CheckupFinding, now: datetime, kind: str = "") -> list[FollowUpTask]:
    """Tasks for a positive finding: those of its moment, or one of the further kinds."""
    wanted = [kind] if kind else [key for key, _body in kinds_at("checkup_positive")]
    known = site_handbook().entries(KINDS)
    made = [
        make(key, at=now, now=now, customer=checkup.customer, subject=f"checkup:{checkup.record}", checkup=checkup)
        for key in wanted
        if key in known
    ]
    return [one for one in made if one is not None]


def for_patient(patient: DischargedPatient, now: datetime) -> list[FollowUpTask]:
    """The follow-up of a discharge, counted from the end of that day on; a number known as wrong makes none."""
    if patient.number_good is False:
        return []
    zone = site_handbook().zone
    at = datetime.combine(patient.discharged_on, datetime.min.time(), zone)
    made = [
        make(key, at=at, now=now, customer=patient.customer, subject=f"discharge:{patient.record}", patient=patient)
        for key, _body in kinds_at("discharge")
    ]
    return [one for one in made if one is not None]
