# SPDX-License-Identifier: Apache-2.0
"""Calls, recordings and states for programs: the same rows, narrowing and masking as on the pages.

Lists come by cursor: take `next` and ask with `after=` until it is null. Times are ISO 8601 with their zone; seconds
are whole; null is "not known". Annotations are real objects here: the guard hides this module's names from ninja.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from zuoxi.telephony import call_lines, recording_search
from zuoxi.telephony.access import CALLS, RECORDINGS, STATES
from zuoxi.telephony.call_pieces import newest_of
from zuoxi.telephony.call_search import CallQuery, Period
from zuoxi.telephony.keyset import PAGE_ROWS, Sort, page_of
from zuoxi.telephony.models import Attempt, Call, Leg, QueueVisit, Recording, StateInterval
from zuoxi.telephony.state_days import day_bounds, touching
from zuoxi.telephony.visibility import asked_calls, visible_calls, visible_recordings, visible_states
from zuoxi.web.access import may, open_to_programs

router = Router(tags=["telephony"])
Several = Annotated[list[str], Field(default_factory=list, max_length=50)]


class Paged(Schema):
    """Cursor and size of a page."""

    after: str = Field("", max_length=80)
    limit: int = Field(PAGE_ROWS, ge=1, le=200)


class CallFilter(Paged):
    """`since` inclusive, `until` exclusive, seconds inclusive; a number is looked up whole."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    queue: Several
    agent: Several
    team: Several
    direction: Several
    outcome: Several
    number: str = Field("", max_length=24)
    wait_from: int | None = None
    wait_to: int | None = None
    talk_from: int | None = None
    talk_to: int | None = None
    recording: str = Field("", max_length=12)
    doubts: bool = False


class CallOut(Schema):
    """A call of a list; `number` is the customer's, masked."""

    id: int
    uid: str
    offered_at: datetime
    direction: str
    number: str
    queue: str | None
    agent: str | None
    outcome: str
    wait_seconds: int | None
    talk_seconds: int | None
    hold_seconds: int | None
    ended_by: str | None
    survey_score: int | None
    recording: str


class CallsOut(Schema):
    items: list[CallOut]
    next: str | None


class VisitOut(Schema):
    queue: str
    entered_at: datetime
    left_at: datetime | None
    outcome: str
    agent: str
    position: int | None
    wait_seconds: int | None


class LegOut(Schema):
    agent: str
    kind: str
    queue: str
    from_at: datetime
    to_at: datetime | None
    ring_seconds: int | None
    talk_seconds: int | None
    hold_seconds: int | None


class AttemptOut(Schema):
    agent: str
    queue: str
    at: datetime
    ring_seconds: int | None


class CallWholeOut(CallOut):
    """A call with its waits, its parts and the rings nobody answered; `doubts` in the fold's own words."""

    answered_at: datetime | None
    ended_at: datetime | None
    doubts: list[str]
    visits: list[VisitOut]
    legs: list[LegOut]
    attempts: list[AttemptOut]


class RecordingOut(Schema):
    """`seconds` by the file, `talk_seconds` by the leg."""

    id: int
    call: int | None
    started_at: datetime
    agent: str
    status: str
    seconds: float | None
    talk_seconds: int | None
    sealed: bool


class RecordingsOut(Schema):
    items: list[RecordingOut]
    next: str | None


class RecordingFilter(Paged):
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    agent: Several
    queue: Several
    team: Several
    status: Several


class StateOut(Schema):
    """`to_at` null: the present state."""

    agent: str
    state: str
    reason: str
    from_at: datetime
    to_at: datetime | None
    cause: str
    queues: list[str]
    call: str | None


class StatesOut(Schema):
    items: list[StateOut]
    next: str | None


def _call(line: call_lines.CallLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "uid": line.uid,
        "offered_at": line.at,
        "direction": line.direction,
        "number": line.number,
        "queue": line.queue or None,
        "agent": line.agent or None,
        "outcome": line.outcome,
        "wait_seconds": line.wait,
        "talk_seconds": line.talk,
        "hold_seconds": line.hold,
        "ended_by": line.ended_by or None,
        "survey_score": line.survey,
        "recording": line.recording.status,
    }


@router.get("/calls", response=CallsOut)
@open_to_programs("telephony.read")
@may(CALLS.code)
def calls(request: HttpRequest, asked: Query[CallFilter]) -> dict[str, Any]:
    """Calls, newest first."""
    query = CallQuery(
        period=Period(asked.since, asked.until),
        queues=tuple(asked.queue),
        agents=tuple(asked.agent),
        teams=tuple(asked.team),
        directions=tuple(asked.direction),
        outcomes=tuple(asked.outcome),
        number=asked.number,
        wait_from=asked.wait_from,
        wait_to=asked.wait_to,
        talk_from=asked.talk_from,
        talk_to=asked.talk_to,
        recording=asked.recording,
        doubts=asked.doubts,
    )
    found, pieces = asked_calls(request.user, query)
    narrow = newest_of(pieces) if pieces else None
    page = page_of(found, Sort("offered_at"), asked.after, size=asked.limit, narrow=narrow)
    return {"items": [_call(line) for line in call_lines.lines_of(page.rows)], "next": page.next or None}


@router.get("/calls/{int:pk}", response=CallWholeOut)
@open_to_programs("telephony.read")
@may(CALLS.code)
def call(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One call with all of its parts."""
    found: Call = get_object_or_404(visible_calls(request.user, few=True), pk=pk)
    (line,) = call_lines.lines_of([found])
    return {
        **_call(line),
        "answered_at": found.answered_at,
        "ended_at": found.ended_at,
        "doubts": [one for one in found.doubts.split("; ") if one],
        "visits": list(QueueVisit.objects.filter(call_id=pk).order_by("seq")),
        "legs": list(Leg.objects.filter(call_id=pk).order_by("seq")),
        "attempts": list(Attempt.objects.filter(call_id=pk).order_by("seq")),
    }


@router.get("/recordings", response=RecordingsOut)
@open_to_programs("telephony.read")
@may(RECORDINGS.code)
def recordings(request: HttpRequest, asked: Query[RecordingFilter]) -> dict[str, Any]:
    """Recordings, newest first. The sound itself is played on the page, where listening is written down."""
    query = recording_search.RecordingQuery(
        period=Period(asked.since, asked.until),
        agents=tuple(asked.agent),
        teams=tuple(asked.team),
        queues=tuple(asked.queue),
        statuses=tuple(asked.status),
    )
    found = recording_search.matching(visible_recordings(request.user), query)
    page = page_of(found, Sort("started_at"), asked.after, size=asked.limit)
    lines = recording_search.lines_of(page.rows)
    return {"items": [_recording(line) for line in lines], "next": page.next or None}


def _recording(line: recording_search.RecordingLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "call": line.call,
        "started_at": line.at,
        "agent": line.agent,
        "status": line.status,
        "seconds": line.seconds,
        "talk_seconds": line.talk,
        "sealed": line.sealed,
    }


@router.get("/recordings/{int:pk}", response=RecordingOut)
@open_to_programs("telephony.read")
@may(RECORDINGS.code)
def recording(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One recording."""
    found: Recording = get_object_or_404(visible_recordings(request.user), pk=pk)
    return _recording(recording_search.lines_of([found])[0])


class StateFilter(Paged):
    """`day` is a calendar day of the site; today when none is given."""

    day: date | None = None
    agent: Several


@router.get("/states", response=StatesOut)
@open_to_programs("telephony.read")
@may(STATES.code)
def states(request: HttpRequest, asked: Query[StateFilter]) -> dict[str, Any]:
    """Every state interval that touches the day, newest first; intervals over midnight come with both days, whole."""
    since, until = day_bounds(asked.day or timezone.localdate())
    rows = touching(visible_states(request.user), since, until)
    if asked.agent:
        rows = rows.filter(agent__in=asked.agent)
    page = page_of(rows.order_by(), Sort("from_at"), asked.after, size=asked.limit)
    return {"items": [_state(row) for row in page.rows], "next": page.next or None}


def _state(row: StateInterval) -> dict[str, Any]:
    return {
        "agent": row.agent,
        "state": row.state,
        "reason": row.reason,
        "from_at": row.from_at,
        "to_at": row.to_at,
        "cause": row.cause,
        "queues": [code for code in row.queues.split(",") if code],
        "call": row.subject or None,
    }
