# SPDX-License-Identifier: Apache-2.0
"""Judgements of permits, signing out, leaving the floor, patrols, meetings and faults. Pure, as all rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from zuoxi.floor.handbook import PERMITS, VIOLATIONS, ViolationBody
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule
from zuoxi.policy.vocabulary import role_words


def _in_both(chinese: Finding, english: Finding) -> Finding:
    """The finding whose sentence names things in each language's own words."""
    return replace(chinese, why=Why(chinese.why.zh, english.why.en))


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """Who is to give a permit of the kind; `positions` are the codes of his posts, comma between them."""

    kind: str
    positions: str


@rule("floor.permit", outcomes=("allowed", "refused"), needs=("why:floor.permit.refused",),
      clauses=("CALL-015", "CALL-016"))  # fmt: skip
def judge_permit(facts: PermitFacts, reading: Reading) -> Finding:
    """Whether this person may give it; somebody of a higher post than the words name may as well."""
    body = reading.entry(PERMITS, facts.kind)
    words = role_words()
    able = {position for word in body.given_by for position in words[word].positions} | _ABOVE
    held = set(facts.positions.split(","))
    titles = [words[word].title for word in body.given_by]
    outcome = "allowed" if held & able else "refused"
    return _in_both(
        reading.finding("floor.permit", outcome, kind=body.label.zh, role="、".join(one.zh for one in titles),
                        details={"by": list(body.given_by)}),
        reading.finding("floor.permit", outcome, kind=body.label.en, role=", ".join(one.en for one in titles)),
    )  # fmt: skip


_ABOVE = {"TSRS", "CSRS", "ODM", "OM", "SM", "DIR"}


@dataclass(frozen=True, slots=True)
class SignOutFacts:
    """Whether the handover form of the shift is written."""

    handover_written: bool
    on: date


@rule("floor.sign_out", outcomes=("allowed", "handover_missing"), needs=("figures:floor.handover.required",),
      clauses=("MTG-004", "SCH-019", "EMG-025"), day="on")  # fmt: skip
def judge_sign_out(facts: SignOutFacts, reading: Reading) -> Finding:
    missing = reading.flag("floor.handover.required") and not facts.handover_written
    return reading.finding("floor.sign_out", "handover_missing" if missing else "allowed")


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """Seats of the team's check, and how many of them have been ticked."""

    seats: int
    ticked: int

    def __post_init__(self) -> None:
        if not 0 <= self.ticked <= self.seats:
            raise Impossible("ticked", "must lie between none and all of the seats")


@rule("floor.release", outcomes=("allowed", "refused"), needs=("why:floor.release.refused",), clauses=("FLR-016",))
def judge_release(facts: ReleaseFacts, reading: Reading) -> Finding:
    reading.note("FLR-016")
    missing = facts.seats - facts.ticked
    outcome = "refused" if missing or not facts.seats else "allowed"
    return reading.finding("floor.release", outcome, missing=missing, count=facts.seats)


@dataclass(frozen=True, slots=True)
class PatrolsDueFacts:
    """Patrols handed in during the shift."""

    done: int
    on: date

    def __post_init__(self) -> None:
        if self.done < 0:
            raise Impossible("done", "is negative")


@rule("floor.patrols_due", outcomes=("met", "due"), needs=("figures:floor.patrol.per_shift",),
      clauses=("FLR-014", "FLR-015"), day="on")  # fmt: skip
def judge_patrols_due(facts: PatrolsDueFacts, reading: Reading) -> Finding:
    limit = reading.whole("floor.patrol.per_shift")
    missing = max(0, limit - facts.done)
    details = {"missing": missing}
    outcome = "due" if missing else "met"
    return reading.finding("floor.patrols_due", outcome, details=details, done=facts.done, limit=limit, missing=missing)


@dataclass(frozen=True, slots=True)
class FloorMeetingFacts:
    """A meeting that is to be held on the floor; `business`: the business makes it necessary at once."""

    business: bool


@rule("floor.floor_meeting", outcomes=("allowed", "refused"), needs=("why:floor.floor_meeting.refused",),
      clauses=("MTG-001",))  # fmt: skip
def judge_floor_meeting(facts: FloorMeetingFacts, reading: Reading) -> Finding:
    reading.note("MTG-001")
    return reading.finding("floor.floor_meeting", "allowed" if facts.business else "refused")


@dataclass(frozen=True, slots=True)
class ViolationFacts:
    """One fault. `seat_kind`: agent, leader, expert, quality, counter. `same_cause`: it has been dealt with already."""

    item: str
    on: date
    seat_kind: str
    manager: bool
    visit_day: bool
    inspection_day: bool
    make_up_day: bool
    same_cause: bool


@rule("conduct.violation",
      outcomes=("counts", "switched_off", "not_this_day", "not_this_seat", "not_this_person", "already"),
      needs=("why:conduct.violation.counts",),
      clauses=("FLR-001", "FLR-009", "FLR-015", "FLR-018", "FLR-019", "FLR-026", "FLR-031", "CALL-011", "CALL-012"),
      day="on")  # fmt: skip
def judge_violation(facts: ViolationFacts, reading: Reading) -> Finding:
    """What a fault of the pack's dictionary has as its consequence; most that speaks against it is said first."""
    if facts.item not in reading.handbook.entries(VIOLATIONS):
        raise Impossible("item", "the pack has no such entry")
    body = reading.entry(VIOLATIONS, facts.item)
    label = body.label

    def say(outcome: str, **details: object) -> Finding:
        name = "conduct.violation"
        found = reading.finding(name, outcome, item=label.zh, details={"consequence": "none", **details})
        return _in_both(found, reading.finding(name, outcome, item=label.en))

    if facts.same_cause:
        return say("already")
    if body.switch and not reading.flag(body.switch):
        return say("switched_off")
    if body.seats and facts.seat_kind not in body.seats:
        return say("not_this_seat")
    if body.who and (body.who == "managers") != facts.manager:
        return say("not_this_person")
    if not _holds_on(body, facts, reading):
        return say("not_this_day")
    amount = reading.figure(body.amount).text if body.amount else None
    return say("counts", consequence=body.consequence, amount=amount, legal_risk=body.consequence == "fine")


GRAVITY = ("none", "warning", "points", "fine", "dismissal")  # the graver last


@dataclass(frozen=True, slots=True)
class SuperiorFacts:
    """A fault that was recorded. `consequence` of the violation; `has_superior`: somebody stands directly above."""

    consequence: str
    has_superior: bool
    on: date


@rule("conduct.superior", outcomes=("to_be_judged", "none"), needs=("figures:conduct.superior.answers_from",),
      clauses=("ATT-039",), day="on")  # fmt: skip
def judge_superior(facts: SuperiorFacts, reading: Reading) -> Finding:
    """Whether the direct superior's part in it is looked into; by a person, never by itself."""
    if facts.consequence not in GRAVITY:
        raise Impossible("consequence", f"one of {', '.join(GRAVITY)}")
    least = reading.text("conduct.superior.answers_from")
    if least not in GRAVITY:  # an amendment may say any word; recording the fault must not fail by it
        return reading.unknown("conduct.superior", ["conduct.superior.answers_from"])
    grave = GRAVITY.index(facts.consequence) >= GRAVITY.index(least)
    return reading.finding("conduct.superior", "to_be_judged" if grave and facts.has_superior else "none")


def _holds_on(body: ViolationBody, facts: ViolationFacts, reading: Reading) -> bool:
    if not (body.weekdays or body.marks):
        return True
    marks = {"visit": facts.visit_day, "inspection": facts.inspection_day}
    if any(marks[mark] for mark in body.marks):
        return True
    if facts.make_up_day and facts.on.isoweekday() > 5 and body.weekdays:
        return bool(body.make_up) and reading.flag(body.make_up)
    return facts.on.isoweekday() in body.weekdays
