# SPDX-License-Identifier: Apache-2.0
"""What is done with a complaint until the customer has had his answer. Each verb locks the row and looks again: of two
who click at once the second is told what has happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.complaints import indexing, telling
from zuoxi.complaints.choices import About, Content, Result, Severity, State
from zuoxi.complaints.facts import ClockFacts, CloseFacts, PauseFacts, SeverityFacts
from zuoxi.complaints.models import Complaint, GravePlan, Pause, PersonFinding, Stay, Step, Verification
from zuoxi.complaints.moments import ANSWERED, CLOSED
from zuoxi.complaints.opening import Refused, grave, reading_at, told
from zuoxi.complaints.rules import judge_close, judge_deadline, judge_pause, judge_severity
from zuoxi.complaints.who import chain_on, holder_of, step_label
from zuoxi.people.models import Staff
from zuoxi.people.selectors import team_of
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

WAYS = ("phone", "message", "letter", "visit")
SHORTEST = 2  # signs of an answer that says something


class Overtaken(Refused):
    """Somebody else was quicker."""


def locked(pk: int, states: Iterable[str] | None = None) -> Complaint:
    """The complaint, held to the end of the transaction. Raises Overtaken when its state is not one of `states`."""
    rows = Complaint.objects.select_for_update(of=("self",))
    found = rows.select_related("about_staff", "responsible", "handler", "first_receiver").get(pk=pk)
    if states is not None and found.state not in states:
        raise Overtaken(
            _("%(number)s stands at “%(state)s” meanwhile: look at the page again.")
            % {"number": found.number, "state": found.get_state_display()}
        )
    return found


def step(
    complaint: Complaint, kind: str, by: Staff | None, now: datetime, text: str = "", *, person: bool = False
) -> None:
    Step.objects.create(complaint=complaint, at=now, kind=kind, by=by, text=text, about_person=person)


def _code(by: Staff | None) -> str:
    return by.code if by else ""


_OPEN = (State.RECEIVED, State.VERIFYING, State.HANDLING)


@transaction.atomic
def respond(pk: int, *, text: str, by: Staff, now: datetime) -> Complaint:
    """The first response: the customer knows that somebody has it. Once only. Raises Overtaken and Refused."""
    one = locked(pk, _OPEN)
    if one.responded_at is not None:
        raise Overtaken(_("The first response was given at %(at)s already.") % {"at": _clock(one.responded_at)})
    if len(text.strip()) < SHORTEST:
        raise Refused(_("Write down what the customer was told."))
    one.responded_at, one.handler = now, by
    if one.state == State.RECEIVED:
        one.state = State.HANDLING
    one.save(update_fields=["responded_at", "handler", "state"])
    step(one, "responded", by, now, text.strip())
    vault.record("complaints.step", who=by.code, on=("complaint", one.number), step="responded")
    return one


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


@enforces("CMP-009")
@transaction.atomic
def assign(pk: int, *, to: Staff | None, department: str, note: str, by: Staff, now: datetime) -> Complaint:
    """Give it to somebody, or to a department that has to say something. Raises Refused for neither."""
    one = locked(pk, _OPEN)
    if to is None and not department.strip():
        raise Refused(_("Name a person or a department."))
    one.handler, one.department = to or one.handler, department.strip()[:60] or one.department
    one.save(update_fields=["handler", "department"])
    step(
        one, "assigned", by, now, "；".join(part for part in (to.name if to else "", department.strip(), note) if part)
    )
    if to is not None:
        telling.tell_step(one, to, one.pk)
    vault.record("complaints.changed", who=by.code, on=("complaint", one.number), to=_code(to), department=department)
    return one


@enforces("CMP-003", "ORG-019")
@transaction.atomic
def escalate(
    pk: int, *, reason: str, by: Staff | None, now: datetime, why: dict[str, Any] | None = None, seen: str = ""
) -> Complaint:
    """To the next step of the chain. The second time makes it grave. `seen`: the step that the page showed; another one
    since raises Overtaken. Raises Refused at the top and without a reason."""
    one = locked(pk, _OPEN)
    day = timezone.localdate(now)
    if seen and seen != one.level:
        raise Overtaken(_("It is with the %(level)s already.") % {"level": step_label(one.level)})
    if len(reason.strip()) < 2:
        raise Refused(_("Write down why it goes up."))
    chain = chain_on(day)
    place = chain.index(one.level) if one.level in chain else 0
    if place + 1 >= len(chain):
        raise Refused(_("There is no step above the %(level)s.") % {"level": step_label(one.level)})
    to = holder_of(chain[place + 1], one.about_staff or one.first_receiver or one.responsible, day)
    one.stays.filter(until_at__isnull=True).update(until_at=now)
    Stay.objects.create(
        complaint=one, level=chain[place + 1], staff=to, from_at=now, reason=reason.strip()[:300], why=why or {}
    )
    one.level, one.handler = chain[place + 1], to or one.handler
    one.save(update_fields=["level", "handler"])
    step(one, "escalated", by, now, f"{step_label(one.level)} {to.name if to else ''}：{reason.strip()}")
    telling.tell_step(one, to, place + 1)
    vault.record("complaints.escalated", who=_code(by), on=("complaint", one.number), to=one.level)
    judged_again(one, now)
    return one


def judged_again(one: Complaint, now: datetime) -> None:
    """Whether it has become grave; a grave one stays grave."""
    times = one.stays.count() - 1
    facts = SeverityFacts(one.source, one.kind, one.amount, one.people, times, one.received_at)
    found = judge_severity(facts, reading_at(now))
    if one.severity == Severity.ORDINARY and found.outcome == Severity.GRAVE:
        one.severity, one.severity_why = Severity.GRAVE, found.as_json()
        one.save(update_fields=["severity", "severity_why"])
        step(one, "grave", None, now, found.why.zh)
        grave(one, now)


@enforces("CMP-002")
@transaction.atomic
def pause(pk: int, *, reason: str, by: Staff, now: datetime, for_customer: bool = True) -> Complaint:
    """Stop the clocks while the customer is waited for. Raises Refused with the finding beyond the limit."""
    one = locked(pk, _OPEN)
    if one.paused_since is not None:
        raise Overtaken(_("The clocks stand already since %(at)s.") % {"at": _clock(one.paused_since)})
    found = judge_pause(PauseFacts(for_customer, one.pauses), reading_at(now))
    if found.outcome != "allowed":
        raise Refused(str(found.why), found)
    if len(reason.strip()) < SHORTEST:
        raise Refused(_("Write down what the customer is waited for."))
    one.paused_since, one.pauses = now, one.pauses + 1
    one.save(update_fields=["paused_since", "pauses"])
    Pause.objects.create(complaint=one, from_at=now, reason=reason.strip()[:300], by=by)
    step(one, "paused", by, now, reason.strip())
    return one


@transaction.atomic
def resume(pk: int, *, by: Staff | None, now: datetime) -> Complaint:
    """The clocks go on; what they stood is added to what is still due."""
    one = locked(pk, _OPEN)
    if one.paused_since is None:
        raise Overtaken(_("The clocks are running."))
    _run_on(one, now)
    step(one, "resumed", by, now)
    return one


def _run_on(one: Complaint, now: datetime) -> None:
    since = one.paused_since
    if since is None:
        return
    stood = max(timedelta(0), now - since)
    for done, due in (
        ("responded_at", "response_due_at"),
        ("handled_at", "handling_due_at"),
        ("answered_at", "answer_due_at"),
    ):
        if getattr(one, done) is None and getattr(one, due) > since:
            setattr(one, due, getattr(one, due) + stood)
    one.paused_seconds += int(stood.total_seconds())
    one.paused_since = None
    one.save(update_fields=["response_due_at", "handling_due_at", "answer_due_at", "paused_seconds", "paused_since"])
    one.all_pauses.filter(until_at__isnull=True).update(until_at=now)


@transaction.atomic
def handle(pk: int, *, measures: str, by: Staff, now: datetime) -> Complaint:
    """What was done about it. Ends the second clock; may be written again until the customer is answered."""
    one = locked(pk, _OPEN)
    if len(measures.strip()) < SHORTEST:
        raise Refused(_("Write down what was done."))
    if one.paused_since is not None:
        _run_on(one, now)
    one.measures, one.handler = measures.strip(), by
    one.handled_at = one.handled_at or now
    if one.state == State.RECEIVED:
        one.state = State.HANDLING
    one.save(update_fields=["measures", "handler", "handled_at", "state"])
    indexing.index(one)
    step(one, "handled", by, now, one.measures)
    vault.record("complaints.step", who=by.code, on=("complaint", one.number), step="handled")
    return one


@enforces("CMP-007")
@transaction.atomic
def answer(
    pk: int, *, text: str, way: str, content: str, by: Staff, now: datetime, told_at: datetime | None = None
) -> Complaint:
    """The customer was told the result, at `told_at` (now). What was found about a person is no part of it."""
    one = locked(pk, _OPEN)
    at = told_at or now
    if len(text.strip()) < SHORTEST:
        raise Refused(_("Write down what the customer was told."))
    if way not in WAYS or content not in Content.values:
        raise Refused(_("Say how he was told, and what he thought of it."))
    if not one.received_at <= at <= now:
        raise Refused(_("He was told after it was received and not later than now."))
    if one.paused_since is not None:
        _run_on(one, now)
    one.answer, one.answer_way, one.content = text.strip(), way, content
    one.answered_at, one.state = at, State.ANSWERED
    one.responded_at, one.handled_at = one.responded_at or at, one.handled_at or at
    one.save(update_fields=["answer", "answer_way", "content", "answered_at", "state", "responded_at", "handled_at"])
    one.stays.filter(until_at__isnull=True).update(until_at=now)
    indexing.index(one)
    step(one, "answered", by, now, one.answer)
    vault.record("complaints.step", who=by.code, on=("complaint", one.number), step="answered")
    ANSWERED.tell(told(one, at))
    return one


@enforces("CMP-004", "CMP-006", "CMP-007")
@transaction.atomic
def close(pk: int, *, by: Staff, now: datetime) -> Complaint:
    """End it. Raises Refused with the finding while something is missing."""
    one = locked(pk, (State.ANSWERED, *_OPEN))
    plan = GravePlan.objects.filter(complaint=one).first()
    checked = Verification.objects.filter(complaint=one).order_by("-asked_at", "-pk").first()
    found = judge_close(
        CloseFacts(
            one.severity,
            one.about in (About.PERSON, About.UNLOCATED),
            one.answered_at,
            checked.verified_at if checked else None,
            plan.agreed_at if plan else None,
        ),
        reading_at(now),
    )
    if found.outcome != "allowed":
        raise Refused(str(found.why), found)
    one.state, one.closed_at = State.CLOSED, now
    one.save(update_fields=["state", "closed_at"])
    step(one, "closed", by, now)
    vault.record("complaints.closed", who=by.code, on=("complaint", one.number))
    CLOSED.tell(told(one, now))
    return one


@transaction.atomic
def reopen(pk: int, *, reason: str, by: Staff, now: datetime) -> Complaint:
    """The customer is not content after all: handling and answer have their hours anew, what was stays in the trail."""
    one = locked(pk, (State.ANSWERED, State.CLOSED))
    if len(reason.strip()) < 2:
        raise Refused(_("Write down why it is opened again."))
    due = judge_deadline(ClockFacts(one.severity, now), reading_at(now)).details
    one.state, one.reopened = State.HANDLING, one.reopened + 1
    one.handled_at = one.answered_at = one.closed_at = None
    one.content = ""
    one.handling_due_at = datetime.fromisoformat(due["handling_due_at"])
    one.answer_due_at = datetime.fromisoformat(due["answer_due_at"])
    one.save(
        update_fields=[
            "state",
            "reopened",
            "handled_at",
            "answered_at",
            "closed_at",
            "content",
            "handling_due_at",
            "answer_due_at",
        ]
    )
    Stay.objects.create(complaint=one, level=one.level, staff=one.handler, from_at=now, reason=reason.strip()[:300])
    step(one, "reopened", by, now, reason.strip())
    vault.record("complaints.reopened", who=by.code, on=("complaint", one.number))
    return one


@enforces("CMP-007")
@transaction.atomic
def locate(pk: int, *, staff: Staff | None, about: str, by: Staff, now: datetime) -> Complaint:
    """Whom or what it is about, once that is known. A person gets a trainer to verify it."""
    one = locked(pk, _OPEN)
    if about == About.PERSON and staff is None:
        raise Refused(_("Name the person, or leave it as not located."))
    former = one.about_staff
    one.about, one.about_staff = About(about), staff if about == About.PERSON else None
    one.about_team = team_of(staff, timezone.localdate(one.received_at)) if one.about_staff and staff else None
    another = one.about_staff is not None and former is not None and one.about_staff.pk != former.pk
    if another and former is not None:
        _not_him(one, former, by, now)
    asked = one.verifications.filter(verified_at__isnull=True) if another else one.verifications.all()
    if one.about in (About.PERSON, About.UNLOCATED) and not asked.exists():
        hours = float(reading_at(now).number("complaint.verify_hours"))
        Verification.objects.create(complaint=one, asked_at=now, due_at=now + timedelta(hours=hours))
    one.save(update_fields=["about", "about_staff", "about_team"])
    step(one, "located", by, now, f"{staff.name} {staff.code}" if one.about_staff and staff else "", person=True)
    vault.record("complaints.changed", who=by.code, on=("complaint", one.number), about=str(one.about))
    return one


def _not_him(one: Complaint, former: Staff, by: Staff, now: datetime) -> None:
    """It was somebody else: what was found about the first one does not stand, unless a sum holds it already."""
    found = PersonFinding.objects.filter(complaint=one, staff=former, collected_at__isnull=True)
    if found.update(result=Result.UNJUSTIFIED, fault="", points=None):
        step(
            one,
            "located",
            by,
            now,
            _("The finding about %(name)s does not stand.") % {"name": former.name},
            person=True,
        )
        vault.record("complaints.finding", who=by.code, on=("staff", former.code), complaint=one.number, withdrawn=True)


@transaction.atomic
def remark(pk: int, *, text: str, by: Staff, now: datetime) -> None:
    """An internal note in the trail."""
    one = locked(pk)
    if not text.strip():
        raise Refused(_("The note is empty."))
    step(one, "note", by, now, text.strip())
