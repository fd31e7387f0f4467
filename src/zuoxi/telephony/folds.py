# SPDX-License-Identifier: Apache-2.0
"""The pure interpreter: a call's own facts → its rows.

A call's rows are a function of the set of its facts alone. Duplicates never reach it, late facts are simply more
evidence, and rebuilding is the same as having been there. Nothing is believed that has no cause: a completion needs
its connect, a connect its wait (`doubts` names what was not believed or not known).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from zuoxi.events.facts import Stored
from zuoxi.telephony.conclusions import conclude
from zuoxi.telephony.facts import (
    AttemptRow,
    CallRow,
    Direction,
    LegKind,
    LegRow,
    Outcome,
    RecordingRow,
    VisitRow,
)
from zuoxi.telephony.stories import SAME_MOMENT, by_one_clock, told_once
from zuoxi.telephony.telling import Telling, seconds_between, whole, whole_number


def _started(call: Telling, event: Stored) -> None:
    data = event.data
    call.started_at = event.at
    call.row.direction = Direction(data.get("direction", call.row.direction))
    call.row.caller = str(data.get("caller") or call.row.caller)
    if call.row.direction is Direction.INBOUND:
        call.row.called = str(data.get("number") or data.get("called") or call.row.called)
    else:
        call.row.called = str(data.get("called") or call.row.called)
        call.row.agent = str(data.get("agent") or event.party or call.row.agent)


def _joined(call: Telling, event: Stored) -> None:
    data = event.data
    call.row.caller = call.row.caller or str(data.get("caller") or "")
    call.row.called = call.row.called or str(data.get("called") or "")
    call.row.visits.append(
        VisitRow(
            seq=len(call.row.visits) + 1,
            queue=str(data["queue"]),
            entered_at=whole(event.at),
            position=whole_number(data.get("position")),
        )
    )


def _leave_wait(call: Telling, event: Stored, outcome: Outcome) -> None:
    visit = call.visit(str(event.data["queue"]), open_only=True)
    if visit is None:
        call.doubts[f"{event.kind} without wait"] = None
        return
    visit.outcome = outcome
    visit.left_at = whole(event.at)
    given = whole_number(event.data.get("wait"))
    visit.wait_seconds = given if given is not None else seconds_between(visit.entered_at, event.at)


def _abandoned(call: Telling, event: Stored) -> None:
    if _just_left(call, event, Outcome.OVERFLOW) is None:
        _leave_wait(call, event, Outcome.ABANDONED)


def _exited(call: Telling, event: Stored) -> None:
    if (visit := _just_left(call, event, Outcome.ABANDONED)) is not None:
        visit.outcome = Outcome.OVERFLOW
    elif _just_left(call, event, Outcome.OVERFLOW) is None:  # a key: the dial plan may have told of it before
        _leave_wait(call, event, Outcome.OVERFLOW)


def _just_left(call: Telling, event: Stored, outcome: Outcome) -> VisitRow | None:
    """The wait that ended a moment ago with `outcome`.

    Asterisk 22 tells of a caller whom the queue sends on (time over, nobody there) that he has abandoned, too.
    """
    visit = call.visit(str(event.data["queue"])) if "queue" in event.data else next(reversed(call.row.visits), None)
    near = visit is not None and visit.left_at is not None and abs(event.at - visit.left_at) <= SAME_MOMENT
    return visit if visit is not None and near and visit.outcome is outcome else None


def _ringing(call: Telling, event: Stored) -> None:
    call.ringing[event.party] = event.at


def _no_answer(call: Telling, event: Stored) -> None:
    rang = call.ringing.pop(event.party, None)
    given = whole_number(event.data.get("ring"))
    call.row.attempts.append(
        AttemptRow(
            seq=len(call.row.attempts) + 1,
            agent=event.party,
            queue=str(event.data.get("queue", "")),
            at=whole(event.at),
            ring_seconds=given if given is not None else seconds_between(rang, event.at),
        )
    )


def _connected(call: Telling, event: Stored) -> None:
    queue = str(event.data["queue"])
    visit = call.visit(queue, open_only=True)
    if visit is None:
        taken = call.visit(queue)
        if taken is None or taken.agent != event.party:
            call.doubts["answered twice" if taken else "answered without wait"] = None
        return
    _leave_wait(call, event, Outcome.ANSWERED)
    visit.agent = event.party
    kind = LegKind.TRANSFERRED if call.row.legs else LegKind.ANSWERED
    leg = call.leg(event.party)
    if leg is None:
        leg = call.open_leg(event.party, kind, event.at, queue)
    leg.queue = queue
    given = whole_number(event.data.get("ring"))
    leg.ring_seconds = given if given is not None else leg.ring_seconds


def _completed(call: Telling, event: Stored) -> None:
    visit = call.visit(str(event.data["queue"]))
    if visit is None or visit.outcome is not Outcome.ANSWERED or visit.agent != event.party:
        call.doubts["completed without answer"] = None
        return
    talk = whole_number(event.data.get("talk"))
    visit.talk_seconds = talk
    visit.ended_by = str(event.data.get("ended_by", ""))
    leg = call.leg(event.party)
    if leg is None:
        leg = next((one for one in reversed(call.row.legs) if one.agent == event.party), None)
        if leg is not None and _taken_over(call, leg, event.at):
            visit.talk_seconds = leg.talk_seconds
        elif leg is not None and talk is not None:
            leg.talk_seconds = talk
    else:
        call.close_leg(leg, event.at, talk)
    if leg is not None:
        visit.hold_seconds = leg.hold_seconds


def _taken_over(call: Telling, leg: LegRow, completed_at: datetime) -> bool:
    """Whether somebody took the caller away from the agent: the queue, which hears of no transfer, counts on."""
    if leg.to_at is None or completed_at - leg.to_at <= SAME_MOMENT:
        return False
    return any(one.agent != leg.agent and abs(one.from_at - leg.to_at) <= SAME_MOMENT for one in call.row.legs)


def _leg_joined(call: Telling, event: Stored) -> None:
    bridge = str(event.data.get("bridge", ""))
    call.channels_up.add(str(event.data.get("channel", "")))
    if not event.party:
        call.answered_at = call.answered_at or (event.at if call.row.direction is Direction.OUTBOUND else None)
        return
    others = {agent for agent, place in call.bridges.items() if agent != event.party and call.leg(agent)}
    call.bridges[event.party] = bridge
    if call.leg(event.party) is not None or call.rejoin(event.party, event.at):
        return
    if any(leg.agent == event.party and leg.kind is LegKind.CONSULTED for leg in call.row.legs) or call.transferred:
        kind = LegKind.TRANSFERRED
    elif any(call.bridges[agent] == bridge for agent in others):
        kind = LegKind.CONFERENCED if call.row.direction is not Direction.INTERNAL else LegKind.ANSWERED
    elif others:
        kind = LegKind.CONSULTED
    else:
        kind = LegKind.TRANSFERRED if call.row.legs else LegKind.ANSWERED
    call.open_leg(event.party, kind, event.at)


def _leg_left(call: Telling, event: Stored) -> None:
    call.channels_up.discard(str(event.data.get("channel", "")))
    if not event.party:
        return
    call.bridges.pop(event.party, None)
    leg = call.leg(event.party)
    if leg is not None:
        call.part(leg, event.at)


def _held(call: Telling, event: Stored) -> None:
    if event.party and call.leg(event.party):
        call.held.setdefault(event.party, event.at)


def _resumed(call: Telling, event: Stored) -> None:
    leg = call.leg(event.party)
    if leg is not None:
        call.resume(leg, event.at)


def _transferred(call: Telling, event: Stored) -> None:
    call.transferred = True
    call.row.diverted_to = str(event.data.get("to", "")) or call.row.diverted_to
    if event.data.get("how") == "attended":
        for leg in call.row.legs:
            if leg.kind is LegKind.CONSULTED:
                leg.kind = LegKind.TRANSFERRED
                call.took_over[leg.agent] = event.at


def _diverted(call: Telling, event: Stored) -> None:
    call.diversion = str(event.data.get("outcome", ""))
    call.row.diverted_to = str(event.data.get("to", "")) or call.row.diverted_to
    if (sent_on := _just_left(call, event, Outcome.ABANDONED)) is not None:
        sent_on.outcome = Outcome.OVERFLOW
    visit = next((one for one in reversed(call.row.visits) if one.outcome is Outcome.OPEN), None)
    if visit is not None and call.diversion not in ("", "failed"):
        visit.outcome, visit.left_at = Outcome.OVERFLOW, whole(event.at)
        visit.wait_seconds = seconds_between(visit.entered_at, event.at)


def _dialled(call: Telling, event: Stored) -> None:
    if event.party and call.row.direction is not Direction.INBOUND:
        call.row.agent = call.row.agent or event.party
    call.row.called = call.row.called or str(event.data.get("number", ""))


def _answered(call: Telling, event: Stored) -> None:
    call.answered_at = call.answered_at or event.at


def _dial_ended(call: Telling, event: Stored) -> None:
    call.dial_status = str(event.data.get("status", ""))


def _recording_started(call: Telling, event: Stored) -> None:
    path = str(event.data["path"])
    if all(one.path != path for one in call.row.recordings):
        call.row.recordings.append(RecordingRow(path, event.party, whole(event.at)))


def _recording_stopped(call: Telling, event: Stored) -> None:
    path = str(event.data["path"])
    _recording_started(call, event)
    recording = next(one for one in call.row.recordings if one.path == path)
    recording.stopped_at = whole(event.at)
    recording.said_seconds = whole_number(event.data.get("seconds"))


def _asked(call: Telling, event: Stored) -> None:
    call.row.survey_asked = max(whole_number(event.data.get("questions")) or 1, call.row.survey_asked or 1)


def _surveyed(call: Telling, event: Stored) -> None:
    """The first question is the one that figures count; who answers was asked, whether or not that was heard."""
    number, score = whole_number(event.data.get("question")) or 1, whole_number(event.data.get("score"))
    call.row.survey_asked = max(number, call.row.survey_asked or 1)
    if score is None:
        return
    call.marks[number] = score
    call.row.survey_answers = " ".join(f"{at}:{call.marks[at]}" for at in sorted(call.marks))
    if number == 1:
        call.row.survey_score, call.row.survey_means = score, str(event.data.get("means", ""))


def _ended(call: Telling, event: Stored) -> None:
    channel = str(event.data.get("channel", ""))
    call.channels_up.discard(channel)
    call.row.ended_at = whole(event.at)
    if event.party and (leg := call.leg(event.party)) is not None:
        call.close_leg(leg, event.at)


def _imported(call: Telling, event: Stored) -> None:
    data = event.data

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(data[name]) if data.get(name) else None

    row = call.row
    row.direction = Direction(data["direction"])
    row.caller, row.called = str(data.get("caller", "")), str(data.get("called", ""))
    row.queue, row.agent = str(data.get("queue") or ""), str(data.get("agent") or "")
    row.offered_at, row.answered_at, row.ended_at = event.at, moment("answered_at"), moment("ended_at")
    row.outcome = Outcome(data["outcome"])
    row.wait_seconds, row.talk_seconds = whole_number(data.get("wait")), whole_number(data.get("talk"))
    row.hold_seconds = whole_number(data.get("hold"))
    if row.queue:
        row.visits = [
            VisitRow(
                seq=1,
                queue=row.queue,
                entered_at=whole(event.at),
                left_at=row.answered_at or row.ended_at,
                outcome=row.outcome,
                agent=row.agent if row.outcome is Outcome.ANSWERED else "",
                wait_seconds=row.wait_seconds,
                talk_seconds=row.talk_seconds,
                hold_seconds=row.hold_seconds,
            )
        ]
    if row.agent and row.answered_at:
        row.legs = [
            LegRow(
                1,
                row.agent,
                LegKind.ANSWERED,
                row.answered_at,
                row.ended_at,
                None,
                row.talk_seconds,
                row.hold_seconds,
            )
        ]


_TELL: dict[str, Callable[[Telling, Stored], None]] = {
    "call.started": _started,
    "queue.joined": _joined,
    "queue.abandoned": _abandoned,
    "queue.exited": _exited,
    "agent.ringing": _ringing,
    "agent.no_answer": _no_answer,
    "agent.connected": _connected,
    "agent.completed": _completed,
    "leg.joined": _leg_joined,
    "leg.left": _leg_left,
    "call.held": _held,
    "call.resumed": _resumed,
    "call.transferred": _transferred,
    "call.diverted": _diverted,
    "call.dialled": _dialled,
    "call.answered": _answered,
    "call.dial_ended": _dial_ended,
    "recording.started": _recording_started,
    "recording.stopped": _recording_stopped,
    "survey.asked": _asked,
    "survey.answered": _surveyed,
    "call.ended": _ended,
    "call.imported": _imported,
}


def fold_call(uid: str, events: Sequence[Stored]) -> CallRow:
    """The rows of the call, given all of its facts in any order; `events` must not be empty."""
    by_clock, clock_was_set = by_one_clock(events)
    ordered = told_once(by_clock)
    numbers = [event.id for event in events]
    row = CallRow(uid=uid, first_event=min(numbers), direction=Direction.INBOUND, applied_through=max(numbers))
    call = Telling(row)
    if clock_was_set:
        call.doubts["clock"] = None
    imported = False
    for event in ordered:
        tell = _TELL.get(event.kind)
        if tell is not None:
            tell(call, event)
            imported = imported or tell is _imported
    if imported:
        return row
    conclude(call, ordered[0].at)
    row.doubts = tuple(call.doubts)
    return row
