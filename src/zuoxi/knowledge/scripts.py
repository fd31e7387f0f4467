# SPDX-License-Identifier: Apache-2.0
"""Scripts as they are to be said: the pack's steps or the site's own, the opening of the day, names filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2s

from django.utils.translation import get_language

from zuoxi.knowledge.facts import Line, OpeningFacts, Spoken
from zuoxi.knowledge.handbook import OPENINGS, SALUTATIONS, SCRIPTS, ScriptBody, StepBody
from zuoxi.knowledge.models import Article, Version
from zuoxi.knowledge.rules import judge_opening
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook

_NAME = re.compile(r"\{(\w+)\}")
GAP = "____"
MAN, WOMAN, UNKNOWN = "man", "woman", "unknown"


class NoSuchScript(LookupError):
    """The packs of the site have no such script."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks with whom, about what; what is not known stays a gap to be filled by the speaker."""

    agent: str = ""
    surname: str = ""
    gender: str = UNKNOWN
    topic: str = ""
    centre: str = ""


def scripts() -> dict[str, ScriptBody]:
    """Every script by key, in the order in which they are shown."""
    found: Mapping[str, ScriptBody] = site_handbook().entries(SCRIPTS)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


@enforces("KB-004")
def salutation(speaker: Speaker, handbook: Handbook) -> str:
    """王先生, 王女士; where we do not know, a neutral word."""
    entries = handbook.entries(SALUTATIONS)
    known = speaker.gender if speaker.gender in (MAN, WOMAN) and speaker.surname else UNKNOWN
    body = entries.get(known)
    return str(body.say).replace("{surname}", speaker.surname) if body else speaker.surname or GAP


@enforces("KB-006", "KB-007")
def filled(text: str, names: Mapping[str, str]) -> str:
    """The text with its names put in; a name without a value stays a gap."""
    return _NAME.sub(lambda hole: names.get(hole[1]) or GAP, text)


def day_text(day: date) -> str:
    """A day as it is said to a customer."""
    if (get_language() or "").startswith("en"):
        return f"{day:%d %B}".lstrip("0")
    return f"{day.month}月{day.day}日"


def _names(speaker: Speaker, on: date, begins: str, handbook: Handbook) -> dict[str, str]:
    return {
        "greeting": begins,
        "who": salutation(speaker, handbook),
        "agent": speaker.agent,
        "day": day_text(on),
        "topic": speaker.topic,
        "centre": speaker.centre,
    }


def festival_on(on: date, handbook: Handbook) -> tuple[str, Finding] | None:
    """The festival whose notice holds that day, and why; None when the usual opening is said."""
    rows = Version.objects.filter(
        article__kind="notice", article__retired_at=None, state=Version.State.PUBLISHED, effective_from__lte=on
    ).order_by("-effective_from", "-pk")
    for version in rows:
        key = str(version.fields.get("opening", ""))
        if key and handbook.has(OPENINGS.name, key):
            facts = OpeningFacts(on, key, version.effective_from, version.effective_until)
            found = judge_opening(facts, handbook.on(on))
            if found.outcome == "festival":
                return key, found
    return None


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening words of a day; `festival` "" is the usual one, `finding` says why the festival's may be used."""

    say: str
    festival: str = ""
    label: str = ""
    finding: Finding | None = None


@enforces("FUP-003", "KB-006")
def opening(on: date) -> Opening:
    """What a call begins with that day, before the names are put in."""
    handbook = site_handbook()
    entries = handbook.entries(OPENINGS)
    found = festival_on(on, handbook)
    if found is not None:
        body = entries[found[0]]
        return Opening(str(body.say), found[0], str(body.label), found[1])
    usual = entries.get("usual")
    return Opening(str(usual.say) if usual else "", "", str(usual.label) if usual else "")


def greeting(first: Opening, speaker: Speaker, on: date) -> str:
    """The opening with the names of that day put in."""
    return filled(first.say, _names(speaker, on, "", site_handbook()))


def own_steps(key: str, on: date) -> list[StepBody] | None:
    """The site's own words for a script: a published article of kind "script" that names it; None: the pack's.

    Each line is a step; "*" before it makes it mandatory, "[…]" before it names the scene.
    """
    rows = Article.objects.filter(kind="script", retired_at=None, current__isnull=False).select_related("current")
    for article in rows.order_by("-pk"):
        version = article.current
        if version is None or version.fields.get("script") != key:
            continue
        if version.effective_from is None or version.effective_from > on:
            continue
        lines = version.fields.get("steps") or []
        return [_own_step(line) for line in lines if line.strip()]
    return None


def _own_step(line: str) -> StepBody:
    text = line.strip()
    mandatory = text.startswith("*")
    text = text.lstrip("* ")
    when = ""
    if (scene := re.match(r"^[\[【](.+?)[\]】]\s*", text)) is not None:
        when, text = scene[1], text[scene.end() :]
    return StepBody.model_validate(
        {
            "say": {"zh": text, "en": text},
            "mandatory": mandatory,
            **({"when": {"zh": when, "en": when}} if when else {}),
        }
    )


def spoken(key: str, on: date, speaker: Speaker, first: Opening | None = None) -> Spoken:
    """A script as it is said that day. Raises NoSuchScript."""
    handbook = site_handbook()
    body = scripts().get(key)
    if body is None:
        raise NoSuchScript(key)
    opened = first or opening(on)
    names = _names(speaker, on, greeting(opened, speaker, on), handbook)
    own = own_steps(key, on)
    lines = tuple(
        Line(
            blake2s(f"{step.say.zh}|{step.when.zh if step.when else ''}".encode(), digest_size=4).hexdigest(),
            filled(str(step.say), names),
            str(step.when) if step.when else "",
            step.mandatory,
        )
        for step in (own if own is not None else body.steps)
    )
    return Spoken(key, str(body.label), lines, opened.festival, own is not None, body.clauses)


def script_for(*words: str) -> str:
    """The script that the desk opens for a queue and a topic; the first one where none is meant, "" without any."""
    return script_about(*words) or next(iter(scripts()), "")


def script_about(*words: str) -> str:
    """The script whose topics hold one of the words; "" where none does."""
    asked = {word.lower() for word in words if word}
    for key, body in scripts().items():
        if asked & {one.lower() for one in body.topics}:
            return key
    return ""
