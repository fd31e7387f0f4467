# SPDX-License-Identifier: Apache-2.0
"""Folding the whole ledger again from nothing and comparing it with what stands in the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from zuoxi.events import selectors as ledger
from zuoxi.events import sql
from zuoxi.telephony import projections as tables
from zuoxi.telephony.folds import fold_call
from zuoxi.telephony.states import fold_states

BATCH = 500


@dataclass(slots=True)
class Verdict:
    """What was compared and what differs (at most `SHOWN` differences are kept whole)."""

    events: int = 0
    calls: int = 0
    agents: int = 0
    differences: int = 0
    samples: list[str] = field(default_factory=list)

    SHOWN = 20

    @property
    def sound(self) -> bool:
        return self.differences == 0

    def differ(self, what: str) -> None:
        self.differences += 1
        if len(self.samples) < self.SHOWN:
            self.samples.append(what)


def _batched(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _comparable(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(sql.adapt(value) if value is not None else None for value in row)


def _standing(table: str, columns: Sequence[str], where: str, values: Sequence[Any]) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    with connection.cursor() as cursor:
        for batch in sql.in_batches(list(values)):
            cursor.execute(
                f"SELECT {', '.join(columns)} FROM telephony_{table} "  # noqa: S608
                f"WHERE {where} IN ({sql.placeholders(len(batch))})",
                batch,
            )
            found.update(_comparable(row) for row in cursor.fetchall())
    return found


def _compare(verdict: Verdict, table: str, standing: set[tuple[Any, ...]], folded: set[tuple[Any, ...]]) -> None:
    for row in standing - folded:
        verdict.differ(f"{table}: stands but does not follow from the ledger: {row}")
    for row in folded - standing:
        verdict.differ(f"{table}: follows from the ledger but does not stand: {row}")


def _verify_calls(verdict: Verdict) -> None:
    for uids in _batched(ledger.subjects()):
        rows = []
        for uid, events in ledger.of_subjects(uids).items():
            verdict.events += len(events)
            rows.append((tables.switch_of(events[0].stream), fold_call(uid, events)))
        verdict.calls += len(rows)
        numbers = [row.first_event for _, row in rows]
        whole = {
            "call": (tables.CALL_COLUMNS, "id", [tables.call_values(row, switch) for switch, row in rows]),
            "queuevisit": (
                tables.VISIT_COLUMNS,
                "call_id",
                [tables.visit_values(row.first_event, one) for _, row in rows for one in row.visits],
            ),
            "leg": (
                tables.LEG_COLUMNS,
                "call_id",
                [tables.leg_values(row.first_event, one) for _, row in rows for one in row.legs],
            ),
            "attempt": (
                tables.ATTEMPT_COLUMNS,
                "call_id",
                [tables.attempt_values(row.first_event, one) for _, row in rows for one in row.attempts],
            ),
        }
        for table, (columns, where, values) in whole.items():
            _compare(
                verdict,
                table,
                _standing(table, columns, where, numbers),
                {_comparable(value) for value in values},
            )


def _verify_states(verdict: Verdict) -> None:
    for agents in _batched(ledger.parties()):
        verdict.agents += len(agents)
        folded = {
            _comparable(tables.interval_values(interval))
            for agent in agents
            for interval in fold_states(agent, ledger.of_party(agent))
        }
        _compare(
            verdict,
            "stateinterval",
            _standing("stateinterval", tables.STATE_COLUMNS, "agent", agents),
            folded,
        )


def verify() -> Verdict:
    """Rebuild every fold from the ledger and compare row by row; reads only."""
    verdict = Verdict()
    _verify_calls(verdict)
    _verify_states(verdict)
    return verdict
