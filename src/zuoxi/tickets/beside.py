# SPDX-License-Identifier: Apache-2.0
"""What stands beside a ticket: packages above say what the matter became with them, and offer to take it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from zuoxi.tickets.models import Ticket

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Thing:
    """A complaint, a follow-up … of the ticket. `url` is "" where the person may not open it."""

    title: Text
    note: Text = ""
    url: str = ""
    icon: str = "dot"
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that hands the matter on, posted to `url`; `choices` are asked for as the field `kind`."""

    label: Text
    url: str
    icon: str
    ask: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()


Source = Callable[[Any, Ticket], tuple[list[Thing], Offer | None]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """`source(user, ticket)`: what there is, as that person may know it, and the offer, in a few queries."""
    if source not in _sources:
        _sources.append(source)


def beside(user: Any, ticket: Ticket) -> tuple[Sequence[Thing], Sequence[Offer]]:
    """Everything that stands beside the ticket, and what may be made of it."""
    told = [source(user, ticket) for source in _sources]
    return [one for things, _offer in told for one in things], [offer for _things, offer in told if offer is not None]
