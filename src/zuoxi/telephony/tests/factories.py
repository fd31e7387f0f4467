# SPDX-License-Identifier: Apache-2.0
"""Rows for tests and for looking at pages: a centre in the small, calls, states and recording files.

Everything has a default, so that a test names only what it is about.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import struct
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db.models import Max

from zuoxi.events.models import Event
from zuoxi.people.models import Assignment, Position, Project, Staff, Team, User
from zuoxi.telephony.models import (
    Attempt,
    Call,
    Leg,
    Queue,
    QueueVisit,
    Recording,
    StateInterval,
    Switch,
)

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
_numbers = itertools.count(1)


def switch(name: str = "lab", **fields: Any) -> Switch:
    return Switch.objects.get_or_create(name=name, defaults=fields)[0]


def queue(code: str = "sales", **fields: Any) -> Queue:
    names = {"sales": ("订购专线", "Sales"), "care": ("售后专线", "After sales")}.get(code, (code, code))
    values = {"switch": switch(), "name_zh": names[0], "name_en": names[1], **fields}
    return Queue.objects.get_or_create(code=code, defaults=values)[0]


def project(code: str = "alpha") -> Project:
    return Project.objects.get_or_create(code=code, defaults={"name_zh": "甲项目", "name_en": "Alpha"})[0]


def team(code: str = "t1", **fields: Any) -> Team:
    values = {"name_zh": f"{code}组", "name_en": f"Team {code}", "project": project(), **fields}
    return Team.objects.get_or_create(code=code, defaults=values)[0]


def person(
    code: str = "1001",
    role: str = "TSR",
    of: Team | None = None,
    name: str = "",
    since: date = date(2026, 1, 1),
) -> Staff:
    """A staff member who can sign in (user name = code) and holds `role`, in `of` when a team is given."""
    user, _ = User.objects.get_or_create(username=code)
    staff, _ = Staff.objects.get_or_create(code=code, defaults={"name": name or f"员工{code}", "user": user})
    position, _ = Position.objects.get_or_create(code=role, defaults={"name_zh": role, "name_en": role})
    Assignment.objects.get_or_create(
        staff=staff,
        position=position,
        team=of,
        project=of.project if of else None,
        defaults={"from_on": since},
    )
    return staff


def user(code: str = "9001", role: str = "OM", of: Team | None = None) -> User:
    """Someone to sign in as."""
    person(code, role, of)
    return User.objects.get(username=code)


def call(at: datetime = MORNING, **fields: Any) -> Call:
    """An answered call of a minute after a wait of five seconds; `outcome="abandoned"` for a lost one."""
    number = (Call.objects.aggregate(last=Max("id"))["last"] or 0) + 10
    outcome = fields.pop("outcome", "answered")
    answered = outcome == "answered"
    wait = fields.pop("wait_seconds", 5)
    talk = fields.pop("talk_seconds", 60 if answered else None)
    answered_at = at + timedelta(seconds=wait) if answered else None
    values = {
        "id": number,
        "uid": f"lab-1/{number}.0",
        "switch": "lab",
        "direction": "inbound",
        "caller": f"138{number:08d}",
        "called": "8000",
        "queue": "sales",
        "agent": "1001" if answered else "",
        "offered_at": at,
        "answered_at": answered_at,
        "ended_at": at + timedelta(seconds=wait + (talk or 0)),
        "outcome": outcome,
        "wait_seconds": wait,
        "talk_seconds": talk,
        "hold_seconds": 0 if answered else None,
        **fields,
    }
    made = Call.objects.create(**values)
    _visit_and_leg(made)
    return made


def _visit_and_leg(made: Call) -> None:
    if made.queue:
        QueueVisit.objects.create(
            call_id=made.id,
            seq=1,
            queue=made.queue,
            agent=made.agent,
            entered_at=made.offered_at,
            left_at=made.answered_at or made.ended_at,
            outcome=made.outcome,
            wait_seconds=made.wait_seconds,
            talk_seconds=made.talk_seconds,
        )
    if made.answered_at and made.agent:
        Leg.objects.create(
            call_id=made.id,
            seq=1,
            agent=made.agent,
            kind="answered",
            queue=made.queue,
            from_at=made.answered_at,
            to_at=made.ended_at,
            ring_seconds=3,
            talk_seconds=made.talk_seconds,
            hold_seconds=made.hold_seconds,
        )


def part(of: Call, agent: str, seq: int = 2) -> Leg:
    """A part in a call that counts for somebody else, as the fold would leave it."""
    first = not Leg.objects.filter(call_id=of.id, agent=agent).exists() and agent != of.agent
    return Leg.objects.create(
        call_id=of.id,
        seq=seq,
        agent=agent,
        kind="transferred",
        from_at=of.offered_at,
        aside_at=of.offered_at if first else None,
    )


def attempt(of: Call, agent: str = "1002", after: int = 1, ring: int = 4) -> Attempt:
    count = Attempt.objects.filter(call_id=of.id).count()
    return Attempt.objects.create(
        call_id=of.id,
        seq=count + 1,
        agent=agent,
        queue=of.queue,
        at=of.offered_at + timedelta(seconds=after),
        ring_seconds=ring,
    )


def state(agent: str, name: str, start: datetime, minutes: float | None = 10, **fields: Any) -> StateInterval:
    """`minutes` None: it lasts still."""
    end = None if minutes is None else start + timedelta(minutes=minutes)
    return StateInterval.objects.create(agent=agent, state=name, from_at=start, to_at=end, **fields)


def event(kind: str, at: datetime, subject: str = "", party: str = "", **data: Any) -> Event:
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    return Event.objects.create(
        id=last + 1,
        stream="switch:lab",
        key=hashlib.sha256(f"{kind}{at}{subject}{party}{next(_numbers)}".encode()).digest()[:16],
        kind=kind,
        at=at,
        source="queue_log",
        subject=subject,
        party=party,
        data=orjson.dumps(data).decode(),
    )


def recording(of: Call | None = None, path: str = "", **fields: Any) -> Recording:
    number = next(_numbers)
    started = of.answered_at if of and of.answered_at else MORNING
    values = {
        "path": path or f"2026/11/20/{number}.wav",
        "call_id": of.id if of else None,
        "agent": of.agent if of else "1001",
        "started_at": started,
        "stopped_at": of.ended_at if of else None,
        "said_seconds": of.talk_seconds if of else None,
        **fields,
    }
    return Recording.objects.create(**values)


def tone(path: Path, seconds: float, channels: int = 1, rate: int = 8000, hertz: int = 440) -> Path:
    """Write a WAV file that sounds, 16 bits a sample, the second channel silent."""
    count = int(seconds * rate)
    wave = [int(12000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(min(count, rate))]
    second = b"".join(struct.pack("<h", v) + b"\x00\x00" * (channels - 1) for v in wave)
    whole = (second * (count // max(len(wave), 1) + 1))[: count * 2 * channels]
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(whole),
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        rate,
        rate * 2 * channels,
        2 * channels,
        16,
        b"data",
        len(whole),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + whole)
    return path


def break_header(path: Path) -> Path:
    """Leave the file as a killed switch leaves it: audio there, sizes in the header nought."""
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = b"\x00\x00\x00\x00"
    path.write_bytes(content)
    return path
