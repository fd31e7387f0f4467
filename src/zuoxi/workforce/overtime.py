# SPDX-License-Identifier: Apache-2.0
"""Overtime: the supervisor's list, the manager's word, the announcement in time, each person's answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.vault.services import record
from zuoxi.workforce.clock import Clock, moments_of
from zuoxi.workforce.editing import CellEdit, edit_cells, shown
from zuoxi.workforce.facts import OvertimeNoticeFacts
from zuoxi.workforce.models import OvertimeCall, OvertimeList, RosterChange, ShiftAssignment
from zuoxi.workforce.units import Book

CALLED = gettext_lazy("Overtime on %(day)s, %(clock)s: please confirm. %(reason)s")
ANSWERED = gettext_lazy("%(name)s %(answer)s: overtime on %(day)s, %(clock)s")


class OvertimeRefused(ValueError):
    """Not possible; the message says why."""


@transaction.atomic
def make_list(
    *, by: Staff, day: date, clock: Clock, reason: str, people: Iterable[Staff], mark: str, now: datetime
) -> OvertimeList:
    """A list in the making. Raises OvertimeRefused for nobody, or for hours that lie behind us."""
    handbook, chosen = site_handbook(), list(people)
    ((starts_at, ends_at),) = moments_of(clock, day, handbook.zone)
    if not chosen:
        raise OvertimeRefused(_("Choose at least one person."))
    if ends_at <= now - timedelta(days=7):
        raise OvertimeRefused(_("These hours lie more than a week back; overtime is entered afterwards within a week."))
    book = Book(day, day)
    units = {unit for one in chosen if (unit := book.unit_on(one.pk, day)) is not None}
    if not units:
        raise OvertimeRefused(_("Nobody of them has a post on this day."))
    project, team = sorted(units, key=str)[0]
    made = OvertimeList.objects.create(
        project_id=project, team_id=team if len(units) == 1 else None, day=day, clock=str(clock), starts_at=starts_at,
        ends_at=ends_at, reason=reason[:200], made_by=by, made_at=now,
    )  # fmt: skip
    OvertimeCall.objects.bulk_create([OvertimeCall(list=made, staff=one, mark=mark) for one in chosen])
    return made


@enforces("SCH-009", "SCH-010")
def may_agree(roles: Iterable[str], day: date) -> bool:
    """Whether one of the posts may agree to overtime by the pack: who stands last among the approvers."""
    words = site_handbook().on(day).words("overtime.approvers")
    posts = {post for word in words[-1:] for post in role_words()[word].positions}
    return bool(posts & set(roles)) or "DIR" in roles


@transaction.atomic
def agree_to(made: OvertimeList, *, by: Staff, roles: Iterable[str], now: datetime) -> OvertimeList:
    """The manager agrees to the list. Raises OvertimeRefused for who may not, and for one that was agreed already."""
    if not may_agree(roles, now.astimezone(site_handbook().zone).date()):
        raise OvertimeRefused(_("Overtime is agreed to by another post here."))
    done = OvertimeList.objects.filter(pk=made.pk, state=OvertimeList.State.DRAFT).update(
        state=OvertimeList.State.AGREED, agreed_by=by, agreed_at=now
    )
    if not done:
        raise OvertimeRefused(_("Somebody has decided on this list already."))
    record("workforce.overtime.agreed", who=by.code, on=("overtime", made.pk), at=now)
    made.refresh_from_db()
    return made


@enforces("SCH-009")
@transaction.atomic
def announce(made: OvertimeList, *, by: Staff, now: datetime) -> Finding:
    """Tell everybody on the list. Late notice is kept as such and shown; hours that have begun are entered afterwards.

    Raises OvertimeRefused for a list that nobody agreed to.
    """
    made = OvertimeList.objects.select_for_update().get(pk=made.pk)
    if made.state != OvertimeList.State.AGREED:
        raise OvertimeRefused(_("The list has to be agreed to first, and is announced once."))
    handbook = site_handbook()
    ahead = Decimal(int((made.starts_at - now).total_seconds())) / 3600
    finding = judge("overtime.notice", OvertimeNoticeFacts(hours_ahead=ahead), handbook, made.day)
    OvertimeList.objects.filter(pk=made.pk).update(
        state=OvertimeList.State.ANNOUNCED, announced_at=now, late_notice=finding.outcome != "in_time",
        finding=finding.as_json(),
    )  # fmt: skip
    for call in made.calls.select_related("staff__user"):
        text = Sentence(CALLED, day=made.day, clock=made.clock, reason=made.reason)
        notify(call.staff, text, reverse("workforce:mine"), f"overtime:{made.pk}:{call.staff_id}")
    record("workforce.overtime.announced", who=by.code, on=("overtime", made.pk), at=now, outcome=finding.outcome)
    return finding


@transaction.atomic
def cancel(made: OvertimeList, *, by: Staff, now: datetime) -> bool:
    """Call the list off; shifts that were confirmed leave the roster. False when it is off already."""
    made = OvertimeList.objects.select_for_update().get(pk=made.pk)
    if made.state == OvertimeList.State.CANCELLED:
        return False
    for call in made.calls.filter(answer=OvertimeCall.Answer.CONFIRMED).select_related("staff"):
        _write(call, made, by=by.code, now=now, add=False)
    OvertimeList.objects.filter(pk=made.pk).update(state=OvertimeList.State.CANCELLED)
    record("workforce.overtime.cancelled", who=by.code, on=("overtime", made.pk), at=now)
    return True


@enforces("SCH-009")
@transaction.atomic
def answer_overtime(call: OvertimeCall, *, confirm: bool, voluntary: bool, now: datetime) -> OvertimeCall:
    """The person's own answer; confirmed hours stand in the roster beside the shift of the day.

    Raises OvertimeRefused once it was answered, and where the hours clash with a shift.
    """
    call = OvertimeCall.objects.select_for_update().select_related("list__made_by", "staff").get(pk=call.pk)
    if call.answer != OvertimeCall.Answer.WAITING or call.list.state != OvertimeList.State.ANNOUNCED:
        raise OvertimeRefused(_("This has been answered already, or the list is off."))
    if confirm:
        _write(call, call.list, by=call.staff.code, now=now, add=True)
    call.answer = OvertimeCall.Answer.CONFIRMED if confirm else OvertimeCall.Answer.DECLINED
    call.answered_at = now
    if voluntary:
        call.mark = OvertimeCall.Mark.VOLUNTARY
    call.save()
    text = Sentence(
        ANSWERED, name=call.staff.name, answer=call.get_answer_display(), day=call.list.day, clock=call.list.clock
    )
    notify(call.list.made_by, text, reverse("workforce:overtime_list", args=[call.list_id]))
    return call


def _write(call: OvertimeCall, made: OvertimeList, *, by: str, now: datetime, add: bool) -> None:
    """Put the hours into the person's cell, or take them out."""
    rows = list(ShiftAssignment.objects.filter(staff=call.staff, day=made.day).order_by("place"))
    kept = [
        row
        for row in rows
        if row.kind != ShiftAssignment.Kind.REST and not (not row.template and row.clock == made.clock)
    ]
    text = shown(kept, "")
    if add:
        text = f"{text}+{made.clock}" if text else made.clock
    edit = CellEdit(call.staff_id, made.day, text or "R")
    result = edit_cells([edit], by=by, now=now, cause=RosterChange.Cause.OVERTIME, tell=False)
    if result.told:
        raise OvertimeRefused(result.told[0].message)
    if add:
        shift = ShiftAssignment.objects.filter(staff=call.staff, day=made.day, template="", clock=made.clock).first()
        OvertimeCall.objects.filter(pk=call.pk).update(shift=shift)
        call.shift = shift
