# SPDX-License-Identifier: Apache-2.0
"""The plan of a grave complaint, the file of suggestions, and the register of inspection points."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.complaints.handling import Overtaken, locked, step
from zuoxi.complaints.models import Complaint, GravePlan, InspectionMark, Suggestion
from zuoxi.complaints.opening import Refused, reading_at
from zuoxi.complaints.telling import tell_top
from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault


@enforces("CMP-006", "ORG-014")
@transaction.atomic
def write_plan(pk: int, *, solution: str, sanction: str, prevention: str, by: Staff, now: datetime) -> GravePlan:
    """All three parts: how it is solved, what follows for whom, how it does not happen again. A change needs the
    agreement anew."""
    locked(pk)
    plan = GravePlan.objects.select_for_update().filter(complaint_id=pk).first()
    if plan is None:
        raise Refused(_("Only a grave complaint has a plan."))
    if min(len(part.strip()) for part in (solution, sanction, prevention)) < 4:
        raise Refused(_("The plan says how it is solved, what follows for whom, and how it does not happen again."))
    plan.solution, plan.sanction, plan.prevention = solution.strip(), sanction.strip(), prevention.strip()
    plan.made_by, plan.made_at, plan.agreed_by, plan.agreed_at = by, now, None, None
    plan.save()
    step(plan.complaint, "plan", by, now, person=True)
    vault.record("complaints.plan", who=by.code, on=("complaint", plan.complaint.number))
    return plan


@enforces("CMP-006")
@transaction.atomic
def agree(pk: int, *, by: Staff, now: datetime) -> GravePlan:
    """Somebody else than its author agrees."""
    plan = GravePlan.objects.select_for_update(of=("self",)).select_related("complaint", "agreed_by").get(complaint=pk)
    if plan.made_at is None:
        raise Refused(_("There is no plan yet."))
    if plan.agreed_at is not None:
        raise Overtaken(_("%(name)s has agreed already.") % {"name": plan.agreed_by.name if plan.agreed_by else "—"})
    if plan.made_by_id == by.pk:
        raise Refused(_("Nobody agrees to his own plan."))
    plan.agreed_by, plan.agreed_at = by, now
    plan.save(update_fields=["agreed_by", "agreed_at"])
    step(plan.complaint, "agreed", by, now)
    vault.record("complaints.plan", who=by.code, on=("complaint", plan.complaint.number), agreed=True)
    return plan


@transaction.atomic
def report(pk: int, *, by: Staff, now: datetime) -> GravePlan:
    """Tell the top by hand, where nobody could be told by the program."""
    plan = GravePlan.objects.select_for_update(of=("self",)).select_related("complaint").get(complaint=pk)
    if plan.reported_at is not None:
        raise Overtaken(_("It has been reported already."))
    found = tell_top(plan.complaint, reading_at(now))
    plan.reported_at, plan.reported_to = now, [one.code for one in found]
    plan.save(update_fields=["reported_at", "reported_to"])
    step(plan.complaint, "reported", by, now, "、".join(one.name for one in found))
    vault.record("complaints.reported", who=by.code, on=("complaint", plan.complaint.number), to=plan.reported_to)
    return plan


@enforces("CMP-010")
@transaction.atomic
def suggest(
    *, words: str, customer: Customer | None, by: Staff | None, now: datetime, complaint: Complaint | None = None
) -> Suggestion:
    """Write a suggestion into the file; whoever writes is its first receiver."""
    if len(words.strip()) < 2:
        raise Refused(_("Write down what the customer suggests."))
    made = Suggestion.objects.create(
        number=f"~{now.timestamp()}{id(words)}"[:24],
        words=words.strip(),
        customer=customer,
        complaint=complaint,
        first_receiver=by,
        received_at=now,
    )
    made.number = f"JY{timezone.localdate(now):%y%m%d}-{made.pk:05d}"
    made.save(update_fields=["number"])
    vault.record("complaints.suggestion", who=by.code if by else "", on=("suggestion", made.number))
    return made


@enforces("CMP-010")
@transaction.atomic
def forward(pk: int, *, by: Staff, now: datetime) -> Suggestion:
    """To the office that the handbook names. Once."""
    made = Suggestion.objects.select_for_update(of=("self",)).get(pk=pk)
    if made.forwarded_at is not None:
        raise Overtaken(_("It went to %(office)s already.") % {"office": made.forwarded_to})
    made.forwarded_to, made.forwarded_at, made.forwarded_by = reading_at(now).text("complaint.office"), now, by
    made.save(update_fields=["forwarded_to", "forwarded_at", "forwarded_by"])
    vault.record("complaints.suggestion", who=by.code, on=("suggestion", made.number), to=made.forwarded_to)
    return made


@transaction.atomic
def reply(pk: int, *, text: str, adopted: bool, by: Staff, now: datetime) -> Suggestion:
    made = Suggestion.objects.select_for_update(of=("self",)).get(pk=pk)
    if len(text.strip()) < 2:
        raise Refused(_("Write down what became of it."))
    if made.replied_at is not None:
        raise Overtaken(_("It was answered meanwhile."))
    made.reply, made.adopted, made.replied_at, made.replied_by = text.strip(), adopted, now, by
    made.save(update_fields=["reply", "adopted", "replied_at", "replied_by"])
    return made


@enforces("CMP-010")
@transaction.atomic
def pass_on(pk: int, *, by: Staff, now: datetime) -> Complaint:
    """Pass a complaint on to the office that the handbook names, as a hospital does with every one. Once."""
    one = locked(pk)
    office = reading_at(now).text("complaint.office")
    if one.department == office:
        raise Overtaken(_("It went to %(office)s already.") % {"office": office})
    one.department = office
    one.save(update_fields=["department"])
    step(one, "passed_on", by, now, office)
    vault.record("complaints.changed", who=by.code, on=("complaint", one.number), department=office)
    return one


@enforces("CMP-011")
@transaction.atomic
def take_points(
    *, day: date, unit: str, item: str, points: Decimal, note: str, by: Staff, now: datetime
) -> InspectionMark:
    """Points taken off at a daily round. Raises Refused for none, for a day to come, and for a nameless unit."""
    if points <= 0 or points > 100:
        raise Refused(_("Points taken off lie above 0 and up to 100."))
    if day > timezone.localdate(now):
        raise Refused(_("That day is still to come."))
    if not unit.strip() or not item.strip():
        raise Refused(_("Name the unit and what was found."))
    made = InspectionMark.objects.create(
        day=day, unit=unit.strip()[:60], item=item.strip()[:200], points=points, note=note[:300], by=by, made_at=now
    )
    vault.record("complaints.inspection", who=by.code, on=("inspection", made.pk), points=str(points))
    return made


@transaction.atomic
def strike(pk: int, *, why: str, by: Staff, now: datetime) -> InspectionMark:
    """Take a mark back with a reason; it stays to be seen and no longer counts."""
    made = InspectionMark.objects.select_for_update(of=("self",)).get(pk=pk)
    if made.struck_at is not None:
        raise Overtaken(_("It was struck already."))
    if len(why.strip()) < 2:
        raise Refused(_("Write down why it is struck."))
    made.struck_at, made.struck_by, made.struck_why = now, by, why.strip()[:300]
    made.save(update_fields=["struck_at", "struck_by", "struck_why"])
    vault.record("complaints.inspection", who=by.code, on=("inspection", made.pk), struck=True)
    return made
