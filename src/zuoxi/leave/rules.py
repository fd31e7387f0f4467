# SPDX-License-Identifier: Apache-2.0
"""Who grants a leave: the pack's ladders, the places of the day, the centre's cap and the month's allowance."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zuoxi.leave.facts import LeaveRouteFacts
from zuoxi.leave.routes import LEAVE_ROUTES, LeaveRoutesBody, RouteBody
from zuoxi.policy.entries import SENTENCES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule
from zuoxi.policy.vocabulary import role_words

_NAME = "leave.route"


@dataclass(slots=True)
class _Draft:
    """The route as it grows; `said` are the keys of what is added to the sentence."""

    approvers: list[str]
    proof: list[str]
    fine: Decimal = Decimal(0)
    missing: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, approver: str) -> None:
        if approver not in self.approvers:
            self.approvers.append(approver)

    def ask_for(self, papers: tuple[str, ...]) -> None:
        self.proof += [one for one in papers if one not in self.proof]


@rule(
    _NAME,
    outcomes=("route", "refused", "unknown"),
    needs=("leave_routes:leave.route",),
    clauses=(
        *("ATT-006", "ATT-007", "ATT-009", "ATT-010", "ATT-011", "ATT-013", "ATT-014", "ATT-015", "ATT-019", "ATT-020"),
        *(
            "ATT-027",
            "ATT-028",
            "ATT-032",
            "ATT-034",
            "ATT-035",
            "ATT-036",
            "SCH-008",
            "PAY-010",
            "PAY-011",
            "PAY-012",
            "VAR-006",
        ),
    ),
)
def judge_route(facts: LeaveRouteFacts, reading: Reading) -> Finding:
    """Who decides in which order, with whom it is filed, what it costs and which papers it takes."""
    body = reading.entry(LEAVE_ROUTES, _NAME)
    route = _route_for(facts, body)
    if route is None:
        return reading.finding(_NAME, "refused", details=_details(_Draft([], []), ()), **_role(facts.applicant))
    reading.note(*route.clauses, gap=route.gap)
    draft = _first_draft(facts, route, body, reading)
    _keep_to_allowance(draft, facts, body, reading)
    _keep_to_quota(draft, facts, body, reading)
    _keep_to_cap(draft, facts, body, reading)
    if draft.missing:
        return reading.unknown(_NAME, draft.missing)
    return reading.finding(_NAME, "route", details=_details(draft, route.filed_with), **_words(draft, facts, reading))


def _route_for(facts: LeaveRouteFacts, body: LeaveRoutesBody) -> RouteBody | None:
    for one in body.routes:
        if one.applicants and facts.applicant not in one.applicants:
            continue
        if not one.kinds or facts.kind in one.kinds:
            return one
    return None


def _first_draft(facts: LeaveRouteFacts, route: RouteBody, body: LeaveRoutesBody, reading: Reading) -> _Draft:
    """The step of the ladder; days between two steps belong to the longer one."""
    step = next(one for one in route.steps if not one.up_to or reading.within(one.up_to, facts.days))
    reading.note(*step.clauses)
    draft = _Draft(list(step.approvers), [])
    for papers in body.papers:
        if facts.kind in papers.kinds and not (papers.beyond and reading.within(papers.beyond, facts.days)):
            reading.note(*papers.clauses, gap=papers.gap)
            draft.ask_for(papers.proof)
    draft.ask_for(step.proof)
    return draft


def _keep_to_allowance(draft: _Draft, facts: LeaveRouteFacts, body: LeaveRoutesBody, reading: Reading) -> None:
    if (allowance := body.allowance) is None:
        return
    if facts.taken_this_month is None:
        draft.missing.append("taken_this_month")
        return
    reading.note(*allowance.clauses, gap=allowance.gap)
    granted = reading.figure(allowance.figure)
    total = facts.taken_this_month + facts.days
    if granted.within(total):
        return
    if not any(one in allowance.covered_by for one in draft.approvers):
        draft.add(allowance.adds)
    draft.ask_for(allowance.proof)
    if allowance.fine_yuan_each_day:
        over = total - max(granted.value, facts.taken_this_month)
        draft.fine += over * reading.number(allowance.fine_yuan_each_day)
    draft.said.append("allowance")


def _keep_to_quota(draft: _Draft, facts: LeaveRouteFacts, body: LeaveRoutesBody, reading: Reading) -> None:
    quota = body.quota
    if quota is None:
        return
    covered = any(one in quota.covered_by for one in draft.approvers)
    if covered and not quota.fine_yuan:
        return
    if facts.granted_today is None:
        draft.missing.append("granted_today")
        return
    reading.note(*quota.clauses, gap=quota.gap)
    if not reading.beyond(quota.figure, facts.granted_today):
        return
    if not covered:
        draft.add(quota.adds)
    if quota.fine_yuan:
        draft.fine += reading.number(quota.fine_yuan)
    draft.said.append("quota")


def _keep_to_cap(draft: _Draft, facts: LeaveRouteFacts, body: LeaveRoutesBody, reading: Reading) -> None:
    cap = body.cap
    if cap is None or cap.replaced not in draft.approvers:
        return
    if facts.centre_on_leave is None:
        draft.missing.append("centre_on_leave")
        return
    reading.note(*cap.clauses, gap=cap.gap)
    if reading.beyond(cap.figure, facts.centre_on_leave):
        place = draft.approvers.index(cap.replaced)
        rest = [one for one in draft.approvers if one != cap.replaced]
        draft.approvers = rest if cap.by in rest else [*rest[:place], cap.by, *rest[place:]]
        draft.said.append("cap")


def _details(draft: _Draft, filed_with: tuple[str, ...]) -> dict[str, Any]:
    return {
        "approvers": draft.approvers,
        "filed_with": list(filed_with),
        "fine_yuan": as_text(draft.fine),
        "proof": draft.proof,
    }


def _role(code: str) -> dict[str, str]:
    title = role_words()[code].title
    return {"role_zh": title.zh, "role_en": title.en}


def _words(draft: _Draft, facts: LeaveRouteFacts, reading: Reading) -> dict[str, str]:
    """What the sentence names, each in both languages."""
    titles = [role_words()[one].title for one in draft.approvers]
    kind = reading.handbook.entry(SENTENCES, f"{_NAME}.kind.{facts.kind}")
    added = [reading.handbook.entry(SENTENCES, f"{_NAME}.part.{one}") for one in draft.said]
    fine = as_text(draft.fine)
    return {
        "kind_zh": kind.zh,
        "kind_en": kind.en,
        "days": as_text(facts.days),
        "chain_zh": "→".join(one.zh for one in titles),
        "chain_en": " → ".join(one.en for one in titles),
        "added_zh": "".join(one.zh.format(fine=fine) for one in added),
        "added_en": "".join(one.en.format(fine=fine) for one in added),
    }


__all__ = ["judge_route"]
