# SPDX-License-Identifier: Apache-2.0
"""Files of the hospital: discharges, check-ups, appointments at the clinic, rounds of the wards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.customers.numbers import canonical
from zuoxi.followups import making
from zuoxi.followups.handbook import REASONS
from zuoxi.followups.models import CheckupFinding, ClinicVisit, DischargedPatient, WardVisit
from zuoxi.followups.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


def quiet_spans(text: str) -> list[list[str]]:
    """ "12:00-14:30, 20:00-21:00" → pairs. Raises Refused for what is no span."""
    found = []
    for part in text.replace("，", ",").replace("—", "-").replace("–", "-").split(","):
        if not part.strip():
            continue
        try:
            first, last = (time.fromisoformat(one.strip()) for one in part.split("-"))
        except ValueError:
            raise Refused(_("Write quiet times like 12:00-14:30.")) from None
        if first >= last:
            raise Refused(_("A quiet time ends after it begins."))
        found.append([f"{first:%H:%M}", f"{last:%H:%M}"])
    return found


@enforces("FUP-008", "FUP-009")
@transaction.atomic
def discharge(
    record: str,
    name: str,
    number: str,
    department: str,
    discharged_on: date,
    *,
    by: Staff | None,
    now: datetime,
    doctor: str = "",
    admitted_on: date | None = None,
    quiet: Sequence[Sequence[str]] = (),
    card_given: bool = False,
) -> DischargedPatient:
    """Open the file of a patient who left; the follow-up is made with it."""
    if not record.strip() or not name.strip() or not department.strip():
        raise Refused(_("Number of the stay, name and department are needed."))
    if discharged_on > making.reading_at(now).local(now).date():
        raise Refused(_("The day lies ahead."))
    if admitted_on is not None and admitted_on > discharged_on:
        raise Refused(_("Nobody leaves before he came."))
    try:
        with transaction.atomic():
            patient = DischargedPatient.objects.create(
                record=record.strip()[:32],
                name=name.strip()[:80],
                number=canonical(number)[:24],
                department=department.strip()[:60],
                doctor=doctor.strip()[:40],
                admitted_on=admitted_on,
                discharged_on=discharged_on,
                quiet=[list(span) for span in quiet],
                number_good=None if canonical(number) else False,
                card_given=card_given,
                made_at=now,
            )
    except IntegrityError:
        raise Refused(_("A file with the number %(record)s stands already.") % {"record": record}) from None
    making.for_patient(patient, now)
    vault.record("followups.patient.filed", who=by.code if by else "", on=("patient", patient.record))
    return patient


@enforces("CUS-023", "FUP-014")
@transaction.atomic
def read_checkup(
    record: str,
    name: str,
    number: str,
    checked_on: date,
    positive: bool | None,
    *,
    by: Staff | None,
    now: datetime,
    item: str = "",
) -> CheckupFinding:
    """Write a result down; a positive one is pursued from now on."""
    if not record.strip() or not name.strip():
        raise Refused(_("Number of the check-up and name are needed."))
    try:
        with transaction.atomic():
            made = CheckupFinding.objects.create(
                record=record.strip()[:32],
                name=name.strip()[:80],
                number=canonical(number)[:24],
                checked_on=checked_on,
                item=item.strip()[:80],
                positive=positive,
                made_at=now,
            )
    except IntegrityError:
        raise Refused(_("A file with the number %(record)s stands already.") % {"record": record}) from None
    if positive:
        making.for_checkup(made, now)
    vault.record("followups.checkup.filed", who=by.code if by else "", on=("checkup", made.record))
    return made


@transaction.atomic
def checkup_step(finding: CheckupFinding, step: str, *, by: Staff, now: datetime) -> CheckupFinding:
    """Somebody came, was referred, or got the benefit; only after a positive finding and the call."""
    here = CheckupFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if not here.positive:
        raise Refused(_("Only positive findings are pursued."))
    if step == "came":
        if here.followed_at is None:
            raise Refused(_("Nobody has followed this finding up yet; make the call first."))
        here.came_at = here.came_at or now
    elif step == "referred":
        here.referred = True
    elif step == "benefit":
        here.benefit = True
    else:
        raise Refused(_("There is no such step."))
    here.save()
    vault.record("followups.checkup.step", who=by.code, on=("checkup", here.record), step=step)
    return here


@enforces("FUP-012")
@transaction.atomic
def clinic_booked(
    name: str, number: str, department: str, booked_for: datetime, *, by: Staff, now: datetime, source: str = ""
) -> ClinicVisit:
    if not name.strip() or not department.strip():
        raise Refused(_("Name and department are needed."))
    return ClinicVisit.objects.create(
        name=name.strip()[:80],
        number=canonical(number)[:24],
        department=department.strip()[:60],
        booked_for=booked_for,
        source=source.strip()[:40],
        booked_by=by,
        made_at=now,
    )


@enforces("FUP-012")
@transaction.atomic
def clinic_came(visit: ClinicVisit, came: bool, reason: str, *, by: Staff, now: datetime) -> ClinicVisit:
    """He came, or did not: then a reason of the list is needed."""
    here = ClinicVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if here.arrived_at is not None or here.absent_reason:
        raise Refused(_("That has been written down already. Nothing was changed."))
    if came:
        here.arrived_at = now
    else:
        try:
            known = site_handbook().entry(REASONS, "no_show").named(reason)
        except NoSuchEntry:
            known = None
        if known is None:
            raise Refused(_("Choose why the appointment was not kept."))
        here.absent_reason = reason
    here.save()
    vault.record("followups.clinic.seen", who=by.code, on=("clinic_visit", here.pk), came=came)
    return here


@transaction.atomic
def ward_visited(ward: str, day: date, patients: int, note: str, *, by: Staff, now: datetime) -> WardVisit:
    if not ward.strip() or patients < 1:
        raise Refused(_("Name the ward and how many patients were asked."))
    if day > making.reading_at(now).local(now).date():
        raise Refused(_("The day lies ahead."))
    return WardVisit.objects.create(
        visited_on=day, ward=ward.strip()[:60], by=by, patients=patients, note=note.strip(), made_at=now
    )
