# SPDX-License-Identifier: Apache-2.0
"""What stands beside the form while somebody writes it: days, balance, places, who signs, which papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from zuoxi.approvals import selectors as approvals
from zuoxi.leave.asking import CODE, Picture, papers_for
from zuoxi.leave.kinds import LeaveDocumentBody
from zuoxi.leave.routes import LEAVE_ROUTES
from zuoxi.policy.selectors import site_handbook

_DAYS = 10  # days whose places are listed; the rest is counted


@dataclass(frozen=True, slots=True)
class Signer:
    """A step of the route: what the role is called, and who that is now (None: nobody stands there)."""

    role: str
    name: str | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A day's place: whose it is, how many are taken of how many (`most` None: the pack sets no number)."""

    day: Any
    whose: str
    taken: int
    most: int | None

    @property
    def full(self) -> bool:
        return self.most is not None and self.taken >= self.most


@dataclass(frozen=True, slots=True)
class Preview:
    """`refusal` None: it can be sent. `cap` None: the centre has no bound. `fine` in yuan, "0" for none."""

    picture: Picture
    refusal: Any
    why: Any
    signers: tuple[Signer, ...]
    filed_with: tuple[str, ...]
    places: tuple[PlaceLine, ...]
    more_places: int
    cap: Decimal | None
    papers: tuple[tuple[LeaveDocumentBody, str], ...]
    fine: str


def preview_of(picture: Picture, now: datetime) -> Preview:
    """Everything in words, for the page."""
    handbook = site_handbook()
    reading = handbook.on(timezone.localdate(now))
    body = handbook.entries(LEAVE_ROUTES).get("leave.route")
    most = int(reading.number(body.quota.figure)) if body and body.quota else None
    cap = reading.number(body.cap.figure) if body and body.cap else None
    by_shift = reading.text("leave.places.counted_by") == "shift"
    places = [
        PlaceLine(one.day, one.duty.name if one.duty and not by_shift else one.shift, one.taken, most)
        for one in picture.places
    ]
    signers = [
        Signer(approvals.role_name(word), found.name if found else None)
        for word in picture.approvers
        for found in [approvals.approver_now(word, picture.applicant, CODE, now).staff]
    ]
    papers = [
        (paper, reading.figure(paper.within).text if paper.within else "") for paper in papers_for(picture).values()
    ]
    refusal = picture.refusal
    return Preview(
        picture,
        approvals.explained(refusal),
        approvals.explained(picture.finding),
        tuple(signers),
        tuple(approvals.role_name(word) for word in picture.filed_with),
        tuple(places[:_DAYS]),
        max(len(places) - _DAYS, 0),
        cap,
        tuple(papers),
        str(picture.route.details.get("fine_yuan", "0")) if picture.route is not None else "0",
    )
