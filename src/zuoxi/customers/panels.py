# SPDX-License-Identifier: Apache-2.0
"""What stands beside a customer: packages above register panels, the desk and the customer's page draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise

from zuoxi.customers.finding import Person, at_hand
from zuoxi.customers.numbers import canonical
from zuoxi.web.access import Principal

if TYPE_CHECKING:
    from zuoxi.customers.models import Customer

DESK, PAGE = "desk", "page"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom, and about which call, a panel is asked. An unknown caller has no customer; no call at hand: call is "".

    `ids` are all ids that are this one person (`selectors.identities_of`), ready for filters; none for a stranger.
    `number` is the one that calls, else his first; `numbers` are all of his and the one that calls, canonical.
    """

    customer: Customer | None
    number: str = ""
    call: str = ""
    queue: str = ""
    topic: str = ""
    ids: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()


def subject_of(person: Person | None, number: str = "", call: str = "", queue: str = "") -> Subject:
    """The subject for a person, or for the number of somebody nobody knows."""
    known = person.numbers if person else ()
    bare = canonical(number)
    every = known if not bare or bare in known else (bare, *known)
    whom, ids = (person.customer, person.ids) if person else (None, ())
    return Subject(whom, number or next(iter(known), ""), call, queue, "", ids, every)


@dataclass(frozen=True, slots=True)
class Panel:
    """`context` gives the template's names, or None where there is nothing to show."""

    code: str
    title: str | Promise
    template: str
    context: Callable[[HttpRequest, Subject], dict[str, Any] | None]
    capability: str
    order: int = 100
    places: tuple[str, ...] = (DESK, PAGE)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel with what it shows, and drawn."""

    panel: Panel
    context: dict[str, Any] = field(default_factory=dict)
    html: str = ""


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> Panel:
    """Raises ValueError for a code that another panel has."""
    if panel.code in _panels and _panels[panel.code] != panel:
        raise ValueError(f"panel {panel.code} stands already")
    _panels[panel.code] = panel
    return panel


def drawn_for(
    request: HttpRequest, user: Principal, subject: Subject, place: str, part: slice = slice(None)
) -> list[Drawn]:
    """The panels of that place that this person may see and that have something to show, in their order.

    `part`: only some of those that he may see, where a page fetches them in pieces.
    """
    found = []
    wanted = [one for one in _panels.values() if place in one.places and user.may(one.capability)]
    with at_hand(subject.ids):
        for panel in sorted(wanted, key=lambda one: (one.order, one.code))[part]:
            context = panel.context(request, subject)
            if context is not None:
                found.append(Drawn(panel, context, render_to_string(panel.template, context, request)))
    return found
