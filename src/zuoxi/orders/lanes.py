# SPDX-License-Identifier: Apache-2.0
"""A flow drawn as lanes: what was done and by whom, what is next and until when, what still lies ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zuoxi.orders.handbook import LANES, FlowBody
from zuoxi.orders.models import StepLog
from zuoxi.policy.selectors import site_handbook


@dataclass(frozen=True, slots=True)
class Cell:
    """A step in its lane. `state`: done, now, ahead. `seconds`: how long it took since the one before."""

    label: str
    state: str
    who: str = ""
    at: datetime | None = None
    seconds: int | None = None
    late: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    label: str
    cells: tuple[Cell | None, ...]


def drawn(flow: FlowBody, taken: Iterable[StepLog], state: str, due_at: datetime | None, now: datetime) -> list[Lane]:
    """The lanes of a flow with one column for each step that was taken, is next, or lies ahead on the straight way."""
    columns: list[tuple[str, Cell]] = []
    before: datetime | None = None
    for row in taken:
        step = flow.steps.get(row.step)
        took = int((row.at - before).total_seconds()) if before else None
        late = row.due_at is not None and row.at > row.due_at
        label = str(step.label) if step else row.step
        columns.append((row.lane, Cell(label, "done", row.by.name if row.by else "", row.at, took, late, row.words)))
        before = row.at
    following = flow.next_at(state)
    if following is not None:
        key, step = following
        late = due_at is not None and due_at < now
        columns.append((step.lane, Cell(str(step.label), "now", at=due_at, late=late)))
        keys = list(flow.steps)
        ahead = (flow.steps[one] for one in keys[keys.index(key) + 1 :])
        columns += [(one.lane, Cell(str(one.label), "ahead")) for one in ahead if not one.optional and _likely(one)]
    lanes = site_handbook().entries(LANES)
    return [
        Lane(key, str(lanes[key].label), tuple(cell if lane == key else None for lane, cell in columns))
        for key in flow.lanes
    ]


def _likely(step: object) -> bool:
    """Steps that only a refusal leads to are not drawn ahead."""
    return not set(getattr(step, "at", ())) & {"failed", "to_send_back", "to_claim", "refused", "to_settle"}
