# SPDX-License-Identifier: Apache-2.0
"""Changes of posts that were granted: kept until their day, held back while something stands open, then done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.people.models import Handover, HandoverItem, PlannedChange, Position, Project, Staff, Team
from zuoxi.people.posts import Placement, Refused, leave_company, transfer
from zuoxi.policy.marks import enforces, records
from zuoxi.vault import services as vault

ITEMS: tuple[HandoverItem.Kind, ...] = tuple(HandoverItem.Kind)


@transaction.atomic
@enforces("ORG-023")
@records("ORG-021", "ORG-027", "ORG-028")
def plan_transfer(
    staff: Staff,
    placement: Placement,
    effective_on: date,
    *,
    signed_on: date,
    number: str,
    taker: Staff | None = None,
    reason: str = "",
    by: str = "",
) -> PlannedChange:
    """A move that the director signed on `signed_on`; an earlier day is put off to the signature (ORG-023)."""
    change = _plan(
        staff,
        PlannedChange.Kind.TRANSFER,
        max(effective_on, signed_on),
        number=number,
        by=by,
        signed_on=signed_on,
        position=placement.position,
        team=placement.team,
        project=placement.project,
        reason=reason,
    )
    if taker is not None and taker.pk != staff.pk:
        open_handover(change, taker)
    return change


@transaction.atomic
@records("ATT-017")
def plan_leaving(
    staff: Staff,
    on: date,
    *,
    ground: str,
    number: str,
    notice_on: date | None = None,
    taker: Staff | None = None,
    reason: str = "",
    by: str = "",
) -> PlannedChange:
    """`on` is the first day without employment; `ground` the type of leaving."""
    change = _plan(
        staff, PlannedChange.Kind.LEAVING, on, number=number, by=by, ground=ground, notice_on=notice_on, reason=reason
    )
    if taker is not None and taker.pk != staff.pk:
        open_handover(change, taker)
    return change


@transaction.atomic
@enforces("ORG-030")
def plan_standing(
    staff: Staff, kind: str, on: date, *, ground: str, number: str, signed_on: date, reason: str = "", by: str = ""
) -> PlannedChange:
    """Standby, laid off, or back to work; the appraisal it rests on is named in `ground`."""
    return _plan(
        staff, kind, max(on, signed_on), number=number, by=by, ground=ground, signed_on=signed_on, reason=reason
    )


def _plan(staff: Staff, kind: str, on: date, *, number: str, by: str, **fields: Any) -> PlannedChange:
    change, made = PlannedChange.objects.get_or_create(
        number=number,
        defaults={"staff": staff, "kind": kind, "effective_on": on, "made_at": timezone.now(), **fields},
    )
    if made:
        vault.record("people.change.planned", who=by, on=("staff", staff.code), kind=str(kind), on_day=on.isoformat())
    return change


@records("ORG-026")
def open_handover(change: PlannedChange, taker: Staff) -> Handover:
    """The checklist of what is handed over, one line for each kind of thing."""
    handover, made = Handover.objects.get_or_create(change=change, defaults={"giver": change.staff, "taker": taker})
    if made:
        HandoverItem.objects.bulk_create(HandoverItem(handover=handover, kind=kind) for kind in ITEMS)
    return handover


@enforces("ORG-023", "ORG-024", "ORG-026", "ORG-001")
def apply_changes(today: date, *, by: str = "") -> list[PlannedChange]:
    """Do what is due by that day; returns what was done. What cannot be done stays, with the reason in `held`."""
    due = PlannedChange.objects.filter(state=PlannedChange.State.PLANNED, effective_on__lte=today)
    return [done for pk in due.values_list("pk", flat=True) if (done := _apply(pk, today, by)) is not None]


@transaction.atomic
def _apply(change_id: int, today: date, by: str) -> PlannedChange | None:
    change = (
        PlannedChange.objects.select_for_update(of=("self",))
        .select_related("staff", "position", "team", "project")
        .get(pk=change_id)
    )
    if change.state != PlannedChange.State.PLANNED:
        return None
    handover = Handover.objects.filter(change=change).first()
    if change.kind == PlannedChange.Kind.TRANSFER and handover is not None and handover.closed_at is None:
        _hold(change, _("The handover is not closed."))
        return None
    try:
        with transaction.atomic():
            _do(change, today, by)
    except Refused as refused:
        _hold(change, str(refused))
        return None
    change.state, change.done_at, change.held = PlannedChange.State.DONE, timezone.now(), ""
    change.save(update_fields=["state", "done_at", "held"])
    return change


def _hold(change: PlannedChange, why: str) -> None:
    if change.held != why:
        change.held = why[:200]
        change.save(update_fields=["held"])


def _do(change: PlannedChange, today: date, by: str) -> None:
    """A move that waited for its handover begins on the day it is done, not before."""
    staff = change.staff
    if change.kind == PlannedChange.Kind.TRANSFER and change.position is not None:
        place = Placement(change.position, change.team, change.project)
        begin = max(change.effective_on, today) if change.held else change.effective_on
        transfer(staff, [place], begin, signed_on=change.signed_on, by=by)
    elif change.kind == PlannedChange.Kind.LEAVING:
        leave_company(staff, change.effective_on, by, today=today)
    else:
        _stand(staff, change)


def _stand(staff: Staff, change: PlannedChange) -> None:
    states = {PlannedChange.Kind.STANDBY: Staff.Status.STANDBY, PlannedChange.Kind.LAID_OFF: Staff.Status.STANDBY}
    staff.status = states.get(PlannedChange.Kind(change.kind), Staff.Status.ACTIVE)
    staff.save(update_fields=["status"])
    vault.record("people.staff.status", who="", on=("staff", staff.code), status=staff.status, number=change.number)


def cancel_change(change: PlannedChange, *, by: str) -> bool:
    """Call off what has not come into force; False when it has."""
    changed = PlannedChange.objects.filter(pk=change.pk, state=PlannedChange.State.PLANNED).update(
        state=PlannedChange.State.CANCELLED
    )
    if changed:
        vault.record("people.change.cancelled", who=by, on=("staff", change.staff.code), number=change.number)
    return bool(changed)


def tick_item(item: HandoverItem, *, by: Staff, what: str, done: bool, now: datetime) -> HandoverItem:
    """Say what a line of the checklist is, and that it has been handed over; signatures given before lapse."""
    item.what, item.done_at, item.done_by = what[:200], (now if done else None), (by if done else None)
    item.save(update_fields=["what", "done_at", "done_by"])
    Handover.objects.filter(pk=item.handover_id, closed_at__isnull=True).update(
        giver_signed_at=None, taker_signed_at=None
    )
    return item


def add_item(handover: Handover, kind: str, what: str) -> HandoverItem:
    return HandoverItem.objects.create(handover=handover, kind=HandoverItem.Kind(kind), what=what[:200])


@transaction.atomic
@enforces("ORG-026")
def sign_handover(handover: Handover, *, by: Staff, now: datetime) -> str:
    """Sign one's side; "" when it counts, else what is missing. The second signature closes it, and not before every
    line is done (ORG-026)."""
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if handover.closed_at is not None:
        return _("This handover is closed.")
    if by.pk not in (handover.giver_id, handover.taker_id):
        return _("Only the two who hand over and take over sign.")
    if handover.items.filter(done_at__isnull=True).exists():
        return _("Some lines are still open; close them first, or note that there is nothing of the kind.")
    if by.pk == handover.giver_id:
        handover.giver_signed_at = now
    if by.pk == handover.taker_id:
        handover.taker_signed_at = now
    if handover.giver_signed_at and handover.taker_signed_at:
        handover.closed_at = now
    handover.save()
    vault.record(
        "people.handover.signed", who=by.code, on=("staff", handover.giver.code), closed=bool(handover.closed_at)
    )
    return ""


def placement_of(position: str, team: str, project: str = "") -> Placement:
    """The place that codes mean; the team's project where no other is named. Raises DoesNotExist."""
    found = Team.objects.get(code=team) if team else None
    own = Project.objects.get(code=project) if project else None
    return Placement(Position.objects.get(code=position), found, own)
