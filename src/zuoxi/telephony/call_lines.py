# SPDX-License-Identifier: Apache-2.0
"""Calls as people read them in a list: names for codes, numbers masked, one look-up per kind for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.selectors import names_of
from zuoxi.telephony.keyset import Sort
from zuoxi.telephony.labels import (
    DIRECTIONS,
    ENDED_BY,
    OUTCOME_TONES,
    OUTCOMES,
    RECORDING_STATUSES,
    RECORDING_TONES,
    Label,
    doubts_of,
)
from zuoxi.telephony.models import Call, Queue, Recording
from zuoxi.vault import masking


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the call list; `sort` None: not sorted by."""

    key: str
    label: Label
    sort: Sort | None = None
    shown: bool = True
    numeric: bool = False


COLUMNS: Final = (
    Column("offered_at", _("Time"), Sort("offered_at")),
    Column("direction", _("Direction")),
    Column("number", _("Customer")),
    Column("called", _("Number called"), shown=False),
    Column("queue", _("Queue")),
    Column("agent", _("Agent")),
    Column("outcome", _("Outcome")),
    Column("wait", _("Wait"), Sort("wait_seconds", nullable=True), numeric=True),
    Column("talk", _("Talk"), Sort("talk_seconds", nullable=True), numeric=True),
    Column("hold", pgettext_lazy("duration", "Hold"), Sort("hold_seconds", nullable=True), numeric=True),
    Column("ended_by", _("Hung up by"), shown=False),
    Column("survey", _("Survey"), Sort("survey_score", nullable=True), shown=False, numeric=True),
    Column("recording", _("Recording")),
    Column("doubts", _("Doubts")),
    Column("uid", _("Id on the switch"), shown=False),
)
BY_KEY: Final = {column.key: column for column in COLUMNS}
DEFAULT_SORT: Final = "-offered_at"


def sort_named(name: str) -> Sort:
    """`name` is a column's key, with "-" before it for downwards; anything else is the default."""
    column = BY_KEY.get(name.lstrip("-"))
    if column is None or column.sort is None:
        return Sort("offered_at")
    return Sort(column.sort.field, name.startswith("-"), column.sort.nullable)


def chosen_columns(keys: Iterable[str]) -> tuple[Column, ...]:
    """The columns asked for, in the order of the list; the usual ones when none is."""
    wanted = set(keys) & BY_KEY.keys()
    return tuple(column for column in COLUMNS if (column.key in wanted if wanted else column.shown))


@dataclass(frozen=True, slots=True)
class RecordingMark:
    """The state of a call's recordings in one word; `id` is the first that can be played."""

    status: str
    id: int | None = None

    @property
    def label(self) -> Label:
        return RECORDING_STATUSES.get(self.status, _("None"))

    @property
    def tone(self) -> str:
        return RECORDING_TONES.get(self.status, "plain")


NO_RECORDING: Final = RecordingMark("none")
PLAYABLE: Final = frozenset({"complete", "short", "repaired", "expected"})
_WORST_FIRST: Final = ("missing", "short", "expected", "repaired", "complete", "deleted", "orphan")


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of a list. Seconds None: not known."""

    id: int
    uid: str
    at: datetime
    direction: str
    number: str
    called: str
    queue: str
    queue_name: str
    agent: str
    agent_name: str
    outcome: str
    wait: int | None
    talk: int | None
    hold: int | None
    ended_by: str
    survey: int | None
    recording: RecordingMark
    doubts: tuple[Label, ...]

    @property
    def direction_label(self) -> Label:
        return DIRECTIONS.get(self.direction, self.direction)

    @property
    def outcome_label(self) -> Label:
        return OUTCOMES.get(self.outcome, self.outcome)

    @property
    def outcome_tone(self) -> str:
        return OUTCOME_TONES.get(self.outcome, "plain")

    @property
    def ended_by_label(self) -> Label:
        return ENDED_BY.get(self.ended_by, self.ended_by)


def customer_number(call: Call) -> str:
    """The other party, unmasked: the caller of what came in, the called of what went out, else ""."""
    return {"inbound": call.caller, "outbound": call.called}.get(call.direction, "")


def shown_number(call: Call) -> str:
    """The other party as a list may show him: masked; an extension is short enough to stay readable."""
    return masking.phone(call.called if call.direction == "internal" else customer_number(call))


def shown_called(call: Call) -> str:
    """What was dialled; a customer's number is masked, a number of the centre is not."""
    return call.called if call.direction == "inbound" else masking.phone(call.called)


def queue_names() -> dict[str, str]:
    """Name by code, in the reader's language; one query."""
    return {queue.code: str(queue) for queue in Queue.objects.only("code", "name_zh", "name_en")}


def recording_marks(calls: Sequence[int]) -> dict[int, RecordingMark]:
    """By call id; a call that has no recording at all is absent. One query."""
    rows: dict[int, list[tuple[int, str]]] = {}
    found = Recording.objects.filter(call_id__in=list(calls)).order_by("started_at", "pk")
    for pk, call, status in found.values_list("pk", "call_id", "status"):
        rows.setdefault(call or 0, []).append((pk, status))
    return {call: _mark(known) for call, known in rows.items()}


def _mark(rows: Sequence[tuple[int, str]]) -> RecordingMark:
    statuses = {status for _, status in rows}
    worst = next((status for status in _WORST_FIRST if status in statuses), "expected")
    return RecordingMark(worst, next((pk for pk, status in rows if status in PLAYABLE), None))


def lines_of(calls: Sequence[Call], queues: Mapping[str, str] | None = None) -> list[CallLine]:
    """In the given order; three queries however many calls, two where the names of the queues are known already."""
    names = names_of(call.agent for call in calls)
    queues = queue_names() if queues is None else queues
    marks = recording_marks([call.pk for call in calls])
    return [_line(call, names, queues, marks.get(call.pk, NO_RECORDING)) for call in calls]


def _line(call: Call, names: dict[str, str], queues: Mapping[str, str], mark: RecordingMark) -> CallLine:
    return CallLine(
        id=call.pk,
        uid=call.uid,
        at=call.offered_at,
        direction=call.direction,
        number=shown_number(call),
        called=shown_called(call),
        queue=call.queue,
        queue_name=queues.get(call.queue, call.queue),
        agent=call.agent,
        agent_name=names.get(call.agent, ""),
        outcome=call.outcome,
        wait=call.wait_seconds,
        talk=call.talk_seconds,
        hold=call.hold_seconds,
        ended_by=call.ended_by,
        survey=call.survey_score,
        recording=mark,
        doubts=doubts_of(call.doubts),
    )


def export_cells(line: CallLine, columns: Sequence[Column]) -> list[str | int | datetime | None]:
    """One line of the export; masked like the list, durations in seconds."""
    values: dict[str, str | int | datetime | None] = {
        "offered_at": line.at,
        "direction": str(line.direction_label),
        "number": line.number,
        "called": line.called,
        "queue": line.queue_name,
        "agent": f"{line.agent} {line.agent_name}".strip(),
        "outcome": str(line.outcome_label),
        "wait": line.wait,
        "talk": line.talk,
        "hold": line.hold,
        "ended_by": str(line.ended_by_label),
        "survey": line.survey,
        "recording": str(line.recording.label),
        "doubts": "; ".join(str(doubt) for doubt in line.doubts),
        "uid": line.uid,
    }
    return [values[column.key] for column in columns]
