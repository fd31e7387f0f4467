# SPDX-License-Identifier: Apache-2.0
"""What stands beside a customer: packages above register panels, the desk and the customer's page draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.functional import Promise

from zuoxi.web.access import Principal

if TYPE_CHECKING:
    from zuoxi.customers.models import Customer

DESK, PAGE = "desk", "page"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom, and about which call, a panel is asked. An unknown caller has no customer; no call at hand: call is ""."""

    customer: Customer | None
    number: str = ""
    call: str = ""
    queue: str = ""
    topic: str = ""


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
    """A panel with what it shows."""

    panel: Panel
    context: dict[str, Any] = field(default_factory=dict)


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> Panel:
    """Raises ValueError for a code that another panel has."""
    if panel.code in _panels and _panels[panel.code] != panel:
        raise ValueError(f"panel {panel.code} stands already")
    _panels[panel.code] = panel
    return panel


def drawn_for(request: HttpRequest, user: Principal, subject: Subject, place: str) -> list[Drawn]:
    """The panels of that place that this person may see and that have something to show, in their order."""
    found = []
    for panel in sorted(_panels.values(), key=lambda one: (one.order, one.code)):
        if place in panel.places and user.may(panel.capability):
            context = panel.context(request, subject)
            if context is not None:
                found.append(Drawn(panel, context))
    return found
