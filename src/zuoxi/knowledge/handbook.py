# SPDX-License-Identifier: Apache-2.0
"""What packs say about knowledge: kinds of articles, scripts, openings by festival, words that are not used."""

from __future__ import annotations

from typing import Literal

from zuoxi.policy.entries import Body, Label, section


class FieldBody(Body):
    """A field of its own that a kind of article has. `items`: one a line."""

    label: Label
    shape: Literal["line", "text", "items"] = "line"
    hint: Label | None = None
    must: bool = False


class ArticleKindBody(Body):
    """A kind of article: which posts draft it and which decide (role words; who drafted a version never decides it)."""

    label: Label
    about: Label
    icon: str = "knowledge"
    clauses: tuple[str, ...] = ()
    order: int = 100
    drafts: tuple[str, ...]
    decides: tuple[str, ...]
    dated: bool = True
    fields: dict[str, FieldBody] = {}


class StepBody(Body):
    """A step of a call. `say` may hold {greeting} {who} {agent} {day} {topic} {centre}; `when` names a scene that only
    sometimes comes. `mandatory`: it must be said."""

    say: Label
    when: Label | None = None
    mandatory: bool = False


class ScriptBody(Body):
    """The script of a kind of call. `topics` are words of queues and call topics for which the desk opens it."""

    label: Label
    about: Label | None = None
    clauses: tuple[str, ...] = ()
    order: int = 100
    topics: tuple[str, ...] = ()
    steps: tuple[StepBody, ...]


class OpeningBody(Body):
    """The opening sentence in the days of a festival; it holds only while a published notice says so."""

    label: Label
    clauses: tuple[str, ...] = ()
    say: Label


class SalutationBody(Body):
    """How a customer is spoken to; {surname} may be empty."""

    say: Label


class TabooBody(Body):
    """Words or a manner that are not used towards customers. `marks` are the pieces by which a text is told to hold
    them; with none it is for people to hear (a dragging voice). Between the parts of a mark ("自己…找") up to a few
    other characters may stand. `instead` is what may be said."""

    label: Label
    group: Literal["phrase", "manner"]
    clauses: tuple[str, ...] = ()
    source: Literal["stated", "ours"] = "ours"
    marks: tuple[str, ...] = ()
    instead: Label | None = None


KINDS = section("article_kinds", ArticleKindBody)
SCRIPTS = section("scripts", ScriptBody)
OPENINGS = section("openings", OpeningBody)
SALUTATIONS = section("salutations", SalutationBody)
TABOOS = section("taboos", TabooBody)
