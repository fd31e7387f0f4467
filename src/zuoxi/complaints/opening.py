# SPDX-License-Identifier: Apache-2.0
"""Writing complaints and praise down: judged at once, with a number, somebody responsible and a trainer to verify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.complaints import indexing, telling
from zuoxi.complaints.choices import About, Severity, Source, State
from zuoxi.complaints.facts import ClockFacts, ComplaintTold, SeverityFacts
from zuoxi.complaints.handbook import COMPLAINT_KINDS, PRAISE_KINDS
from zuoxi.complaints.models import Complaint, GravePlan, Praise, Stay, Step, Verification
from zuoxi.complaints.moments import OPENED
from zuoxi.complaints.rules import judge_deadline, judge_severity
from zuoxi.complaints.who import holder_of, step_of
from zuoxi.customers.models import Customer
from zuoxi.customers.services import Refused as NotAPerson
from zuoxi.customers.services import ensure_customer
from zuoxi.people.models import Staff
from zuoxi.people.selectors import team_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault


class Refused(ValueError):
    """It was not done; the message says why and what to do instead. `finding`: by which rule, where one said so."""

    def __init__(self, message: str, finding: Finding | None = None) -> None:
        self.finding = finding
        super().__init__(message)


def reading_at(now: datetime) -> Reading:
    return site_handbook().on(timezone.localdate(now))


def _numbered(prefix: str, pk: int, at: datetime) -> str:
    return f"{prefix}{timezone.localdate(at):%y%m%d}-{pk:05d}"


@enforces("CMP-006", "CMP-007", "CMP-008", "CMP-010")
@transaction.atomic
def open_complaint(
    *,
    source: str,
    customer: Customer | None,
    words: str,
    by: Staff | None,
    now: datetime,
    kind: str = "other",
    severity: str | None = None,
    about_staff: Staff | None = None,
    about: str | None = None,
    call: str = "",
    ticket: str = "",
    order: str = "",
    wish: str = "",
    claim: Decimal | None = None,
    people: int = 1,
    anonymous: bool = False,
    received_at: datetime | None = None,
) -> Complaint:
    """Write a complaint down. `severity` None: judged; "grave" by hand makes an ordinary one grave, never the reverse.

    `about` None: by the kind; about a person without `about_staff` it stands as not located. `by` None: the program,
    as for a follow-up answered by key. Raises Refused for words that say nothing and for a kind the pack has not.
    """
    said = words.strip()
    if not said:
        raise Refused(_("Write down what the customer complains about."))
    if source not in Source.values:
        raise Refused(_("There is no such source: %(source)s") % {"source": source})
    body = site_handbook().entries(COMPLAINT_KINDS).get(kind)
    if body is None:
        raise Refused(_("The handbook has no such kind of complaint: %(kind)s") % {"kind": kind})
    if people < 1:
        raise Refused(_("At least one person complains."))
    at = received_at or now
    if at > now:
        raise Refused(_("It cannot have been received later than now."))
    found = judge_severity(SeverityFacts(source, kind, claim, people, 0, at), reading_at(at))
    grade = Severity.GRAVE if Severity.GRAVE in (severity, found.outcome) else Severity.ORDINARY
    due = judge_deadline(ClockFacts(str(grade), at), reading_at(at))
    what = about or (About.PERSON if about_staff else body.about)
    if what in (About.PERSON, About.UNLOCATED):
        what = About.PERSON if about_staff else About.UNLOCATED
    level = step_of(by, at)
    made = Complaint.objects.create(
        number=f"~{now.timestamp()}{id(said)}"[:24],
        source=source,
        severity=grade,
        kind=kind,
        customer=customer,
        anonymous=anonymous,
        words=said,
        wish=wish.strip()[:300],
        call=call[:64],
        ticket=ticket[:40],
        order=order[:40],
        about=what,
        about_staff=about_staff,
        about_team=team_of(about_staff, timezone.localdate(at)) if about_staff else None,
        amount=claim,
        people=people,
        first_receiver=by,
        responsible=holder_of(reading_at(at).text("complaint.owner"), about_staff or by, timezone.localdate(at)),
        handler=by,
        level=level,
        received_at=at,
        response_due_at=datetime.fromisoformat(due.details["response_due_at"]),
        handling_due_at=datetime.fromisoformat(due.details["handling_due_at"]),
        answer_due_at=datetime.fromisoformat(due.details["answer_due_at"]),
        severity_why=found.as_json(),
        deadline_why=due.as_json(),
        made_at=now,
    )
    made.number = _numbered("TS", made.pk, at)
    made.save(update_fields=["number"])
    indexing.index(made)
    Step.objects.create(complaint=made, at=at, kind="received", by=by, text="")
    Stay.objects.create(complaint=made, level=level, staff=by, from_at=at)
    if what in (About.PERSON, About.UNLOCATED):
        hours = float(reading_at(at).number("complaint.verify_hours"))
        Verification.objects.create(complaint=made, asked_at=at, due_at=at + timedelta(hours=hours))
        made.state = State.VERIFYING
        made.save(update_fields=["state"])
    if grade == Severity.GRAVE:
        grave(made, now)
    telling.tell_owner(made)
    vault.record("complaints.opened", who=by.code if by else "", on=("complaint", made.number), severity=str(grade))
    OPENED.tell(told(made, at))
    return made


def told(complaint: Complaint, at: datetime) -> ComplaintTold:
    about = complaint.about_staff.code if complaint.about_staff else ""
    return ComplaintTold(complaint.pk, complaint.number, complaint.customer_id, about, complaint.severity, at)


@enforces("CMP-006")
def grave(complaint: Complaint, now: datetime) -> None:
    """Make its plan and tell the top on the day; a second time changes nothing."""
    ends = reading_at(now).local(now).replace(hour=23, minute=59, second=59, microsecond=0)
    plan, fresh = GravePlan.objects.get_or_create(complaint=complaint, defaults={"report_due_at": ends})
    if not fresh:
        return
    people = telling.tell_top(complaint, reading_at(now))
    if people:
        plan.reported_at, plan.reported_to = now, [one.code for one in people]
        plan.save(update_fields=["reported_at", "reported_to"])
        Step.objects.create(
            complaint=complaint, at=now, kind="reported", by=None, text="、".join(one.name for one in people)
        )
        vault.record("complaints.reported", on=("complaint", complaint.number), to=plan.reported_to)


@enforces("CMP-012")
@transaction.atomic
def open_praise(
    *,
    source: str,
    customer: Customer | None,
    words: str,
    by: Staff | None,
    now: datetime,
    kind: str = "other",
    staff: Staff | None = None,
    call: str = "",
    complaint: Complaint | None = None,
    received_at: datetime | None = None,
) -> Praise:
    """Write a praise down, for a trainer to verify. Raises Refused for words that say nothing."""
    said = words.strip()
    if not said:
        raise Refused(_("Write down what the customer praises."))
    if kind not in site_handbook().entries(PRAISE_KINDS):
        raise Refused(_("The handbook has no such kind of praise: %(kind)s") % {"kind": kind})
    at = received_at or now
    made = Praise.objects.create(
        number=f"~{now.timestamp()}{id(said)}"[:24],
        source=source,
        kind=kind,
        customer=customer,
        words=said,
        call=call[:64],
        staff=staff,
        team=team_of(staff, timezone.localdate(at)) if staff else None,
        complaint=complaint,
        first_receiver=by,
        received_at=at,
        made_at=now,
    )
    made.number = _numbered("BY", made.pk, at)
    made.save(update_fields=["number"])
    hours = float(reading_at(at).number("praise.verify_hours"))
    Verification.objects.create(praise=made, asked_at=at, due_at=at + timedelta(hours=hours))
    vault.record("complaints.praised", who=by.code if by else "", on=("praise", made.number))
    return made


def _unknown(number: str, by: Staff, now: datetime) -> Customer | None:
    if not number.strip():
        return None
    try:
        return ensure_customer(number, "", by=by, now=now)
    except NotAPerson as refusal:
        raise Refused(str(refusal)) from refusal


@enforces("CMP-012")
@transaction.atomic
def record_both(said: Mapping[str, Any], *, by: Staff, now: datetime) -> tuple[Complaint | None, Praise | None]:
    """What a filled form says: a complaint, a praise, or of one call both, as two records that know each other.

    A number that nobody has is written down as a customer yet unknown, so that he can be answered.
    """
    made = praise = None
    given = {
        "source": said["source"],
        "customer": said.get("who") or _unknown(said.get("number") or "", by, now),
        "call": said.get("call") or "",
        "by": by,
        "now": now,
    }
    if said["what"] in ("complaint", "both"):
        made = open_complaint(
            words=said["words"],
            kind=said["kind"],
            about_staff=said.get("staff"),
            ticket=said.get("ticket") or "",
            order=said.get("order") or "",
            wish=said.get("wish") or "",
            claim=said.get("claim"),
            people=said.get("people") or 1,
            anonymous=bool(said.get("anonymous")),
            severity="grave" if said.get("grave") else None,
            **given,
        )
    if said["what"] in ("praise", "both"):
        # In one breath hardly the same person is praised and complained of: the praise has its own.
        staff = said.get("praise_staff") or (said.get("staff") if made is None else None)
        praise = open_praise(words=said["praise_words"], kind=said["praise_kind"], staff=staff, complaint=made, **given)
    return made, praise
