# SPDX-License-Identifier: Apache-2.0
"""Judgements on complaints: how grave, until when, when it goes up, whether clocks may stand, whether it may end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from zuoxi.complaints.facts import ClockFacts, CloseFacts, PauseFacts, SeverityFacts, StageFacts
from zuoxi.complaints.handbook import COMPLAINT_KINDS
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.policy.vocabulary import role_words

_END_OF_DAY = time(23, 59, 59)
_SEVERITIES = ("ordinary", "grave")
# What may make a complaint grave, in the words of the sentence.
_GROUNDS = {
    "source": ("来自媒体、监管或司法途径", "it came by the media, an authority or a court"),
    "kind": ("属严重违规事项", "the matter is a grave violation by itself"),
    "claim": ("索赔金额达到标准", "the claim reaches the limit"),
    "people": ("群体投诉", "several people complain of it"),
    "escalations": ("已二次升级", "it has gone up twice"),
}


@rule(
    "complaint.severity",
    outcomes=("ordinary", "grave"),
    needs=(
        "figures:complaint.grave.sources",
        "figures:complaint.grave.claim_yuan",
        "figures:complaint.grave.people",
        "figures:complaint.grave.escalations",
    ),
    clauses=("CMP-006", "ORG-014"),
    day="received_at",
)
def judge_severity(facts: SeverityFacts, reading: Reading) -> Finding:
    """Grave by where it came from, by its kind, by money, by numbers or by a second escalation; one is enough."""
    kind = reading.handbook.entries(COMPLAINT_KINDS).get(facts.kind)
    if kind is None:
        raise Impossible("kind", f"this pack knows {', '.join(reading.handbook.entries(COMPLAINT_KINDS))}")
    grounds = [
        name
        for name, met in (
            ("source", facts.source in reading.words("complaint.grave.sources")),
            ("kind", kind.grave),
            (
                "claim",
                facts.claim_yuan is not None and reading.beyond("complaint.grave.claim_yuan", facts.claim_yuan),
            ),
            ("people", reading.beyond("complaint.grave.people", facts.people)),
            ("escalations", reading.beyond("complaint.grave.escalations", facts.escalations)),
        )
        if met
    ]
    reading.note(*kind.clauses)
    received = reading.local(facts.received_at)
    report = datetime.combine(received.date(), _END_OF_DAY, received.tzinfo)
    return reading.finding(
        "complaint.severity",
        "grave" if grounds else "ordinary",
        details={"grounds": grounds, "report_due_at": report.isoformat() if grounds else None},
        zh="、".join(_GROUNDS[name][0] for name in grounds),
        en=", ".join(_GROUNDS[name][1] for name in grounds),
    )


@rule(
    "complaint.deadline",
    outcomes=("due",),
    needs=(
        "figures:complaint.first_response_hours",
        "figures:complaint.handling_hours",
        "figures:complaint.closed_hours",
        "figures:complaint.grave.first_response_hours",
    ),
    clauses=("CMP-002", "CMP-007"),
    day="received_at",
)
def judge_deadline(facts: ClockFacts, reading: Reading) -> Finding:
    """The three clocks: first response, handling, answer to the customer. Hours by the clock, days off counted."""
    if facts.severity not in _SEVERITIES:
        raise Impossible("severity", f"must be one of {', '.join(_SEVERITIES)}")
    received = reading.local(facts.received_at)
    first = "complaint.grave.first_response_hours" if facts.severity == "grave" else "complaint.first_response_hours"
    due = {
        name: received + timedelta(hours=float(reading.number(key)))
        for name, key in (
            ("response", first),
            ("handling", "complaint.handling_hours"),
            ("answer", "complaint.closed_hours"),
        )
    }
    said = {name: f"{moment:%m-%d %H:%M}" for name, moment in due.items()}
    return reading.finding(
        "complaint.deadline",
        "due",
        details={f"{name}_due_at": moment.isoformat() for name, moment in due.items()},
        **said,
    )


@rule(
    "complaint.escalation",
    outcomes=("stays", "escalate", "top"),
    needs=("figures:complaint.chain", "figures:complaint.stage_hours"),
    clauses=("CMP-003", "ORG-018", "ORG-019"),
    day="now",
)
def judge_escalation(facts: StageFacts, reading: Reading) -> Finding:
    """Whether it has been too long at its step, and which step is next; at the last step it stays and is told."""
    chain = reading.words("complaint.chain")
    if facts.level not in chain:
        raise Impossible("level", f"the chain is {', '.join(chain)}")
    minutes = Decimal(int((facts.now - facts.since).total_seconds())) / 60 - facts.paused_minutes
    hours = max(Decimal(0), minutes) / 60
    place = chain.index(facts.level)
    above = chain[place + 1] if place + 1 < len(chain) else ""
    late = reading.beyond("complaint.stage_hours", hours)
    outcome = "stays" if not late else "escalate" if above else "top"
    words = role_words()
    return reading.finding(
        "complaint.escalation",
        outcome,
        details={"to": above if outcome == "escalate" else None, "hours": f"{hours:.2f}"},
        hours=f"{hours:.1f}",
        limit=reading.figure("complaint.stage_hours").text,
        here_zh=words[facts.level].title.zh,
        here_en=words[facts.level].title.en,
        zh=words[above].title.zh if above else "",
        en=words[above].title.en if above else "",
    )


@rule(
    "complaint.pause",
    outcomes=("allowed", "refused"),
    needs=("figures:complaint.pauses.most",),
    clauses=("CMP-002",),
)
def judge_pause(facts: PauseFacts, reading: Reading) -> Finding:
    """The clocks stand only for the customer, and not more often than the figure says."""
    most = reading.figure("complaint.pauses.most")
    if not facts.waits_for_customer:
        return reading.finding("complaint.pause", "refused", say="own_reason")
    allowed = most.within(facts.pauses + 1)
    return reading.finding("complaint.pause", "allowed" if allowed else "refused", nth=facts.pauses + 1, most=most.text)


@rule(
    "complaint.close",
    outcomes=("allowed", "refused"),
    needs=("figures:complaint.answer_required", "figures:complaint.verify_persons", "figures:complaint.grave.plan"),
    clauses=("CMP-004", "CMP-006", "CMP-007"),
)
def judge_close(facts: CloseFacts, reading: Reading) -> Finding:
    """It ends with an answer to the customer; about a person with verifying; a grave one with its plan."""
    missing: dict[str, tuple[str, str]] = {}
    if reading.flag("complaint.answer_required") and facts.answered_at is None:
        missing["answer"] = ("尚未答复客户", "the customer has not been answered")
    if facts.about_person and reading.flag("complaint.verify_persons") and facts.verified_at is None:
        missing["verification"] = ("培训师尚未核实", "no trainer has verified it")
    if facts.severity == "grave" and reading.flag("complaint.grave.plan") and facts.plan_agreed_at is None:
        missing["plan"] = ("重大投诉方案尚未同意", "the plan of a grave complaint is not agreed")
    return reading.finding(
        "complaint.close",
        "refused" if missing else "allowed",
        details={"missing": list(missing)},
        zh="；".join(zh for zh, _en in missing.values()),
        en="; ".join(en for _zh, en in missing.values()),
    )
