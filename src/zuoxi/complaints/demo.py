# SPDX-License-Identifier: Apache-2.0
"""The demo's complaints and praise of sixty days: most answered in time, some late, some still open in every state,
two grave ones with their plan, findings in people's files, needs that were tested again, suggestions, inspections."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zuoxi.complaints import indexing
from zuoxi.complaints.choices import About, State
from zuoxi.complaints.demo_cast import Cast, cast_of, moment, somebody, team_then
from zuoxi.complaints.demo_registers import praises, registers
from zuoxi.complaints.demo_words import (
    CALLED,
    COMPLAINTS,
    DAYS,
    FOUND,
    HELD,
    SOURCES,
    kinds_of,
    measures_of,
    words_of,
)
from zuoxi.complaints.facts import ClockFacts, SeverityFacts
from zuoxi.complaints.models import Complaint, GravePlan, Pause, PersonFinding, Stay, Step, TrainingNeed, Verification
from zuoxi.complaints.rules import judge_deadline, judge_severity
from zuoxi.customers.models import Customer
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook


def furnish(today: date) -> None:
    """Nothing where there are complaints already, or nobody to complain of."""
    if Complaint.objects.exists():
        return
    cast = cast_of(today)
    if not cast.agents:
        return
    with transaction.atomic():
        chance = random.Random(23)  # noqa: S311 - the same demo every time
        made = _complaints(cast, today, chance)
        praises(cast, today, chance, made)
        registers(cast, today, chance)
        indexing.catch_up()


def _complaints(cast: Cast, today: date, chance: random.Random) -> list[Complaint]:
    now = timezone.now()
    known = {call["id"]: call for call in cast.calls}
    linked = list(known)[: COMPLAINTS // 2]
    rows: list[tuple[Complaint, str]] = []
    held: dict[int, str] = {}
    for number in range(COMPLAINTS):
        call = known.get(linked[number]) if number < len(linked) else None
        if call is not None:
            at = datetime.fromisoformat(call["offered_at"]) + timedelta(hours=chance.randint(1, 30))
        elif number >= COMPLAINTS - len(HELD) * 3:
            held[number] = HELD[number % len(HELD)]
            hours = 30 if held[number] == "late" else chance.uniform(0.3, 1.6)
            at = now - timedelta(hours=hours, minutes=chance.randint(1, 50))
        else:
            at = moment(today - timedelta(days=chance.randint(2, DAYS)), chance.randint(8, 20), chance.randint(0, 59))
        if at > now:
            at = now - timedelta(hours=chance.randint(1, 20))
        rows.append((_one(cast, chance, number, at, call), held.get(number, "")))
    rows.sort(key=lambda pair: pair[0].received_at)
    made = [one for one, _stays_at in rows]
    for place, one in enumerate(made, 1):
        one.number = f"TS{timezone.localdate(one.received_at):%y%m%d}-{place:05d}"
    Complaint.objects.bulk_create(made, batch_size=200)
    told = _Told()
    for one, stays_at in rows:
        if stays_at:
            _held(cast, one, stays_at, now, told)
        else:
            _course(cast, chance, one, now, told)
    Complaint.objects.bulk_update(
        made,
        [
            "state", "responded_at", "handled_at", "answered_at", "closed_at", "answer", "answer_way", "content",
            "measures", "result", "paused_since", "pauses", "level", "handler", "reopened", "department",
        ],
        batch_size=200,
    )  # fmt: skip
    Step.objects.bulk_create(told.steps, batch_size=500)
    Stay.objects.bulk_create(told.stays, batch_size=500)
    Verification.objects.bulk_create(told.checks, batch_size=500)
    GravePlan.objects.bulk_create(told.plans)
    Pause.objects.bulk_create(told.pauses)
    _files(cast, made, told, today)
    return made


@dataclass
class _Told:
    steps: list[Step] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    checks: list[Verification] = field(default_factory=list)
    plans: list[GravePlan] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)


def _one(cast: Cast, chance: random.Random, number: int, at: datetime, call: dict[str, Any] | None) -> Complaint:
    kind = chance.choice(kinds_of(settings.PACK))
    source = "call" if call is not None else chance.choice(SOURCES)
    if number in (7, 61):
        source = "media" if number == 7 else "regulator"
    known = {one.code: one for one in cast.agents}
    about: Staff | None = None
    if kind in ("attitude", "wrong_word", "promise", "pushed_around"):
        about = (
            known.get(call["agent"]) if call is not None else chance.choice(cast.agents[: len(cast.agents) * 2 // 3])
        )
        about = None if chance.random() < 0.12 else about
    what = (
        About.PERSON
        if about
        else About.UNLOCATED
        if kind in ("attitude", "wrong_word", "promise", "pushed_around")
        else About.GOODS
        if kind in ("delivery", "goods")
        else About.PROCESS
    )
    reading = site_handbook().on(timezone.localdate(at))
    severity = judge_severity(SeverityFacts(source, kind, None, 1, 0, at), reading)
    due = judge_deadline(ClockFacts(severity.outcome, at), site_handbook().on(timezone.localdate(at)))
    receiver = chance.choice(cast.agents)
    customer: Customer | None = somebody(cast, number, call)
    return Complaint(
        source=source,
        severity=severity.outcome,
        kind=kind,
        customer=customer,
        anonymous=number % 17 == 0,
        words=chance.choice(words_of(settings.PACK)[kind]),
        call=str(call["id"]) if call is not None else "",
        about=what,
        about_staff=about,
        about_team=team_then(about, timezone.localdate(at)),
        first_receiver=receiver,
        handler=receiver,
        responsible=cast.supervisor,
        level="AGENT",
        received_at=at,
        response_due_at=datetime.fromisoformat(due.details["response_due_at"]),
        handling_due_at=datetime.fromisoformat(due.details["handling_due_at"]),
        answer_due_at=datetime.fromisoformat(due.details["answer_due_at"]),
        severity_why=severity.as_json(),
        deadline_why=due.as_json(),
        made_at=at,
    )


def _course(cast: Cast, chance: random.Random, one: Complaint, now: datetime, told: _Told) -> None:
    """What happened to it since; the younger ones have not come far yet."""
    leader = chance.choice(cast.leaders) if cast.leaders else cast.supervisor
    received = one.received_at
    told.steps.append(Step(complaint=one, at=received, kind="received", by=one.first_receiver))
    if one.severity == "grave":
        _grave(cast, one, now, told)
    slow = 1.5 if chance.random() < 0.06 else chance.uniform(0.2, 0.95)
    first = received + timedelta(minutes=chance.randint(6, 100) if slow < 1 else chance.randint(125, 300))
    handled = received + timedelta(hours=max(2.5, slow * 19))
    answered = max(handled + timedelta(minutes=20), received + timedelta(hours=max(3, slow * 23.5)))
    up = received + timedelta(hours=1.4) if chance.random() < 0.3 else None
    moments = [("TEAM_LEADER", up, leader)] if up and up < now else []
    if moments and up and chance.random() < 0.3 and up + timedelta(hours=2) < now:
        moments.append(("SUPERVISOR", up + timedelta(hours=2), cast.supervisor))
    ends = answered if answered < now else None
    at_steps = [("AGENT", received, one.first_receiver), *moments]
    following = [*(since for _level, since, _staff in moments), ends]
    for (level, since, staff), after in zip(at_steps, following, strict=True):
        until = max(after, since) if after else None
        told.stays.append(Stay(complaint=one, level=level, staff=staff, from_at=since, until_at=until))
        one.level, one.handler = level, staff
    for _level, since, staff in moments:
        told.steps.append(Step(complaint=one, at=since, kind="escalated", by=one.first_receiver, text=f"转{staff}处理"))
    if first < now:
        one.responded_at, one.state = first, State.HANDLING
        told.steps.append(Step(complaint=one, at=first, kind="responded", by=one.handler, text=CALLED))
    _verified(cast, chance, one, now, told)
    if handled < now:
        one.handled_at, one.measures = handled, chance.choice(measures_of(settings.PACK))
        told.steps.append(Step(complaint=one, at=handled, kind="handled", by=one.handler, text=one.measures))
    if ends is None:
        return
    one.answered_at, one.state = answered, State.ANSWERED
    one.answer, one.answer_way = "已向您说明处理结果并致歉，感谢反馈。", "phone"
    one.content = chance.choice(("satisfied",) * 6 + ("fair", "fair", "dissatisfied", "unknown"))
    told.steps.append(Step(complaint=one, at=answered, kind="answered", by=one.handler, text=one.answer))
    unverified = one.about in (About.PERSON, About.UNLOCATED) and not one.result
    if answered + timedelta(hours=5) < now and not unverified and one.severity != "grave":
        one.closed_at, one.state = answered + timedelta(hours=4), State.CLOSED
        told.steps.append(Step(complaint=one, at=one.closed_at, kind="closed", by=cast.supervisor))


def _held(cast: Cast, one: Complaint, what: str, now: datetime, told: _Told) -> None:
    """One that is open now: just received, being handled, waiting for the customer, or overdue."""
    told.steps.append(Step(complaint=one, at=one.received_at, kind="received", by=one.first_receiver))
    told.stays.append(Stay(complaint=one, level="AGENT", staff=one.first_receiver, from_at=one.received_at))
    if one.severity == "grave":
        _grave(cast, one, now, told)
    if one.about in (About.PERSON, About.UNLOCATED):
        one.state = State.VERIFYING
        due = one.received_at + timedelta(hours=8)
        told.checks.append(Verification(complaint=one, asked_at=one.received_at, due_at=due))
    if what == "received":
        return
    one.responded_at = one.received_at + timedelta(minutes=12)
    told.steps.append(Step(complaint=one, at=one.responded_at, kind="responded", by=one.handler, text=CALLED))
    if one.state == State.RECEIVED:
        one.state = State.HANDLING
    if what == "paused":
        one.paused_since, one.pauses = one.received_at + timedelta(minutes=15), 1
        reason = "等客户寄回破损照片"
        told.steps.append(Step(complaint=one, at=one.paused_since, kind="paused", by=one.handler, text=reason))
        told.pauses.append(Pause(complaint=one, from_at=one.paused_since, reason=reason, by=one.handler))


def _grave(cast: Cast, one: Complaint, now: datetime, told: _Told) -> None:
    top = [staff for staff in (cast.manager, cast.director) if staff]
    day = timezone.localdate(one.received_at)
    plan = GravePlan(complaint=one, report_due_at=moment(day, 23, 59))
    plan.reported_at, plan.reported_to = one.received_at + timedelta(minutes=1), [staff.code for staff in top]
    told.steps.append(
        Step(complaint=one, at=plan.reported_at, kind="reported", text="、".join(staff.name for staff in top))
    )
    if one.received_at + timedelta(days=2) < now:
        plan.solution, plan.sanction = "由主管上门致歉并当面说明处理结果", "当事人当月质量分扣 5 分，班组通报"
        plan.prevention, plan.made_by = "班前会复核口径，新人上线前加考一次", cast.manager
        plan.made_at, plan.agreed_by = one.received_at + timedelta(hours=6), cast.director
        plan.agreed_at = one.received_at + timedelta(hours=9)
    told.plans.append(plan)


def _verified(cast: Cast, chance: random.Random, one: Complaint, now: datetime, told: _Told) -> None:
    if one.about not in (About.PERSON, About.UNLOCATED):
        return
    check = Verification(complaint=one, asked_at=one.received_at, due_at=one.received_at + timedelta(hours=8))
    at = one.received_at + timedelta(hours=chance.uniform(1, 7.5 if chance.random() < 0.9 else 12))
    told.checks.append(check)
    if at >= now or one.received_at + timedelta(hours=14) > now:
        one.state = State.VERIFYING if one.responded_at is None else one.state
        return
    check.verifier, check.verified_at = cast.trainer, at
    check.evidence = "recording" if one.call else chance.choice(("papers", "none"))
    check.result = chance.choice(("justified", "justified", "partly", "unjustified")) if one.about_staff else "open"
    check.text, one.result = chance.choice(FOUND), check.result
    told.steps.append(Step(complaint=one, at=at, kind="verified", by=cast.trainer, text=check.text, about_person=True))


def _files(cast: Cast, rows: list[Complaint], told: _Told, today: date) -> None:
    """Findings of the verified, the older ones taken into the sum, and needs in every state."""
    checked = {one.complaint_id: one for one in told.checks if one.verified_at}
    findings: list[PersonFinding] = []
    needs: list[TrainingNeed] = []
    for one in rows:
        check = checked.get(one.pk)
        if check is None or one.about_staff is None or check.verified_at is None:
            continue
        fault = one.result in ("justified", "partly")
        old = timezone.localdate(check.verified_at) < today.replace(day=1)
        findings.append(
            PersonFinding(
                complaint=one,
                staff=one.about_staff,
                result=one.result,
                fault=one.kind if fault else "",
                text=check.text,
                points=Decimal(5 if one.severity == "grave" else 2) if fault else None,
                found_by=cast.trainer,
                found_at=check.verified_at,
                collected_by=cast.support if old else None,
                collected_at=moment(today.replace(day=1), 9) if old else None,
            )
        )
        if fault and len(needs) < 18:
            needs.append(_need(cast, one, len(needs), today))
    PersonFinding.objects.bulk_create(findings)
    TrainingNeed.objects.bulk_create(needs)


def _need(cast: Cast, one: Complaint, place: int, today: date) -> TrainingNeed:
    begun = timezone.localdate(one.received_at) + timedelta(days=1)
    state = ("open", "planned", "trained", "passed", "passed", "failed")[place % 6]
    due = begun + timedelta(days=14) if state in ("passed", "trained") else today + timedelta(days=place % 9 - 2)
    return TrainingNeed(
        complaint=one,
        staff=one.about_staff,
        topic={"attitude": "manner", "wrong_word": "product"}.get(one.kind, "process"),
        text={"attitude": "结束语与情绪管理", "wrong_word": "退换货时限口径"}.get(one.kind, "承诺登记与回电流程"),
        state=state,
        due_on=due,
        trained_on=min(today, begun + timedelta(days=6)) if state in ("trained", "passed", "failed") else None,
        retested_on=min(today, begun + timedelta(days=9)) if state in ("passed", "failed") else None,
        score={"passed": Decimal(86), "failed": Decimal(72)}.get(state),
        made_by=cast.trainer,
        made_at=one.received_at + timedelta(hours=9),
    )
