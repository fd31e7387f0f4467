# SPDX-License-Identifier: Apache-2.0
"""Where what we show and what can be known may have drifted apart: the health of the telephony ledger in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db.models import Exists, OuterRef

from zuoxi.events import selectors as ledger
from zuoxi.telephony.facts import AgentState
from zuoxi.telephony.models import Call, Command, Leg, StateInterval, Switch, UnknownWindow
from zuoxi.telephony.selectors import open_calls_older_than

SILENT: Final = timedelta(seconds=60)
LOGS: Final = (("queue_log", "queue_log_path"), ("cel", "cel_path"))


@dataclass(frozen=True, slots=True)
class LogLag:
    """How far one of the switch's own logs has been read; `behind` bytes, None where it cannot be looked at."""

    name: str
    position: int | None
    behind: int | None


@dataclass(frozen=True, slots=True)
class SwitchHealth:
    """One switch as its listener left it. `silent` when nothing was heard for a minute."""

    name: str
    kind: str
    instance: str
    connected_at: datetime | None
    seen_at: datetime | None
    silent: bool
    synced_at: datetime | None
    logs: Sequence[LogLag]
    commands_waiting: int
    commands_failed: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An agent whose live state and whose calls disagree."""

    agent: str
    state: str
    since: datetime | None
    call: int | None
    why: str


def switches(now: datetime) -> list[SwitchHealth]:
    """Five queries for each switch; there are few."""
    return [_health(switch, now) for switch in Switch.objects.order_by("name")]


def _health(switch: Switch, now: datetime) -> SwitchHealth:
    synced = ledger.latest_of(f"switch:{switch.name}", "switch.synced")
    commands = Command.objects.filter(switch=switch, asked_at__gte=now - timedelta(days=1))
    return SwitchHealth(
        name=switch.name,
        kind=switch.get_kind_display(),
        instance=switch.instance,
        connected_at=switch.connected_at,
        seen_at=switch.seen_at,
        silent=switch.seen_at is None or now - switch.seen_at > SILENT,
        synced_at=synced.at if synced else None,
        logs=[_lag(switch, name, field) for name, field in LOGS],
        commands_waiting=commands.filter(
            status__in=("pending", "sent"), asked_at__lt=now - timedelta(seconds=10)
        ).count(),
        commands_failed=commands.filter(status="failed").count(),
    )


def _lag(switch: Switch, name: str, field: str) -> LogLag:
    said: Any = (switch.backfill_position or {}).get(name)
    position = said.get("offset") if isinstance(said, dict) else said
    known = position if isinstance(position, int) else None
    path = Path(getattr(switch, field) or "/nonexistent")
    try:
        size = path.stat().st_size
    except OSError:
        return LogLag(name, known, None)
    return LogLag(name, known, max(size - known, 0) if known is not None else None)


@dataclass(frozen=True, slots=True)
class FoldLag:
    """How many events a fold has yet to apply."""

    name: str
    behind: int
    at: datetime


def folds() -> list[FoldLag]:
    """A fold is named "package:switch"; it reads the stream of that switch."""
    return [
        FoldLag(name, ledger.count_after(f"switch:{name.partition(':')[2]}", through), at)
        for name, (through, at) in sorted(ledger.fold_positions().items())
    ]


def unknown_windows(limit: int = 50) -> list[UnknownWindow]:
    """Stretches in which a switch was not heard, newest first."""
    return list(UnknownWindow.objects.order_by("-from_at")[:limit])


def mismatches(now: datetime) -> list[Mismatch]:
    """Agents who are on a call by their state but in none by the calls, or the other way round."""
    open_legs = Leg.objects.filter(to_at=None, from_at__gte=now - timedelta(hours=12), from_at__lt=now - SILENT)
    up = Call.objects.filter(pk=OuterRef("call_id"), ended_at=None)
    talking = {leg.agent: leg for leg in open_legs.filter(Exists(up))}
    present = {one.agent: one for one in StateInterval.objects.filter(to_at=None)}
    found = [
        Mismatch(agent, one.state, one.from_at, None, "state")
        for agent, one in sorted(present.items())
        if one.state == AgentState.ON_CALL and agent not in talking and one.from_at < now - SILENT
    ]
    for agent, leg in sorted(talking.items()):
        state = present.get(agent)
        if state is None or state.state not in (AgentState.ON_CALL, AgentState.UNKNOWN):
            found.append(Mismatch(agent, state.state if state else "", leg.from_at, leg.call_id, "call"))
    return found


def old_open_calls(minutes: int, now: datetime) -> list[Call]:
    """Calls that have been up for longer than that; an ending was probably missed."""
    return open_calls_older_than(timedelta(minutes=minutes), now)
