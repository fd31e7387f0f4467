# SPDX-License-Identifier: Apache-2.0
"""Who is told of a complaint, in the bell: whoever answers for it, the next step, the top."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.services import Sentence, notify
from zuoxi.complaints.choices import Severity
from zuoxi.complaints.models import Complaint
from zuoxi.complaints.who import holder_of
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Reading


def address_of(complaint: Complaint) -> str:
    try:
        return reverse("complaints:complaint", args=[complaint.number])
    except NoReverseMatch:
        return ""


def _once(staff: Staff | None, text: Sentence, complaint: Complaint, what: str) -> None:
    if staff is not None:
        notify(staff, text, address_of(complaint), f"complaint:{complaint.pk}:{what}:{staff.pk}"[:80])


def tell_owner(complaint: Complaint) -> None:
    """Whoever answers for it, once."""
    grave = complaint.severity == Severity.GRAVE
    text = _("Grave complaint %(number)s is yours to answer for") if grave else _("Complaint %(number)s is yours")
    _once(complaint.responsible, Sentence(text, number=complaint.number), complaint, "owner")


def tell_top(complaint: Complaint, reading: Reading) -> list[Staff]:
    """Those whom a grave complaint is reported to on the day; returns who was found."""
    day = timezone.localdate(complaint.received_at)
    found = []
    for word in reading.words("complaint.grave.report_to"):
        holder = holder_of(word, complaint.responsible or complaint.first_receiver, day)
        if holder is not None and holder not in found:
            found.append(holder)
            _once(
                holder, Sentence(_("Grave complaint reported: %(number)s"), number=complaint.number), complaint, "top"
            )
    return found


def tell_step(complaint: Complaint, staff: Staff | None, nth: int) -> None:
    """The next step, that it has come up to him."""
    text = Sentence(_("Complaint %(number)s has come up to you"), number=complaint.number)
    _once(staff, text, complaint, f"up{nth}")


def tell_due(complaint: Complaint, staff: Staff | None, clock: str, late: bool) -> None:
    text = _("Complaint %(number)s is overdue") if late else _("Complaint %(number)s falls due soon")
    _once(staff, Sentence(text, number=complaint.number), complaint, f"{clock}{'late' if late else 'soon'}")


def tell_verifier(complaint: Complaint, staff: Staff | None) -> None:
    _once(staff, Sentence(_("Verify complaint %(number)s"), number=complaint.number), complaint, "verify")
