# SPDX-License-Identifier: Apache-2.0
"""Judgements on knowledge: what is in force, which opening is used, what is not said, who has been briefed."""

from __future__ import annotations

from zuoxi.knowledge.facts import BriefingFacts, OpeningFacts, SpokenFacts, VersionFacts
from zuoxi.knowledge.handbook import OPENINGS, TABOOS
from zuoxi.knowledge.taboo import hits_in
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule


@rule(
    "knowledge.version",
    outcomes=("in_force", "not_yet", "expired", "no_day", "unpublished"),
    needs=("why:knowledge.version.in_force",),
    clauses=("KB-002", "KB-003", "KB-010", "KB-014"),
    day="on",
)
def judge_version(facts: VersionFacts, reading: Reading) -> Finding:
    """Whether a version holds on a day: published, with a first day that has come and a last that has not passed."""
    reading.note("KB-002", "KB-014")
    name = "knowledge.version"
    if not facts.published:
        reading.note("KB-003")
        return reading.finding(name, "unpublished")
    if facts.effective_from is None:
        return reading.finding(name, "no_day")
    if facts.on < facts.effective_from:
        return reading.finding(name, "not_yet", since=facts.effective_from)
    ends = [day for day in (facts.effective_until,) if day is not None and facts.on > day]
    ends += [day for day in (facts.superseded_on,) if day is not None and facts.on >= day]
    if ends:
        return reading.finding(name, "expired", until=min(ends))
    return reading.finding(name, "in_force", since=facts.effective_from)


@rule(
    "knowledge.opening",
    outcomes=("festival", "usual"),
    needs=("why:knowledge.opening.festival",),
    clauses=("FUP-003", "KB-006"),
    day="on",
)
def judge_opening(facts: OpeningFacts, reading: Reading) -> Finding:
    """Whether a festival's opening is said: only within the days of a published notice."""
    name = "knowledge.opening"
    reading.note("FUP-003")
    if not reading.handbook.has(OPENINGS.name, facts.festival):
        raise Impossible("festival", f"the pack has no opening {facts.festival!r}")
    label = reading.entry(OPENINGS, facts.festival).label
    if facts.notice_from is None:
        return reading.finding(name, "usual", say="no_notice", zh=label.zh, en=label.en)
    ended = facts.notice_until is not None and facts.on > facts.notice_until
    if facts.on < facts.notice_from or ended:
        return reading.finding(name, "usual", say="outside", zh=label.zh, en=label.en)
    return reading.finding(name, "festival", zh=label.zh, en=label.en)


@rule(
    "knowledge.taboo",
    outcomes=("clean", "taboo"),
    needs=("why:knowledge.taboo.clean",),
    clauses=("KB-005",),
)
def judge_taboo(facts: SpokenFacts, reading: Reading) -> Finding:
    """Whether an agent's words hold what is not said to customers; the customer's own words never count."""
    reading.note("KB-005")
    hits = hits_in(facts.text, facts.speaker, list(reading.handbook.entries(TABOOS).items()))
    details = {"hits": [{"key": one.key, "words": one.words, "start": one.start} for one in hits]}
    said = "、".join(one.words for one in hits)
    return reading.finding(
        "knowledge.taboo", "taboo" if hits else "clean", details=details, count=len(hits), zh=said, en=said
    )


@rule(
    "knowledge.briefing",
    outcomes=("ready", "not_ready"),
    needs=("why:knowledge.briefing.ready",),
    clauses=("KB-013",),
)
def judge_briefing(facts: BriefingFacts, reading: Reading) -> Finding:
    """Whether everybody who had to be told of something new has confirmed it; with nobody to tell it is not ready."""
    reading.note("KB-013")
    missing = facts.asked - facts.have_read
    outcome = "ready" if facts.asked and not missing else "not_ready"
    return reading.finding(
        "knowledge.briefing", outcome, details={"missing": missing}, asked=facts.asked, missing=missing
    )
