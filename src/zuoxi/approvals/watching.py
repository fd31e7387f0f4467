# SPDX-License-Identifier: Apache-2.0
"""What time does to requests: reminders, the next authority after silence, papers that did not come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.kinds import kind_named
from zuoxi.approvals.models import Paper, Request, Signature
from zuoxi.approvals.notices import Sentence, notify
from zuoxi.approvals.routing import choose, next_above
from zuoxi.approvals.stepping import ask, assign, due_after, spent_of, tell_applicant, url_of
from zuoxi.approvals.trail import seal, tell
from zuoxi.policy.selectors import site_handbook


def watch_steps(now: datetime) -> dict[str, int]:
    """Remind, escalate and find anew; how many of each. Bears being run twice at the same moment."""
    counts = {"reminded": 0, "escalated": 0, "moved": 0}
    for signature in _open():
        done = _watch(signature.pk, now)
        if done:
            counts[done] += 1
    return counts


def _open() -> Iterable[Signature]:
    return Signature.objects.filter(state=Signature.State.OPEN, request__state=Request.State.OPEN).only("pk")


@transaction.atomic
def _watch(signature_id: int, now: datetime) -> str:
    # The request is held before its step, as whoever decides does: else the two would wait for each other.
    Request.objects.select_for_update(of=("self",)).filter(signatures=signature_id).first()
    signature = (
        Signature.objects.select_for_update(of=("self",))
        .select_related("request__applicant", "approver")
        .filter(pk=signature_id, state=Signature.State.OPEN)
        .first()
    )
    if signature is None:
        return ""
    request = signature.request
    if signature.due_at is not None and now >= signature.due_at and _escalate(request, signature, now):
        return "escalated"
    if not signature.escalations and _moved(request, signature, now):
        return "moved"
    return "reminded" if _remind(request, signature, now) else ""


def _moved(request: Request, signature: Signature, now: datetime) -> bool:
    """The one it waits for has left, handed over or gone off duty: find the present one."""
    chosen = choose(signature.role, request.applicant, request.kind, now)
    if chosen.staff is None or signature.approver_id in chosen.entitled:
        return False
    signature.due_at = due_after(kind_named(request.kind), now)
    assign(request, signature, chosen, now, "moved")
    return True


def _escalate(request: Request, signature: Signature, now: datetime) -> bool:
    """Silence until the end of the time: the next authority is asked; the silent one may still decide."""
    if signature.approver is None:
        return False
    chosen = next_above(signature.approver, request.applicant, request.kind, now)
    signature.due_at = due_after(kind_named(request.kind), now)
    if chosen.staff is None:  # nobody stands above: asked again
        signature.reminded_at = now
        signature.save(update_fields=["due_at", "reminded_at"])
        ask(request, signature, signature.approver, f":{now:%Y%m%d%H}")
        tell(request, "reminded", now, to=signature.approver.name)
        return False
    silent = signature.approver
    signature.escalations, signature.reminded_at = signature.escalations + 1, None
    assign(request, signature, chosen, now, "escalated")
    text = Sentence(
        _("%(number)s has gone on to %(name)s, because it was not decided in time"),
        number=request.number,
        name=chosen.staff.name,
    )
    for one in (silent, request.applicant):
        notify(one, text, url_of(request), f"escalated:{signature.pk}:{signature.escalations}:{one.pk}")
    seal(request, "approvals.escalated", None, role=signature.role)
    return True


def _remind(request: Request, signature: Signature, now: datetime) -> bool:
    if signature.reminded_at or signature.opened_at is None or signature.due_at is None or signature.approver is None:
        return False
    part = site_handbook().on(timezone.localdate(now)).number("approvals.step.remind_percent")
    if spent_of(kind_named(request.kind), signature.due_at, now) < part:
        return False
    signature.reminded_at = now
    signature.save(update_fields=["reminded_at"])
    ask(request, signature, signature.approver, ":again")
    tell(request, "reminded", now, to=signature.approver.name)
    return True


def lapse_papers(now: datetime) -> dict[str, int]:
    """Remind of papers that fall due, and let requests lapse whose papers did not come."""
    counts = {"reminded": 0, "lapsed": 0}
    ahead = timedelta(hours=site_handbook().on(timezone.localdate(now)).whole("approvals.paper.remind_hours"))
    owed = Paper.objects.filter(state=Paper.State.OWED, request__state=Request.State.APPROVED)
    for paper in owed.filter(due_at__gt=now, due_at__lte=now + ahead, reminded_at__isnull=True).select_related(
        "request__applicant"
    ):
        paper.reminded_at = now
        paper.save(update_fields=["reminded_at"])
        text = Sentence(_("%(paper)s for %(number)s is still owed"), paper=paper, number=paper.request.number)
        notify(paper.request.applicant, text, url_of(paper.request), f"paper:{paper.pk}")
        counts["reminded"] += 1
    for request_id in set(owed.filter(due_at__lte=now).values_list("request_id", flat=True)):
        counts["lapsed"] += _lapse(request_id, now)
    return counts


@transaction.atomic
def _lapse(request_id: int, now: datetime) -> bool:
    request = Request.objects.select_for_update().get(pk=request_id)
    if request.state != Request.State.APPROVED:
        return False
    late = list(request.papers.filter(state=Paper.State.OWED, due_at__lte=now))
    if not late:
        return False
    request.papers.filter(pk__in=[one.pk for one in late]).update(state=Paper.State.LAPSED)
    request.state = Request.State.LAPSED
    request.save(update_fields=["state"])
    tell(request, "lapsed", now, papers=[[one.label_zh, one.label_en] for one in late])
    kind = kind_named(request.kind)
    follow = kind.on_lapsed or kind.on_closed
    if follow:
        follow(request)
    seal(request, "approvals.lapsed", None)
    tell_applicant(request, _("%(kind)s %(number)s has lapsed: the papers did not come in time"))
    return True
