# SPDX-License-Identifier: Apache-2.0
"""Putting one call's facts in order when several sources tell them.

The queue log and the manager interface tell the same story with different clocks: whole seconds there, microseconds
here. Facts that mean the same happening are joined into one that keeps the finer time and the more trusted data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from zuoxi.events.facts import Stored
from zuoxi.telephony.facts import SOURCE_RANK

TWICE_TOLD = frozenset(
    "queue.joined queue.exited queue.abandoned agent.no_answer agent.connected agent.completed call.transferred "
    "member.added member.removed member.paused member.unpaused".split()
)
SAME_MOMENT = timedelta(seconds=2)

_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            "switch.connected window.unknown member.snapshot device.reachable member.added call.started call.imported "
            "queue.joined agent.ringing agent.no_answer call.dialled call.answered agent.connected leg.joined "
            "recording.started call.held call.resumed member.paused member.unpaused call.transferred leg.left "
            "leg.ended agent.completed recording.stopped queue.abandoned queue.exited call.diverted call.dial_ended "
            "survey.asked survey.answered call.clock_changed device.unreachable member.removed call.ended "
            "switch.synced switch.lost"
        ).split()
    )
}


def order_key(event: Stored) -> tuple[object, int, int]:
    """Cause before effect at the same instant; the ledger's order last."""
    return event.at, _ORDER[event.kind], event.id


def told_once(events: Sequence[Stored]) -> list[Stored]:
    """The events in causal order, each happening once."""
    if len({event.source for event in events}) > 1:
        events = _joined(events)
    return sorted(events, key=order_key)


def _joined(events: Iterable[Stored]) -> list[Stored]:
    kept: list[Stored] = []
    groups: dict[tuple[str, str, str], list[Stored]] = defaultdict(list)
    for event in events:
        if event.kind in TWICE_TOLD:
            groups[event.kind, event.party, str(event.data.get("queue", ""))].append(event)
        else:
            kept.append(event)
    for group in groups.values():
        kept.extend(_paired(group))
    return kept


def _paired(group: list[Stored]) -> list[Stored]:
    """Join each fact with its twin from another source, nearest first; what has no twin stands alone."""
    ranked = sorted(group, key=lambda event: (SOURCE_RANK[event.source], event.at, event.id))
    best = SOURCE_RANK[ranked[0].source]
    trusted = [event for event in ranked if SOURCE_RANK[event.source] == best]
    others = [event for event in ranked if SOURCE_RANK[event.source] != best]
    result: list[Stored] = []
    for event in trusted:
        twin = min(
            (other for other in others if abs(other.at - event.at) <= SAME_MOMENT),
            key=lambda other: (abs(other.at - event.at), other.id),
            default=None,
        )
        if twin is not None:
            others.remove(twin)
            finer = twin if event.source == "queue_log" else event
            told = {**twin.data, **event.data}
            result.append(event._replace(at=finer.at, id=min(event.id, twin.id), data=told))
        else:
            result.append(event)
    return result + others


def by_one_clock(events: Sequence[Stored]) -> tuple[list[Stored], bool]:
    """The call's facts as if the switch's clock had not been set, and whether it was.

    What was stored after the clock was set is moved back by as much, and loses the durations that the switch reckoned
    over the jump: they are taken from the moments instead.
    """
    jumps = [(event.id, int(event.data["seconds"])) for event in events if event.kind == "call.clock_changed"]
    if not jumps:
        return list(events), False
    moved = []
    for event in events:
        if event.kind == "call.clock_changed":
            continue
        by = sum(seconds for number, seconds in jumps if number < event.id)
        data = {name: value for name, value in event.data.items() if name not in _RECKONED} if by else event.data
        moved.append(event._replace(at=event.at - timedelta(seconds=by), data=data))
    return moved or list(events), True


_RECKONED = frozenset({"wait", "talk", "ring", "seconds"})
