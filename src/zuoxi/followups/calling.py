# SPDX-License-Identifier: Apache-2.0
"""The calls themselves: taking a follow-up, agreeing on a time, handing in the answers, adding to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zuoxi.customers import selectors as customers
from zuoxi.followups.call_rules import judge_booking, judge_window
from zuoxi.followups.facts import BookingFacts, WindowFacts
from zuoxi.followups.handbook import KINDS
from zuoxi.followups.making import drawn, reading_at
from zuoxi.followups.models import AnswerSheet, Appointment, Attempt, FollowUpTask, Relisten
from zuoxi.followups.refusing import Refused
from zuoxi.followups.results import apply, tell
from zuoxi.followups.scripts import BadAnswers, Outcome, checked, script_named, stamp_of
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault
from zuoxi.web.measures import local_text

State = FollowUpTask.State


def _held(task: FollowUpTask) -> FollowUpTask:
    """The task as it is now, held for this transaction. Raises Refused when it is over."""
    here = FollowUpTask.objects.select_for_update(of=("self",)).select_related("customer", "assignee").get(pk=task.pk)
    if not here.standing:
        who = FollowUpTask.objects.select_related("closed_by").get(pk=task.pk).closed_by
        said = {"state": here.get_state_display(), "who": who.name if who else _("the program")}
        raise Refused(_("It is over already (%(state)s, by %(who)s). Nothing was changed.") % said)
    return here


def _free_for(task: FollowUpTask, by: Staff, now: datetime) -> None:
    """Raises Refused where somebody else agreed on a time with this customer, or has the task in hand."""
    if task.assignee_id is not None and task.assignee_id != by.pk:
        raise Refused(_("%(name)s has this follow-up in hand.") % {"name": task.assignee.name if task.assignee else ""})
    other = booked_elsewhere(task, by, now)
    if other is not None and other.booked_for is not None and other.assignee is not None:
        said = {"name": other.assignee.name, "at": local_text(other.booked_for)}
        raise Refused(_("%(name)s agreed with this customer on %(at)s; until then nobody else calls.") % said)


@enforces("FUP-002")
def booked_elsewhere(task: FollowUpTask, by: Staff, now: datetime) -> FollowUpTask | None:
    """Another follow-up of the same customer for which somebody else agreed on a time to come."""
    same = Q(number=task.number) if task.number else Q(pk=-1)
    if task.customer_id:
        same |= Q(customer_id__in=customers.identities_of(task.customer_id))
    rows = FollowUpTask.objects.filter(same, state=State.BOOKED, booked_for__gt=now).exclude(assignee=by)
    return rows.exclude(pk=task.pk).select_related("assignee").first()


@transaction.atomic
def take(task: FollowUpTask, *, by: Staff, now: datetime) -> FollowUpTask:
    """Take a follow-up from the pool. Raises Refused when somebody was quicker."""
    here = _held(task)
    _free_for(here, by, now)
    here.assignee = by
    here.save(update_fields=["assignee"])
    return here


@transaction.atomic
def try_call(
    task: FollowUpTask, outcome: str, *, by: Staff, now: datetime, note: str = "", call: str = ""
) -> FollowUpTask:
    """Write down a call that did not bring answers. An agreed time that failed counts; the last one ends it."""
    here = _held(task)
    _free_for(here, by, now)
    if outcome not in Attempt.Outcome.values or outcome in (Attempt.Outcome.REACHED, Attempt.Outcome.INCONVENIENT):
        raise Refused(_("Choose what came of the call."))
    Attempt.objects.create(task=here, at=now, by=by, outcome=outcome, note=note.strip()[:300], call=call[:80])
    here.attempts, here.assignee = here.attempts + 1, by
    if outcome in (Attempt.Outcome.WRONG_NUMBER, Attempt.Outcome.REFUSED):
        _end_appointment(here, Appointment.State.MISSED)
        state = State.REFUSED if outcome == Attempt.Outcome.REFUSED else State.NOT_REACHED
        return _close(here, state, by, now)
    if here.state == State.BOOKED:
        _end_appointment(here, Appointment.State.MISSED)
        here.missed += 1
        found = judge_booking(BookingFacts(here.missed), reading_at(now))
        if found.outcome == "not_reached":
            here.finding = found.as_json()
            return _close(here, State.NOT_REACHED, by, now)
    here.state, here.booked_for = State.OPEN, None
    here.save()
    return here


@enforces("FUP-002", "FUP-009")
@transaction.atomic
def book(task: FollowUpTask, at: datetime, *, by: Staff, now: datetime, note: str = "", call: str = "") -> Appointment:
    """Agree on a time, because it does not suit now. It lies ahead and in the hours of follow-ups, and not in the
    customer's quiet time; from then on nobody else calls him."""
    here = _held(task)
    _free_for(here, by, now)
    if at <= now:
        raise Refused(_("The agreed time must lie ahead."))
    quiet = tuple("-".join(span) for span in here.patient.quiet) if here.patient else ()
    window = judge_window(WindowFacts(at, quiet), reading_at(at))
    if window.outcome == "refused":
        raise Refused(str(window.why), window)
    Attempt.objects.create(
        task=here, at=now, by=by, outcome=Attempt.Outcome.INCONVENIENT, note=note.strip()[:300], call=call[:80]
    )
    _end_appointment(here, Appointment.State.MOVED)
    made = Appointment.objects.create(task=here, at=at, booked_by=by, booked_at=now)
    here.state, here.booked_for, here.assignee, here.attempts = State.BOOKED, at, by, here.attempts + 1
    here.due_by = max(here.due_by, at)
    here.save()
    return made


def _end_appointment(task: FollowUpTask, state: str) -> None:
    task.appointments.filter(state=Appointment.State.OPEN).update(state=state)


def outcome_of(task: FollowUpTask, said: Mapping[str, str], now: datetime) -> Outcome:
    """The answers checked against the task's script. Raises BadAnswers, and Refused where the script is gone."""
    script = script_named(site_handbook(), script_key(task))
    if script is None:
        raise Refused(_("The handbook has no script for this kind of follow-up any more; write it down as a note."))
    return checked(script, said, task.facts, reading_at(now))


def script_key(task: FollowUpTask, handbook: Handbook | None = None) -> str:
    body = (handbook or site_handbook()).entries(KINDS).get(task.kind)
    return body.script if body else ""


@enforces("FUP-001", "ORD-005")
@transaction.atomic
def submit(
    task: FollowUpTask,
    said: Mapping[str, str],
    *,
    by: Staff,
    now: datetime,
    call: str = "",
    known: Mapping[str, str] | None = None,
) -> AnswerSheet:
    """Hand the answers in; from now on they are only added to. `known`: facts that the agent learned in the call.

    Raises BadAnswers (nothing is kept) and Refused. What is not right becomes a complaint in the same transaction."""
    here = _held(task)
    _free_for(here, by, now)
    here.facts |= {key: value for key, value in (known or {}).items() if value and not here.facts.get(key)}
    outcome = outcome_of(here, said, now)
    key = script_key(here)
    script = script_named(site_handbook(), key)
    sheet = AnswerSheet.objects.create(
        task=here,
        script=key,
        stamp=stamp_of(script) if script else "",
        answers=outcome.answers,
        satisfaction=outcome.satisfaction,
        score=outcome.score,
        words=outcome.quote or outcome.words,
        reason=outcome.reason,
        call=call[:80],
        at=now,
        by=by,
    )
    Attempt.objects.create(task=here, at=now, by=by, outcome=Attempt.Outcome.REACHED, call=call[:80])
    here.attempts += 1
    here.satisfaction, here.score = outcome.satisfaction, outcome.score
    _end_appointment(here, Appointment.State.KEPT)
    if drawn(f"sheet:{sheet.pk}", float(reading_at(now).number("followup.relisten_percent"))):
        Relisten.objects.create(sheet=sheet, drawn_at=now)
    apply(here, sheet, outcome)
    _close(here, State.DONE, by, now)
    vault.record("followups.answered", who=by.code, on=("follow_up", here.pk), kind=here.kind)
    return sheet


@enforces("ORD-005")
@transaction.atomic
def add(sheet: AnswerSheet, words: str, *, by: Staff, now: datetime) -> AnswerSheet:
    """Add to what was handed in; the first sheet stays as it is."""
    text = words.strip()
    if len(text) < 2:
        raise Refused(_("Write down what is to be added."))
    first = sheet.adds_to or sheet
    made = AnswerSheet.objects.create(
        task=first.task, script=first.script, stamp=first.stamp, words=text[:1000], adds_to=first, at=now, by=by
    )
    vault.record("followups.added", who=by.code, on=("follow_up", first.task_id))
    return made


@transaction.atomic
def drop(task: FollowUpTask, reason: str, *, by: Staff, now: datetime) -> FollowUpTask:
    """Take a follow-up off, with a reason that stays readable."""
    here = _held(task)
    if len(reason.strip()) < 2:
        raise Refused(_("Write down why it is taken off."))
    _end_appointment(here, Appointment.State.MOVED)
    here.facts |= {"dropped": reason.strip()[:300]}
    vault.record("followups.dropped", who=by.code, on=("follow_up", here.pk), purpose=reason.strip()[:200])
    return _close(here, State.DROPPED, by, now)


@enforces("ORD-005")
@transaction.atomic
def relisten(drawn_sheet: Relisten, truthful: bool, note: str, *, by: Staff, now: datetime) -> Relisten:
    """Say whether the recording bears the sheet out. Not by whoever wrote it; what does not agree needs a word."""
    here = Relisten.objects.select_for_update(of=("self",)).select_related("sheet").get(pk=drawn_sheet.pk)
    if here.checked_at is not None:
        raise Refused(_("Somebody has listened to it already. Nothing was changed."))
    if here.sheet.by_id == by.pk:
        raise Refused(_("Whoever made the call does not check it."))
    if not truthful and len(note.strip()) < 2:
        raise Refused(_("Write down what does not agree with the recording."))
    here.truthful, here.note, here.checked_by, here.checked_at = truthful, note.strip()[:300], by, now
    here.save()
    vault.record("followups.relistened", who=by.code, on=("follow_up", here.sheet.task_id), truthful=truthful)
    return here


def _close(task: FollowUpTask, state: str, by: Staff | None, now: datetime) -> FollowUpTask:
    task.state, task.closed_at, task.closed_by, task.booked_for = state, now, by, None
    task.save()
    tell(task, by, now)
    return task


__all__ = [
    "BadAnswers",
    "add",
    "book",
    "booked_elsewhere",
    "drop",
    "outcome_of",
    "relisten",
    "script_key",
    "submit",
    "take",
    "try_call",
]
