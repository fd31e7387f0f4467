# SPDX-License-Identifier: Apache-2.0
"""Emergencies of the floor: seen in the ledger or told by whoever notices, taken, worked through, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor import emergency_reading
from zuoxi.floor.handbook import EMERGENCIES, EmergencyBody
from zuoxi.floor.models import EmergencyEntry, FloorEmergency, Presence
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.entries import Label
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.vault import services as vault

State = FloorEmergency.State
_TOLD_AT_MOST = 40
_REFRESH = timedelta(seconds=20)
_LOOKED_AT = timedelta(minutes=2)


def kinds() -> dict[str, EmergencyBody]:
    """What the handbook knows as an emergency, in its order."""
    found = site_handbook().entries(EMERGENCIES)
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


def body_of(kind: str) -> EmergencyBody | None:
    return site_handbook().entries(EMERGENCIES).get(kind)


@enforces("EMG-003")
@transaction.atomic
def tell(kind: str, words: str, *, by: Staff, now: datetime) -> FloorEmergency:
    """Somebody tells one. One of the kind that stands already gets his words as a note. Raises Refused."""
    if body_of(kind) is None:
        raise Refused(_("Choose what kind of emergency it is."))
    said = words.strip()[:500]
    if len(said) < 2:
        raise Refused(_("Say in a few words what you see."))
    standing = FloorEmergency.objects.select_for_update().filter(kind=kind, ended_at=None).first()
    if standing is not None:
        EmergencyEntry.objects.create(emergency=standing, words=said, at=now, by=by)
        return standing
    made = _begin(kind, now, words=said, by=by)
    if made is None:  # somebody was faster by a blink
        return tell(kind, words, by=by, now=now)
    return made


@transaction.atomic
def _begin(
    kind: str, now: datetime, *, words: str = "", by: Staff | None = None, finding: Finding | None = None
) -> FloorEmergency | None:
    try:
        with transaction.atomic():
            made = FloorEmergency.objects.create(
                kind=kind, began_at=now, words=words, told_by=by, seen_at=now if finding else None,
                finding=finding.as_json() if finding else {},
            )  # fmt: skip
    except IntegrityError:
        return None
    body = body_of(kind)
    made.told = _tell_the_floor(made, body, finding, now) if body else []
    made.save(update_fields=["told"])
    vault.record("floor.emergency.begun", who=by.code if by else "", on=("emergency", made.pk), kind=kind)
    return made


def _tell_the_floor(made: FloorEmergency, body: EmergencyBody, finding: Finding | None, now: datetime) -> list[str]:
    """Whoever keeps watch, and everybody whom the handbook names, as far as they are not too many; the numbers of those
    who were told."""
    day = timezone.localdate(now)
    words = role_words()
    told = {one.staff.code: one.staff for one in Presence.objects.filter(left_at=None).select_related("staff")}
    for name in body.told:
        for position in words[name].positions if name in words else ():
            told.update({one.code: one for one in people.holders_of(position, day)})
    zh, en = (f"{body.label.zh}：", f"{body.label.en}: ")
    text = Why(zh + finding.why.zh, en + finding.why.en) if finding else Why(zh + made.words, en + made.words)
    url = reverse("floor:emergency", args=[made.pk])
    reached = dict(list(told.items())[:_TOLD_AT_MOST])
    for code, holder in reached.items():
        approvals.notify(holder, text, url, dedupe=f"floor-emergency:{made.pk}:{code}")
    return sorted(reached)


@enforces("EMG-003")
def look(now: datetime) -> list[FloorEmergency]:
    """Look at the ledger once: what begins is written down and told, what is seen no longer is shown as calm. Returns
    those that began now."""
    begun = []
    standing = {one.kind: one for one in FloorEmergency.objects.filter(ended_at=None)}
    for kind, body in kinds().items():
        if not body.seen_by:
            continue
        finding = emergency_reading.seen(body.seen_by, now)
        if finding is None:
            continue
        row, bad = standing.get(kind), finding.outcome == "begun"
        if bad and row is None:
            made = _begin(kind, now, finding=finding)
            begun += [made] if made else []
        elif row is not None:
            _bring_on(row, finding, bad, now)
    return begun


def _bring_on(row: FloorEmergency, finding: Finding, bad: bool, now: datetime) -> None:
    rows = FloorEmergency.objects.filter(pk=row.pk, ended_at=None)
    if bad and (row.seen_at is None or row.calm_since is not None or now - row.seen_at > _REFRESH):
        rows.update(finding=finding.as_json(), seen_at=now, calm_since=None)
    elif not bad and row.seen_at is not None and row.calm_since is None:
        rows.update(calm_since=now)


@enforces("EMG-003")
@transaction.atomic
def take(pk: int, *, by: Staff, now: datetime) -> FloorEmergency:
    """Deal with it from now on. Raises Refused when somebody has it, or it is over."""
    rows = FloorEmergency.objects.filter(pk=pk, state=State.OPEN, ended_at=None)
    if not rows.update(state=State.HANDLING, handler=by, taken_at=now):
        held = FloorEmergency.objects.select_related("handler").get(pk=pk)
        if held.ended_at is not None:
            raise Refused(_("It is over already."))
        raise Refused(_("%(name)s deals with it already.") % {"name": held.handler.name if held.handler else "—"})
    vault.record("floor.emergency.taken", who=by.code, on=("emergency", pk))
    return FloorEmergency.objects.get(pk=pk)


def _open(pk: int) -> FloorEmergency:
    row = FloorEmergency.objects.select_for_update().get(pk=pk)
    if row.ended_at is not None:
        raise Refused(_("It is over already."))
    return row


@transaction.atomic
def tick(pk: int, place: int, *, by: Staff, now: datetime) -> EmergencyEntry:
    """A step of the handbook's list was taken; the second who ticks it is told. Raises Refused."""
    row = _open(pk)
    body = body_of(row.kind)
    if body is None or not 0 <= place < len(body.steps):
        raise Refused(_("There is no such step."))
    entry, made = EmergencyEntry.objects.get_or_create(
        emergency=row, place=place, defaults={"words": str(body.steps[place]), "at": now, "by": by}
    )
    if not made:
        raise Refused(_("%(name)s has ticked it already.") % {"name": entry.by.name if entry.by else "—"})
    return entry


@transaction.atomic
def note(pk: int, words: str, *, by: Staff, now: datetime) -> EmergencyEntry:
    """What was seen or done besides. Raises Refused for words that say nothing."""
    row = _open(pk)
    if len(words.strip()) < 2:
        raise Refused(_("Say what was done."))
    return EmergencyEntry.objects.create(emergency=row, words=words.strip()[:500], at=now, by=by)


@enforces("EMG-003")
@transaction.atomic
def end(pk: int, words: str, *, by: Staff, now: datetime) -> FloorEmergency:
    """It is over; how it ended stays written down. Raises Refused without words, or while the ledger still shows it;
    what has not been looked at for a while (the handbook knows it no longer, nobody watches) is ended by people."""
    row = _open(pk)
    said = words.strip()[:500]
    if len(said) < 2:
        raise Refused(_("Say how it ended."))
    if row.seen_at is not None and row.calm_since is None and now - row.seen_at <= _LOOKED_AT:
        raise Refused(_("The figures still show it: it can be ended when they are calm again."))
    row.state, row.ended_at, row.ended_by, row.outcome = State.OVER, now, by, said
    row.handler, row.taken_at = row.handler or by, row.taken_at or now
    row.save(update_fields=["state", "ended_at", "ended_by", "outcome", "handler", "taken_at"])
    vault.record("floor.emergency.ended", who=by.code, on=("emergency", pk), kind=row.kind)
    return row


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the list; `entry` None: not taken yet."""

    place: int
    words: str
    entry: EmergencyEntry | None


def steps_of(row: FloorEmergency) -> list[StepLine]:
    """The handbook's steps for its kind with who took them; one that was taken keeps the words it had then."""
    body = body_of(row.kind)
    taken = {one.place: one for one in row.entries.select_related("by") if one.place is not None}
    now = body.steps if body else ()
    lines = [_line(place, step, taken.get(place)) for place, step in enumerate(now)]
    return lines + [StepLine(place, one.words, one) for place, one in taken.items() if place >= len(now)]


def _line(place: int, step: Label, entry: EmergencyEntry | None) -> StepLine:
    """In the reader's language, where the handbook has the words still that it had when the step was taken."""
    changed = entry is not None and entry.words not in (step.zh, step.en)
    return StepLine(place, entry.words if entry is not None and changed else str(step), entry)


def standing() -> list[FloorEmergency]:
    """Those that are not over, the oldest first."""
    return list(FloorEmergency.objects.filter(ended_at=None).select_related("handler").order_by("began_at"))


def calm_enough(row: FloorEmergency, now: datetime) -> bool:
    """Whether the ledger has been calm for as long as the handbook wants before it is shown as over."""
    if row.calm_since is None:
        return False
    minutes = site_handbook().on(timezone.localdate(now)).whole("emergency.calm_minutes")
    return now - row.calm_since >= timedelta(minutes=minutes)
