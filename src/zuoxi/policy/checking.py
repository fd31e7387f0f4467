# SPDX-License-Identifier: Apache-2.0
"""Looking a pack over: what stops it, and what a careful author would want to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from zuoxi.policy.entries import SCALES, SENTENCES
from zuoxi.policy.findings import UNKNOWN
from zuoxi.policy.handbook import Handbook, handbook_of
from zuoxi.policy.rulebook import Rule, rules
from zuoxi.policy.yaml_file import PackError, Place

# A Latin comma, colon, semicolon or mark between Han characters (or a filled-in name and a Han character).
_NARROW = re.compile("[\u4e00-\u9fff\uff09\u201d}][,:;?!](?=[\u4e00-\u9fff\uff08\u201c{])")


@dataclass(frozen=True, slots=True)
class Remark:
    """`wrong`: the pack cannot be judged by; else a remark on its wording."""

    file: str
    line: int
    text: str
    wrong: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def remarks(code: str) -> list[Remark]:
    """What is wrong with a pack and its bases. Raises UnknownPack."""
    try:
        handbook = handbook_of(code)
    except PackError as wrong:
        return [Remark(wrong.file, wrong.line, wrong.message)]
    found = [*_scales(handbook), *_sentences(handbook), *_wording(handbook)]
    return sorted(found, key=lambda one: (one.file, one.line))


def _at(place: Place, text: str, *, wrong: bool = True) -> Remark:
    return Remark(str(place.file), place.line, text, wrong)


def _scales(handbook: Handbook) -> Iterator[Remark]:
    """A scale of a rule's own name that grades mostly into that rule's words grades into no others."""
    for key, scale in handbook.entries(SCALES).items():
        rule = rules().get(key)
        words = {step.outcome for step in scale.steps}
        strangers = sorted(words - set(rule.outcomes)) if rule else []
        if rule is None or 2 * len(strangers) >= len(words):  # rungs of its own
            continue
        for word in strangers:
            text = f"{key}: {word!r} is no outcome of the rule; known are {', '.join(rule.outcomes)}"
            yield _at(handbook.place("scales", key), text)


def _sentences(handbook: Handbook) -> Iterator[Remark]:
    """Every outcome that a scale grades into has its sentence; every rule has at least one."""
    said = handbook.entries(SENTENCES)
    for rule in rules().values():
        if not rule.in_pack(handbook):
            continue
        for need, outcome in _graded(rule, handbook):
            if outcome != UNKNOWN and f"{rule.name}.{outcome}" not in said:
                place = handbook.place(*need.split(":", 1))
                yield _at(place, f"{rule.name}: the outcome {outcome!r} has no sentence {rule.name}.{outcome}")
        if not any(key.startswith(f"{rule.name}.") for key in said):
            place = handbook.place(*rule.needs[0].split(":", 1))
            yield _at(place, f"{rule.name}: none of its outcomes has a sentence in `why`", wrong=False)


def _graded(rule: Rule, handbook: Handbook) -> Iterator[tuple[str, str]]:
    need = f"scales:{rule.name}"
    if need in rule.needs:
        for step in handbook.entry(SCALES, rule.name).steps:
            if step.outcome in rule.outcomes:
                yield need, step.outcome


def _wording(handbook: Handbook) -> Iterator[Remark]:
    for key, sentence in handbook.entries(SENTENCES).items():
        if _NARROW.search(sentence.zh):
            yield _at(handbook.place("why", key), f"{key}: Latin punctuation between Chinese characters", wrong=False)
