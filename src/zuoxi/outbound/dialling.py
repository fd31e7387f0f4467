# SPDX-License-Identifier: Apache-2.0
"""The dialler's judgement: what stands now in, what is to be done out. Plain Python: no clock, no database.

What it holds, whatever it is told: never more new calls than free agents, each agent and each number at most one open
call, nothing for a campaign that does not run or whose hours are over, nothing while the switch cannot be heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

FREE: Final = "ready"
AWAY: Final = frozenset({"signed_out", "not_ready", "break", "meal", "training", "unreachable", "unknown"})
"""States in which nobody is there for a call that begins now."""

PENDING_SECONDS: Final = 8
"""A wish that the listener has not taken up by then is taken back: a late call is worse than none."""
ANSWER_SECONDS: Final = 75
"""After that long without a word of the switch nobody knows whether it dialled (it rings our own telephone 40 s)."""
SETTLE_SECONDS: Final = 15
"""How long a call may take to show in the ledger once the switch has said that it was made."""


@dataclass(frozen=True, slots=True)
class AgentNow:
    """An agent who works on a campaign. `owes`: his last call has no result yet. `heard`: his switch is listened to."""

    code: str
    campaign: int
    state: str
    owes: bool = False
    heard: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to be called. `owner`: only this agent ("" = any)."""

    lead: int
    campaign: int
    number: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A call that is under way. `wish`: none, pending, sent, done or failed; `ago`: seconds since the wish changed."""

    attempt: int
    agent: str
    number: str
    state: Literal["reserved", "dialling", "talking"]
    wish: str
    ago: float
    agent_state: str
    placed: bool = False
    message: str = ""
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Progressive campaigns that run and whose hours are on."""

    dialling: frozenset[int]


@dataclass(frozen=True, slots=True)
class Dial:
    """Reserve the agent and call."""

    agent: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the wish back before anything rings; the number counts as not called."""

    attempt: int
    why: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The agent has gone while it rings: end it before somebody answers into silence."""

    attempt: int
    agent: str


@dataclass(frozen=True, slots=True)
class Close:
    """The call will not come: it was not made, or (`unknown`) nobody can say."""

    attempt: int
    why: str
    unknown: bool


Action = Dial | Withdraw | HangUp | Close


def decide(
    agents: Sequence[AgentNow], waiting: Sequence[Waiting], under_way: Sequence[Open], campaigns: Campaigns
) -> list[Action]:
    """What to do now; `waiting` in the order in which they are to be called."""
    actions: list[Action] = [action for one in under_way if (action := _tend(one)) is not None]
    return [*actions, *_new_calls(agents, waiting, under_way, campaigns)]


def _tend(one: Open) -> Action | None:
    """What a call under way needs; None: nothing but time."""
    if one.placed:
        gone = one.state == "dialling" and one.agent_state in AWAY
        return HangUp(one.attempt, one.agent) if gone else None
    if one.wish == "failed":
        return Close(one.attempt, one.message or "the switch refused", one.uncertain)
    if one.wish == "pending":
        if one.agent_state in AWAY:
            return Withdraw(one.attempt, "the agent left")
        return Withdraw(one.attempt, "the switch did not listen") if one.ago > PENDING_SECONDS else None
    if one.wish == "done":
        return Close(one.attempt, "no call was seen", True) if one.ago > SETTLE_SECONDS else None
    if one.wish == "sent":
        return Close(one.attempt, "the switch did not say", True) if one.ago > ANSWER_SECONDS else None
    return Close(one.attempt, "it was never asked for", False)


def _new_calls(
    agents: Sequence[AgentNow], waiting: Sequence[Waiting], under_way: Sequence[Open], campaigns: Campaigns
) -> list[Action]:
    busy = {one.agent for one in under_way}
    numbers = {one.number for one in under_way}
    left = list(waiting)
    made: list[Action] = []
    for agent in agents:
        if agent.campaign not in campaigns.dialling or agent.code in busy or not _free(agent):
            continue
        chosen = _next_for(agent, left, numbers)
        if chosen is None:
            continue
        left.remove(chosen)
        busy.add(agent.code)
        numbers.add(chosen.number)
        made.append(Dial(agent.code, chosen))
    return made


def _free(agent: AgentNow) -> bool:
    return agent.state == FREE and not agent.owes and agent.heard


def _next_for(agent: AgentNow, waiting: Sequence[Waiting], numbers: set[str]) -> Waiting | None:
    """His own first, then anybody's of his campaign."""
    fitting = [
        one
        for one in waiting
        if one.campaign == agent.campaign and one.number not in numbers and one.owner in ("", agent.code)
    ]
    return next((one for one in fitting if one.owner), fitting[0] if fitting else None)
