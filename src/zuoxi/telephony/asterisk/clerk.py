# SPDX-License-Identifier: Apache-2.0
"""Stores what was heard: from the spool, in batches, as facts and doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog

from zuoxi.telephony.asterisk import resync
from zuoxi.telephony.asterisk.backfill import Recent
from zuoxi.telephony.asterisk.books import Doubt
from zuoxi.telephony.asterisk.clock_watch import ClockWatch
from zuoxi.telephony.asterisk.desk import Desk
from zuoxi.telephony.asterisk.frames import Frame, Rejected
from zuoxi.telephony.asterisk.identity import Boot, Untold
from zuoxi.telephony.asterisk.spool import Heard, Spool
from zuoxi.telephony.asterisk.translate import translate
from zuoxi.telephony.facts import SwitchFact

log = structlog.get_logger(__name__)
BATCH: Final = 500
WITHIN: Final = 0.05
"""Seconds that a fact may wait for company before it is stored."""


class Clerk:
    """`recent` is what the manager interface told lately; the reader of the queue log compares with it.

    `latest` is the moment of the newest fact, by the switch's clock.
    """

    def __init__(self, desk: Desk, spool: Spool, steady: bool = False) -> None:
        self.recent = Recent()
        self.latest = datetime.fromtimestamp(0, UTC)
        self._desk = desk
        self._spool = spool
        self._devices: dict[str, str] = {}
        self._calls: dict[str, str] = {}
        """The call that each agent has from a queue, "" once that is over."""
        self._parted: dict[str, dict[str, None]] = {}
        """Calls that an agent has left and the queue still counts as his, oldest first."""
        self._begun: set[str] = set()
        self._clock = ClockWatch(steady)

    async def run(self) -> None:
        while True:
            heard = await self._spool.take(BATCH, WITHIN)
            await self._desk.do(partial(self._desk.books.store, *self.interpret(heard)))
            self._spool.done(len(heard))

    def interpret(self, heard: Sequence[Heard]) -> tuple[list[SwitchFact], list[Doubt]]:
        facts: list[SwitchFact] = []
        doubts: list[Doubt] = []
        for item, boot, at in heard:
            if isinstance(item, Rejected):
                doubts.append(_doubt(item.raw, item.reason, boot, at))
            elif isinstance(item, Frame):
                try:
                    fact = translate(item, boot)
                    if item.event == "QueueCallerJoin":
                        self._note_waiting(item, boot)
                except Untold as fault:
                    doubts.append(_doubt(item.raw, str(fault), boot, at))
                    continue
                if fact is not None and (seconds := self._clock.jumped(fact.at, at)):
                    facts += self._clock_changed(fact, boot, seconds)
                if fact is not None and self._is_news(fact):
                    fact = self._with_call(fact)
                    self.recent.note(fact)
                    self.latest = fact.at
                    facts.append(fact)
        return facts, doubts

    def _clock_changed(self, fact: SwitchFact, boot: Boot, seconds: int) -> list[SwitchFact]:
        """The switch's clock was set: each open call is told, and the hour that did not happen is unknown."""
        before = max(self.latest, fact.at - timedelta(seconds=seconds))
        log.warning("switch: clock set", switch=boot.name, seconds=seconds)
        told = [
            resync.fact("call.clock_changed", fact.at, boot, subject=uid, data={"seconds": seconds})
            for uid in sorted(self._begun)
        ]
        return [resync.gap(before, fact.at, boot, "clock set"), *told] if seconds > 0 else told

    def _note_waiting(self, joined: Frame, boot: Boot) -> None:
        waiting, call = joined.fields["Uniqueid"], joined.fields["Linkedid"]
        if waiting != call:
            self.recent.calls[boot.call(waiting)] = boot.call(call)

    def _with_call(self, fact: SwitchFact) -> SwitchFact:
        """Asterisk may write the end of an agent's call after both of its channels; then it is the call he had."""
        if fact.kind == "agent.connected":
            self._calls[fact.party] = fact.subject
        elif fact.kind == "leg.ended":
            if self._calls.get(fact.party) == fact.subject:  # not of a colleague who was asked, or who took it over
                self._parted.setdefault(fact.party, {})[fact.subject] = None
            self._calls[fact.party] = ""
        elif fact.kind == "agent.completed":
            return self._completed(fact)
        return fact

    def _completed(self, fact: SwitchFact) -> SwitchFact:
        parted = self._parted.get(fact.party, {})
        had = next(iter(parted), "") or self._calls.get(fact.party, "")
        subject = fact.subject or had
        if self._calls.get(fact.party) == subject:
            self._calls[fact.party] = ""
        parted.pop(subject, None)
        return fact._replace(subject=subject)

    def adopt(self, open_calls: Iterable[str]) -> None:
        """Calls that stand open in the ledger: their ends are news. Of others no end is waited for any more."""
        still = set(open_calls)
        self._begun.update(still)
        self._parted = {
            agent: kept for agent, left in self._parted.items() if (kept := {uid: None for uid in left if uid in still})
        }

    def _is_news(self, fact: SwitchFact) -> bool:
        """Whether it changes anything.

        The switch repeats a telephone's state with every call and queue. And it hangs up channels that never were
        a call: a supervisor who listened, an agent who did not take up the telephone that we rang for him. That an
        agent's telephone hung up is news only where the queue does not say so: somebody took the caller over.
        """
        if fact.kind.startswith("device."):
            changed = self._devices.get(fact.party, "device.reachable") != fact.kind
            self._devices[fact.party] = fact.kind
            return changed
        if fact.kind in _BEGINS:
            self._begun.add(fact.subject)
        elif fact.kind == "leg.ended":
            return self._calls.get(fact.party, fact.subject) == fact.subject
        elif fact.kind == "call.ended":
            begun = fact.subject in self._begun
            self._begun.discard(fact.subject)
            return begun
        return True


_BEGINS: Final = frozenset({"call.started", "call.dialled", "queue.joined", "agent.connected", "leg.joined"})


def _doubt(raw: bytes, reason: str, boot: Boot, at: float) -> Doubt:
    return Doubt(raw, reason, boot.key(b"doubt|" + raw), datetime.fromtimestamp(at, UTC), "ami")
