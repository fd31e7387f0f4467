# SPDX-License-Identifier: Apache-2.0
"""Taking a matter in: the ticket, its form, its clocks, the department it goes to, the leaders who have to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import covering, filling, indexing, running, telling, trail
from zuoxi.tickets.facts import TicketTold
from zuoxi.tickets.handbook import DEPARTMENTS, TicketTypeBody
from zuoxi.tickets.kinds import form_version, kind_named
from zuoxi.tickets.models import OPEN_STATES, Assignment, Department, Membership, Priority, Source, State, Ticket
from zuoxi.tickets.moments import OPENED
from zuoxi.tickets.numbers import next_number
from zuoxi.tickets.refusing import BadForm, Refused

if TYPE_CHECKING:
    from zuoxi.customers.models import Customer


@enforces("CUS-004", "CUS-005", "CUS-010", "CUS-011", "CUS-012", "CUS-015", "CUS-017", "CUS-018", "CUS-019")
@transaction.atomic
def open_ticket(
    kind: str,
    *,
    customer: Customer | None,
    fields: Mapping[str, Any],
    source: str,
    by: Staff,
    now: datetime,
    call: str = "",
    order: str = "",
    contact: str = "",
    topic: str = "",
    title: str = "",
    parent: Ticket | None = None,
    priority: int | None = None,
    read_back: tuple[str, ...] = (),
    same_day: bool = False,
    received_at: datetime | None = None,
    check_read_back: bool = True,
    dispatched: bool = True,
) -> Ticket:
    """Write a ticket on the pack's form of that kind and give it to whom the pack says; `by` is its first handler.

    `read_back`: the fields that were read back to the caller. `contact`: a number to call where no customer is known;
    `dispatched` False: whoever writes it settles it himself.
    Raises Refused for a kind that the pack has not, BadForm for answers that are missing or cannot be.
    """
    handbook = site_handbook()
    body = kind_named(kind, handbook)
    if body is None:
        raise Refused(_("The handbook has no kind of ticket “%(kind)s”.") % {"kind": kind})
    if source not in Source.values:
        raise Refused(_("There is no source “%(source)s”.") % {"source": source})
    filled = filling.read(body, fields)
    if check_read_back and parent is None:
        _must_be_read_back(body, filled, read_back, source)
    if filled.problems:
        raise BadForm(filled.problems)
    moment, nameless = received_at or now, filling.any_of(body.nameless_when, filled.fields)
    ticket = Ticket(
        number=next_number(moment.astimezone(handbook.zone).date()),
        kind=kind,
        form=form_version(kind, body, handbook.pack, now),
        topic=topic[:60],
        title=" ".join(title.split())[:160] or filling.title_of(body, filled.fields),
        fields=filled.fields,
        read_back={key: now.isoformat() for key in read_back if key in filled.fields},
        customer=None if nameless else customer,
        contact="" if nameless else contact[:32] or _contact(body, filled.fields),
        area=filling.area_of(body, filled.fields),
        source=source,
        call="" if nameless else call[:80],
        order=order[:32],
        parent=parent,
        priority=_priority(body, filled.fields, priority),
        same_day=same_day and body.same_day_flag,
        needs_check=body.needs_check,
        needs_answer=body.needs_answer and parent is None,
        first_handler=by,
        received_at=moment,
    )
    ticket.save()
    running.start(ticket, body, handbook, now)
    trail.moved(ticket, "open", by, now, source=source)
    if dispatched:
        dispatch(ticket, body, by, now, handbook)
    if ticket.priority == Priority.URGENT:
        tell_leaders(ticket, now, handbook)
    covering.look_at(ticket, now)
    indexing.index(ticket)
    OPENED.tell(told(ticket, now, by))
    return ticket


def told(ticket: Ticket, now: datetime, by: Staff | None) -> TicketTold:
    return TicketTold(ticket.pk, ticket.number, ticket.kind, ticket.customer_id, now, by.code if by else "")


@enforces("CUS-017")
def _must_be_read_back(body: TicketTypeBody, filled: filling.Filled, ticked: tuple[str, ...], source: str) -> None:
    """What the pack wants read back on the telephone has to be ticked."""
    if source != Source.CALL:
        return
    for one in body.fields:
        if one.read_back and one.key in filled.fields and one.key not in ticked:
            filled.problems.setdefault(
                f"read_back_{one.key}", _("Read “%(field)s” back to the caller and tick it.") % {"field": one.label}
            )


def _contact(body: TicketTypeBody, fields: Mapping[str, Any]) -> str:
    return next((str(fields[one.key])[:32] for one in body.fields if one.kind == "phone" and one.key in fields), "")


def _priority(body: TicketTypeBody, fields: Mapping[str, Any], asked: int | None) -> int:
    if body.urgent_when and filling.any_of(body.urgent_when, fields):
        return int(Priority.URGENT)
    return asked if asked in Priority.values else int(Priority.NORMAL)


def department_named(code: str, handbook: Handbook | None = None) -> Department | None:
    """The department; one that only the pack names yet is written down first."""
    found = Department.objects.filter(code=code).first()
    body = (handbook or site_handbook()).entries(DEPARTMENTS).get(code)
    if found is None and body is not None:
        found, _new = Department.objects.get_or_create(
            code=code, defaults={"name_zh": body.label.zh, "name_en": body.label.en}
        )
    return found


def dispatch(ticket: Ticket, body: TicketTypeBody, by: Staff | None, now: datetime, handbook: Handbook) -> None:
    """Give the ticket to the first department whose rule fits; where none fits it waits to be dispatched."""
    code = next((one.to for one in body.dispatch if filling.matches(one.when, ticket.fields)), "")
    department = department_named(code, handbook) if code else None
    if department is None or department.closed_on is not None:
        return
    staff = _least_loaded(department, now.astimezone(handbook.zone).date()) if body.people == "least_open" else None
    give(ticket, department, staff, by=by, now=now)


def _least_loaded(department: Department, day: date) -> Staff | None:
    """The member with the fewest open tickets; heads give out work and get none."""
    rows = Membership.objects.filter(Staff.employed_on(day, "staff__"), department=department, leads=False)
    load = Count("staff__tickets_owned", filter=Q(staff__tickets_owned__state__in=OPEN_STATES))
    found = rows.select_related("staff").annotate(load=load).order_by("load", "staff__code").first()
    return found.staff if found else None


def give(
    ticket: Ticket,
    department: Department | None,
    staff: Staff | None,
    *,
    by: Staff | None,
    now: datetime,
    note: str = "",
) -> None:
    """Put the ticket into somebody's hands and tell him. Raises Refused when nobody is named."""
    if department is None and staff is None:
        raise Refused(_("Say which department or who gets it."))
    Assignment.objects.filter(ticket=ticket, ended_at__isnull=True).update(ended_at=now)
    ticket.department, ticket.owner, ticket.covered_by = department, staff, None
    Assignment.objects.create(ticket=ticket, department=department, staff=staff, at=now, by=by)
    trail.moved(
        ticket,
        "assign",
        by,
        now,
        to=State.ASSIGNED,
        note=note,
        department=department.code if department else "",
        staff=staff.code if staff else "",
    )
    telling.tell(ticket, telling.workers(ticket), gettext_lazy("%(number)s was given to you: %(title)s"), but=by)


@enforces("CUS-004", "CUS-012")
def tell_leaders(ticket: Ticket, now: datetime, handbook: Handbook) -> None:
    """What is urgent and grave reaches the leaders at once."""
    words = handbook.on(now.astimezone(handbook.zone).date()).words("ticket.urgent.to")
    whom = telling.leaders(ticket, words, now)
    text = gettext_lazy("Urgent and grave: %(number)s %(title)s")
    count = telling.tell(ticket, whom, text, dedupe="urgent")
    trail.happened(ticket, "told_leaders", None, now, whom=[one.code for one in whom], told=count)
