# SPDX-License-Identifier: Apache-2.0
"""Which recordings are meant, how many are in which state, and how they read in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from zuoxi.people.selectors import members_between, names_of
from zuoxi.telephony.call_lines import PLAYABLE, queue_names, shown_number
from zuoxi.telephony.call_search import ANY_TIME, Period, local_days, same_number
from zuoxi.telephony.labels import RECORDING_STATUSES, RECORDING_TONES, Label
from zuoxi.telephony.models import Call, Leg, Recording
from zuoxi.telephony.page_models import RecordingHold
from zuoxi.telephony.remarks import in_words


@dataclass(frozen=True, slots=True)
class RecordingQuery:
    """What the filters say; lengths in seconds, inclusive at both ends."""

    period: Period = ANY_TIME
    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    number: str = ""
    long_from: int | None = None
    long_to: int | None = None
    score_from: int | None = None
    score_to: int | None = None
    held: bool = False


def matching(recordings: QuerySet[Recording], query: RecordingQuery) -> QuerySet[Recording]:
    """The recordings of `recordings` that the query means, in no order."""
    if query.period.since:
        recordings = recordings.filter(started_at__gte=query.period.since)
    if query.period.until:
        recordings = recordings.filter(started_at__lt=query.period.until)
    if query.agents:
        recordings = recordings.filter(agent__in=query.agents)
    if query.teams:
        members = members_between(query.teams, *local_days(query.period))
        recordings = recordings.filter(agent__in=members)
    if query.statuses:
        recordings = recordings.filter(status__in=query.statuses)
    if query.long_from is not None:
        recordings = recordings.filter(seconds__gte=query.long_from)
    if query.long_to is not None:
        recordings = recordings.filter(seconds__lte=query.long_to)
    if query.held:
        recordings = recordings.filter(path__in=RecordingHold.objects.values("path"))
    return _by_call(recordings, query)


def _by_call(recordings: QuerySet[Recording], query: RecordingQuery) -> QuerySet[Recording]:
    calls = Call.objects.filter(pk=OuterRef("call_id"))
    if query.queues:
        calls = calls.filter(queue__in=query.queues)
    if query.score_from is not None:
        calls = calls.filter(survey_score__gte=query.score_from)
    if query.score_to is not None:
        calls = calls.filter(survey_score__lte=query.score_to)
    if query.queues or query.score_from is not None or query.score_to is not None:
        recordings = recordings.filter(Exists(calls))
    if query.number:
        ways = same_number(query.number)
        with_him = Call.objects.filter(caller__in=ways) | Call.objects.filter(called__in=ways)
        recordings = recordings.filter(call_id__in=with_him.values("pk"))
    return recordings


def counts_by_status(recordings: QuerySet[Recording]) -> dict[str, int]:
    """How many are in each state; states without any are absent. One query."""
    rows = recordings.order_by().values_list("status").annotate(count=Count("pk"))
    return {str(status): int(count) for status, count in rows}


def share_whole(counts: Mapping[str, int]) -> float | None:
    """Recordings that hold their talk ÷ all that were checked and should (0…1); None when none was."""
    whole = counts.get("complete", 0) + counts.get("repaired", 0)
    checked = whole + counts.get("short", 0) + counts.get("missing", 0)
    return whole / checked if checked else None


@dataclass(frozen=True, slots=True)
class RecordingLine:
    """One recording of a list: `talk` by its leg, `seconds` by the file; None: not known."""

    id: int
    call: int | None
    at: datetime
    agent: str
    agent_name: str
    queue_name: str
    number: str
    seconds: Decimal | None
    talk: int | None
    status: str
    score: int | None
    note: str
    sealed: bool

    @property
    def status_label(self) -> Label:
        return RECORDING_STATUSES.get(self.status, self.status)

    @property
    def status_tone(self) -> str:
        return RECORDING_TONES.get(self.status, "plain")

    @property
    def playable(self) -> bool:
        return self.status in PLAYABLE


def lines_of(recordings: Sequence[Recording], queues: Mapping[str, str] | None = None) -> list[RecordingLine]:
    """In the given order; four queries however many, three where the names of the queues are known already."""
    calls = Call.objects.in_bulk({one.call_id for one in recordings if one.call_id})
    names = names_of(one.agent for one in recordings)
    queues = queue_names() if queues is None else queues
    legs: dict[tuple[int, str], int] = {}
    rows = Leg.objects.filter(call_id__in=list(calls)).values_list("call_id", "agent", "talk_seconds")
    for call, agent, talk in rows:
        legs[call, agent] = legs.get((call, agent), 0) + (talk or 0)
    return [_line(one, calls.get(one.call_id or 0), names, queues, legs) for one in recordings]


def _line(
    one: Recording,
    call: Call | None,
    names: dict[str, str],
    queues: Mapping[str, str],
    legs: dict[tuple[int, str], int],
) -> RecordingLine:
    return RecordingLine(
        id=one.pk,
        call=call.pk if call else None,
        at=one.started_at,
        agent=one.agent,
        agent_name=names.get(one.agent, ""),
        queue_name=queues.get(call.queue, call.queue) if call else "",
        number=shown_number(call) if call else "",
        seconds=one.seconds,
        talk=legs.get((one.call_id or 0, one.agent)),
        status=one.status,
        score=call.survey_score if call else None,
        note=in_words(one.note),
        sealed=one.encrypted,
    )
