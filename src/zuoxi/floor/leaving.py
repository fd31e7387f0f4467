# SPDX-License-Identifier: Apache-2.0
"""The end of a shift: handover forms, the check of one's own desk, the leader's look at every seat; broken things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor.duty_judgements import ReleaseFacts, judge_release
from zuoxi.floor.handbook import DESK_CHECKS
from zuoxi.floor.models import DeskCheck, ExitCheck, ExitSeat, Fault, Handover
from zuoxi.floor.patrols import places
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff, Team
from zuoxi.policy.findings import Why
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.workforce import selectors as workforce

IT = "IT"


@enforces("MTG-004", "SCH-019", "EMG-025")
@transaction.atomic
def write_handover(
    staff: Staff,
    shift: str,
    *,
    open_tickets: int | None,
    callbacks: int | None,
    escalations: int | None,
    text: str,
    now: datetime,
) -> Handover:
    """Write, or write anew until somebody has taken it over. Raises Refused for an empty one."""
    counts = {"open_tickets": open_tickets, "callbacks": callbacks, "escalations": escalations}
    if any(count is None for count in counts.values()):
        raise Refused(_("Say how many, for each line; none is 0."))
    standing = Handover.objects.select_for_update().filter(staff=staff, shift=shift).first()
    if standing is not None and standing.taken_at is not None:
        raise Refused(_("It has been taken over already; tell the colleague directly."))
    if any(counts.values()) and not text.strip():
        raise Refused(_("Something is left to do: say what the next one must know."))
    row, _made = Handover.objects.update_or_create(
        staff=staff, shift=shift, defaults={**counts, "text": text.strip()[:600], "written_at": now}
    )
    return row


@transaction.atomic
def take_over(pk: int, by: Staff, now: datetime) -> Handover:
    """The next one has read it. Raises Refused when somebody was faster."""
    changed = Handover.objects.filter(pk=pk, taken_at=None).exclude(staff=by).update(taken_by=by, taken_at=now)
    row = Handover.objects.select_related("taken_by").get(pk=pk)
    if not changed:
        raise Refused(_("It has been taken over already, or it is your own."))
    return row


@enforces("EMG-023", "FLR-012", "FLR-011")
@transaction.atomic
def check_desk(staff: Staff, shift: str, done: Sequence[str], hazard: str, now: datetime) -> DeskCheck:
    """The person's own check at the end of the shift; a danger is told to IT at once. Raises Refused."""
    known = set(site_handbook().entries(DESK_CHECKS))
    row, _made = DeskCheck.objects.update_or_create(
        staff=staff, shift=shift,
        defaults={"done": sorted(known & set(done)), "hazard": hazard.strip()[:200], "checked_at": now},
    )  # fmt: skip
    if row.hazard:
        report_fault(Fault.Kind.SAFETY, "", row.hazard, staff, now)
    return row


@enforces("FLR-022")
@transaction.atomic
def report_fault(kind: str, seat: str, text: str, by: Staff | None, now: datetime) -> Fault:
    """Something is broken; IT is told at once. Raises Refused without words."""
    if not text.strip():
        raise Refused(_("Say what is broken."))
    if kind not in Fault.Kind.values:
        raise Refused(_("Choose what it is."))
    made = Fault.objects.create(kind=kind, seat=seat[:16], text=text.strip()[:200], reported_by=by, reported_at=now)
    where = f" {made.seat}" if made.seat else ""
    said = Why(f"报修{where}:{made.text}", f"Broken{where}: {made.text}")
    for one in people.holders_of(IT, now.astimezone(site_handbook().zone).date()):
        approvals.notify(one, said, reverse("floor:faults"), dedupe=f"fault:{made.pk}")
    return made


@transaction.atomic
def mend(pk: int, note: str, by: Staff, now: datetime) -> Fault:
    """It works again. Raises Refused when it was mended already."""
    changed = Fault.objects.filter(pk=pk, mended_at=None).update(
        mended_at=now, mended_by=by, mended_note=note.strip()[:200]
    )
    if not changed:
        raise Refused(_("It was mended already."))
    row = Fault.objects.select_related("reported_by").get(pk=pk)
    if row.reported_by:
        said = Why(f"已修好:{row.text}", f"Mended: {row.text}")
        approvals.notify(row.reported_by, said, dedupe=f"mended:{pk}")
    return row


@transaction.atomic
def begin_exit(team: Team, shift: str, by: Staff, now: datetime) -> ExitCheck:
    """Open the check of the team for the shift, a line for each seat of its people; the same one when it is open."""
    standing = ExitCheck.objects.filter(team=team, shift=shift).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            made = ExitCheck.objects.create(team=team, shift=shift, made_by=by, started_at=now)
    except IntegrityError:
        return ExitCheck.objects.get(team=team, shift=shift)
    day = now.astimezone(site_handbook().zone).date()
    rostered = {
        one.staff_id
        for one in workforce.shifts_between(day - timedelta(days=1), day)
        if one.team_id == team.pk and f"{one.day}:{one.template}" == shift
    }
    ExitSeat.objects.bulk_create(
        [
            ExitSeat(check_of=made, seat=place.seat, staff_id=place.staff_id)
            for place in places(team.pk, day)
            if place.kind == "agent" and (not rostered or place.staff_id in rostered)
        ]
    )
    return made


@enforces("FLR-016")
@transaction.atomic
def tick_seat(pk: int, seat: str, *, ok: bool, defect: str, by: Staff, now: datetime) -> ExitSeat:
    """One seat: in order, or with a defect that IT is told of at once. Raises Refused once the team has gone."""
    check = ExitCheck.objects.select_for_update().get(pk=pk)
    if check.released_at is not None:
        raise Refused(_("The team has gone already."))
    row = ExitSeat.objects.filter(check_of=check, seat=seat).first()
    if row is None:
        raise Refused(_("The team has no seat %(seat)s.") % {"seat": seat})
    if not ok and not defect.strip():
        raise Refused(_("Say what is missing or broken at seat %(seat)s.") % {"seat": seat})
    if not ok and defect.strip() != row.defect:
        report_fault(Fault.Kind.OTHER, seat, defect, by, now)
    row.ok, row.defect = ok, "" if ok else defect.strip()[:120]
    row.save(update_fields=["ok", "defect"])
    return row


@enforces("FLR-016", "FLR-017")
@transaction.atomic
def release_team(pk: int, *, attendance_seen: bool, room: str, note: str, by: Staff, now: datetime) -> ExitCheck:
    """Let the team go, once every seat is ticked and the leader confirms attendance and surroundings."""
    check = ExitCheck.objects.select_for_update().get(pk=pk)
    if check.released_at is not None:
        raise Refused(_("The team has gone already."))
    reading = site_handbook().on(now.astimezone(site_handbook().zone).date())
    seats, ticked = check.seats.count(), check.seats.filter(ok__isnull=False).count()
    finding = judge_release(ReleaseFacts(seats, ticked), reading)
    if finding.outcome != "allowed":
        raise Refused(str(finding.why), finding)
    if not attendance_seen:
        raise Refused(_("Confirm the team's attendance of the shift."))
    check.released_at, check.attendance_seen = now, True
    check.room, check.note = room[:12], note.strip()[:200]
    check.save(update_fields=["released_at", "attendance_seen", "room", "note"])
    vault.record("floor.team.released", who=by.code, on=("team", check.team.code), shift=check.shift)
    return check
