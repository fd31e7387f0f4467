# SPDX-License-Identifier: Apache-2.0
"""Deciding a step: who may, who was quicker, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import Route, kind_named
from zuoxi.approvals.models import Request, Signature
from zuoxi.approvals.notices import Sentence, notify
from zuoxi.approvals.refusals import NotDone, NotYours, Overtaken, Refused
from zuoxi.approvals.routing import choose
from zuoxi.approvals.stepping import assign, open_next, put_steps, tell_applicant, url_of
from zuoxi.approvals.submission import drop_open
from zuoxi.approvals.trail import seal, tell
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of
from zuoxi.policy.marks import enforces

Verdict = Literal["approve", "refuse", "return"]


def said(text: object, **words: object) -> str:
    """A sentence in the language of the page."""
    return str(text) % words


_STATES = {"approve": Signature.State.APPROVED, "refuse": Signature.State.REFUSED, "return": Signature.State.RETURNED}
_ENDS = {"refuse": Request.State.REFUSED, "return": Request.State.RETURNED}


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision led to: approved (all have signed), next (another signs now), refused, returned, rerouted."""

    request: Request
    outcome: str
    next_approver: Staff | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    """What somebody says to a step."""

    staff: Staff
    by: User
    verdict: Verdict
    note: str
    now: datetime
    step: int | None


def decide(
    request: Request, *, by: User, verdict: Verdict, note: str = "", now: datetime, step: int | None = None
) -> Decided:
    """Decide the open step. `step`: the id of the step that the person saw, so that a later one is not meant.

    Raises Overtaken when somebody was quicker, NotYours when another one decides now (the step is put before him),
    Refused when the rules forbid it meanwhile, ValidationError when a reason is missing.
    """
    staff = staff_of(by)
    if verdict not in _STATES:
        raise ValueError(verdict)
    if verdict != "approve" and not note.strip():
        raise ValidationError({"note": [_("Give the reason: the applicant will read it.")]})
    if staff is None:
        raise NotYours(_("This sign-in belongs to nobody who could decide."))
    moved = _moved_on(request, staff, now)
    if moved is not None:
        raise moved
    return _decide(request, _Word(staff, by, verdict, note.strip(), now, step))


@transaction.atomic
def _moved_on(request: Request, staff: Staff, now: datetime) -> NotYours | None:
    """Find the approver anew; when another one decides now, put the step before him. None: this one may decide."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    signature = open_step(locked)
    if signature is None or staff.pk in entitled(locked, signature, now):
        return None
    chosen = choose(signature.role, locked.applicant, locked.kind, now)
    was_his = signature.approver_id == staff.pk
    if chosen.staff is not None and was_his:
        assign(locked, signature, chosen, now, "moved")
    name = chosen.staff.name if chosen.staff else "—"
    if was_his:
        return NotYours(said(_("Meanwhile %(name)s decides this; it has been put before him."), name=name))
    return NotYours(said(_("This waits for %(name)s."), name=name))


def open_step(request: Request) -> Signature | None:
    return (
        request.signatures.filter(round=request.round, state=Signature.State.OPEN)
        .select_related("approver", "decided_by")
        .first()
    )


@enforces("ORG-003", "ORG-001")
def entitled(request: Request, signature: Signature, now: datetime) -> frozenset[int]:
    """Staff ids that may sign the step at that moment, found anew; never the applicant himself."""
    chosen = choose(signature.role, request.applicant, request.kind, now)
    may = set(chosen.entitled)
    if signature.escalations and signature.approver_id and signature.approver and signature.approver.employed:
        may.add(signature.approver_id)
    return frozenset(may - {request.applicant_id})


@transaction.atomic
def _decide(request: Request, word: _Word) -> Decided:
    request = Request.objects.select_for_update().get(pk=request.pk)
    signature = open_step(request)
    if signature is None or (word.step is not None and signature.pk != word.step):
        raise _overtaken(request, word.step)
    if word.verdict == "approve":
        rerouted = _rechecked(request, signature, word.now)
        if rerouted is not None:
            return rerouted
    changed = Signature.objects.filter(pk=signature.pk, state=Signature.State.OPEN).update(
        state=_STATES[word.verdict], decided_at=word.now, decided_by=word.staff, note=word.note
    )
    if not changed:
        raise _overtaken(request, word.step)
    told = {"role": signature.role, "stands_for": _stood_for(signature, word.staff)}
    tell(request, _STATES[word.verdict], word.now, who=word.staff, note=word.note, **told)
    seal(request, f"approvals.{_STATES[word.verdict]}", word.by, role=signature.role, step=signature.order)
    _tell_others(request, signature, word.staff)
    if word.verdict != "approve":
        return _close(request, word.verdict, word.note, word.now)
    following = open_next(request, word.now)
    if following is None:
        seal(request, "approvals.granted", word.by)
        return Decided(request, "approved")
    return Decided(request, "next", following.approver)


def _stood_for(signature: Signature, staff: Staff) -> str:
    """The name of whom he stood in for; "" when it was his own."""
    if signature.approver is not None and signature.approver_id != staff.pk:
        return signature.approver.name
    return next((one.get("for", "") for one in signature.how if one.get("who") == staff.name), "")


def _tell_others(request: Request, signature: Signature, staff: Staff) -> None:
    if signature.approver is not None and signature.approver_id != staff.pk:
        text = Sentence(_("%(name)s has decided %(number)s"), name=staff.name, number=request.number)
        notify(signature.approver, text, url_of(request), f"decided:{signature.pk}")


def _close(request: Request, verdict: Verdict, note: str, now: datetime) -> Decided:
    drop_open(request)
    request.state, request.decided_at = _ENDS[verdict], now
    request.save(update_fields=["state", "decided_at"])
    kind = kind_named(request.kind)
    if kind.on_closed:
        kind.on_closed(request)
    text = _("%(kind)s %(number)s was sent back: %(note)s")
    if verdict == "refuse":
        text = _("%(kind)s %(number)s was turned down: %(note)s")
    tell_applicant(request, text, note=note)
    return Decided(request, str(request.state))


def _overtaken(request: Request, step: int | None) -> Overtaken:
    """Who was quicker, in words."""
    rows = request.signatures.filter(decided_by__isnull=False).select_related("decided_by")
    last = (rows.filter(pk=step).first() if step else None) or rows.order_by("-decided_at").first()
    if last is not None and last.decided_by is not None:
        text = said(
            _("%(name)s has decided this already: %(state)s."),
            name=last.decided_by.name,
            state=last.get_state_display(),
        )
        return Overtaken(text, _("Nothing was changed by you."))
    return Overtaken(
        said(_("This request is %(state)s; nothing waits for a decision."), state=request.get_state_display())
    )


def _rechecked(request: Request, signature: Signature, now: datetime) -> Decided | None:
    """The route as it must be now. None: the decision stands; else the request goes the new way from here."""
    kind = kind_named(request.kind)
    route = kind.recheck(request, now) if kind.recheck else None
    if route is None:
        return None
    if route.refused:
        raise Refused(route.finding)
    rows = request.signatures.filter(round=request.round)
    given = [one.role for one in rows.filter(state__in=(Signature.State.APPROVED, Signature.State.COVERED))]
    planned = [one.role for one in rows.filter(state__in=(Signature.State.OPEN, Signature.State.WAITING))]
    still = list(route.words)
    for word in given:
        if word in still:
            still.remove(word)
    if still == planned:
        return None
    return _reroute(request, signature, route, still, now)


def _reroute(request: Request, signature: Signature, route: Route, still: list[str], now: datetime) -> Decided | None:
    keeps = bool(still) and still[0] == signature.role
    gone = request.signatures.filter(round=request.round, state=Signature.State.WAITING)
    gone.update(state=Signature.State.DROPPED)
    if not keeps:
        request.signatures.filter(pk=signature.pk).update(state=Signature.State.DROPPED)
    last = (
        request.signatures.filter(round=request.round).order_by("-order").values_list("order", flat=True).first() or 0
    )
    steps = [step for step in route.steps if step.role in still[1 if keeps else 0 :]]
    put_steps(request, steps, last + 1)
    request.finding, request.filed_with = route.finding.as_json(), list(route.filed_with)
    request.save(update_fields=["finding", "filed_with"])
    tell(request, "rerouted", now, words=list(route.words), zh=route.finding.why.zh, en=route.finding.why.en)
    tell_applicant_of_route(request)
    if keeps:
        return None
    following = open_next(request, now)
    return Decided(request, "rerouted" if following else "approved", following.approver if following else None)


def tell_applicant_of_route(request: Request) -> None:
    finding = request.why
    if finding is None:
        return
    notify(
        request.applicant,
        Sentence(_("%(number)s now goes another way: %(why)s"), number=request.number, why=finding.why),
        url_of(request),
        f"rerouted:{request.pk}:{request.round}:{finding.outcome}",
    )


def decide_many(
    requests: Iterable[Request], *, by: User, verdict: Verdict, note: str, now: datetime
) -> list[tuple[Request, str]]:
    """Decide several, each for itself; (request, what came of it: "" done, else why not) in the given order."""
    results = []
    for one in requests:
        try:
            signature = open_step(one)
            decide(one, by=by, verdict=verdict, note=note, now=now, step=signature.pk if signature else None)
            results.append((one, ""))
        except NotDone as refused:
            results.append((one, str(refused.message)))
        except ValidationError as wrong:
            results.append((one, " ".join(wrong.messages)))
    return results
