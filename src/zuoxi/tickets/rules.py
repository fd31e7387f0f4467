# SPDX-License-Identifier: Apache-2.0
"""Judgements on tickets: until when a service has to be done, and whether reported sums add up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.tickets.facts import CloseFacts, DeadlineFacts, IntakeFacts, RepairTotalFacts
from zuoxi.tickets.handbook import DEADLINES, DeadlineBody

_END_OF_DAY = time(23, 59, 59)
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
    body = reading.entry(DEADLINES, "service.deadline")
    kind = body.of(facts.kind)
    if kind is None:
        raise Impossible("kind", f"this pack knows {', '.join(one.kind for one in body.kinds)}")
    reading.note(*kind.clauses, gap=kind.gap)
    received = reading.local(facts.received_at)
    due = _due(received, kind, reading)
    return reading.finding(
        "service.deadline",
        "due",
        details={"due_at": due.isoformat()},
        zh=kind.label.zh,
        en=kind.label.en,
        received=f"{received:%Y-%m-%d %H:%M}",
        due=f"{due:%Y-%m-%d %H:%M}",
    )


def _due(received: datetime, kind: DeadlineBody, reading: Reading) -> datetime:
    if kind.counts == "same_day":
        return datetime.combine(received.date(), _END_OF_DAY, received.tzinfo)
    if kind.counts == "working_days":
        last = calendar_of(reading.handbook).add_working_days(received.date(), reading.whole(kind.within))
        return datetime.combine(last, _END_OF_DAY, received.tzinfo)
    amount = float(reading.number(kind.within))
    return received + (timedelta(hours=amount) if kind.counts == "hours" else timedelta(minutes=amount))


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
