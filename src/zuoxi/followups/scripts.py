# SPDX-License-Identifier: Apache-2.0
"""Asking by a script: which question comes now, and whether the answers hold together. No database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.followups.facts import RefusalFacts
from zuoxi.followups.handbook import REASONS, SCRIPTS, ConditionBody, QuestionBody, ReasonBody, ScriptBody
from zuoxi.policy.handbook import Handbook, NoSuchEntry, Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge

Answers = Mapping[str, Any]
_LONGEST = 1000  # signs of a written answer


class BadAnswers(ValueError):
    """`wrong`: question key → what to do about it."""

    def __init__(self, wrong: dict[str, str]) -> None:
        self.wrong = wrong
        super().__init__("; ".join(f"{key}: {text}" for key, text in wrong.items()))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page draws it: `options` are (value, label), `value` what stands there now."""

    body: QuestionBody
    value: Any
    options: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return self.body.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers that hold together, and what they say."""

    answers: dict[str, Any]
    satisfaction: str = ""
    score: int | None = None
    words: str = ""
    quote: str = ""
    reason: str = ""
    complaint: tuple[str, ...] = ()
    sides: dict[str, int] = field(default_factory=dict)

    @property
    def unhappy(self) -> bool:
        return self.satisfaction == "dissatisfied"


def script_named(handbook: Handbook, key: str) -> ScriptBody | None:
    """The script; None where the pack has it no longer."""
    try:
        return handbook.entry(SCRIPTS, key)
    except NoSuchEntry:
        return None


def stamp_of(script: ScriptBody) -> str:
    """A digest of the questions, to tell versions of a script apart."""
    return hashlib.sha256(script.model_dump_json().encode()).hexdigest()[:16]


def as_said(value: Any) -> str:
    """A value as conditions name it."""
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _holds(condition: ConditionBody, answers: Answers, facts: Mapping[str, Any]) -> bool:
    value = answers.get(condition.question) if condition.question else facts.get(condition.fact)
    return value is not None and value != "" and as_said(value) in condition.among


def applies(question: QuestionBody, answers: Answers, facts: Mapping[str, Any]) -> bool:
    """Whether the question is asked at all: every condition holds; an answer that is missing makes none hold."""
    return all(_holds(one, answers, facts) for one in question.when)


def shown(script: ScriptBody, answers: Answers, facts: Mapping[str, Any], handbook: Handbook) -> list[Asked]:
    """The questions that stand open by what has been answered so far, in their order."""
    kept: dict[str, Any] = {}
    found = []
    for question in script.questions:
        if applies(question, kept, facts):
            kept[question.key] = answers.get(question.key)
            found.append(Asked(question, answers.get(question.key), _options(question, handbook)))
    return found


def _options(question: QuestionBody, handbook: Handbook) -> tuple[tuple[str, str], ...]:
    if question.kind == "yes_no":
        return (("yes", _("Yes")), ("no", _("No")))
    if question.kind == "choice":
        return tuple((one.key, str(one.label)) for one in question.choices)
    if question.kind == "reason":
        return tuple((one.key, str(one.label)) for one in reasons_of(handbook, question.reasons))
    if question.kind == "score":
        first, last = score_span(handbook.on(timezone.localdate()))
        return tuple((str(score), str(score)) for score in range(first, last + 1))
    return (("yes", _("Said")),) if question.kind == "say" else ()


def reasons_of(handbook: Handbook, key: str) -> tuple[ReasonBody, ...]:
    try:
        return handbook.entry(REASONS, key).reasons
    except NoSuchEntry:
        return ()


def score_span(reading: Reading) -> tuple[int, int]:
    """Lowest and highest score."""
    return reading.whole("survey.score_from"), reading.whole("survey.score_to")


@enforces("FUP-001", "ORD-005")
def checked(script: ScriptBody, said: Mapping[str, str], facts: Mapping[str, Any], reading: Reading) -> Outcome:
    """The answers as values, or BadAnswers: something required is missing, a score lies outside, a question that was
    jumped carries an answer, or a reason says nothing."""
    wrong: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for question in script.questions:
        text = said.get(question.key, "").strip()
        if not applies(question, kept, facts):
            if text:
                wrong[question.key] = _("This question does not come up after the answers above: leave it empty.")
            continue
        try:
            value = _value(question, text, reading)
        except ValueError as trouble:
            wrong[question.key] = str(trouble)
            continue
        if value is None and question.required and question.kind != "say":
            wrong[question.key] = _("Write down what was answered.")
        elif value is not None:
            kept[question.key] = value
    if not wrong:
        wrong = _reason_says_something(script, kept, reading)
    if wrong:
        raise BadAnswers(wrong)
    return _outcome(script, kept)


def _value(question: QuestionBody, text: str, reading: Reading) -> Any:
    if not text:
        return None
    if question.kind in ("yes_no", "say"):
        if text not in ("yes", "no"):
            raise ValueError(_("Yes or no is expected."))
        return text == "yes"
    if question.kind == "score":
        return _score(text, reading)
    if question.kind in ("choice", "reason"):
        known = {key for key, _label in _options(question, reading.handbook)}
        if text not in known:
            raise ValueError(_("Choose one of the answers."))
        return text
    return text[:_LONGEST]


def _score(text: str, reading: Reading) -> int:
    first, last = score_span(reading)
    if not text.isascii() or not text.isdigit() or not first <= int(text) <= last:
        raise ValueError(_("A whole number from %(first)s to %(last)s is expected.") % {"first": first, "last": last})
    return int(text)


def _reason_says_something(script: ScriptBody, kept: Answers, reading: Reading) -> dict[str, str]:
    """A reason that says nothing ("none", blank) is sent back with the words that stand beside it."""
    reasons = [one for one in script.questions if one.asks == "reason" and one.key in kept]
    words = [one for one in script.questions if one.asks == "quote" and one.key in kept]
    wrong = {}
    for question in words:
        reason = kept[reasons[0].key] if reasons else "-"
        label = _label_of(reasons[0], reason, reading) if reasons else "-a"
        finding = judge("refusal.reason", RefusalFacts(label, kept[question.key]), reading.handbook, reading.on)
        if "words" in finding.details["missing"]:
            wrong[question.key] = str(finding.why)
    return wrong


def _label_of(question: QuestionBody, key: str, reading: Reading) -> str:
    body = next((one for one in reasons_of(reading.handbook, question.reasons) if one.key == key), None)
    return "-a" if body is None or body.other else body.label.zh


def _outcome(script: ScriptBody, kept: dict[str, Any]) -> Outcome:
    asks = {question.asks: question for question in script.questions if question.asks and question.key in kept}
    satisfaction = ""
    if "satisfaction" in asks:
        chosen = kept[asks["satisfaction"].key]
        satisfaction = next((one.means for one in asks["satisfaction"].choices if one.key == chosen), "")
    complaint = tuple(
        question.key
        for question in script.questions
        if question.complaint and question.key in kept and as_said(kept[question.key]) in question.complaint
    )
    return Outcome(
        kept,
        satisfaction,
        kept[asks["score"].key] if "score" in asks else None,
        kept[asks["opinion"].key] if "opinion" in asks else "",
        kept[asks["quote"].key] if "quote" in asks else "",
        kept[asks["reason"].key] if "reason" in asks else "",
        complaint,
        {side: kept[asks[side].key] for side in ("efficiency", "attitude", "quality") if side in asks},
    )


def told(script: ScriptBody | None, answers: Answers, handbook: Handbook) -> list[tuple[str, str]]:
    """(question, answer) in the words of the script, for a page; what the script no longer asks keeps its key."""
    if script is None:
        return [(key, as_said(value)) for key, value in answers.items()]
    found = []
    for question in script.questions:
        if question.key in answers:
            value = as_said(answers[question.key])
            found.append((str(question.ask), dict(_options(question, handbook)).get(value, value)))
    asked = {question.key for question in script.questions}
    return found + [(key, as_said(value)) for key, value in answers.items() if key not in asked]
