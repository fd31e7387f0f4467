# SPDX-License-Identifier: Apache-2.0
"""Judgements on tickets: until when a service has to be done, and whether reported sums add up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.tickets.clock import Pause
from zuoxi.tickets.facts import (
    CloseFacts,
    DeadlineFacts,
    EscalationFacts,
    ExtensionFacts,
    IntakeFacts,
    JointFacts,
    PapersFacts,
    RepairTotalFacts,
)
from zuoxi.tickets.handbook import DEADLINES, SERVICE
from zuoxi.tickets.opening import due_by

_INTAKE = ("reason", "name", "organisation", "contact")  # in the order of the figure intake.must_state


@rule(
    "service.deadline",
    outcomes=("due",),
    needs=("deadlines:service.deadline",),
    clauses=(
        "CUS-007",
        "CUS-009",
        "CUS-012",
        "CUS-014",
        "CUS-018",
        "CUS-020",
        "VAR-003",
        "VAR-007",
        "VAR-009",
        "VAR-013",
    ),
    day="received_at",
)
def judge_deadline(facts: DeadlineFacts, reading: Reading) -> Finding:
    """When the service has to be done, by the pack's working days. A kind that the pack does not know is refused."""
    return deadline_with_pauses(facts, reading, ())


def deadline_with_pauses(
    facts: DeadlineFacts, reading: Reading, pauses: Iterable[Pause], entry: str = SERVICE
) -> Finding:
    """The same for a service that waited meanwhile; `due_at` is None while it still waits. `entry`: which deadlines."""
    body = reading.entry(DEADLINES, entry)
    kind = body.of(facts.kind)
    if kind is None:
        raise Impossible("kind", f"this pack knows {', '.join(one.kind for one in body.kinds)}")
    reading.note(*kind.clauses, gap=kind.gap)
    received = reading.local(facts.received_at)
    due = due_by(kind, received, reading, pauses)
    return reading.finding(
        "service.deadline",
        "due",
        details={"due_at": due.isoformat() if due else None},
        zh=kind.label.zh,
        en=kind.label.en,
        received=f"{received:%Y-%m-%d %H:%M}",
        due=f"{due:%Y-%m-%d %H:%M}" if due else "—",
    )


@rule(
    "repairs.total",
    outcomes=("adds_up", "differs"),
    needs=("figures:repairs.total.checked",),
    clauses=("CUS-019", "VAR-009"),
)
def judge_repair_total(facts: RepairTotalFacts, reading: Reading) -> Finding:
    """The total from its parts; a reported one that differs is marked and has to be explained (C-36)."""
    reading.flag("repairs.total.checked")
    total = facts.hotline + facts.own_inspection
    differs = facts.reported_total is not None and facts.reported_total != total
    return reading.finding(
        "repairs.total",
        "differs" if differs else "adds_up",
        details={"total": total, "reported_total": facts.reported_total},
        hotline=facts.hotline,
        own=facts.own_inspection,
        total=total,
        reported=facts.reported_total,
    )


@rule(
    "ticket.close",
    outcomes=("allowed", "refused"),
    needs=("figures:ticket.answer_required",),
    clauses=("CUS-010", "ORG-032"),
)
def judge_close(facts: CloseFacts, reading: Reading) -> Finding:
    """A ticket ends with an answer to the customer, where the pack says so."""
    unanswered = reading.flag("ticket.answer_required") and facts.answered_at is None
    return reading.finding("ticket.close", "refused" if unanswered else "allowed")


@rule(
    "intake.complete",
    outcomes=("complete", "incomplete"),
    needs=("figures:intake.must_state", "figures:intake.promise_required"),
    clauses=("CALL-024", "CUS-004"),
)
def judge_intake(facts: IntakeFacts, reading: Reading) -> Finding:
    """What has to stand in the record of a request that could not be settled at once."""
    names = dict(zip(_INTAKE, reading.words("intake.must_state"), strict=True))
    missing = [name for name in _INTAKE if not getattr(facts, name).strip()]
    said = [names[name] for name in missing]
    if reading.flag("intake.promise_required") and facts.promised_by is None:
        missing.append("promised_by")
        said.append("答复期限")
    return reading.finding(
        "intake.complete",
        "incomplete" if missing else "complete",
        details={"missing": missing},
        zh="、".join(said),
        en=", ".join(missing),
    )


@rule(
    "ticket.escalation",
    outcomes=("in_time", "near", "breached"),
    needs=("figures:ticket.warn.used_percent", "figures:ticket.ladder.first"),
    clauses=("CUS-012", "CUS-013", "CUS-018"),
    day="now",
)
def judge_escalation(facts: EscalationFacts, reading: Reading) -> Finding:
    """How near a running time is to its end, and who has to know: `level` 0 nobody, 1 who works on it, 2 and up the
    ladder of the pack."""
    started, due, now = (reading.local(one) for one in (facts.started_at, facts.due_at, facts.now))
    late = now - due
    if late >= timedelta(0):
        level, to = 2, reading.words("ticket.ladder.first")
        minutes = Decimal(int(late.total_seconds())) / 60
        for step, figure in enumerate(("second", "third"), start=3):
            if reading.beyond(f"ticket.ladder.{figure}_after_minutes", minutes):
                level, to = step, reading.words(f"ticket.ladder.{figure}")
        return reading.finding(
            "ticket.escalation",
            "breached",
            details={"level": level, "to": list(to), "late_minutes": int(minutes)},
            minutes=int(minutes),
        )
    whole = (due - started).total_seconds()
    used = Decimal(100) if whole <= 0 else Decimal((now - started).total_seconds() / whole * 100)
    near = reading.beyond("ticket.warn.used_percent", used)
    left = int(-late.total_seconds() // 60)
    return reading.finding(
        "ticket.escalation",
        "near" if near else "in_time",
        details={"level": int(near), "to": [], "left_minutes": left},
        minutes=left,
    )


@rule(
    "papers.notice",
    outcomes=("first", "allowed", "violation", "unknown"),
    needs=("figures:papers.notices",),
    clauses=("CUS-006",),
)
def judge_papers_notice(facts: PapersFacts, reading: Reading) -> Finding:
    """Whether asking an applicant for more papers is the one notice he gets, or a breach of it."""
    if reading.within("papers.notices", facts.turn):
        return reading.finding("papers.notice", "first", turn=facts.turn)
    if facts.law_changed is None:
        return reading.unknown("papers.notice", ["law_changed"])
    return reading.finding("papers.notice", "allowed" if facts.law_changed else "violation", turn=facts.turn)


@rule(
    "ticket.extension",
    outcomes=("granted", "granted_late", "refused"),
    needs=("figures:ticket.extension.before_due",),
    clauses=("CUS-013",),
)
def judge_extension(facts: ExtensionFacts, reading: Reading) -> Finding:
    """More time needs a reason, told to the customer and to the leader, before the time is up."""
    missing = []
    if not facts.reason.strip():
        missing.append(("原因", "the reason"))
    if not facts.told_customer:
        missing.append(("已向来电人说明", "that the customer was told"))
    if not facts.told_leader:
        missing.append(("已报领导", "that the leader knows"))
    late = reading.flag("ticket.extension.before_due") and reading.local(facts.asked_at) > reading.local(facts.due_at)
    outcome = "refused" if missing else "granted_late" if late else "granted"
    return reading.finding(
        "ticket.extension",
        outcome,
        zh="、".join(zh for zh, _en in missing),
        en=", ".join(en for _zh, en in missing),
    )


@rule(
    "service.joint",
    outcomes=("single", "joint"),
    needs=("figures:service.agency.joint_from_matters",),
    clauses=("CUS-009", "CUS-026"),
)
def judge_joint(facts: JointFacts, reading: Reading) -> Finding:
    """Whether one agent has to see several matters of a person through together."""
    joint = reading.beyond("service.agency.joint_from_matters", facts.matters)
    return reading.finding("service.joint", "joint" if joint else "single", matters=facts.matters)
