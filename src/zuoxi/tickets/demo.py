# SPDX-License-Identifier: Apache-2.0
"""The demo's tickets: two months of them in every state, some late, some on hold, some urged; crews with their people.

Whatever is told of happens to made-up people in made-up places.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import newest
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.search import services as search
from zuoxi.tickets import filling, running
from zuoxi.tickets.demo_matters import RESULTS, answers, matters_of
from zuoxi.tickets.handbook import DEPARTMENTS, TicketTypeBody
from zuoxi.tickets.intake import department_named
from zuoxi.tickets.kinds import form_version, kinds, topics
from zuoxi.tickets.models import (
    Answer,
    Assignment,
    CannedReply,
    Cover,
    Department,
    Hold,
    MailEntry,
    Membership,
    Note,
    State,
    Ticket,
    TicketClock,
    TicketDay,
    TicketEvent,
    Urging,
)

MOST: Final = 600
DAYS: Final = 60
CREWS: Final = {"REPAIR": ("7101", "7102"), "DELIVERY": ("7111",), "GOODS": ("7111",)}
FIRST: Final = ("7101", "7102")  # who works in the first department of any other pack
OTHERS: Final = ("7111",)  # and in the others
HOURS: Final = (3, 8, 20, 30, 55, 90, 130)
WORDS_ONLY: Final = ("enquiry", "transfer", "consultation", "complaint", "report")
TOLD: Final = "已查清并向客户说明，客户认可。"


def furnish(today: date) -> None:
    """Two months of tickets; does nothing where there are some already, or where the cast is not there."""
    handbook = site_handbook()
    known = {key: body for key, body in kinds(handbook).items() if matters_of(key, body)}
    posts = people.posts_on(today, positions=("CSR", "TSR"))
    if Ticket.objects.exists() or not known or not posts:
        return
    agents = list(people.staff_by_codes([one.code for one in posts]).values())[:40]
    agents += agents[:3] * 4  # whoever signs in first as an agent has work on his desk
    customers = newest(400)
    with transaction.atomic():
        crews = _crews(handbook)
        _Writing(handbook, known, agents, customers, crews).write()
        _beside(agents, today)


def _crews(handbook: Handbook) -> dict[str, tuple[Department, list[Staff]]]:
    """The pack's departments with the demo's people in them."""
    found = {}
    staff = people.staff_by_codes([*FIRST, *OTHERS])
    bodies = handbook.entries(DEPARTMENTS)
    first = next((one.to for body in kinds(handbook).values() for one in body.dispatch if one.to in bodies), "")
    for place, key in enumerate(sorted(bodies, key=lambda key: bodies[key].order)):
        department = department_named(key, handbook)
        codes = () if key == "CENTRE" else CREWS.get(key, FIRST if place == 0 or key == first else OTHERS)
        members = [staff[code] for code in codes if code in staff]
        if department is None:
            continue
        for one in members:
            Membership.objects.get_or_create(department=department, staff=one, defaults={"leads": one is members[0]})
        found[key] = (department, members)
    return found


class _Writing:
    """All rows of the demo's tickets, kept in hand and written at once."""

    def __init__(
        self,
        handbook: Handbook,
        known: dict[str, TicketTypeBody],
        agents: list[Staff],
        customers: list[Customer],
        crews: dict[str, tuple[Department, list[Staff]]],
    ) -> None:
        self.handbook, self.known, self.agents, self.customers = handbook, known, agents, customers
        self.crews, self.now = crews, timezone.now()
        self.chance = random.Random(20)  # noqa: S311 - the same demo every time
        self.numbers: dict[date, int] = {}
        self.rows: list[tuple[Ticket, dict[str, Any]]] = []

    def write(self) -> None:
        forms = {key: form_version(key, body, self.handbook.pack, self.now) for key, body in self.known.items()}
        for _turn in range(MOST):
            self.rows.append(self._ticket(forms))
        self.rows.sort(key=lambda row: row[0].received_at)
        for ticket, _story in self.rows:
            day = ticket.received_at.astimezone(self.handbook.zone).date()
            self.numbers[day] = self.numbers.get(day, 0) + 1
            ticket.number = f"WO{day:%Y%m%d}-{self.numbers[day]:04d}"
        Ticket.objects.bulk_create([ticket for ticket, _story in self.rows])
        TicketDay.objects.bulk_create([TicketDay(day=day, last=last) for day, last in self.numbers.items()])
        self._trail()
        search.index_docs(
            search.Doc("ticket", str(one.pk), f"{one.number} {one.title}", f"{one.area}\n{one.result}", (), (), 0,
                       one.received_at, False)
            for one, _story in self.rows
        )  # fmt: skip

    def _received(self) -> datetime:
        """More of them lately; by day between eight and nine."""
        days = int(DAYS * self.chance.random() ** 2)
        local = self.now.astimezone(self.handbook.zone)
        moment = local.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=days)
        return min(moment + timedelta(minutes=self.chance.randrange(13 * 60)), self.now - timedelta(minutes=2))

    def _ticket(self, forms: dict[str, Any]) -> tuple[Ticket, dict[str, Any]]:
        chance = self.chance
        kind = chance.choice(list(self.known))
        body, received = self.known[kind], self._received()
        if body.statistics and chance.random() < 0.3:
            received -= timedelta(days=365)  # the year before, to be compared with
        customer = chance.choice(self.customers) if self.customers and chance.random() < 0.9 else None
        name = customer.name if customer else "云先生"
        fields = answers(body, chance.choice(matters_of(kind, body)), name, received, chance)
        if filling.any_of(body.nameless_when, fields):
            customer = None
        code = next((one.to for one in body.dispatch if filling.matches(one.when, fields)), "")
        department, members = self.crews.get(code, (None, []))
        age = self.now - received
        state = self._state(age)
        owner = None
        if state not in (State.NEW, State.ASSIGNED) and members:
            owner = chance.choice(members)
        elif state not in (State.NEW, State.ASSIGNED):
            owner = chance.choice(self.agents)
        ticket = Ticket(
            kind=kind, form=forms[kind], title=filling.title_of(body, fields), fields=fields,
            topic=chance.choice([key for key, _path in topics(body)] or [""]),
            same_day=body.same_day_flag and chance.random() < 0.35,
            read_back={one.key: received.isoformat() for one in body.fields if one.read_back and one.key in fields},
            customer=customer, contact=str(fields.get("phone", "")), area=filling.area_of(body, fields),
            source=chance.choice(("call", "call", "call", "online", "follow_up")), state=state,
            priority=2 if body.urgent_when and filling.any_of(body.urgent_when, fields) else int(chance.random() < 0.1),
            needs_check=body.needs_check, needs_answer=body.needs_answer, first_handler=chance.choice(self.agents),
            department=None if state == State.NEW else department, owner=owner, received_at=received,
        )  # fmt: skip
        if state == State.ASSIGNED and department is None:
            ticket.state = State.NEW
        return ticket, self._story(ticket, age)

    def _state(self, age: timedelta) -> State:
        """Old ones are mostly done; what came in lately stands anywhere."""
        draw = self.chance.random()
        if age > timedelta(days=90):
            return State.CLOSED
        if age > timedelta(days=5):
            return State.CLOSED if draw < 0.955 else self.chance.choice((State.HELD, State.WORKING, State.ANSWERING))
        if draw < 0.4:
            return State.CLOSED
        return self.chance.choice(
            (State.NEW, State.ASSIGNED, State.ASSIGNED, State.WORKING, State.WORKING, State.HELD, State.CHECKING,
             State.ANSWERING)
        )  # fmt: skip

    def _story(self, ticket: Ticket, age: timedelta) -> dict[str, Any]:
        """The moments of what happened, and the marks they leave on the ticket."""
        chance = self.chance
        quick = any(one.deadline in ("callback", "contact", "visit") for one in self.known[ticket.kind].clocks)
        minutes = chance.choice((8, 14, 22, 28, 45, 90))
        quick = quick or ticket.same_day
        span = timedelta(minutes=minutes) if quick else timedelta(hours=chance.choice(HOURS))
        whole = min(age * 0.9, span)
        at = [ticket.received_at + whole * share for share in (0.02, 0.1, 0.7, 0.8, 0.9, 1)]
        ended = ticket.state in (State.CHECKING, State.ANSWERING, State.CLOSED)
        if ended:
            ticket.finished_at, ticket.result = (
                at[2],
                TOLD if ticket.kind in WORDS_ONLY else chance.choice(RESULTS),
            )
        if ticket.state in (State.ANSWERING, State.CLOSED) and ticket.needs_check:
            ticket.checked_at = at[3]
        if ticket.state == State.CLOSED:
            ticket.answered_at, ticket.closed_at = at[4], at[5]
        if ticket.state == State.CHECKING and not ticket.needs_check:
            ticket.state = State.ANSWERING
        if chance.random() < 0.14:
            ticket.urged = chance.choice((1, 1, 1, 2, 3))
            ticket.last_urged_at = at[2] - (at[2] - at[1]) / 2
        return {"at": at}

    def _trail(self) -> None:
        events, given, holds, urgings, answers, notes, clocks = ([] for _turn in range(7))  # type: ignore[var-annotated]
        for ticket, story in self.rows:
            at = story["at"]
            events += self._events(ticket, at)
            if ticket.state != State.NEW and (ticket.department_id or ticket.owner_id):
                given.append(
                    Assignment(
                        ticket=ticket, department=ticket.department, staff=ticket.owner, at=at[0],
                        by=ticket.first_handler, accepted_at=at[1] if ticket.owner_id else None,
                        accepted_by=ticket.owner, ended_at=ticket.closed_at,
                    )
                )  # fmt: skip
            if ticket.state == State.HELD:
                holds.append(
                    Hold(ticket=ticket, reason="customer", note="约客户周末上门", since=at[2], by=ticket.owner)
                )
            if ticket.answered_at:
                answers.append(
                    Answer(
                        ticket=ticket, at=ticket.answered_at, by=ticket.first_handler, how="phone", text=ticket.result
                    )
                )
            for turn in range(ticket.urged):
                moment = at[1] + (at[2] - at[1]) * (turn + 1) / (ticket.urged + 1)
                urgings.append(
                    Urging(
                        ticket=ticket,
                        at=moment,
                        by=ticket.first_handler,
                        by_customer=True,
                        words="客户再次来电催促",
                        told=1,
                    )
                )
            clocks += self._clocks(ticket, at)
        TicketEvent.objects.bulk_create(events)
        Assignment.objects.bulk_create(given)
        Hold.objects.bulk_create(holds)
        Urging.objects.bulk_create(urgings)
        Answer.objects.bulk_create(answers)
        Note.objects.bulk_create(notes)
        TicketClock.objects.bulk_create(clocks)
        Ticket.objects.bulk_update([ticket for ticket, _story in self.rows], ["due_at", "breached"], batch_size=300)

    def _events(self, ticket: Ticket, at: list[datetime]) -> list[TicketEvent]:
        """The steps that lead to the state where the ticket stands."""
        path: list[tuple[str, datetime, Staff | None, State, str]] = [
            ("open", ticket.received_at, ticket.first_handler, State.NEW, "")
        ]
        if ticket.state != State.NEW and ticket.department_id:
            path.append(("assign", at[0], ticket.first_handler, State.ASSIGNED, ""))
        if ticket.owner_id:
            path.append(("accept", at[1], ticket.owner, State.WORKING, ""))
        path += [
            ("urge", at[1] + (at[2] - at[1]) * (turn + 1) / (ticket.urged + 1), ticket.first_handler, State.WORKING,
             "客户再次来电催促")
            for turn in range(ticket.urged)
        ]  # fmt: skip
        if ticket.state == State.HELD:
            path.append(("hold", at[2], ticket.owner, State.HELD, "约客户周末上门"))
        if ticket.finished_at:
            to = State.CHECKING if ticket.needs_check else State.ANSWERING
            path.append(("finish", ticket.finished_at, ticket.owner, to, ticket.result))
        if ticket.checked_at:
            path.append(("check", ticket.checked_at, None, State.ANSWERING, ""))
        if ticket.closed_at and ticket.answered_at:
            path.append(("answer", ticket.answered_at, ticket.first_handler, State.ANSWERING, ticket.result))
            path.append(("close", ticket.closed_at, ticket.first_handler, State.CLOSED, ""))
        made, was = [], ""
        for verb, moment, by, to, note in path:
            detail = {"department": ticket.department.code} if verb == "assign" and ticket.department else {}
            made.append(
                TicketEvent(
                    ticket=ticket, at=moment, by=by, verb=verb, from_state=was, to_state=to, note=note,
                    detail={**detail, **({"how": "phone"} if verb == "answer" else {})},
                )
            )  # fmt: skip
            was = to
        return made

    def _clocks(self, ticket: Ticket, at: list[datetime]) -> list[TicketClock]:
        deadlines, basis = running.deadlines_of(self.handbook), running.basis_of(self.handbook)
        rows = []
        for one in running.clocks_for(self.known[ticket.kind], ticket.fields):
            kind = running.deadline_key(one, ticket.fields)
            if deadlines is None or deadlines.of(kind) is None:
                continue
            row = TicketClock(
                ticket=ticket, code=one.code, deadline=kind, stops_on=one.stops_on, started_at=ticket.received_at
            )
            stops = {"contact": at[1] if ticket.owner_id else None, "answer": ticket.answered_at,
                     "finish": ticket.finished_at, "close": ticket.closed_at, "accept": None}  # fmt: skip
            row.stopped_at = stops[one.stops_on] or ticket.closed_at
            running.reckon(row, self.handbook, [], basis)
            late = (row.stopped_at or self.now) > (row.due_at or self.now)
            row.breached, row.level = late, 4 if late else 0
            running.set_next(row, self.handbook)
            ticket.breached = ticket.breached or late
            rows.append(row)
        open_ones = [row.due_at for row in rows if row.stopped_at is None and row.due_at]
        ticket.due_at = None if ticket.state == State.HELD else min(open_ones, default=None)
        return rows


def _beside(agents: list[Staff], today: date) -> None:
    """Ready-made replies, a stand-in, the mail room's year and the one before."""
    now = timezone.now()
    for title, text in (
        ("已处理", "{customer}您好，您反映的问题（{number}）已处理：{result}感谢您的来电。"),
        ("正在处理", "{customer}您好，您的工单 {number} 正在加紧处理，有结果会第一时间回电。"),
        ("约定上门", "{customer}您好，维修人员会提前与您电话确认上门时间。"),
    ):
        CannedReply.objects.create(title=title, text=text, made_by=agents[0], made_at=now)
    if len(agents) > 2:
        Cover.objects.create(staff=agents[0], cover=agents[1], rank=1, starts_at=now, reason="年假", made_by=agents[2])
    chance = random.Random(3)  # noqa: S311 - the same demo every time
    rows = []
    for back in range(0, 700, 7):
        day = today - timedelta(days=back)
        for kind, most in (("newspaper", 4300), ("magazine", 190), ("registered", 26)):
            rows.append(MailEntry(day=day, kind=kind, count=max(1, int(most * chance.uniform(0.8, 1.2))), at=now))
        if back % 28 == 0:
            rows.append(
                MailEntry(day=day, kind="secret", count=chance.randrange(5, 20),
                          reference=f"收〔{day.year}〕{back // 28 + 1}号", signed_by="湖西湖", signed_at=now, at=now)
            )  # fmt: skip
    MailEntry.objects.bulk_create(rows)
