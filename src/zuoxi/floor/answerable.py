# SPDX-License-Identifier: Apache-2.0
"""Each level answers for the one below: a violation brings up the direct superior's part, which somebody judges."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor.duty_judgements import SuperiorFacts, judge_superior
from zuoxi.floor.models import SuperiorShare, Violation
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

FIGURE = "conduct.superior.answers_from"
State = SuperiorShare.State


@enforces("ATT-039")
def bring_up(violation: Violation, handbook: Handbook, now: datetime) -> SuperiorShare | None:
    """Open the superior's part where the pack asks for it, and tell him; None where it does not, or nobody stands
    above. Within the transaction that records the violation."""
    if not handbook.has("figures", FIGURE):
        return None
    day = violation.happened_at.astimezone(handbook.zone).date()
    superior = people.superior_of(violation.staff, day)
    finding = judge_superior(SuperiorFacts(violation.consequence, superior is not None, day), handbook.on(day))
    if superior is None or finding.outcome != "to_be_judged":
        return None
    made = SuperiorShare.objects.create(violation=violation, superior=superior, finding=finding.as_json())
    vault.record("floor.share.opened", on=("violation", violation.pk), at=now, superior=superior.code)
    approvals.notify(superior, finding.why, reverse("floor:my_violations"), dedupe=f"share:{made.pk}")
    return made


@enforces("ATT-039")
@transaction.atomic
def judge_share(violation_id: int, *, answerable: bool, text: str, by: Staff, now: datetime) -> SuperiorShare:
    """Somebody who stands above the superior says whether he is answerable, with the reason. Raises Refused: there is
    none, judged already, one's own, that of one's own superior in one's own violation, or that of somebody who does
    not stand below."""
    rows = SuperiorShare.objects.select_for_update(of=("self",)).select_related("violation")
    row = rows.filter(violation_id=violation_id).first()
    if row is None:
        raise Refused(_("Nobody above is concerned here."))
    if row.state != State.OPEN:
        raise Refused(_("Nothing waits for a decision here: %(state)s.") % {"state": row.get_state_display()})
    if by.pk in (row.superior_id, row.violation.staff_id):
        raise Refused(_("Nobody judges his own part; somebody above has to."))
    if not stands_above(by, row.superior, now):
        raise Refused(_("Only somebody who stands above the superior judges his part; a peer does not."))
    if not text.strip():
        raise Refused(_("Give the reason of the decision."))
    row.state = State.ANSWERABLE if answerable else State.CLEARED
    row.said, row.decided_by, row.decided_at = text.strip()[:300], by, now
    row.save(update_fields=["state", "said", "decided_by", "decided_at"])
    vault.record("floor.share.judged", who=by.code, on=("violation", violation_id), answerable=answerable)
    chinese, english = ("有责任", "answerable") if answerable else ("无责任", "not answerable")
    said = Why(f"下级违纪连带责任：{chinese}，{row.said}", f"Your part in a violation below you: {english}. {row.said}")
    approvals.notify(row.superior, said, reverse("floor:my_violations"), dedupe=f"share:{row.pk}:{row.state}")
    return row


def stands_above(one: Staff, other: Staff, now: datetime) -> bool:
    """Whether somebody's highest post of today ranks above the other's; nobody does without a post."""
    day = timezone.localdate(now)
    steps = people.ladder()
    higher, lower = (people.standing_of(staff, day, steps).rank for staff in (one, other))
    return higher is not None and (lower is None or higher < lower)


def may_judge(share: SuperiorShare, by: Staff | None, now: datetime) -> bool:
    """Whether the page offers somebody the judgement."""
    return by is not None and share.state == State.OPEN and stands_above(by, share.superior, now)


def concerns(violation: Violation, by: Staff) -> bool:
    """Whether somebody's own part hangs on the violation: with it his part would fall as well."""
    rows = SuperiorShare.objects.filter(violation=violation, superior=by)
    return rows.filter(state__in=(State.OPEN, State.ANSWERABLE)).exists()


def drop(violation: Violation, by: Staff) -> None:
    """The violation was cancelled: what was still open or found against the superior goes with it, and he is told."""
    rows = SuperiorShare.objects.select_for_update(of=("self",)).select_related("superior")
    row = rows.filter(violation=violation, state__in=(State.OPEN, State.ANSWERABLE)).first()
    if row is None:
        return
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    vault.record("floor.share.dropped", who=by.code, on=("violation", violation.pk), superior=row.superior.code)
    said = Why("下级违纪记录已撤销，您的连带责任随之取消", "The violation below you was cancelled, your part with it")
    approvals.notify(row.superior, said, reverse("floor:my_violations"), dedupe=f"share:{row.pk}:{row.state}")


def share_of(violation: Violation) -> SuperiorShare | None:
    rows = SuperiorShare.objects.select_related("superior", "decided_by")
    return rows.filter(violation=violation).first()


def shares_of(superior: Staff) -> QuerySet[SuperiorShare]:
    """What somebody is, or may be, answerable for; newest first."""
    rows = SuperiorShare.objects.filter(superior=superior).select_related("violation__staff", "decided_by")
    return rows.order_by("-violation__happened_at")
