# SPDX-License-Identifier: Apache-2.0
"""Judgements on moving people: facts and the handbook of the day give a finding. No clock, no database."""

from __future__ import annotations

from datetime import timedelta

from zuoxi.approvals.facts import LeavingFacts, LiveFacts, MoveFacts
from zuoxi.policy.entries import SENTENCES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule

NO_NOTICE = ("expelled", "abandoned")


@rule(
    "people.move",
    outcomes=("in_department", "cross_department", "on_trial", "by_manager", "by_director", "refused"),
    needs=("figures:people.move.approvers", "figures:people.move.cross_approvers"),
    clauses=("ORG-023", "ORG-024", "ORG-025", "ORG-027", "ORG-028"),
    day="asked_on",
)
def judge_move(facts: MoveFacts, reading: Reading) -> Finding:
    """Who signs a move. An effective day before the request could only be before the signature: refused (ORG-023)."""
    if facts.effective_on < facts.asked_on:
        reading.note("ORG-023")
        return reading.finding("people.move", "refused", say="before_signature", day=facts.effective_on)
    if facts.asked_by == "manager" and not facts.written:
        reading.note("ORG-025")
        return reading.finding("people.move", "refused", say="not_written")
    outcome = _way_of(facts)
    words = reading.words(_APPROVERS[outcome])
    return reading.finding("people.move", outcome, details={"approvers": list(words)})


def _way_of(facts: MoveFacts) -> str:
    if facts.asked_by in ("director", "hr"):
        return "by_director"
    if facts.asked_by == "manager":
        return "by_manager"
    if facts.crosses_departments:
        return "cross_department"
    return "on_trial" if facts.trial else "in_department"


_APPROVERS = {
    "in_department": "people.move.approvers",
    "on_trial": "people.move.trial_approvers",
    "by_manager": "people.move.manager_approvers",
    "by_director": "people.move.director_approvers",
    "cross_department": "people.move.cross_approvers",
}


@rule(
    "people.leaving",
    outcomes=("notice_kept", "no_notice_needed", "refused"),
    needs=("figures:people.leaving.notice_days",),
    clauses=("ATT-017",),
)
def judge_leaving(facts: LeavingFacts, reading: Reading) -> Finding:
    """Whether the notice is kept; nobody waits for it where somebody is expelled or stayed away."""
    words = list(reading.words("people.leaving.approvers"))
    if facts.ground in NO_NOTICE:
        return reading.finding("people.leaving", "no_notice_needed", details={"approvers": words})
    days = reading.whole("people.leaving.notice_days")
    earliest = (facts.notice_on or facts.leaves_on) + timedelta(days=days)
    if facts.notice_on is None or facts.leaves_on < earliest:
        return reading.finding("people.leaving", "refused", earliest=earliest, days=days)
    return reading.finding("people.leaving", "notice_kept", details={"approvers": words}, days=days)


@rule(
    "people.go_live",
    outcomes=("cleared", "not_cleared"),
    needs=("figures:people.go_live.gates",),
    clauses=("ORG-036",),
)
def judge_go_live(facts: LiveFacts, reading: Reading) -> Finding:
    """Whether somebody may sign in to calls: every gate that the pack names has been passed."""
    missing = [gate for gate in reading.words("people.go_live.gates") if gate not in facts.passed]
    if missing:
        names = [reading.handbook.entry(SENTENCES, f"people.gate.{gate}") for gate in missing]
        words = {"zh": "、".join(one.zh for one in names), "en": ", ".join(one.en for one in names)}
        return reading.finding("people.go_live", "not_cleared", details={"missing": missing}, **words)
    return reading.finding("people.go_live", "cleared")
