# SPDX-License-Identifier: Apache-2.0
"""Judgements on customers: whether a number may be called."""

from __future__ import annotations

from zuoxi.customers.facts import MayCallFacts
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule

PURPOSES = ("service", "offers", "survey")
ALLOWED, DO_NOT_CALL, NO_CONSENT = "allowed", "do_not_call", "no_consent"


@rule(
    "customers.may_call",
    outcomes=(ALLOWED, DO_NOT_CALL, NO_CONSENT),
    needs=("figures:customers.consent.needed_for",),
    clauses=(),
    day="called_on",
    protects=True,
)
def judge_may_call(facts: MayCallFacts, reading: Reading) -> Finding:
    """A standing wish not to be called comes first; then whether this purpose needs a consent that was given."""
    if facts.purpose not in PURPOSES:
        raise Impossible("purpose", f"one of {', '.join(PURPOSES)}")
    if facts.consent not in (None, "given", "withdrawn"):
        raise Impossible("consent", "given, withdrawn or null")
    needed = facts.purpose in reading.words("customers.consent.needed_for")
    if facts.barred is not None:
        return _finding(reading, DO_NOT_CALL, f"do_not_call_{facts.barred}")
    if facts.consent == "withdrawn" and facts.purpose != "service":
        return _finding(reading, NO_CONSENT, "withdrawn")
    if needed and facts.consent != "given":
        return _finding(reading, NO_CONSENT, "not_given")
    return _finding(reading, ALLOWED, "consented" if facts.consent == "given" else "allowed")


def _finding(reading: Reading, outcome: str, say: str) -> Finding:
    return reading.finding("customers.may_call", outcome, say=say)
