# SPDX-License-Identifier: Apache-2.0
"""Judgements on surveys and counts: rates worked out from their rows, never typed. On single calls: `call_rules`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from zuoxi.followups import call_rules
from zuoxi.followups.facts import FunnelFacts, KeptFacts, OthersFacts, ReachedFacts, SatisfactionFacts
from zuoxi.policy.findings import UNKNOWN, Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule

__all__ = ["call_rules", "judge_funnel", "judge_kept", "judge_others", "judge_reached", "judge_satisfaction"]


@rule(
    "survey.satisfaction",
    outcomes=("rate", "differs", UNKNOWN),
    needs=("figures:survey.satisfaction.decimals",),
    clauses=("FUP-006", "FUP-008", "VAR-008"),
)
def judge_satisfaction(facts: SatisfactionFacts, reading: Reading) -> Finding:
    """The rate from the answers, never typed; one that was typed and does not agree is shown as differing (C-24)."""
    answers = facts.satisfied + facts.fairly_satisfied + facts.dissatisfied
    if not answers:
        return reading.unknown("survey.satisfaction", ("satisfied", "fairly_satisfied", "dissatisfied"))
    step = Decimal(1).scaleb(-reading.whole("survey.satisfaction.decimals"))
    rate = _percent(facts.satisfied, answers, step)
    details = {
        "rate_percent": as_text(rate),
        "with_fairly_percent": as_text(_percent(facts.satisfied + facts.fairly_satisfied, answers, step)),
        "answers": answers,
        "stated_percent": None if facts.stated_percent is None else as_text(facts.stated_percent),
    }
    differs = facts.stated_percent is not None and not _agrees(facts.stated_percent, facts.satisfied, answers)
    stated = "" if facts.stated_percent is None else as_text(facts.stated_percent)
    outcome = "differs" if differs else "rate"
    return reading.finding(
        "survey.satisfaction", outcome, details=details, rate=as_text(rate), stated=stated, answers=answers
    )


def _percent(part: int, whole: int, step: Decimal) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(step, ROUND_HALF_UP)


def _agrees(stated: Decimal, part: int, whole: int) -> bool:
    """Whether the rate, rounded as the stated one is, is the stated one."""
    exponent = stated.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return _percent(part, whole, step) == stated


def _share(part: int, whole: int, reading: Reading) -> str | None:
    """Per cent as text; None where there is nothing to divide by."""
    step = Decimal(1).scaleb(-reading.whole("survey.satisfaction.decimals"))
    return as_text(_percent(part, whole, step)) if whole else None


@rule(
    "followup.rate",
    outcomes=("rate", "exceeds", UNKNOWN),
    needs=("figures:survey.satisfaction.decimals",),
    clauses=("FUP-008", "FUP-013"),
)
def judge_reached(facts: ReachedFacts, reading: Reading) -> Finding:
    """People reached of those to be called; more of them than there were to call is no rate but a mistake (C-24)."""
    reading.note("FUP-008", "FUP-013")
    if not facts.due:
        return reading.unknown("followup.rate", ("due",))
    details = {"rate_percent": _share(facts.reached, facts.due, reading), "reached": facts.reached, "due": facts.due}
    if facts.reached > facts.due:
        details["rate_percent"] = None
        return reading.finding("followup.rate", "exceeds", details=details, reached=facts.reached, due=facts.due)
    rate = details["rate_percent"]
    return reading.finding("followup.rate", "rate", details=details, rate=rate, reached=facts.reached, due=facts.due)


@rule(
    "refusal.others",
    outcomes=("within", "refine", UNKNOWN),
    needs=("figures:refusal.other_percent", "figures:survey.satisfaction.decimals"),
    clauses=("ORD-010",),
)
def judge_others(facts: OthersFacts, reading: Reading) -> Finding:
    """Whether so many refusals say "other" that the list of reasons has to be made finer."""
    reading.note("ORD-010")
    if not facts.total:
        return reading.unknown("refusal.others", ("total",))
    share = Decimal(facts.others) * 100 / facts.total
    outcome = "refine" if reading.beyond("refusal.other_percent", share) else "within"
    said = _share(facts.others, facts.total, reading)
    limit = reading.figure("refusal.other_percent").text
    return reading.finding("refusal.others", outcome, details={"share_percent": said}, share=said, limit=limit)


@rule(
    "checkup.funnel",
    outcomes=("rates",),
    needs=("figures:checkup.funnel", "figures:survey.satisfaction.decimals"),
    clauses=("CUS-023", "FUP-014"),
)
def judge_funnel(facts: FunnelFacts, reading: Reading) -> Finding:
    """Each step of the check-ups as a share of the one before; of nothing there is no share."""
    steps = reading.words("checkup.funnel")
    details = {
        "positive_percent": _share(facts.positive, facts.checked, reading),
        "followed_percent": _share(facts.followed, facts.positive, reading),
        "came_percent": _share(facts.came, facts.followed, reading),
        "came_of_positive_percent": _share(facts.came, facts.positive, reading),
    }
    counts = (facts.checked, facts.positive, facts.followed, facts.came)
    zh = "，".join(f"{step} {count}" for step, count in zip(steps, counts, strict=False))
    return reading.finding(
        "checkup.funnel", "rates", details=details, zh=zh, en=" → ".join(str(count) for count in counts)
    )


@rule(
    "appointment.kept",
    outcomes=("reached", "below", UNKNOWN),
    needs=("figures:appointment.kept_percent", "figures:survey.satisfaction.decimals"),
    clauses=("FUP-012",),
)
def judge_kept(facts: KeptFacts, reading: Reading) -> Finding:
    """Appointments kept, against what the rules ask."""
    reading.note("FUP-012")
    if not facts.booked:
        return reading.unknown("appointment.kept", ("booked",))
    asked = reading.figure("appointment.kept_percent")
    outcome = "reached" if Decimal(facts.came) * 100 / facts.booked >= asked.value else "below"
    said = _share(facts.came, facts.booked, reading)
    details = {"rate_percent": said, "came": facts.came, "booked": facts.booked}
    return reading.finding(
        "appointment.kept", outcome, details=details, rate=said, asked=asked.text, came=facts.came, booked=facts.booked
    )
