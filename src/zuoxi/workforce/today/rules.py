# SPDX-License-Identifier: Apache-2.0
"""How many people a half hour of one queue takes, with the figures it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zuoxi.policy import facts as must
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.workforce.intraday import requirement
from zuoxi.workforce.today.terms import terms_of


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """Calls of a queue in so many minutes, their mean handling time, and the queue's target.

    `trainee_percent` of those who serve it are still new.
    """

    calls: Decimal
    aht_seconds: Decimal
    interval_minutes: int
    target_percent: Decimal
    target_seconds: Decimal
    trainee_percent: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("calls", self.calls)
        must.must_be_positive("aht_seconds", self.aht_seconds)
        must.must_be_positive("interval_minutes", self.interval_minutes)
        must.must_not_be_negative("target_seconds", self.target_seconds)
        if not 0 < self.target_percent < 100:
            raise Impossible("target_percent", "lies above 0 and below 100")
        if not 0 <= self.trainee_percent <= 100:
            raise Impossible("trainee_percent", "lies from 0 to 100")


@rule(
    "staffing.requirement",
    outcomes=("needed", "nobody"),
    needs=("figures:staffing.patience_seconds", "figures:staffing.occupancy_maximum"),
    clauses=("SCH-001", "CALL-023"),
)
def judge_requirement(facts: RequirementFacts, reading: Reading) -> Finding:
    """Agents by Erlang A with the pack's patience and highest occupancy, people after what is lost by cause."""
    terms = terms_of(reading)
    reading.note("SCH-001", "CALL-023")
    handle = requirement.slowed(float(facts.aht_seconds), float(facts.trainee_percent) / 100, terms.trainee_factor)
    wanted = requirement.Terms(
        float(facts.target_percent) / 100, float(facts.target_seconds), terms.patience, terms.occupancy
    )
    found = requirement.by_slot(float(facts.calls), handle, facts.interval_minutes * 60, wanted)
    agents = int(found.agents)
    people = int(requirement.positions(agents, terms.lost))
    details: dict[str, Any] = {
        "agents": agents,
        "people": people,
        "service_percent": f"{float(found.service_level) * 100:.1f}",
        "occupancy_percent": f"{float(found.occupancy) * 100:.1f}",
    }
    lost = f"{terms.lost_in_all * 100:g}"
    words: dict[str, Any] = {
        "calls": f"{facts.calls.normalize():f}",
        "handle": f"{float(handle):.0f}",
        "lost": lost,
    } | details
    return reading.finding("staffing.requirement", "needed" if agents else "nobody", details=details, **words)
