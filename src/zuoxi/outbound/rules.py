# SPDX-License-Identifier: Apache-2.0
"""Judgements on outbound calls: the day's target, and what a follow-up of a prospect must say."""

from __future__ import annotations

from datetime import date

from zuoxi.outbound import dial_rules  # noqa: F401 - registers its judgements
from zuoxi.outbound.facts import FollowUpFacts, ShortfallFacts, TargetFacts
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import rule

_FOLLOW_UP = ("contact", "phone", "content")  # in the order of the figure followup.must_state


@rule(
    "telesales.target",
    outcomes=("target",),
    needs=(
        "figures:telesales.target.calls",
        "figures:telesales.target.newcomer_calls",
        "figures:telesales.target.newcomer_days",
    ),
    clauses=("CALL-017", "VAR-002"),
    day="on",
)
def judge_target(facts: TargetFacts, reading: Reading) -> Finding:
    """Effective calls that the day asks for; half a month is so many calendar days, and then the full number holds."""
    days, settled, calls = _target(facts.joined_on, facts.on, reading)
    return reading.finding(
        "telesales.target",
        "target",
        details={"calls": calls},
        say="settled" if settled else "newcomer",
        days=days,
        calls=calls,
    )


def _target(joined_on: date, on: date, reading: Reading) -> tuple[int, bool, int]:
    """Days since joining, whether half a month is over, and the calls asked."""
    days = (on - joined_on).days
    settled = reading.beyond("telesales.target.newcomer_days", days)
    return days, settled, reading.whole("telesales.target.calls" if settled else "telesales.target.newcomer_calls")


@rule(
    "telesales.shortfall",
    outcomes=("met", "stay"),
    needs=("figures:telesales.target.calls", "figures:telesales.shortfall.supervised_by"),
    clauses=("CALL-018",),
    day="on",
)
def judge_shortfall(facts: ShortfallFacts, reading: Reading) -> Finding:
    """Whether somebody stays until the day's calls are made, and who watches over it (C-14)."""
    _days, _settled, calls = _target(facts.joined_on, facts.on, reading)
    missing = max(calls - facts.effective_calls, 0)
    by = list(reading.words("telesales.shortfall.supervised_by"))
    return reading.finding(
        "telesales.shortfall",
        "stay" if missing else "met",
        details={"missing": missing, "supervised_by": by if missing else []},
        done=facts.effective_calls,
        calls=calls,
        missing=missing,
    )


@rule(
    "followup.complete",
    outcomes=("complete", "incomplete"),
    needs=("figures:followup.must_state",),
    clauses=("CALL-019", "CUS-003"),
)
def judge_follow_up(facts: FollowUpFacts, reading: Reading) -> Finding:
    """A follow-up names whom, by which number, and what was said."""
    stated = dict(zip(_FOLLOW_UP, reading.words("followup.must_state"), strict=True))
    missing = [name for name in _FOLLOW_UP if not getattr(facts, name).strip()]
    return reading.finding(
        "followup.complete",
        "incomplete" if missing else "complete",
        details={"missing": missing},
        zh="、".join(stated[name] for name in missing),
        en=", ".join(missing),
    )
