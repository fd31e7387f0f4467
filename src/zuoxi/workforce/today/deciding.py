# SPDX-License-Identifier: Apache-2.0
"""A proposal applied with one click, exactly as it stood on the page, and taken back as cleanly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_id
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.services import record
from zuoxi.workforce import overtime
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.day_plan import move_break
from zuoxi.workforce.editing import CellEdit, edit_cells
from zuoxi.workforce.models import OvertimeList, PlannedBreak, RosterChange, ShiftAssignment
from zuoxi.workforce.today.limits import Reach
from zuoxi.workforce.today.proposing import BREAKS, OVERTIME, Proposal, fingerprint
from zuoxi.workforce.today_models import IntradayDecision

_SALT = "workforce.intraday"


class Overtaken(ValueError):
    """Not done; the message says what happened meanwhile, or what forbids it."""


def sealed(proposal: Proposal) -> str:
    """The proposal as a page carries it."""
    return signing.dumps(proposal.as_json(), salt=_SALT, compress=True)


def opened(seal: str, day: date) -> dict[str, Any]:
    """What the page proposed. Raises Overtaken for what is too old or was not made by us."""
    minutes = site_handbook().on(day).whole("intraday.proposal_minutes")
    try:
        said: dict[str, Any] = signing.loads(seal, salt=_SALT, max_age=timedelta(minutes=minutes))
    except signing.SignatureExpired:
        raise Overtaken(_("This proposal is more than %(minutes)s minutes old. Look at the new ones.") % {
            "minutes": minutes,
        }) from None  # fmt: skip
    except signing.BadSignature:
        raise Overtaken(_("This is no proposal of ours. Nothing was changed.")) from None
    if said["day"] != day.isoformat():
        raise Overtaken(_("This proposal is of another day."))
    return said


@enforces("SCH-012", "SCH-013", "SCH-009", "SCH-011")
def apply(said: Mapping[str, Any], *, by: Staff, now: datetime, reach: Reach) -> IntradayDecision:
    """Do what was proposed, whole or not at all. Raises Overtaken when somebody was quicker, when the plan changed
    meanwhile, or when it lies outside the person's reach."""
    mark = fingerprint(said)
    if (
        known := IntradayDecision.objects.filter(fingerprint=mark, state="applied").select_related("by").first()
    ) is not None:
        raise Overtaken(_quicker(known))
    try:
        with transaction.atomic():
            made = IntradayDecision.objects.create(
                day=date.fromisoformat(said["day"]), kind=said["kind"], fingerprint=mark, said=dict(said), by=by, at=now
            )
            made.staff.set(said["staff"])
            made.done = _do(said, by=by, now=now, reach=reach)
            made.save(update_fields=["done"])
            record(
                "workforce.intraday.applied", who=by.code, on=("decision", made.pk), at=now, kind=made.kind,
                people=len(said["staff"]),
            )  # fmt: skip
    except IntegrityError:
        known = IntradayDecision.objects.filter(fingerprint=mark, state="applied").select_related("by").first()
        raise Overtaken(_quicker(known) if known else _("Somebody was quicker. Look at the new proposals.")) from None
    return made


def _quicker(known: IntradayDecision) -> str:
    at = known.at.astimezone(site_handbook().zone)
    return _("%(name)s applied this at %(at)s already. Nothing was done twice.") % {
        "name": known.by.name, "at": f"{at:%H:%M}",
    }  # fmt: skip


def _do(said: Mapping[str, Any], *, by: Staff, now: datetime, reach: Reach) -> dict[str, Any]:
    kind, staff = said["kind"], set(said["staff"])
    within: Collection[int] = reach.floor if kind in (BREAKS, OVERTIME) else reach.written
    if not staff <= set(within):
        raise Overtaken(_("Some of these people are not yours to move. Nothing was changed."))
    if kind == BREAKS:
        return {"breaks": _move([tuple(one) for one in said["items"]], by=by.code, now=now)}
    if kind == OVERTIME:
        return _ask(said, by=by, now=now)
    edits = [CellEdit(one[0], date.fromisoformat(said["day"]), one[2], one[1]) for one in said["items"]]
    dropped = _write(edits, by=by.code, now=now, cause=RosterChange.Cause.EDIT)
    return {"cells": [[one.staff_id, one.was, one.text] for one in edits], "dropped": [_kept(one) for one in dropped]}


def _move(moves: list[tuple[Any, ...]], *, by: str, now: datetime) -> list[list[Any]]:
    """Move breaks (id, staff id, from, to), none of which may have begun or been moved since."""
    held = PlannedBreak.objects.select_for_update(of=("self",)).select_related("shift")
    rows = {one.pk: one for one in held.filter(pk__in=[move[0] for move in moves]).order_by("pk")}
    for pk, _staff, was, to in moves:
        row, start = rows.get(pk), datetime.fromisoformat(to)
        if row is None or row.starts_at != datetime.fromisoformat(was):
            raise Overtaken(_("Somebody has moved one of these breaks meanwhile. Nothing was changed."))
        if row.starts_at <= now or start <= now:
            raise Overtaken(_("One of these breaks has begun or would have begun already. Nothing was changed."))
        if not move_break(row, start, by=by):
            raise Overtaken(_("A break lies within the shift, and not in the locked minutes after its start."))
    return [list(one) for one in moves]


def _kept(one: PlannedBreak) -> list[str | int]:
    return [one.shift.staff_id, one.kind, one.starts_at.isoformat(), one.ends_at.isoformat(), one.moved_by]


def _break_of(kept: list[Any]) -> PlannedBreak:
    """A break that was dropped, not yet in any shift."""
    staff, kind, start, end, by = kept
    return PlannedBreak(
        shift=ShiftAssignment(staff_id=staff), kind=kind, starts_at=datetime.fromisoformat(start),
        ends_at=datetime.fromisoformat(end), moved_by=by,
    )  # fmt: skip


def _write(
    edits: list[CellEdit], *, by: str, now: datetime, cause: str, dropped: Collection[PlannedBreak] = ()
) -> list[PlannedBreak]:
    """Write cells, if all still read as they did; breaks that fit the new shift stay, and those `dropped` before come
    back. Answers with the breaks that fit no longer."""
    day = edits[0].day
    rows = ShiftAssignment.objects.filter(day=day, staff_id__in=[one.staff_id for one in edits])
    breaks = list(PlannedBreak.objects.filter(shift__in=rows).select_related("shift"))
    result = edit_cells(edits, by=by, now=now, cause=cause)
    if result.told:
        raise Overtaken(result.told[0].message)
    return _keep_breaks([*breaks, *dropped], day)


def _keep_breaks(breaks: list[PlannedBreak], day: date) -> list[PlannedBreak]:
    """Put back the breaks that lie within a shift of their person as it now stands; those that lie in none."""
    staff = {one.shift.staff_id for one in breaks}
    shifts = ShiftAssignment.objects.filter(day=day, staff_id__in=staff, starts_at__isnull=False)
    standing = set(PlannedBreak.objects.filter(pk__in=[one.pk for one in breaks]).values_list("pk", flat=True))
    made, lost = [], []
    for one in breaks:
        if one.pk in standing:
            continue
        for shift in shifts:
            if (
                shift.staff_id == one.shift.staff_id
                and shift.starts_at is not None
                and shift.ends_at is not None
                and shift.starts_at <= one.starts_at
                and one.ends_at <= shift.ends_at
            ):
                fields = (one.kind, one.starts_at, one.ends_at, one.moved_by)
                made.append(
                    PlannedBreak(
                        shift=shift, kind=fields[0], starts_at=fields[1], ends_at=fields[2], moved_by=fields[3]
                    )
                )
                break
        else:
            lost.append(one)
    PlannedBreak.objects.bulk_create(made)
    return lost


def _ask(said: Mapping[str, Any], *, by: Staff, now: datetime) -> dict[str, Any]:
    """An overtime list in the making; the manager agrees to it as to any other."""
    ((clock, staff),) = said["items"]
    people = staff_by_id(staff)
    try:
        made = overtime.make_list(
            by=by, day=date.fromisoformat(said["day"]), clock=clock_from(clock), reason=_("Load of the running day"),
            people=[people[pk] for pk in staff if pk in people], mark="voluntary", now=now,
        )  # fmt: skip
    except overtime.OvertimeRefused as refusal:
        raise Overtaken(str(refusal)) from refusal
    return {"overtime": made.pk}


@enforces("SCH-013")
@transaction.atomic
def take_back(decision: IntradayDecision, *, by: Staff, now: datetime, reach: Reach) -> IntradayDecision:
    """Put everything back as it was. Raises Overtaken when it was taken back already or something changed since."""
    held = IntradayDecision.objects.select_for_update(of=("self",)).select_related("undone_by").get(pk=decision.pk)
    if held.state == IntradayDecision.State.UNDONE:
        name = held.undone_by.name if held.undone_by else ""
        raise Overtaken(_("%(name)s has taken this back already.") % {"name": name})
    within = reach.floor if held.kind in (BREAKS, OVERTIME) else reach.written
    if not set(held.said["staff"]) <= set(within):
        raise Overtaken(_("Some of these people are not yours to move. Nothing was changed."))
    if held.kind == BREAKS:
        _move([(pk, staff, to, was) for pk, staff, was, to in held.done["breaks"]], by=by.code, now=now)
    elif held.kind == OVERTIME:
        listed = OvertimeList.objects.filter(pk=held.done["overtime"]).first()
        if listed is not None:
            overtime.cancel(listed, by=by, now=now)
    else:
        edits = [CellEdit(staff, held.day, was, text) for staff, was, text in held.done["cells"]]
        dropped = [_break_of(one) for one in held.done.get("dropped", ())]
        _write(edits, by=by.code, now=now, cause=RosterChange.Cause.UNDO, dropped=dropped)
    held.state, held.undone_by, held.undone_at = IntradayDecision.State.UNDONE, by, now
    held.save(update_fields=["state", "undone_by", "undone_at"])
    record("workforce.intraday.undone", who=by.code, on=("decision", held.pk), at=now, kind=held.kind)
    return held
