# SPDX-License-Identifier: Apache-2.0
"""A small centre for tests: two teams, two queues, who stands where, and a way to let the switch speak."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.utils import timezone

from zuoxi.people.models import Position, User
from zuoxi.telephony.facts import SwitchFact
from zuoxi.telephony.ingest import Ingest
from zuoxi.telephony.models import Extension, QueueMembership
from zuoxi.telephony.tests import factories as make

_numbers = itertools.count(1)


class SpeakingSwitch:
    """What the switch "lab" says, straight into the ledger."""

    def __init__(self) -> None:
        self.ingest = Ingest("lab")

    def say(self, kind: str, subject: str = "", party: str = "", at: datetime | None = None, **data: Any) -> None:
        key = blake2b(f"{kind}{next(_numbers)}".encode(), digest_size=16).digest()
        self.ingest.store([SwitchFact(kind, at or timezone.now(), subject, party, data, "ami", key)])

    def sign_in(self, agent: str, *queues: str, at: datetime | None = None) -> None:
        for queue in queues or ("sales",):
            self.say("member.added", party=agent, at=at, queue=queue)

    def pause(self, agent: str, reason: str, at: datetime | None = None, queue: str = "sales") -> None:
        self.say("member.paused", party=agent, at=at, queue=queue, reason=reason)

    def unpause(self, agent: str, queue: str = "sales") -> None:
        self.say("member.unpaused", party=agent, queue=queue)

    def join(self, number: int, caller: str = "13800138000", queue: str = "sales", at: datetime | None = None) -> str:
        """A caller waits; the call's uid."""
        uid = f"lab-1/{number}.0"
        self.say("call.started", uid, at=at, direction="inbound", caller=caller, number="8000", channel="t")
        self.say("queue.joined", uid, at=at, queue=queue, position=1, caller=caller)
        return uid

    def ring(self, uid: str, agent: str, queue: str = "sales") -> None:
        self.say("agent.ringing", uid, agent, queue=queue)

    def connect(self, uid: str, agent: str, queue: str = "sales", wait: int = 3) -> None:
        self.say("agent.connected", uid, agent, queue=queue, wait=wait, ring=2, channel=f"PJSIP/{agent}-1")

    def abandon(self, uid: str, queue: str = "sales", wait: int = 30) -> None:
        self.say("queue.abandoned", uid, queue=queue, position=1, wait=wait)

    def complete(self, uid: str, agent: str, queue: str = "sales") -> None:
        self.say("agent.completed", uid, agent, queue=queue, wait=3, talk=20, ended_by="caller")
        self.say("call.ended", uid, cause="16", channel="t")


def small_centre(agents: int = 4) -> SpeakingSwitch:
    """Agents 1001… alternate between the teams t1 (leader 2001) and t2 (leader 2002); all of them serve "sales"."""
    sales, care = make.queue("sales"), make.queue("care")
    teams = [make.team("t1"), make.team("t2")]
    make.person("2001", "TSRL", teams[0], "甲班长")
    make.person("2002", "TSRL", teams[1], "乙班长")
    make.person("8001", "DIR", None, "总监")
    make.person("3003", "QA", None, "质检")
    for index in range(agents):
        staff = make.person(str(1001 + index), "TSR", teams[index % 2], f"座席{index}")
        QueueMembership.objects.create(queue=sales, staff=staff)
        if index % 2:
            QueueMembership.objects.create(queue=care, staff=staff)
        Extension.objects.create(number=staff.code, switch=sales.switch, staff=staff)
    for code, rank in (("DIR", 0), ("TSRL", 4), ("QA", 4), ("TSR", 5)):
        Position.objects.filter(code=code).update(rank=rank)
    return SpeakingSwitch()


def user(code: str) -> User:
    return User.objects.get(username=code)


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)
