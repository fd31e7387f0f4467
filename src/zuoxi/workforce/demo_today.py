# SPDX-License-Identifier: Apache-2.0
"""The demo's running day: how it looked just after midnight, and breaks that a supervisor has moved."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from zuoxi.people.models import Staff
from zuoxi.workforce import services
from zuoxi.workforce.day_plan import midnight_of
from zuoxi.workforce.today.limits import Reach
from zuoxi.workforce.today.proposing import BREAKS, proposals_of
from zuoxi.workforce.today.reading import picture_of
from zuoxi.workforce.today_models import IntradayDecision


def furnish(today: date, now: datetime, *, supervisor: Staff, planner: Staff) -> None:
    """Two decisions by the services that people use, one of them taken back; nothing where there is one already."""
    if IntradayDecision.objects.exists():
        return
    services.keep_outlook(midnight_of(today) + timedelta(minutes=5))
    picture = picture_of(today, now)
    if picture is None:
        return
    everybody = frozenset(one.staff_id for one in picture.shifts)
    reach = Reach(everybody, frozenset())
    moves = [one for one in proposals_of(picture, reach) if one.kind == BREAKS]
    for place, proposal in enumerate(moves[:2]):
        with suppress(services.Overtaken):
            made = services.apply(proposal.as_json(), by=supervisor, now=now - timedelta(minutes=20), reach=reach)
            if place:
                services.take_back(made, by=planner, now=now - timedelta(minutes=5), reach=reach)
