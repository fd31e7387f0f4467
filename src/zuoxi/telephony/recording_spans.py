# SPDX-License-Identifier: Apache-2.0
"""How long an agent stood in a call, to the microsecond, from the ledger: what his recording must hold.

The folded talk time counts whole seconds, because that is all a queue log knows; on a call of fifteen seconds one
second is seven per cent, and a recording cut short by four would pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zuoxi.events import selectors as ledger
from zuoxi.events.facts import Stored
from zuoxi.telephony.models import Call, Leg, Recording

_LEEWAY = timedelta(seconds=2)  # a recording is told of in whole seconds


@dataclass(frozen=True, slots=True)
class Due:
    """What a recording should hold: the folded talk in whole seconds, and the exact stay where the ledger tells it."""

    talk: int | None
    exact: float | None = None

    def least(self, share: float) -> float | None:
        """Seconds that the file must hold at least; None when nobody knows. Of an exact stay nothing is let off,
        however short it was: a recorder that began late is told of."""
        if self.exact is not None:
            return self.exact * share
        return None if self.talk is None else least_seconds(self.talk, share)

    def __str__(self) -> str:
        return f"{self.exact:.1f}" if self.exact is not None else str(self.talk)


def least_seconds(talk: int, share: float) -> float:
    """What a file must hold at least. Both ends of the talk are whole seconds, so a second may be rounding."""
    return min(talk * share, talk - 1.0)


def dues(batch: Iterable[Recording]) -> dict[int, Due]:
    """What each recording should hold, by row."""
    rows = list(batch)
    talk, exact = talk_by_recording(rows), spans(rows)
    return {one.pk: Due(talk.get(one.pk), exact.get(one.pk)) for one in rows}


def talk_by_recording(batch: Iterable[Recording]) -> dict[int, int]:
    """Seconds that each recording should hold, by row; several files of one leg each answer for the whole of it.

    The leg is the one of the same agent in the same call that began nearest to the recording. A recording whose leg
    is not known is measured by what the switch said of it; where nothing is said it is absent.
    """
    rows = list(batch)
    legs: dict[tuple[int, str], list[Leg]] = {}
    for leg in Leg.objects.filter(call_id__in={one.call_id for one in rows if one.call_id}):
        legs.setdefault((leg.call_id, leg.agent), []).append(leg)
    found: dict[int, int] = {}
    for one in rows:
        near = legs.get((one.call_id or 0, one.agent), [])
        ranked = sorted(near, key=lambda candidate: abs(candidate.from_at - one.started_at))
        seconds = ranked[0].talk_seconds if ranked else one.said_seconds
        if seconds is not None:
            found[one.pk] = seconds
    return found


def spans(batch: Iterable[Recording]) -> dict[int, float]:
    """Seconds by recording; absent where the switch did not tell of every entry and exit (calls read from a log)."""
    rows = [one for one in batch if one.call_id]
    uids = dict(Call.objects.filter(pk__in={one.call_id for one in rows}).values_list("pk", "uid"))
    told = ledger.of_subjects(sorted(set(uids.values())))
    found = {}
    for one in rows:
        stays = _stays(told.get(uids.get(one.call_id or 0, ""), ()), one.agent)
        seconds = _within(stays, one.started_at, one.stopped_at)
        if seconds is not None:
            found[one.pk] = seconds
    return found


def _stays(events: Sequence[Stored], agent: str) -> list[tuple[datetime, datetime | None]]:
    """From when to when each of the agent's channels was in a bridge; None where its exit is not known."""
    open_by_channel: dict[str, datetime] = {}
    stays: list[tuple[datetime, datetime | None]] = []
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        if event.party != agent or event.kind not in ("leg.joined", "leg.left"):
            continue
        channel = str(event.data.get("channel", ""))
        if event.kind == "leg.joined":
            open_by_channel.setdefault(channel, event.at)
        elif channel in open_by_channel:
            stays.append((open_by_channel.pop(channel), event.at))
    return [*stays, *((since, None) for since in open_by_channel.values())]


def _within(
    stays: Sequence[tuple[datetime, datetime | None]], started: datetime, stopped: datetime | None
) -> float | None:
    own = [
        (since, until)
        for since, until in stays
        if (until is None or until >= started - _LEEWAY) and (stopped is None or since <= stopped + _LEEWAY)
    ]
    if not own or any(until is None for _since, until in own):
        return None
    return sum((until - since).total_seconds() for since, until in own if until is not None)
