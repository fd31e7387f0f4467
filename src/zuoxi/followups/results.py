# SPDX-License-Identifier: Apache-2.0
"""Where the answers go: to the ticket, to a complaint, to the department, to the check-up, to the order."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from zuoxi.complaints import services as complaints
from zuoxi.complaints.models import Complaint
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by
from zuoxi.customers.services import Refused as NotAPerson
from zuoxi.customers.services import ensure_customer
from zuoxi.followups.facts import FollowUpTold
from zuoxi.followups.handbook import ScriptBody
from zuoxi.followups.making import for_checkup
from zuoxi.followups.models import AnswerSheet, CheckupFinding, DischargedPatient, FollowUpTask, Opinion
from zuoxi.followups.moments import CLOSED
from zuoxi.followups.refusing import Refused
from zuoxi.followups.scripts import Outcome, reasons_of, script_named, told
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import selectors as tickets
from zuoxi.tickets import services as ticket_verbs

_OTHER = "other"


def apply(task: FollowUpTask, sheet: AnswerSheet, outcome: Outcome) -> None:
    """Everything that the answers bring about; part of the caller's transaction."""
    by, now = sheet.by, sheet.at
    if outcome.complaint or outcome.unhappy:
        task.complaint = complain(
            sheet.script, outcome, source="follow_up", by=by, now=now,
            customer=task.customer or whose(task.number, task.name, by, now),
            call=sheet.call, ticket=task.ticket, order=task.order,
        ).number  # fmt: skip
    if outcome.words:
        Opinion.objects.create(source=Opinion.Source.FOLLOW_UP, task=task, words=outcome.words, made_by=by, made_at=now)
    if task.ticket:
        _note_on_ticket(task, sheet)
    _hand_over(task, sheet)
    if task.patient_id:
        DischargedPatient.objects.filter(pk=task.patient_id).update(number_good=True)
    if task.checkup_id is not None:
        _of_checkup(task, task.checkup_id, outcome, now)


@enforces("FUP-001", "FUP-006")
def complain(
    script_key: str, outcome: Outcome, *, source: str, customer: Customer | None, by: Staff | None, now: datetime,
    call: str = "", ticket: str = "", order: str = "",
) -> Complaint:  # fmt: skip
    """A private charge, or somebody who is not satisfied: a complaint with the customer's answers as its words."""
    handbook = site_handbook()
    script = script_named(handbook, script_key)
    lines = [f"{question}{answer}" for question, answer in told(script, outcome.answers, handbook)]
    kinds = [_kind_of(outcome, script), _OTHER]
    for kind in kinds:
        try:
            return complaints.open_complaint(
                source=source,
                customer=customer,
                words="；".join(lines)[:1000],
                by=by,
                now=now,
                kind=kind,
                call=call,
                ticket=ticket,
                order=order,
            )
        except complaints.Refused:
            if kind == kinds[-1]:
                raise
    raise AssertionError("the loop returns or raises")


def whose(number: str, name: str, by: Staff | None, now: datetime) -> Customer | None:
    """The customer with that number, written down where he is new, so that he can be answered; None for no number."""
    if not number.strip():
        return None
    try:
        return found_by(number) or ensure_customer(number, name, by=by, now=now)
    except NotAPerson:
        return None


def _kind_of(outcome: Outcome, script: ScriptBody | None) -> str:
    """The kind of complaint: of the question that brought it, else of the reason that was given."""
    questions = script.questions if script else ()
    for question in questions:
        if question.key in outcome.complaint and question.complaint_kind:
            return question.complaint_kind
    for question in questions:
        if question.asks == "reason":
            reasons = reasons_of(site_handbook(), question.reasons)
            return next((one.complaint for one in reasons if one.key == outcome.reason and one.complaint), _OTHER)
    return _OTHER


def _note_on_ticket(task: FollowUpTask, sheet: AnswerSheet) -> None:
    ticket = tickets.ticket(task.ticket)
    if ticket is None:
        return
    handbook = site_handbook()
    asked = told(script_named(handbook, sheet.script), sheet.answers, handbook)
    text = "；".join(f"{question} {answer}" for question, answer in asked)
    ticket_verbs.add_note(ticket, text=_("Follow-up: %(answers)s") % {"answers": text}, by=sheet.by, now=sheet.at)


@enforces("FUP-008", "VAR-008")
def _hand_over(task: FollowUpTask, sheet: AnswerSheet) -> None:
    """What the pack wants others to look at becomes a ticket of theirs, and the follow-up names it."""
    script = script_named(site_handbook(), sheet.script)
    where = task.patient.department if task.patient else ""
    for question in script.questions if script else ():
        said = str(sheet.answers.get(question.key) or "").strip()
        if question.opens is None or not said:
            continue
        words = {"answer": said, "name": task.name, "number": task.number, "department": where}
        fields = {key: text.format_map(words) for key, text in question.opens.fields.items()}
        try:
            made = ticket_verbs.open_ticket(
                question.opens.kind, customer=task.customer, fields=fields, source="follow_up", by=sheet.by,
                now=sheet.at, call=sheet.call, contact=task.number,
            )  # fmt: skip
        except ticket_verbs.Refused as refusal:
            raise Refused(str(refusal)) from refusal
        task.ticket = task.ticket or made.number


@enforces("FUP-014", "CUS-023")
def _of_checkup(task: FollowUpTask, checkup: int, outcome: Outcome, now: datetime) -> None:
    """Told and taught; an expert's appointment or company become follow-ups of their own."""
    finding = CheckupFinding.objects.select_for_update(of=("self",)).get(pk=checkup)
    finding.followed_at = finding.followed_at or now
    if outcome.answers.get("a") is True:
        finding.taught_at = finding.taught_at or now
    if task.kind == "checkup_expert":
        finding.expert_at = finding.expert_at or now
    if task.kind == "checkup_accompany":
        finding.accompanied_at = finding.accompanied_at or now
    finding.save()
    for answer, kind in (("b", "checkup_expert"), ("c", "checkup_accompany")):
        if outcome.answers.get(answer) is True and task.kind != kind:
            for_checkup(finding, now, kind)


def tell(task: FollowUpTask, by: Staff | None, now: datetime) -> None:
    """Tell the packages above that it is over; a number that was wrong is noted in the patient's file."""
    CLOSED.tell(
        FollowUpTold(
            task_id=task.pk,
            kind=task.kind,
            ticket=task.ticket,
            order=task.order,
            customer_id=task.customer_id,
            state=task.state,
            satisfaction=task.satisfaction,
            score=task.score,
            complaint=task.complaint,
            at=now,
            by_code=by.code if by else "",
        )
    )
