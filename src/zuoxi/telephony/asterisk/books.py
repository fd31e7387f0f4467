# SPDX-License-Identifier: Apache-2.0
"""Everything that a listener reads from and writes to the database, in short synchronous steps.

Meant for one thread of its own: Django's connections belong to threads, and the event loop must never wait for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from zuoxi.events.selectors import of_subjects
from zuoxi.telephony.asterisk.identity import Boot
from zuoxi.telephony.facts import AgentState, SwitchFact
from zuoxi.telephony.ingest import Disbelieved, Ingest
from zuoxi.telephony.models import (
    Call,
    Command,
    Extension,
    Leg,
    Queue,
    QueueMembership,
    StateInterval,
    Switch,
)

STARTS_KEPT = 50


class Doubt(NamedTuple):
    """Something that was said and not believed."""

    raw: bytes
    reason: str
    key: bytes
    at: datetime
    source: str


class Order(NamedTuple):
    """A command that this listener has taken on."""

    number: int
    verb: str
    agent: str
    arguments: dict[str, Any]


class Books:
    """One switch's books. Not to be shared by threads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._ingest = Ingest(name)

    def close(self) -> None:
        connection.close()

    # What was heard

    def store(self, facts: Sequence[SwitchFact], doubts: Iterable[Doubt] = ()) -> None:
        """All of it; a fact that is outside the vocabulary becomes a doubt and the others stand."""
        for doubt in doubts:
            self._ingest.quarantine(doubt.raw, doubt.reason, doubt.key, doubt.at, doubt.source)
        if facts:
            try:
                self._ingest.store(facts)
            except Disbelieved:
                self._store_one_by_one(facts)

    def _store_one_by_one(self, facts: Sequence[SwitchFact]) -> None:
        for fact in facts:
            try:
                self._ingest.store([fact])
            except Disbelieved as disbelieved:
                raw = repr((fact.kind, fact.subject, fact.party, fact.data)).encode()
                self._ingest.quarantine(raw, disbelieved.reason, fact.key, fact.at, fact.source)

    # The switch's row

    def switch(self) -> Switch:
        return Switch.objects.get(name=self.name)

    def seen(self, at: datetime) -> None:
        Switch.objects.filter(name=self.name).update(seen_at=at)

    def positions(self) -> dict[str, Any]:
        """How far the logs are read ("queue_log", "cel"), and under "starts" what `starts` tells."""
        return dict(self.switch().backfill_position or {})

    def note_positions(self, **positions: Any) -> None:
        with transaction.atomic():
            kept = self.positions()
            Switch.objects.filter(name=self.name).update(backfill_position={**kept, **positions})

    def starts(self) -> dict[int, str]:
        """The runs of the switch that we have known: start → system name."""
        return {int(since): name for since, name in self.positions().get("starts", {}).items()}

    def note_boot(self, boot: Boot) -> None:
        starts = self.starts()
        if starts.get(boot.since) != boot.system_name:
            kept = sorted({**starts, boot.since: boot.system_name}.items())[-STARTS_KEPT:]
            self.note_positions(starts={str(since): name for since, name in kept})

    # What stands in our books

    def signed_in(self) -> list[str]:
        """Agents whom the ledger holds signed in, by telephones of this switch where those are set up."""
        present = StateInterval.objects.filter(to_at=None).exclude(state=AgentState.SIGNED_OUT)
        agents = list(present.values_list("agent", flat=True))
        elsewhere = set(Extension.objects.exclude(switch__name=self.name).values_list("number", flat=True))
        return [agent for agent in agents if agent not in elsewhere]

    def open_calls(self) -> dict[str, set[str]]:
        """Calls that have not ended for the ledger: uid → the agents who had part in them."""
        uids = list(Call.objects.filter(switch=self.name, ended_at=None).values_list("uid", flat=True))
        told = of_subjects(uids)
        return {uid: {event.party for event in told.get(uid, ()) if event.party} for uid in uids}

    def wrap_seconds(self) -> dict[str, int]:
        rows = Queue.objects.filter(switch__name=self.name)
        return dict(rows.values_list("code", "wrap_seconds"))

    def last_completed(self, agent: str) -> tuple[datetime, str] | None:
        """When the agent's last call from a queue ended, and of which queue it was; None when none is known."""
        leg = Leg.objects.filter(agent=agent, to_at__isnull=False).exclude(queue="").order_by("-from_at").first()
        return (leg.to_at, leg.queue) if leg is not None and leg.to_at is not None else None

    # Commands

    def give_up_orders(self) -> None:
        """What a former listener sent without writing down the answer: nobody knows what became of it."""
        rows = Command.objects.filter(switch__name=self.name, status=Command.Status.SENT)
        rows.update(
            status=Command.Status.FAILED, answered_at=timezone.now(), message="the listener stopped before the answer"
        )

    def take_orders(self, most: int = 50) -> list[Order]:
        """Pending commands, oldest first, each taken by exactly one listener."""
        pending = Command.objects.filter(switch__name=self.name, status=Command.Status.PENDING)
        taken = []
        for row in pending.order_by("id")[:most]:
            mine = Command.objects.filter(pk=row.pk, status=Command.Status.PENDING).update(status=Command.Status.SENT)
            if mine:
                taken.append(Order(row.pk, row.verb, row.agent, self._complete(row)))
        return taken

    def _complete(self, row: Command) -> dict[str, Any]:
        """Signing in, an agent's own penalties go with his queues; without queues, his own are meant."""
        arguments = dict(row.arguments)
        if row.verb == "sign_in":
            own = QueueMembership.objects.filter(staff__code=row.agent, queue__switch__name=self.name)
            penalties = dict(own.values_list("queue__code", "penalty"))
            arguments = {"queues": list(penalties), "penalties": penalties} | {k: v for k, v in arguments.items() if v}
        return arguments

    def answer(self, number: int, failure: str = "") -> None:
        """Done, or failed with the reason."""
        status = Command.Status.FAILED if failure else Command.Status.DONE
        Command.objects.filter(pk=number).update(status=status, answered_at=timezone.now(), message=failure[:300])
