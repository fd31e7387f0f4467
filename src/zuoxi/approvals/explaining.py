# SPDX-License-Identifier: Apache-2.0
"""What is kept as codes, said in words: why a way was chosen, how an approver was found, what happened when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.models import Request, TrailEntry
from zuoxi.people.selectors import post_names
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.selectors import clause_titles, site_handbook
from zuoxi.policy.vocabulary import figure_said, role_words
from zuoxi.web.listed import listed

Text = str | Promise


# Readers of copies who are no role: they are named by what they have to do with the request.
_PARTIES: dict[str, Text] = {"RECEIVING_HEAD": _("Receiving department"), "PERSON": _("The person concerned")}


def role_name(word: str) -> str:
    """What people call a role word; the word itself where nobody knows it."""
    found = role_words().get(word)
    return str(found.title) if found else str(_PARTIES.get(word, word))


def role_names(words: Iterable[str]) -> str:
    return " → ".join(role_name(word) for word in words)


@dataclass(frozen=True, slots=True)
class Named:
    """A clause or a figure as `{% why %}` draws it."""

    id: str = ""
    title: str = ""
    text: str = ""
    url: str = ""
    name: str = ""
    value: str = ""
    unit: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding as `{% why %}` draws it; `ours` where it leans on this program's own figures."""

    sentence: str
    clauses: tuple[Named, ...]
    figures: tuple[Named, ...]
    facts: tuple[Named, ...]
    ours: bool


def explained(finding: Finding | None, facts: Iterable[tuple[Any, Any]] = ()) -> Explained | None:
    """The finding in the page's language; None stays None."""
    if finding is None:
        return None
    titles = clause_titles()
    clauses = tuple(Named(id=code, title=str(titles.get(code, "")), url=_clause_url(code)) for code in finding.clauses)
    figures = tuple(_figure(key, value) for key, value in finding.figures.items())
    shown = tuple(Named(name=str(name), value=str(value)) for name, value in facts)
    return Explained(str(finding.why), clauses, figures, shown, bool(finding.ours))


def _clause_url(code: str) -> str:
    try:
        return reverse("policy:clause", args=[code])
    except NoReverseMatch:
        return ""


def _figure(key: str, value: str) -> Named:
    try:
        body = site_handbook().entry(FIGURES, key)
    except NoSuchEntry:
        return Named(name=key, value=value)
    said, unit = figure_said(body.unit, value)
    return Named(name=str(body.label), value=said, unit=unit, clause=", ".join(body.clauses))


_HOW: dict[str, Text] = {
    "on_duty": _("%(who)s is on duty"),
    "duty_stand_in": _("Nobody is on duty; %(who)s is the named stand-in"),
    "nobody_on_duty": _("Nobody is on duty and nobody is named for it, so it goes to the operations manager"),
    "vacant": _("%(post)s: the post is vacant, so it goes to the next above"),
    "next_above": _("In this line the next authority is %(post)s"),
    "delegate": _("%(for)s has named %(who)s to decide for him"),
    "delegate_away": _("%(who)s, named by %(for)s, is away too"),
    "stand_in": _("%(for)s is away; %(who)s stands in for the post"),
    "away": _("%(who)s is away and nobody stands in, so it goes to the next above"),
    "all_away": _("Everybody above is away; it waits for %(who)s"),
}


def how_lines(how: Iterable[Mapping[str, str]], posts: Mapping[str, str] | None = None) -> list[str]:
    """How an approver was found, one sentence for each turn."""
    names = post_names() if posts is None else posts
    lines = []
    for one in how:
        words = {**one, "post": names.get(one.get("post", ""), one.get("post", ""))}
        lines.append(str(_HOW[one["code"]]) % words if one.get("code") in _HOW else "")
    return [line for line in lines if line]


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline."""

    at: datetime
    icon: str
    title: str
    text: str
    tone: str


_VERBS: dict[str, tuple[Text, str, str]] = {
    "submitted": (_("%(who)s handed it in: %(words)s"), "send", ""),
    "resubmitted": (_("%(who)s handed it in again: %(words)s"), "send", ""),
    "opened": (_("Put before %(to)s (%(role)s)"), "inbox", ""),
    "moved": (_("Put before %(to)s instead (%(role)s)"), "route", "warn"),
    "approved": (_("%(who)s agreed (%(role)s)"), "approve", "good"),
    "refused": (_("%(who)s turned it down (%(role)s)"), "reject", "bad"),
    "returned": (_("%(who)s sent it back (%(role)s)"), "undo", "warn"),
    "covered": (_("%(who)s had agreed already (%(role)s)"), "check", "good"),
    "granted": (_("Everything is signed; granted"), "success", "good"),
    "withdrawn": (_("%(who)s withdrew it"), "undo", ""),
    "reminded": (_("%(to)s was reminded"), "bell", "warn"),
    "escalated": (_("Not decided in time; passed to %(to)s"), "arrow-up", "bad"),
    "rerouted": (_("Now goes another way: %(words)s"), "route", "warn"),
    "filed": (_("A copy went to %(to)s (%(role)s)"), "folder", ""),
    "announced": (_("Put before %(to)s people, to be acknowledged"), "send", "good"),
    "read": (_("%(who)s acknowledged the copy"), "eye", "good"),
    "document": (_("%(who)s added %(name)s"), "file", ""),
    "paper_waived": (_("%(who)s no longer asks for %(paper)s"), "check", ""),
    "lapsed": (_("Lapsed: not handed in by its day: %(papers)s"), "warning", "bad"),
    "effect": (_("Took effect: %(what)s"), "success", "good"),
    "held": (_("Could not take effect: %(what)s"), "warning", "bad"),
}


def timeline(request: Request) -> list[Happened]:
    """Everything that happened to the request, oldest first; two queries."""
    posts = post_names()
    return [_happened(one, posts) for one in request.trail.select_related("who")]


def _happened(entry: TrailEntry, posts: Mapping[str, str]) -> Happened:
    sentence, icon, tone = _VERBS.get(entry.verb, (entry.verb, "dot", ""))
    english = (get_language() or "").startswith("en")
    words = {key: value for key, value in entry.words.items() if isinstance(value, str)}
    words |= {
        "who": entry.who.name if entry.who else "—",
        "role": role_name(str(entry.words.get("role", ""))),
        "words": role_names(entry.words.get("words", ())) or "—",
        "papers": listed(pair[1 if english else 0] for pair in entry.words.get("papers", ())),
        "to": str(entry.words.get("to") or "—"),
        "name": str(entry.words.get("name", "")),
        "paper": str(entry.words.get("paper", "")),
        "what": str(entry.words.get("en" if english else "zh", "")),
    }
    notes = [entry.note] if entry.note else []
    notes += how_lines(entry.words.get("how", ()), posts)
    if entry.words.get("stands_for"):
        notes.append(str(_("in place of %(name)s")) % {"name": entry.words["stands_for"]})
    if entry.verb == "rerouted":
        notes.append(str(entry.words.get("en" if english else "zh", "")))
    return Happened(entry.at, icon, str(sentence) % words, " · ".join(notes), tone)
