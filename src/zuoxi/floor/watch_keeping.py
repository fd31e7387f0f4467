# SPDX-License-Identifier: Apache-2.0
"""Keeping what was seen: a row once, a word to the person, a word upwards; the leader's excuse or confirmation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor import emergencies
from zuoxi.floor.conduct import item_seen_as, record_violation
from zuoxi.floor.models import Observation, Violation
from zuoxi.floor.refusing import Refused
from zuoxi.floor.telling import tell
from zuoxi.floor.watch_reading import look_around
from zuoxi.floor.watching import Observed, Watcher, observe
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.vault import services as vault

REFRESH = timedelta(seconds=55)
TOLD_ONCE = 12


@enforces("CALL-005", "CALL-006", "CALL-007", "CALL-008", "CALL-011", "CALL-012", "CALL-013", "FLR-006", "FLR-007")
def watch(now: datetime, handbook: Handbook | None = None) -> list[Observed]:
    """Look around once, keep what is seen; returns it."""
    book = handbook or site_handbook()
    look = look_around(now, book)
    watcher = Watcher(book, now)
    watcher.look_for_a_supervisor(look.in_charge, look.at_work, look.gap_since)
    found = [*observe(look.people, book, now), *watcher.found]
    keep(found, now)
    emergencies.look(now)
    return found


def keep(found: Iterable[Observed], now: datetime) -> int:
    """Write down what is new, bring on what lasts, end what is over. Returns how many are new."""
    by_case = {one.case: one for one in found}
    known = {row.case: row for row in Observation.objects.filter(case__in=list(by_case))}
    fresh = [one for case, one in by_case.items() if case not in known]
    for case, row in known.items():
        one = by_case[case]
        if row.ended_at is None and (one.until is not None or now - row.seen_at > REFRESH):
            Observation.objects.filter(pk=row.pk, ended_at=None).update(
                finding=one.finding.as_json(), seen_at=now, ended_at=one.until
            )
    lasting = [case for case, one in by_case.items() if one.until is None]
    Observation.objects.filter(ended_at=None).exclude(kind=Observation.Kind.SECOND_SEAT).exclude(
        case__in=lasting
    ).update(ended_at=now)
    for one in fresh:
        _begin(one, now)
    return len(fresh)


@transaction.atomic
def _begin(one: Observed, now: datetime) -> None:
    row, made = Observation.objects.get_or_create(
        case=one.case,
        defaults={
            "kind": one.kind,
            "staff_id": one.staff_id,
            "team_id": one.team_id,
            "shift": one.shift,
            "seat": one.seat,
            "since": one.since,
            "seen_at": now,
            "ended_at": one.until,
            "finding": one.finding.as_json(),
            "escalated_to": one.escalate_to,
        },
    )
    if not made:
        return
    if one.staff_id is not None:
        staff = people.staff_by_id([one.staff_id]).get(one.staff_id)
        if staff is not None:
            approvals.notify(
                staff, one.finding.why, reverse("floor:desk"), dedupe=f"watch:{one.kind}:{one.code}:{one.shift}"[:100]
            )
        tell("observation.begun", one.code, now, row.pk)
    if one.escalate_to:
        _tell_upwards(row, one, now)


def _tell_upwards(row: Observation, one: Observed, now: datetime) -> None:
    """The holders of the role word are asked for a substitute, or told of the gap."""
    day = timezone.localdate(now)
    name = row.staff.name if row.staff else ""
    zh = f"{name} {one.finding.why.zh},请安排替补" if name else one.finding.why.zh
    en = f"{name}: {one.finding.why.en}; a substitute is asked for" if name else one.finding.why.en
    word = role_words().get(one.escalate_to)
    for position in word.positions if word else ():
        for holder in people.holders_of(position, day)[:TOLD_ONCE]:
            approvals.notify(
                holder, Why(zh, en), reverse("floor:observation", args=[row.pk]), dedupe=f"up:{row.pk}:{holder.code}"
            )


@enforces("CALL-009")
def note_second_seat(code: str, where: str, now: datetime) -> None:
    """The same number was to be used at a second seat; kept once a minute."""
    staff = people.staff_by_code(code)
    if staff is None:
        return
    book = site_handbook()
    reading = book.on(now.astimezone(book.zone).date())
    reading.note("CALL-009")
    finding = reading.finding("floor.second_seat", "refused", code=code, where=where or "—")
    case = f"second_seat:{code}:{now:%Y%m%d%H%M}"
    _begin(Observed(case, "second_seat", f"{reading.on}", now, now, finding, staff.pk, code), now)


def _open(pk: int) -> Observation:
    row = Observation.objects.select_for_update(of=("self",)).select_related("staff", "decided_by").get(pk=pk)
    if row.state != Observation.State.OPEN:
        raise Refused(
            _("%(who)s has decided this already: %(what)s.")
            % {"who": row.decided_by.name if row.decided_by else "—", "what": row.get_state_display()}
        )
    return row


@transaction.atomic
def excuse(pk: int, reason: str, by: Staff | None, now: datetime) -> Observation:
    """There was a good reason; it is kept. Raises Refused without one, or when somebody was faster."""
    row = _open(pk)
    if not reason.strip():
        raise Refused(_("Say why it is excused."))
    row.state, row.reason, row.decided_by, row.decided_at = Observation.State.EXCUSED, reason.strip()[:200], by, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    vault.record("floor.observation.excused", who=by.code if by else "", on=("observation", pk), reason=row.reason)
    if row.staff:
        tell("observation.excused", row.staff.code, now, pk)
    return row


@enforces("FLR-015")
@transaction.atomic
def confirm(pk: int, note: str, by: Staff | None, now: datetime) -> Violation | None:
    """It stands: a violation is recorded from it where the pack has one for its kind; None where it has none."""
    row = _open(pk)
    row.state, row.decided_by, row.decided_at = Observation.State.CONFIRMED, by, now
    row.reason = note.strip()[:200]
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    vault.record("floor.observation.confirmed", who=by.code if by else "", on=("observation", pk))
    if row.staff is None:
        return None
    tell("observation.confirmed", row.staff.code, now, pk)
    item = item_seen_as(row.kind, site_handbook())
    if item is None:
        return None
    return record_violation(
        row.staff, item, row.since, cause=f"observation:{row.pk}", by=by, now=now, note=note, observation=row
    )


@transaction.atomic
def put_substitute(pk: int, substitute: Staff, by: Staff | None, now: datetime) -> Observation:
    """Somebody takes the seat of who is away (CALL-008). Raises Refused when somebody was faster."""
    changed = Observation.objects.filter(pk=pk, substitute=None).exclude(staff=substitute).update(
        substitute=substitute, substitute_by=by, substitute_at=now
    )  # fmt: skip
    row = Observation.objects.select_related("staff", "substitute").get(pk=pk)
    if not changed:
        raise Refused(_("A substitute has been named already, or it is the same person."))
    vault.record("floor.substitute", who=by.code if by else "", on=("observation", pk), substitute=substitute.code)
    away = row.staff.name if row.staff else ""
    approvals.notify(substitute, Why(f"请接替 {away} 的座席", f"Please take the seat of {away}"), reverse("floor:desk"))
    tell("substitute.named", substitute.code, now, pk)
    return row
