# SPDX-License-Identifier: Apache-2.0
"""Violations: recording with evidence, the person's answer, the decision, cancelling; and what goes with conduct."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor import answerable
from zuoxi.floor.duty_judgements import ViolationFacts, judge_violation
from zuoxi.floor.handbook import VIOLATIONS
from zuoxi.floor.models import CareNote, CodeReading, DressDay, Observation, Photo, Violation
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.web.roles import AGENTS

__all__ = [
    "answer",
    "cancel",
    "code_version",
    "confirm_code",
    "decide_objection",
    "item_seen_as",
    "judge_fault",
    "mark_day",
    "recheck",
    "record_violation",
    "unmark_day",
    "write_care_note",
]


def item_seen_as(kind: str, handbook: Handbook) -> str | None:
    """The entry of the dictionary that observations of the kind are; None where the pack has none."""
    return next((key for key, body in handbook.entries(VIOLATIONS).items() if kind in body.seen_as), None)


@enforces("FLR-001", "FLR-009", "FLR-018", "FLR-019", "FLR-026", "FLR-031")
def judge_fault(
    staff: Staff, item: str, day: date, *, seat_kind: str = "agent", same_cause: bool = False,
    handbook: Handbook | None = None,
) -> Finding:  # fmt: skip
    """What a fault of this person on that day has as its consequence. Raises Impossible for an unknown item."""
    book = handbook or site_handbook()
    marks = set(DressDay.objects.filter(day=day).values_list("kind", flat=True))
    manager = bool(staff.roles_on(day)) and not staff.roles_on(day) & {str(role) for role in AGENTS}
    make_up = day.isoweekday() > 5 and calendar_of(book).is_working_day(day)
    facts = ViolationFacts(
        item, day, seat_kind, manager, "visit" in marks, "inspection" in marks, make_up, same_cause
    )  # fmt: skip
    return judge_violation(facts, book.on(day))


@enforces("FLR-015", "CALL-011", "CALL-012")
@transaction.atomic
def record_violation(
    staff: Staff,
    item: str,
    happened_at: datetime,
    *,
    cause: str,
    by: Staff | None,
    now: datetime,
    note: str = "",
    place: str = "",
    seat_kind: str = "agent",
    observation: Observation | None = None,
    photos: Sequence[bytes] = (),
    recheck_at: datetime | None = None,
) -> Violation:
    """Write a fault down and tell the person. Raises Refused where the rule does not hold there and then, or the
    same cause has been dealt with."""
    if happened_at > now:
        raise Refused(_("It lies in the future."))
    book = site_handbook()
    day = happened_at.astimezone(book.zone).date()
    same = Violation.objects.filter(staff=staff, cause=cause).exclude(state=Violation.State.CANCELLED).exists()
    finding = judge_fault(staff, item, day, seat_kind=seat_kind, same_cause=same, handbook=book)
    if finding.outcome != "counts":
        raise Refused(str(finding.why), finding)
    amount = finding.details.get("amount")
    try:
        with transaction.atomic():
            made = Violation.objects.create(
                staff=staff, item=item, happened_at=happened_at, place=place[:60], cause=cause[:80],
                observation=observation, consequence=str(finding.details["consequence"]),
                amount=Decimal(str(amount)) if amount is not None else None,
                legal_risk=bool(finding.details.get("legal_risk")), finding=finding.as_json(), note=note.strip()[:300],
                recorded_by=by, recorded_at=now, recheck_at=recheck_at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("The same cause has been dealt with already; nobody is punished twice for it.")) from None
    for jpeg in photos:
        Photo.objects.create(violation=made, jpeg=jpeg, taken_by=by, taken_at=now)
    answerable.bring_up(made, book, now)
    vault.record("floor.violation.recorded", who=by.code if by else "", on=("violation", made.pk), item=item)
    approvals.notify(staff, finding.why, reverse("floor:my_violations"), dedupe=f"violation:{made.pk}")
    return made


def _locked(pk: int) -> Violation:
    return Violation.objects.select_for_update(of=("self",)).select_related("staff", "decided_by").get(pk=pk)


@transaction.atomic
def answer(pk: int, staff: Staff, *, accepts: bool, text: str, now: datetime) -> Violation:
    """The person accepts, or objects with a reason; once."""
    row = _locked(pk)
    if row.staff_id != staff.pk:
        raise Refused(_("This is not yours."))
    if row.state != Violation.State.RECORDED:
        raise Refused(
            _("You have answered already, or it was decided: %(state)s.") % {"state": row.get_state_display()}
        )
    if not accepts and not text.strip():
        raise Refused(_("Say what you object to."))
    row.state = Violation.State.ACCEPTED if accepts else Violation.State.OBJECTED
    row.answer, row.answered_at = text.strip()[:300], now
    row.save(update_fields=["state", "answer", "answered_at"])
    vault.record("floor.violation.answered", who=staff.code, on=("violation", pk), accepts=accepts)
    return row


def _close(row: Violation, state: str, text: str, by: Staff, now: datetime) -> Violation:
    row.state, row.decision, row.decided_by, row.decided_at = state, text.strip()[:300], by, now
    row.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    if state == Violation.State.CANCELLED:
        answerable.drop(row, by)
    said = Why(f"违规记录{'已撤销' if state == 'cancelled' else '维持'}:{row.decision}",
               f"The violation is {'cancelled' if state == 'cancelled' else 'upheld'}: {row.decision}")  # fmt: skip
    approvals.notify(row.staff, said, reverse("floor:my_violations"), dedupe=f"violation:{row.pk}:{state}")
    return row


def _may_decide(row: Violation, by: Staff, now: datetime, *, takes_back: bool) -> None:
    """Raises Refused for a peer of the person, and for the superior whose own part would fall with the violation."""
    if not answerable.stands_above(by, row.staff, now):
        raise Refused(_("Only somebody who stands above the person decides; a peer does not."))
    if takes_back and answerable.concerns(row, by):
        raise Refused(_("Your own part would fall with it; somebody above you has to decide."))


def offered(row: Violation, by: Staff, now: datetime) -> tuple[str, ...]:
    """What somebody may decide on a violation now: those of uphold, grant and cancel that would not be refused."""
    if row.state == Violation.State.CANCELLED or row.staff_id == by.pk:
        return ()
    if not answerable.stands_above(by, row.staff, now):
        return ()
    own_part = answerable.concerns(row, by)
    if row.state == Violation.State.OBJECTED and row.recorded_by_id != by.pk:
        return ("uphold",) if own_part else ("uphold", "grant")
    return () if own_part else ("cancel",)


@transaction.atomic
def decide_objection(pk: int, *, uphold: bool, text: str, by: Staff, now: datetime) -> Violation:
    """A supervisor decides on an objection. Raises Refused when there is none, or somebody was faster."""
    row = _locked(pk)
    if row.staff_id == by.pk:
        raise Refused(_("Nobody decides on what was recorded of himself."))
    if row.state != Violation.State.OBJECTED:
        raise Refused(_("Nothing waits for a decision here: %(state)s.") % {"state": row.get_state_display()})
    if row.recorded_by_id == by.pk:
        raise Refused(_("Whoever recorded it does not decide on the objection."))
    if not text.strip():
        raise Refused(_("Give the reason of the decision."))
    _may_decide(row, by, now, takes_back=not uphold)
    verdict = Violation.State.UPHELD if uphold else Violation.State.CANCELLED
    vault.record("floor.violation.decided", who=by.code, on=("violation", pk), upheld=uphold)
    return _close(row, verdict, text, by, now)


@transaction.atomic
def cancel(pk: int, *, reason: str, by: Staff, now: datetime) -> Violation:
    """A supervisor takes a record back, with the reason; the row stays."""
    row = _locked(pk)
    if row.staff_id == by.pk:
        raise Refused(_("Nobody decides on what was recorded of himself."))
    if row.state == Violation.State.CANCELLED:
        raise Refused(_("It has been cancelled already."))
    if not reason.strip():
        raise Refused(_("Give the reason."))
    _may_decide(row, by, now, takes_back=True)
    vault.record("floor.violation.cancelled", who=by.code, on=("violation", pk), reason=reason.strip()[:200])
    return _close(row, Violation.State.CANCELLED, reason, by, now)


@transaction.atomic
def recheck(pk: int, *, passed: bool, by: Staff, now: datetime) -> Violation:
    """It was looked at again, by anybody but the person. Raises Refused."""
    row = _locked(pk)
    if row.staff_id == by.pk:
        raise Refused(_("Nobody decides on what was recorded of himself."))
    if row.rechecked_at is not None:
        raise Refused(_("It has been looked at again already."))
    row.rechecked_at, row.recheck_passed = now, passed
    row.save(update_fields=["rechecked_at", "recheck_passed"])
    vault.record("floor.violation.rechecked", who=by.code, on=("violation", pk), passed=passed)
    return row


def code_version(handbook: Handbook) -> str:
    """Changes whenever the dictionary's wording does."""
    said = "|".join(f"{key}:{body.label.zh}:{body.consequence}" for key, body in handbook.entries(VIOLATIONS).items())
    return hashlib.sha256(f"{handbook.pack}|{said}".encode()).hexdigest()[:12]


@enforces("FLR-033", "FLR-028")
@transaction.atomic
def confirm_code(staff: Staff, now: datetime) -> CodeReading:
    """The person has read the rules of conduct as they stand."""
    row, _made = CodeReading.objects.get_or_create(
        staff=staff, version=code_version(site_handbook()), defaults={"read_at": now}
    )
    return row


@enforces("FLR-005")
@transaction.atomic
def write_care_note(staff: Staff, text: str, look_again_on: date | None, by: Staff | None, now: datetime) -> CareNote:
    """Somebody was upset and was looked after; its text stays out of the audit chain."""
    if not text.strip():
        raise Refused(_("Write what happened and what was done."))
    note = CareNote.objects.create(
        staff=staff, text=text.strip()[:600], look_again_on=look_again_on, written_by=by, written_at=now
    )
    vault.record("floor.care.written", who=by.code if by else "", on=("staff", staff.code))
    return note


@transaction.atomic
def mark_day(day: date, kind: str, note: str, by: Staff | None) -> DressDay:
    """Visitors come, or an inspection is held: the dress rules of that day ask for more."""
    row, _made = DressDay.objects.update_or_create(day=day, kind=kind, defaults={"note": note[:120], "marked_by": by})
    vault.record("floor.day.marked", who=by.code if by else "", on=("day", day.isoformat()), kind=kind)
    return row


@transaction.atomic
def unmark_day(pk: int, by: Staff | None) -> None:
    row = DressDay.objects.filter(pk=pk).first()
    if row is not None:
        vault.record("floor.day.unmarked", who=by.code if by else "", on=("day", row.day.isoformat()), kind=row.kind)
        row.delete()


def staff_named(code: str) -> Staff:
    """Raises Refused for a number nobody has."""
    found = people.staff_by_code(code.strip())
    if found is None:
        raise Refused(_("Nobody has the staff number %(code)s.") % {"code": code})
    return found
