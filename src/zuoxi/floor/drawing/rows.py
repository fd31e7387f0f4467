# SPDX-License-Identifier: Apache-2.0
"""What the parts of the floor page show: plain values, equal when they look the same."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from zuoxi.floor.facts import NOTHING, PRESENT_ORDER, RESTING, SIGNED_OUT, StateSeen, Tally
from zuoxi.floor.picture import Audience, Picture
from zuoxi.floor.roster import Person
from zuoxi.vault import masking


class AgentRow(NamedTuple):
    """One agent. `limit`: seconds he may stay in the state, None without a limit."""

    code: str
    name: str
    state: str
    reason: str
    direction: str
    cause: str
    since: datetime | None
    limit: int | None
    queue: str
    caller: str
    hand_at: datetime | None


class QueueRow(NamedTuple):
    """One queue. Levels are ratios; None without a denominator."""

    code: str
    name: str
    open: bool
    waiting: int
    longest_since: datetime | None
    target_seconds: int
    max_wait_seconds: int
    level: float | None
    target: float
    offered: int
    answered: int
    abandoned: int
    ready: int
    talking: int

    @property
    def tone(self) -> str:
        return "" if self.level is None else "good" if self.level >= self.target else "bad"


class TotalsRow(NamedTuple):
    """All shown queues together."""

    waiting: int
    longest_since: datetime | None
    target_seconds: int
    max_wait_seconds: int
    level: float | None
    target: float
    answer_rate: float | None
    offered: int
    answered: int
    abandoned: int
    query: str

    @property
    def tone(self) -> str:
        return "" if self.level is None else "good" if self.level >= self.target else "bad"


class StatesRow(NamedTuple):
    """How many people are in each state; `internal`: of those on a call, on the inside line (CALL-004)."""

    counts: tuple[tuple[str, int], ...]
    present: int
    resting: int
    internal: int


class AlertRow(NamedTuple):
    """One thing that wants the leader. `kind`: hand, limit, unreachable, wait, lost."""

    kind: str
    since: datetime
    agent: str = ""
    name: str = ""
    state: str = ""
    reason: str = ""
    note: str = ""
    hand: int = 0
    queue: str = ""
    many: int = 0


def person_of(picture: Picture, code: str) -> Person:
    return picture.roster.people.get(code) or Person(code, code, None, "", "", ())


def agent_row(picture: Picture, audience: Audience, code: str) -> AgentRow:
    board, roster = picture.board, picture.roster
    state = board.agents.get(code) or StateSeen(code, SIGNED_OUT, "", "", "", "", picture.now, "")
    hand = board.hands.get(code)
    reason = roster.reasons.get(state.reason)
    queue = roster.queues.get(state.queue)
    on_call = state.state in ("on_call", "ringing")
    return AgentRow(
        code,
        person_of(picture, code).name,
        state.state,
        reason.name(audience.language) if reason else state.reason,
        state.direction,
        state.cause,
        None if state.state == SIGNED_OUT else state.since,
        roster.limit_of(state.state, state.reason),
        queue.name(audience.language) if on_call and queue else "",
        masking.phone(state.caller) if on_call else "",
        hand.at if hand else None,
    )


def shown_agents(picture: Picture, audience: Audience) -> list[str]:
    """Agents of the audience: those who take calls (members of a queue), and whoever else has a state."""
    codes = {code for code, person in picture.roster.people.items() if person.queues} | set(picture.board.agents)
    return sorted(code for code in codes if audience.sees(code))


def queue_row(picture: Picture, audience: Audience, code: str, members: Counter[tuple[str, str]]) -> QueueRow:
    queue = picture.roster.queues[code]
    waiting = picture.board.waiting_in(code)
    tally = picture.board.today(code)
    return QueueRow(
        code,
        queue.name(audience.language),
        queue.open,
        len(waiting),
        waiting[0].entered_at if waiting else None,
        queue.target_seconds,
        queue.max_wait_seconds,
        tally.service_level,
        float(queue.target_percent) / 100,
        tally.offered,
        tally.answered,
        tally.abandoned,
        members[code, "ready"],
        members[code, "on_call"],
    )


def members_by_state(picture: Picture) -> Counter[tuple[str, str]]:
    """(queue, state) → how many agents who are signed in and serve the queue, of the whole centre."""
    found: Counter[tuple[str, str]] = Counter()
    for code, state in picture.board.agents.items():
        for queue in {*person_of(picture, code).queues, *state.queues.split(",")}:
            found[queue, state.state] += 1
    return found


def queue_rows(picture: Picture, audience: Audience) -> list[QueueRow]:
    members = members_by_state(picture)
    return [queue_row(picture, audience, code, members) for code in audience.queue_codes(picture.roster)]


def totals(picture: Picture, audience: Audience) -> TotalsRow:
    codes = audience.queue_codes(picture.roster)
    rows = [picture.roster.queues[code] for code in codes]
    waiting = [visit for code in codes for visit in picture.board.waiting_in(code)]
    tally: Tally = picture.board.today_of(codes) if codes else NOTHING
    return TotalsRow(
        len(waiting),
        min((visit.entered_at for visit in waiting), default=None),
        min((row.target_seconds for row in rows), default=20),
        min((row.max_wait_seconds for row in rows), default=300),
        tally.service_level,
        min((float(row.target_percent) / 100 for row in rows), default=0.8),
        tally.answer_rate,
        tally.offered,
        tally.answered,
        tally.abandoned,
        "" if audience.queues is None else "".join(f"&queue={code}" for code in codes),
    )


def states(picture: Picture, agents: list[str]) -> StatesRow:
    seen = [picture.board.agents[code] for code in agents if code in picture.board.agents]
    counts = Counter(state.state for state in seen)
    return StatesRow(
        tuple((state, counts[state]) for state in PRESENT_ORDER),
        sum(counts[state] for state in PRESENT_ORDER),
        sum(counts[state] for state in RESTING),
        sum(state.state == "on_call" and state.direction == "internal" for state in seen),
    )


def alerts(picture: Picture, audience: Audience, agents: list[str]) -> tuple[AlertRow, ...]:
    """What wants the leader now, most pressing first: hands, lost switches, long waits, limits, dead phones."""
    board = picture.board
    found = [AlertRow("lost", since, note=switch) for switch, since in sorted(board.lost.items())]
    for code in agents:
        if hand := board.hands.get(code):
            name = person_of(picture, code).name
            found.append(AlertRow("hand", hand.at, code, name, note=hand.note, hand=hand.id))
    for code in audience.queue_codes(picture.roster):
        queue = picture.roster.queues[code]
        late = [
            visit
            for visit in board.waiting_in(code)
            if (picture.now - visit.entered_at).total_seconds() > queue.target_seconds
        ]
        if late:
            name = queue.name(audience.language)
            found.append(AlertRow("wait", late[0].entered_at, queue=code, name=name, many=len(late)))
    found += sorted(_overstayed(picture, audience, agents), key=lambda row: row.since)
    return tuple(found)


def _overstayed(picture: Picture, audience: Audience, agents: list[str]) -> list[AlertRow]:
    found = []
    for code in agents:
        state = picture.board.agents.get(code)
        if state is None:
            continue
        limit = picture.roster.limit_of(state.state, state.reason)
        over = limit is not None and (picture.now - state.since).total_seconds() > limit
        if not over and state.state != "unreachable":
            continue
        reason = picture.roster.reasons.get(state.reason)
        label = reason.name(audience.language) if reason else state.reason
        kind = "unreachable" if state.state == "unreachable" else "limit"
        name = person_of(picture, code).name
        found.append(AlertRow(kind, state.since, code, name, state.state, label))
    return found
