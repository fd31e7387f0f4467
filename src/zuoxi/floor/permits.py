# SPDX-License-Identifier: Apache-2.0
"""Permits: asked for at the desk, given or refused by whom the pack names; and what the desk may do without one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor.duty_judgements import PermitFacts, SignOutFacts, judge_permit, judge_sign_out
from zuoxi.floor.handbook import PERMITS
from zuoxi.floor.models import Handover, Permit
from zuoxi.floor.refusing import Refused
from zuoxi.floor.telling import tell
from zuoxi.floor.watch_reading import watched_people
from zuoxi.floor.watching import Watched, Watcher
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


@transaction.atomic
def ask_permit(staff: Staff, kind: str, note: str, now: datetime) -> Permit:
    """Ask the leader. One open question of a kind at a time. Raises Refused."""
    if kind not in site_handbook().entries(PERMITS):
        raise Refused(_("This handbook knows no such permit."))
    try:
        with transaction.atomic():
            made = Permit.objects.create(staff=staff, kind=kind, note=note.strip()[:120], asked_at=now)
    except IntegrityError:
        raise Refused(_("You have asked already; the leader has not answered yet.")) from None
    tell("permit.asked", staff.code, now, made.pk)
    return made


@enforces("CALL-015", "CALL-016", "CALL-006")
@transaction.atomic
def decide_permit(pk: int, *, give: bool, by: Staff, now: datetime) -> Permit:
    """Give or refuse; only whom the pack names, and those above. Raises Refused, also when somebody was faster."""
    row = Permit.objects.select_for_update(of=("self",)).select_related("staff", "decided_by").get(pk=pk)
    if row.state != Permit.State.ASKED:
        who = row.decided_by.name if row.decided_by else "—"
        raise Refused(_("%(who)s has decided this already: %(what)s.") % {"who": who, "what": row.get_state_display()})
    if row.staff_id == by.pk:
        raise Refused(_("Nobody gives himself leave."))
    book = site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    finding = judge_permit(PermitFacts(row.kind, ",".join(sorted(by.roles_on(reading.on)))), reading)
    if finding.outcome != "allowed":
        raise Refused(str(finding.why), finding)
    minutes = reading.entry(PERMITS, row.kind).minutes
    row.state = Permit.State.GIVEN if give else Permit.State.REFUSED
    row.until = now + timedelta(minutes=reading.whole(minutes)) if give and minutes else None
    row.decided_by, row.decided_at, row.finding = by, now, finding.as_json()
    row.save()
    vault.record("floor.permit.decided", who=by.code, on=("permit", pk), kind=row.kind, given=give)
    label = book.entry(PERMITS, row.kind).label
    said = Why(f"{label.zh}:{by.name}{'已批准' if give else '未批准'}",
               f"{label.en}: {'given' if give else 'refused'} by {by.name}")  # fmt: skip
    approvals.notify(row.staff, said, reverse("floor:desk"), dedupe=f"permit:{pk}")
    tell("permit.decided", row.staff.code, now, pk)
    return row


def release(staff: Staff, by: Staff, note: str, now: datetime) -> Permit:
    """The leader lets somebody go for a break at a locked time, unasked; recorded."""
    with transaction.atomic():
        asked = Permit.objects.filter(staff=staff, kind=Permit.Kind.BREAK_RELEASE, state=Permit.State.ASKED).first()
        row = asked or ask_permit(staff, Permit.Kind.BREAK_RELEASE, note, now)
        return decide_permit(row.pk, give=True, by=by, now=now)


def open_permits(staff: Staff, now: datetime) -> list[Permit]:
    """What the person has asked for or may do now, newest first."""
    asked = Q(state=Permit.State.ASKED, asked_at__gt=now - timedelta(hours=12))
    given = Q(state=Permit.State.GIVEN) & (Q(until__gt=now) | Q(until=None, decided_at__gt=now - timedelta(hours=12)))
    refused = Q(state=Permit.State.REFUSED, decided_at__gt=now - timedelta(minutes=10))
    rows = Permit.objects.filter(asked | given | refused, staff=staff).select_related("decided_by")
    return list(rows.order_by("-asked_at")[:6])


def _person(staff: Staff, now: datetime) -> Watched | None:
    return next(iter(watched_people(now, site_handbook(), [staff.code])), None)


@enforces("CALL-006", "FLR-006")
def leave_to_be_away(staff: Staff, now: datetime) -> Finding | None:
    """The refusal of a break, a not-ready or a sign-out now; None where it is allowed, let through or not known.

    A permit that lets it through is used up by this.
    """
    book = site_handbook()
    person = _person(staff, now)
    if person is None or person.signed_in_at is None or not person.present:
        return None
    finding = Watcher(book, now).judge("seat.leave", signed_in_at=person.signed_in_at, at=now)
    if finding is None or finding.outcome != "refused":
        return None
    passes = Permit.objects.filter(
        staff=staff, kind__in=("leave_seat", "break_release"), state=Permit.State.GIVEN, until__gte=now
    ).order_by("decided_at")
    held = passes.first()
    if held is not None:
        Permit.objects.filter(pk=held.pk, used_at=None).update(used_at=now)
        return None
    return finding


@enforces("MTG-004", "SCH-019", "EMG-025")
def leave_to_sign_out(staff: Staff, now: datetime) -> Finding | None:
    """The refusal of a sign-out for a handover form that is missing; None where it may be.

    Only near the end of the shift: who signs out for a moment in between hands nothing over.
    """
    book = site_handbook()
    person = _person(staff, now)
    shift = (person.shift or person.before) if person else None
    if shift is None or now < shift.ends_at - timedelta(minutes=30):
        return None
    written = Handover.objects.filter(staff=staff, shift=shift.key).exists()
    day = now.astimezone(book.zone).date()
    finding = judge_sign_out(SignOutFacts(written, day), book.on(day))
    return finding if finding.outcome == "handover_missing" else None


def shift_key_of(staff: Staff, now: datetime) -> str:
    """The shift that a form of now belongs to; the day where nothing is rostered."""
    book = site_handbook()
    person = _person(staff, now)
    shift = (person.shift or person.before) if person else None
    return shift.key if shift else f"{now.astimezone(book.zone).date()}"
