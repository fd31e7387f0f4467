# SPDX-License-Identifier: Apache-2.0
"""Keeping the read tables in step with the ledger: what the folds say, written in batches.

A `CallProjection` folds each touched call anew from all of its facts. A `StateProjection` steps forward while facts
come in order, and goes back to the agent's last signed-out moment when one comes late.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from zuoxi.events import selectors as ledger
from zuoxi.events import sql
from zuoxi.events.facts import Stored
from zuoxi.telephony.facts import AgentState, AttemptRow, CallRow, Interval, LegRow, RecordingRow, VisitRow
from zuoxi.telephony.folds import fold_call
from zuoxi.telephony.states import StateFold, fold_states
from zuoxi.telephony.stories import order_key, told_once

CALLS_KEPT = 4000
WRITTEN_AT_ONCE = 500

CALL_COLUMNS = (
    "id uid switch direction caller called queue agent offered_at answered_at ended_at outcome wait_seconds "
    "talk_seconds hold_seconds ended_by survey_score survey_asked survey_means survey_answers diverted_to doubts "
    "applied_through"
).split()
VISIT_COLUMNS = (
    "call_id seq queue agent entered_at left_at outcome position wait_seconds talk_seconds hold_seconds ended_by"
).split()
LEG_COLUMNS = "call_id seq agent kind queue from_at to_at ring_seconds talk_seconds hold_seconds aside_at".split()
ATTEMPT_COLUMNS = "call_id seq agent queue at ring_seconds".split()
STATE_COLUMNS = "agent state reason direction cause queues subject from_at to_at".split()
RECORDING_COLUMNS = "path call_id agent started_at stopped_at said_seconds status sha256 encrypted note".split()
RECORDING_CHECKED = ("status", "sha256", "encrypted", "note")


def switch_of(stream: str) -> str:
    return stream.partition(":")[2]


# Words go to the database as plain text: its driver takes many times as long over a word of an enumeration.


def call_values(row: CallRow, switch: str) -> tuple[Any, ...]:
    return (
        row.first_event, row.uid, switch, row.direction.value, row.caller[:40], row.called[:40], row.queue, row.agent,
        row.offered_at, row.answered_at, row.ended_at, row.outcome.value, row.wait_seconds, row.talk_seconds,
        row.hold_seconds, row.ended_by, row.survey_score, row.survey_asked, row.survey_means[:20],
        row.survey_answers[:60], row.diverted_to[:40], "; ".join(row.doubts)[:200],
        row.applied_through,
    )  # fmt: skip


def visit_values(call: int, row: VisitRow) -> tuple[Any, ...]:
    return (
        call, row.seq, row.queue, row.agent, row.entered_at, row.left_at, row.outcome.value, row.position,
        row.wait_seconds, row.talk_seconds, row.hold_seconds, row.ended_by,
    )  # fmt: skip


def leg_values(call: int, row: LegRow) -> tuple[Any, ...]:
    return (
        call, row.seq, row.agent, row.kind.value, row.queue, row.from_at, row.to_at, row.ring_seconds, row.talk_seconds,
        row.hold_seconds, row.aside_at,
    )  # fmt: skip


def attempt_values(call: int, row: AttemptRow) -> tuple[Any, ...]:
    return (call, row.seq, row.agent, row.queue, row.at, row.ring_seconds)


def recording_values(call: int, row: RecordingRow) -> tuple[Any, ...]:
    return (
        row.path,
        call,
        row.leg_agent,
        row.started_at,
        row.stopped_at,
        row.said_seconds,
        "expected",
        "",
        False,
        "",
    )


def interval_values(row: Interval) -> tuple[Any, ...]:
    return (
        row.agent, row.state.value, row.reason, row.direction, row.cause, row.queues[:200], row.subject, row.from_at,
        row.to_at,
    )  # fmt: skip


@dataclass(slots=True)
class _Known:
    """A call that is in hand: its facts, and what stands in the tables of it."""

    events: list[Stored]
    row: CallRow | None = None


@dataclass(slots=True)
class CallProjection:
    """Calls, their waits, legs, missed rings and recordings."""

    known: OrderedDict[str, _Known] = field(default_factory=OrderedDict)

    def apply(self, events: Sequence[Stored]) -> list[CallRow]:
        """Fold every call that the events touch and write what changed; the rows as they now stand."""
        touched: dict[str, list[Stored]] = defaultdict(list)
        for event in events:
            if event.subject:
                touched[event.subject].append(event)
        if not touched:
            return []
        self._fetch([uid for uid in touched if uid not in self.known], events[0].id)
        rows: list[CallRow] = []
        folded = []
        for uid, new in touched.items():
            known = self.known.setdefault(uid, _Known([]))
            self.known.move_to_end(uid)
            known.events.extend(new)
            row = fold_call(uid, known.events)
            rows.append(row)
            folded.append((switch_of(new[0].stream), known, row))
            if len(folded) == WRITTEN_AT_ONCE:
                self._write(folded)
                folded = []
        self._write(folded)
        while len(self.known) > CALLS_KEPT:
            self.known.popitem(last=False)
        return rows

    def _fetch(self, uids: Sequence[str], before: int) -> None:
        """Bring in the earlier facts of calls that are not in hand."""
        older: list[str] = []
        with connection.cursor() as cursor:
            for batch in sql.in_batches(uids):
                cursor.execute(
                    "SELECT DISTINCT subject FROM events_event "  # noqa: S608
                    f"WHERE subject IN ({sql.placeholders(len(batch))}) AND id < %s",
                    [*batch, before],
                )
                older.extend(row[0] for row in cursor.fetchall())
        for uid, events in ledger.of_subjects(older).items():
            earlier = [event for event in events if event.id < before]
            self.known[uid] = _Known(earlier, fold_call(uid, earlier))

    def _write(self, folded: Sequence[tuple[str, _Known, CallRow]]) -> None:
        calls, visits, legs, attempts, recordings = [], [], [], [], []  # type: ignore[var-annotated]
        shrunk: list[int] = []
        for switch, known, row in folded:
            before, number = known.row, row.first_event
            known.row = row
            calls.append(call_values(row, switch))
            visits.extend(visit_values(number, one) for one in row.visits if not before or one not in before.visits)
            legs.extend(leg_values(number, one) for one in row.legs if not before or one not in before.legs)
            attempts.extend(
                attempt_values(number, one) for one in row.attempts if not before or one not in before.attempts
            )
            recordings.extend(
                recording_values(number, one) for one in row.recordings if not before or one not in before.recordings
            )
            if before and (
                len(before.visits) > len(row.visits)
                or len(before.legs) > len(row.legs)
                or len(before.attempts) > len(row.attempts)
            ):
                shrunk.append(number)
        self._prune(shrunk, {row.first_event: row for _, _, row in folded})
        sql.write("telephony_call", CALL_COLUMNS, calls, key=["id"])
        sql.write("telephony_queuevisit", VISIT_COLUMNS, visits, key=["call_id", "seq"])
        sql.write("telephony_leg", LEG_COLUMNS, legs, key=["call_id", "seq"])
        sql.write("telephony_attempt", ATTEMPT_COLUMNS, attempts, key=["call_id", "seq"])
        sql.write("telephony_recording", RECORDING_COLUMNS, recordings, key=["path"], kept=RECORDING_CHECKED)

    def _prune(self, numbers: Sequence[int], rows: dict[int, CallRow]) -> None:
        """A late fact may take back a leg or a wait that was only guessed."""
        for number in numbers:
            row = rows[number]
            for table, kept in (("queuevisit", row.visits), ("leg", row.legs), ("attempt", row.attempts)):
                sql.run(
                    f"DELETE FROM telephony_{table} WHERE call_id = %s AND seq > %s",  # noqa: S608
                    [number, len(kept)],
                )


@dataclass(slots=True)
class _Following:
    fold: StateFold
    last: tuple[object, int, int]


@dataclass(slots=True)
class StateProjection:
    """The intervals of every agent's state."""

    following: dict[str, _Following] = field(default_factory=dict)

    def apply(self, events: Sequence[Stored]) -> None:
        by_agent: dict[str, list[Stored]] = defaultdict(list)
        for event in events:
            if event.party:
                by_agent[event.party].append(event)
        changed: dict[tuple[str, datetime], Interval] = {}
        for agent, new in by_agent.items():
            for interval in self._follow(agent, new):
                changed[interval.agent, interval.from_at] = interval
        rows = [interval_values(interval) for interval in changed.values()]
        sql.write("telephony_stateinterval", STATE_COLUMNS, rows, key=["agent", "from_at"])

    def _follow(self, agent: str, new: list[Stored]) -> Iterable[Interval]:
        following = self.following.get(agent)
        several = len({event.source for event in new}) > 1
        ordered = told_once(new)
        if following is None or several or order_key(ordered[0]) <= following.last:
            return self._go_back(agent, new, ordered[0].at)
        following.last = order_key(ordered[-1])
        return [interval for event in ordered for interval in following.fold.step(event)]

    def _go_back(self, agent: str, new: list[Stored], earliest: datetime) -> Iterable[Interval]:
        """Fold again from the last second at whose start the agent was signed out and settled.

        The new facts are not looked for in the ledger: a second process may only just be writing them.
        """
        start = self._settled_before(agent, earliest)
        fold = StateFold(agent, present=start)
        since = start.from_at + timedelta(seconds=1) if start else None
        if since is None:
            sql.run("DELETE FROM telephony_stateinterval WHERE agent = %s", [agent])
        else:
            sql.run("DELETE FROM telephony_stateinterval WHERE agent = %s AND from_at >= %s", [agent, since])
        first = min(event.id for event in new)
        events = told_once([*(one for one in ledger.of_party(agent, since) if one.id < first), *new])
        intervals = fold_states(agent, events, fold)
        self.following[agent] = _Following(fold, order_key(events[-1]))
        return intervals

    def _settled_before(self, agent: str, earliest: datetime) -> Interval | None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(STATE_COLUMNS)} FROM telephony_stateinterval "  # noqa: S608
                "WHERE agent = %s AND state = %s AND from_at <= %s ORDER BY from_at DESC LIMIT 1",
                [agent, AgentState.SIGNED_OUT, sql.adapt(earliest - timedelta(seconds=4))],
            )
            row = cursor.fetchone()
        if row is None:
            return None
        values = dict(zip(STATE_COLUMNS, row, strict=True))
        values["from_at"] = _aware(values["from_at"])
        return Interval(**{**values, "state": AgentState(values["state"]), "to_at": None})


def _aware(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
