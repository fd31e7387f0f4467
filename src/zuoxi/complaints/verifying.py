# SPDX-License-Identifier: Apache-2.0
"""A trainer verifies each case; what is found about a person is kept apart; the support manager collects (C-10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.complaints.choices import Result, Severity, State
from zuoxi.complaints.facts import PraiseTold
from zuoxi.complaints.handbook import COMPLAINT_KINDS, TRAINING_TOPICS
from zuoxi.complaints.handling import Overtaken, locked, step
from zuoxi.complaints.models import Complaint, PersonFinding, Praise, TrainingNeed, Verification
from zuoxi.complaints.moments import PRAISED
from zuoxi.complaints.opening import Refused, reading_at
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import services as vault

_FAULT = (Result.JUSTIFIED, Result.PARTLY)


def _open_check(pk: int) -> Verification:
    found = Verification.objects.select_for_update(of=("self",)).select_related("verifier").get(pk=pk)
    if found.verified_at is not None:
        raise Overtaken(
            _("%(name)s has verified it already.") % {"name": found.verifier.name if found.verifier else "—"}
        )
    return found


def _said(result: str, evidence: str, text: str) -> None:
    if result not in Result.values or evidence not in Verification.Evidence.values:
        raise Refused(_("Say what was found, and on what it rests."))
    if len(text.strip()) < 4:
        raise Refused(_("Write down what was so."))


@enforces("CMP-004", "CMP-007")
@transaction.atomic
def verify_complaint(
    pk: int, *, result: str, evidence: str, text: str, by: Staff, now: datetime, points: Decimal | None = None
) -> Complaint:
    """The trainer's result of one verification. About a person it makes the finding in his file, with the points that
    the handbook proposes where `points` is None and he was at fault. Raises Overtaken, Refused."""
    check = _open_check(pk)
    if check.complaint_id is None:
        raise Refused(_("This is the verification of a praise."))
    one = locked(check.complaint_id)
    _said(result, evidence, text)
    if one.about_staff is not None and one.about_staff.pk == by.pk:
        raise Refused(_("Nobody verifies a complaint about himself."))
    check.verifier, check.verified_at = by, now
    check.result, check.evidence, check.text = Result(result), Verification.Evidence(evidence), text.strip()
    check.save()
    one.result = Result(result)
    if one.state == State.VERIFYING:
        one.state = State.HANDLING
    one.save(update_fields=["result", "state"])
    step(one, "verified", by, now, text.strip(), person=True)
    if one.about_staff is not None:
        _found(one, one.about_staff, check, points)
    vault.record("complaints.verified", who=by.code, on=("complaint", one.number), result=result)
    return one


def _found(one: Complaint, staff: Staff, check: Verification, points: Decimal | None) -> None:
    key = "complaint.grave.person_points" if one.severity == Severity.GRAVE else "complaint.person_points"
    at = check.verified_at or check.asked_at
    proposed = points if points is not None else reading_at(at).number(key)
    PersonFinding.objects.update_or_create(
        complaint=one,
        staff=staff,
        defaults={
            "result": check.result,
            "fault": one.kind if check.result in _FAULT else "",
            "text": check.text,
            "points": proposed if check.result in _FAULT else None,
            "found_by": check.verifier,
            "found_at": at,
            "collected_by": None,
            "collected_at": None,
        },
    )
    who = check.verifier.code if check.verifier else ""
    vault.record("complaints.finding", who=who, on=("staff", staff.code), complaint=one.number)


@enforces("CMP-004", "CMP-012")
@transaction.atomic
def verify_praise(
    pk: int, *, result: str, evidence: str, text: str, by: Staff, now: datetime, points: Decimal | None = None
) -> Praise:
    """Confirmed or not; a confirmed one proposes the handbook's points. Nobody verifies a praise of himself."""
    check = _open_check(pk)
    if check.praise_id is None:
        raise Refused(_("This is the verification of a complaint."))
    one = Praise.objects.select_for_update(of=("self",)).select_related("staff").get(pk=check.praise_id)
    _said(result, evidence, text)
    if one.staff is not None and one.staff.pk == by.pk:
        raise Refused(_("Nobody verifies a praise of himself."))
    check.verifier, check.verified_at = by, now
    check.result, check.evidence, check.text = Result(result), Verification.Evidence(evidence), text.strip()
    check.save()
    confirmed = result in _FAULT and one.staff is not None
    one.state = Praise.State.CONFIRMED if confirmed else Praise.State.REFUTED
    one.points = (points if points is not None else reading_at(now).number("praise.points")) if confirmed else None
    one.save(update_fields=["state", "points"])
    vault.record("complaints.verified", who=by.code, on=("praise", one.number), result=result)
    if confirmed and one.staff is not None:
        PRAISED.tell(PraiseTold(one.number, one.staff.code, one.points, now))
    return one


@enforces("CMP-005")
@transaction.atomic
def collect(findings: list[int], *, by: Staff, now: datetime) -> int:
    """The support manager takes findings into his sum; those he has taken already stay as they are. Tells how many."""
    rows = PersonFinding.objects.filter(pk__in=findings, collected_at__isnull=True)
    taken = rows.update(collected_by=by, collected_at=now)
    if taken:
        vault.record("complaints.finding", who=by.code, collected=taken)
    return taken


@enforces("CMP-005")
@transaction.atomic
def open_need(
    *, complaint: Complaint | None, staff: Staff | None, topic: str, text: str, by: Staff, now: datetime
) -> TrainingNeed:
    """What somebody (None: everybody) has to learn. The handbook says until when. One complaint asks a person once."""
    if topic not in site_handbook().entries(TRAINING_TOPICS):
        raise Refused(_("The handbook has no such topic: %(topic)s") % {"topic": topic})
    if len(text.strip()) < 4:
        raise Refused(_("Write down what has to be learned."))
    if complaint is not None and TrainingNeed.objects.filter(complaint=complaint, staff=staff, topic=topic).exists():
        raise Overtaken(_("That need stands already."))
    today = timezone.localdate(now)
    made = TrainingNeed.objects.create(
        complaint=complaint,
        staff=staff,
        topic=topic,
        text=text.strip()[:500],
        due_on=today + timedelta(days=reading_at(now).whole("complaint.training_days")),
        made_by=by,
        made_at=now,
    )
    vault.record("complaints.need", who=by.code, on=("need", made.pk), topic=topic)
    return made


_NEXT = {
    TrainingNeed.State.OPEN: "planned",
    TrainingNeed.State.PLANNED: "trained",
    TrainingNeed.State.TRAINED: "tested",
    TrainingNeed.State.FAILED: "planned",
}


def next_of(need: TrainingNeed) -> str:
    """Which step comes next: planned, trained, tested; "" after it was passed."""
    return _NEXT.get(TrainingNeed.State(need.state), "")


@enforces("CMP-005")
@transaction.atomic
def follow_need(pk: int, *, to: str, by: Staff, now: datetime, score: Decimal | None = None) -> TrainingNeed:
    """The next step of a need. Tested again below the handbook's points it begins anew. Raises Overtaken, Refused."""
    need = TrainingNeed.objects.select_for_update(of=("self",)).get(pk=pk)
    if next_of(need) != to:
        raise Overtaken(_("It stands at “%(state)s” meanwhile.") % {"state": need.get_state_display()})
    today = timezone.localdate(now)
    if to == "planned":
        need.rounds += need.state == TrainingNeed.State.FAILED
        need.state = TrainingNeed.State.PLANNED
        if need.due_on < today:
            need.due_on = today + timedelta(days=reading_at(now).whole("complaint.training_days"))
    elif to == "trained":
        need.state, need.trained_on = TrainingNeed.State.TRAINED, today
    else:
        if score is None or not 0 <= score <= 100:
            raise Refused(_("The second test needs its points, 0 to 100."))
        passed = score >= reading_at(now).number("complaint.retest_points")
        need.state = TrainingNeed.State.PASSED if passed else TrainingNeed.State.FAILED
        need.score, need.retested_on = score, today
    need.save()
    vault.record("complaints.need", who=by.code, on=("need", need.pk), state=str(need.state))
    return need


def topic_of(complaint: Complaint) -> str:
    """What the complaint's kind says has to be learned; "" for nothing."""
    kind = site_handbook().entries(COMPLAINT_KINDS).get(complaint.kind)
    return kind.training if kind else ""
