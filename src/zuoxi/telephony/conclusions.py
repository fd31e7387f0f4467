# SPDX-License-Identifier: Apache-2.0
"""What follows for the whole call once all of its facts have been read."""

from __future__ import annotations

from datetime import datetime

from zuoxi.telephony.facts import CallRow, Direction, LegKind, Outcome, VisitRow
from zuoxi.telephony.telling import Telling, seconds_between, whole


def conclude(call: Telling, first_at: datetime) -> None:
    row = call.row
    if row.ended_at is not None:
        for leg in row.legs:
            if leg.to_at is None:
                call.close_leg(leg, row.ended_at)
    if row.visits:
        _conclude_queued(call)
    elif row.direction is Direction.INBOUND:
        _conclude_unqueued(call, first_at)
    else:
        _conclude_placed(call, first_at)
    if len(row.legs) > 1 or (row.legs and row.legs[0].agent != row.agent):
        _mark_asides(row)


def _mark_asides(row: CallRow) -> None:
    """The first part of each agent whom the call does not count for."""
    known = {row.agent}
    for leg in row.legs:
        if leg.agent not in known:
            leg.aside_at = row.offered_at
            known.add(leg.agent)


def _conclude_queued(call: Telling) -> None:
    row = call.row
    row.offered_at = row.visits[0].entered_at
    answered = next((visit for visit in row.visits if visit.outcome is Outcome.ANSWERED), None)
    for visit in row.visits:
        if visit.outcome is Outcome.OPEN and row.ended_at is not None:
            visit.outcome, visit.left_at = Outcome.UNKNOWN, row.ended_at
            call.doubts["end of wait unknown"] = None
        if visit.outcome is Outcome.ANSWERED and visit.talk_seconds is None and row.ended_at is not None:
            leg = next((one for one in row.legs if one.agent == visit.agent), None)
            if leg is not None:
                visit.talk_seconds, visit.hold_seconds = leg.talk_seconds, leg.hold_seconds
    last = row.visits[-1]
    row.queue = (answered or last).queue
    row.outcome = Outcome.ANSWERED if answered else last.outcome
    upto = answered or last
    waits = [visit.wait_seconds for visit in row.visits if visit.seq <= upto.seq]
    row.wait_seconds = None if any(wait is None for wait in waits) else sum(wait or 0 for wait in waits)
    if answered is not None:
        row.agent, row.answered_at, row.ended_by = answered.agent, answered.left_at, answered.ended_by
        _sum_legs(row)
    if row.ended_at is None and all(visit.outcome is not Outcome.OPEN for visit in row.visits):
        _end_without_hangup(row, answered)


def _end_without_hangup(row: CallRow, answered: VisitRow | None) -> None:
    """The queue log tells no hang-up: the call ended for us when its last story did."""
    if answered is None:
        row.ended_at = row.visits[-1].left_at
    elif row.legs and all(leg.to_at is not None for leg in row.legs):
        row.ended_at = max(leg.to_at for leg in row.legs if leg.to_at is not None)


def _sum_legs(row: CallRow) -> None:
    talked = [
        leg.talk_seconds for leg in row.legs if leg.kind is not LegKind.CONSULTED and leg.talk_seconds is not None
    ]
    row.talk_seconds = sum(talked) if talked else None
    held = [leg.hold_seconds for leg in row.legs if leg.hold_seconds is not None]
    row.hold_seconds = sum(held) if held else (0 if talked else None)


def _conclude_unqueued(call: Telling, first_at: datetime) -> None:
    row = call.row
    row.offered_at = whole(call.started_at or first_at)
    row.wait_seconds = None
    if call.diversion:
        row.outcome = {"closed": Outcome.CLOSED, "failed": Outcome.FAILED}.get(call.diversion, Outcome.OVERFLOW)
        if call.diversion in ("voicemail", "callback"):
            row.outcome = Outcome.CLOSED
    elif row.ended_at is not None:
        row.outcome = Outcome.FAILED if call.started_at else Outcome.UNKNOWN
        if not call.started_at:
            call.doubts["beginning missed"] = None


def _conclude_placed(call: Telling, first_at: datetime) -> None:
    row = call.row
    row.offered_at = whole(call.started_at or first_at)
    if call.answered_at is not None:
        row.outcome, row.answered_at = Outcome.ANSWERED, whole(call.answered_at)
        row.wait_seconds = seconds_between(row.offered_at, row.answered_at)
        row.talk_seconds = seconds_between(row.answered_at, row.ended_at)
        held = [leg.hold_seconds for leg in row.legs if leg.hold_seconds is not None]
        row.hold_seconds = sum(held)
    elif row.ended_at is not None:
        row.outcome = Outcome.FAILED
        row.wait_seconds = seconds_between(row.offered_at, row.ended_at)
