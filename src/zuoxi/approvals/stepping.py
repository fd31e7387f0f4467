# SPDX-License-Identifier: Apache-2.0
"""Moving a request from signature to signature: opening the next, finding its approver, closing it when all are given.

Everything here stands inside the caller's transaction and on a locked request.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import Kind, Owed, Step, kind_named
from zuoxi.approvals.models import Filing, Paper, Request, Signature
from zuoxi.approvals.notices import Sentence, in_both, notify
from zuoxi.approvals.refusals import NotDone
from zuoxi.approvals.routing import Chosen, choose
from zuoxi.approvals.trail import tell
from zuoxi.people.models import Staff
from zuoxi.policy.calendars import OfficeTime, calendar_of
from zuoxi.policy.selectors import site_handbook

DONE = (Signature.State.APPROVED, Signature.State.COVERED)


def url_of(request: Request) -> str:
    return reverse("approvals:request", args=[request.number])


def title_of(request: Request) -> str:
    """What the request is called: its own title where its type gives one, else the type's."""
    kind = kind_named(request.kind)
    return str(kind.title_of(request) if kind.title_of else kind.title)


def put_steps(request: Request, steps: Iterable[Step], first: int = 1) -> None:
    """Signatures to come, in order, for the request's present round."""
    Signature.objects.bulk_create(
        Signature(request=request, round=request.round, order=order, role=step.role, purpose=step.note[:120])
        for order, step in enumerate(steps, first)
    )


def due_after(kind: Kind, now: datetime) -> datetime:
    """The end of the time an approver has from now on; working hours run only in the office hours of working days."""
    span, office = _allowed(kind, now)
    return office.after(now, span) if office else now + span


def spent_of(kind: Kind, due_at: datetime, now: datetime) -> Decimal:
    """Percent of the time that have run out by now, of the time that ends at `due_at`."""
    span, office = _allowed(kind, now)
    if not span:
        return Decimal(100)
    left = office.between(now, due_at) if office else due_at - now
    return Decimal(100) - Decimal(left / span * 100)


def _allowed(kind: Kind, now: datetime) -> tuple[timedelta, OfficeTime | None]:
    """How long an approver may take, and in whose hours it runs (None: around the clock)."""
    handbook = site_handbook()
    reading = handbook.on(timezone.localdate(now))
    figure = reading.figure(kind.due_figure)
    if figure.unit != "working_hours":
        return timedelta(**{figure.unit: float(figure.value)}), None
    opens, closes = (reading.time(f"approvals.office.{end}") for end in ("opens", "closes"))
    office = OfficeTime(calendar_of(handbook), opens, closes, handbook.zone) if opens < closes else None
    return timedelta(hours=float(figure.value)), office


def open_next(request: Request, now: datetime) -> Signature | None:
    """Open the next signature; None when all are given and the request is granted.

    A step whose approver has agreed in an earlier step of this round is covered by it. Raises NotDone when nobody
    stands behind a step.
    """
    kind = kind_named(request.kind)
    given = {
        one.decided_by_id for one in request.signatures.filter(round=request.round, state=Signature.State.APPROVED)
    }
    for one in request.signatures.filter(round=request.round, state=Signature.State.WAITING).order_by("order"):
        chosen = choose(one.role, request.applicant, request.kind, now)
        if chosen.staff is None:
            raise NotDone(
                _("Nobody stands above who could sign this."),
                _("Have the vacant post filled, or name a stand-in for it, then hand the request in again."),
            )
        if chosen.staff.pk in given:
            one.state, one.decided_at, one.decided_by = Signature.State.COVERED, now, chosen.staff
            one.how = list(chosen.how)
            one.save(update_fields=["state", "decided_at", "decided_by", "how"])
            tell(request, "covered", now, who=chosen.staff, role=one.role)
            continue
        one.state, one.opened_at, one.due_at = Signature.State.OPEN, now, due_after(kind, now)
        assign(request, one, chosen, now)
        return one
    grant(request, now)
    return None


def assign(request: Request, signature: Signature, chosen: Chosen, now: datetime, verb: str = "opened") -> None:
    """Put the step before the person, and tell him and whoever may sign as well."""
    if chosen.staff is None:
        raise NotDone(_("Nobody stands above who could sign this."))
    signature.approver, signature.how = chosen.staff, list(chosen.how)
    signature.save()
    tell(request, verb, now, role=signature.role, to=chosen.staff.name, how=list(chosen.how))
    for one in (chosen.staff, *chosen.others):
        ask(request, signature, one)


def ask(request: Request, signature: Signature, staff: Staff, again: str = "") -> None:
    """Tell an approver that a request waits for him."""
    kind = kind_named(request.kind)
    text = Sentence(_("%(kind)s of %(name)s waits for your decision"), kind=kind.title, name=request.applicant.name)
    notify(staff, text, url_of(request), f"step:{signature.pk}:{staff.pk}:{signature.escalations}{again}")


def tell_applicant(request: Request, text: str | Promise, **words: object) -> None:
    kind = kind_named(request.kind)
    sentence = Sentence(text, kind=kind.title, number=request.number, **words)
    notify(request.applicant, sentence, url_of(request), f"request:{request.pk}:{request.round}:{request.state}")


def grant(request: Request, now: datetime) -> None:
    """All have agreed: what the request asked for happens, copies go to the files, papers fall due."""
    kind = kind_named(request.kind)
    request.state, request.decided_at = Request.State.APPROVED, now
    request.save(update_fields=["state", "decided_at"])
    tell(request, "granted", now)
    kind.on_approved(request)
    for word in request.filed_with:
        file_copy(request, word, now)
    for owed in kind.owes(request) if kind.owes else ():
        owe(request, owed)
    tell_applicant(request, _("%(kind)s %(number)s has been approved"))


def file_copy(request: Request, word: str, now: datetime, purpose: str = "", holder: Staff | None = None) -> Filing:
    """A copy for the files of whoever answers to the role word now; with a holder, for that person."""
    reader = holder or choose(word, request.applicant, request.kind, now).staff
    filing, made = Filing.objects.get_or_create(
        request=request, role=word, holder=reader, defaults={"made_at": now, "purpose": purpose[:120]}
    )
    if made:
        tell(request, "filed", now, role=word, to=reader.name if reader else "")
        if reader is not None:
            kind = kind_named(request.kind)
            text = Sentence(_("For your files: %(kind)s of %(name)s"), kind=kind.title, name=request.applicant.name)
            notify(reader, text, url_of(request), f"filing:{filing.pk}")
    return filing


def owe(request: Request, owed: Owed) -> Paper:
    """A paper that is still to come; a later day moves the one already owed."""
    chinese, english = in_both(owed.label)
    paper, made = Paper.objects.get_or_create(
        request=request,
        code=owed.code,
        defaults={"label_zh": chinese[:80], "label_en": english[:80], "due_at": owed.due_at},
    )
    if not made and paper.state == Paper.State.OWED and paper.due_at != owed.due_at:
        paper.due_at, paper.reminded_at = owed.due_at, None
        paper.save(update_fields=["due_at", "reminded_at"])
    return paper
