# SPDX-License-Identifier: Apache-2.0
"""Who has a complaint: the step of the chain somebody stands on, and who holds a step near him."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_near, holders_of, standing_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words


def chain_on(day: date) -> tuple[str, ...]:
    """The role words of the chain, the first step first."""
    return site_handbook().on(day).words("complaint.chain")


def step_of(staff: Staff | None, at: datetime) -> str:
    """The step of the chain that the person stands on; the first for the program and for posts outside the chain."""
    day = timezone.localdate(at)
    chain = chain_on(day)
    if staff is None:
        return chain[0]
    post = standing_of(staff, day).position
    return next((word for word in chain if post in role_words()[word].positions), chain[0])


def holder_of(word: str, near: Staff | None, day: date) -> Staff | None:
    """Who holds that role, nearest to the person; anybody who holds it without a person; None: nobody does."""
    positions = role_words()[word].positions
    if near is not None:
        standing = standing_of(near, day)
        if standing.position in positions:
            return near
        found = holders_near(standing, positions, day)
        order = {code: place for place, code in enumerate(standing.line)}
        if found:
            return min(found, key=lambda one: (one.distance, order.get(one.position, len(order)))).staff
    return next((one for position in positions for one in holders_of(position, day)), None)


def step_label(word: str) -> str:
    """The step's name in the reader's language."""
    known = role_words().get(word)
    return str(known.title) if known else word
