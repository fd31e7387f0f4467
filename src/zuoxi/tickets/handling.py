# SPDX-License-Identifier: Apache-2.0
"""What is done with a ticket between receipt and its end. Each verb is one transaction on the locked row."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import indexing, intake, running, telling, trail
from zuoxi.tickets.facts import CloseFacts
from zuoxi.tickets.models import (
    OPEN_STATES,
    Answer,
    Assignment,
    Department,
    Hold,
    State,
    Ticket,
    Urging,
)
from zuoxi.tickets.moments import CLOSED, URGED
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.rules import judge_close
from zuoxi.tickets.states import after_finish


def reading_at(now: datetime) -> Reading:
    handbook = site_handbook()
    return handbook.on(now.astimezone(handbook.zone).date())


@enforces("CUS-010", "CUS-012")
@transaction.atomic
def assign(
    ticket: Ticket,
    *,
    department: Department | None = None,
    staff: Staff | None = None,
    by: Staff,
    now: datetime,
    note: str = "",
) -> Ticket:
    """Give the ticket to a department or a person, or on from there. Raises Refused when it is there already."""
    here = trail.locked(ticket, "assign")
    same = here.department_id == (department.pk if department else None)
    if same and here.owner_id == (staff.pk if staff else None) and here.state != State.NEW:
        raise Refused(_("It is there already."))
    intake.give(here, department, staff, by=by, now=now, note=note)
    return here


@enforces("CUS-010")
@transaction.atomic
def accept(ticket: Ticket, *, by: Staff, now: datetime) -> Ticket:
    """Take the ticket into one's hands; the second of two who click is told who was first."""
    here = trail.locked(ticket, "accept")
    standing = here.assignments.filter(ended_at__isnull=True).first()
    if standing is None:
        standing = Assignment.objects.create(ticket=here, department=here.department, staff=by, at=now, by=by)
    Assignment.objects.filter(pk=standing.pk).update(accepted_at=now, accepted_by=by, staff=by)
    here.owner = by
    running.stop(here, ("accept",), now)
    return trail.moved(here, "accept", by, now, to=State.WORKING)


@enforces("CUS-010")
@transaction.atomic
def return_back(ticket: Ticket, *, reason: str, by: Staff, now: datetime) -> Ticket:
    """Give the ticket back to the centre, with the reason (not ours, papers missing …). Its clocks run on."""
    here = trail.locked(ticket, "return")
    why = trail.said(reason, _("why it is returned"))
    Assignment.objects.filter(ticket=here, ended_at__isnull=True).update(
        returned_at=now, ended_at=now, return_reason=why[:300]
    )
    department = here.department.code if here.department else ""
    here.department, here.owner, here.covered_by = None, None, None
    here.returned += 1
    trail.moved(here, "return", by, now, to=State.NEW, note=why, department=department)
    telling.tell(here, [here.first_handler], gettext_lazy("%(number)s was returned: %(title)s"), but=by)
    return here


@enforces("CUS-018")
@transaction.atomic
def contact(ticket: Ticket, *, by: Staff, now: datetime, note: str = "") -> Ticket:
    """The customer was called for the first time about it."""
    here = trail.locked(ticket, "contact")
    running.stop(here, ("contact",), now)
    return trail.moved(here, "contact", by, now, note=note.strip())


@enforces("CUS-010")
@transaction.atomic
def urge(ticket: Ticket, *, words: str, by: Staff | None, now: datetime, by_customer: bool = False) -> Ticket:
    """Ask for the ticket to move: counted, shown, and told to whoever has it. Raises Refused for a second click."""
    here = trail.locked(ticket, "urge")
    gap = timedelta(minutes=reading_at(now).whole("ticket.urge.again_minutes"))
    last = here.urgings.order_by("-at").first()
    if last is not None and by is not None and last.by_id == by.pk and now - last.at < gap:
        raise Refused(_("You urged it a moment ago; it was counted and told."))
    here.urged, here.last_urged_at = here.urged + 1, now
    told = telling.tell(here, telling.workers(here), gettext_lazy("Urged: %(number)s %(title)s"), but=by)
    Urging.objects.create(
        ticket=here,
        at=now,
        by=by,
        by_customer=by_customer,
        words=trail.said(words, _("what is urged"))[:300],
        told=told,
    )
    trail.moved(here, "urge", by, now, note=words.strip(), by_customer=by_customer, turn=here.urged)
    URGED.tell(intake.told(here, now, by))
    return here


@transaction.atomic
def hold(
    ticket: Ticket,
    *,
    reason: str,
    note: str,
    by: Staff,
    now: datetime,
    until: datetime | None = None,
    stops_clock: bool = True,
) -> Ticket:
    """Let the ticket wait, with the reason; until a moment, or until somebody takes it up again."""
    here = trail.locked(ticket, "hold")
    if reason not in Hold.Reason.values:
        raise Refused(_("Say what it waits for."))
    if until is not None and until <= now:
        raise Refused(_("The hold has to end after now."))
    why = trail.said(note, _("what it waits for"))
    Hold.objects.create(
        ticket=here, reason=reason, note=why[:300], stops_clock=stops_clock, since=now, until=until, by=by
    )
    here.state, was = State.HELD, here.state
    running.refresh(here)
    here.state = was
    return trail.moved(
        here, "hold", by, now, to=State.HELD, note=why, reason=reason, until=until.isoformat() if until else ""
    )


@transaction.atomic
def resume(ticket: Ticket, *, by: Staff | None, now: datetime) -> Ticket:
    """Take a waiting ticket up again where it stood; its clocks get the time that it waited."""
    here = trail.locked(ticket, "resume")
    standing = here.holds.filter(ended_at__isnull=True).first()
    if standing is not None:
        standing.ended_at = now
        standing.save(update_fields=["ended_at"])
    given = here.assignments.filter(ended_at__isnull=True).first()
    to = State.NEW if given is None else State.WORKING if given.accepted_at else State.ASSIGNED
    was, here.state = here.state, to
    if standing is not None:
        running.taken_up(here, standing)
    here.state = was
    return trail.moved(here, "resume", by, now, to=to)


@transaction.atomic
def finish(ticket: Ticket, *, result: str, by: Staff, now: datetime) -> Ticket:
    """The work is done; the result waits for its check or for the answer to the customer. Open parts come first."""
    here = trail.locked(ticket, "finish")
    open_parts = here.parts.filter(state__in=OPEN_STATES).count()
    if open_parts:
        raise Refused(_("%(count)s parts of it are still open.") % {"count": open_parts})
    here.result, here.finished_at = trail.said(result, _("the result")), now
    running.stop(here, ("accept", "contact", "finish"), now)
    Assignment.objects.filter(ticket=here, ended_at__isnull=True, accepted_at=None).update(
        accepted_at=now, accepted_by=by
    )
    trail.moved(here, "finish", by, now, to=after_finish(here.needs_check), note=here.result)
    indexing.index(here)
    if not here.needs_check and not here.needs_answer:
        _end(here, by, now)
    elif not here.needs_check:
        telling.tell(
            here, [here.first_handler], gettext_lazy("Done, answer the customer: %(number)s %(title)s"), but=by
        )
    return here


@enforces("CUS-010")
@transaction.atomic
def check(ticket: Ticket, *, passed: bool, note: str, by: Staff, now: datetime) -> Ticket:
    """Look at the result before the customer is told; whoever finished it does not check it. Not passed: back to work,
    and the clock of the work runs anew. Raises Refused."""
    here = trail.locked(ticket, "check")
    finisher = here.events.filter(verb="finish").order_by("-at", "-pk").first()
    if finisher is not None and finisher.by_id == by.pk:
        raise Refused(_("Somebody else has to check what you finished."))
    if passed:
        here.checked_at = now
        trail.moved(here, "check", by, now, to=State.ANSWERING, note=note.strip())
        if not here.needs_answer:
            _end(here, by, now)
        else:
            telling.tell(
                here, [here.first_handler], gettext_lazy("Checked, answer the customer: %(number)s %(title)s"), but=by
            )
        return here
    why = trail.said(note, _("what has to be done again"))
    here.finished_at = None
    given = here.assignments.filter(ended_at__isnull=True).exists()
    running.again(here, ("finish",), now)
    trail.moved(here, "check_failed", by, now, to=State.WORKING if given else State.NEW, note=why)
    telling.tell(here, telling.workers(here), gettext_lazy("To be done again: %(number)s %(title)s"), but=by)
    return here


@enforces("CUS-010", "CUS-012")
@transaction.atomic
def answer_customer(ticket: Ticket, *, how: str, text: str, by: Staff, now: datetime, reached: bool = True) -> Ticket:
    """Tell the customer; once the work is done this is the answer that closing asks for. An attempt that did not reach
    him is kept and is none."""
    here = trail.locked(ticket, "answer")
    if how not in Answer.How.values:
        raise Refused(_("Say how the customer was answered."))
    words = trail.said(text, _("what the customer was told"))
    Answer.objects.create(ticket=here, at=now, by=by, how=how, text=words, reached=reached)
    if reached:
        if here.state == State.ANSWERING:
            here.answered_at = now
        running.stop(here, ("contact", "answer"), now)
    return trail.moved(here, "answer" if reached else "unreached", by, now, note=words, how=how)


def may_close(ticket: Ticket, now: datetime) -> Finding:
    """Whether the ticket may be closed as it stands, and why."""
    answered = ticket.answered_at if ticket.needs_answer else now
    return judge_close(CloseFacts(answered), reading_at(now))


@enforces("CUS-010")
@transaction.atomic
def close(ticket: Ticket, *, by: Staff, now: datetime) -> Ticket:
    """End the ticket. Raises Refused while the customer has not been told, or a part is open."""
    here = trail.locked(ticket, "close")
    finding = may_close(here, now)
    if finding.outcome == "refused" or (here.needs_answer and here.answered_at is None):
        raise Refused(str(finding.why), finding)
    return _end(here, by, now)


def _end(here: Ticket, by: Staff | None, now: datetime) -> Ticket:
    open_parts = here.parts.filter(state__in=OPEN_STATES).count()
    if open_parts:
        raise Refused(_("%(count)s parts of it are still open.") % {"count": open_parts})
    here.closed_at = now
    Assignment.objects.filter(ticket=here, ended_at__isnull=True).update(ended_at=now)
    running.stop_all(here, now)
    trail.moved(here, "close", by, now, to=State.CLOSED)
    if here.parent_id is not None and here.parent is not None:
        trail.happened(here.parent, "part_done", by, now, number=here.number)
        telling.tell(
            here.parent, telling.workers(here.parent), gettext_lazy("A part of %(number)s is done: %(title)s"), but=by
        )
    indexing.index(here)
    CLOSED.tell(intake.told(here, now, by))
    return here


@transaction.atomic
def reopen(ticket: Ticket, *, reason: str, by: Staff, now: datetime) -> Ticket:
    """Take a closed ticket up again: it has to be done, checked and answered anew, and its clocks run from now."""
    here = trail.locked(ticket, "reopen")
    why = trail.said(reason, _("why it is opened again"))
    here.closed_at = here.answered_at = here.checked_at = here.finished_at = None
    here.reopened += 1
    running.again(here, ("finish", "answer", "close"), now)
    if here.department_id or here.owner_id:
        Assignment.objects.create(ticket=here, department=here.department, staff=here.owner, at=now, by=by)
        trail.moved(here, "reopen", by, now, to=State.ASSIGNED, note=why)
        telling.tell(here, telling.workers(here), gettext_lazy("Opened again: %(number)s %(title)s"), but=by)
    else:
        trail.moved(here, "reopen", by, now, to=State.NEW, note=why)
    indexing.index(here)
    return here
