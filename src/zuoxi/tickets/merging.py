# SPDX-License-Identifier: Apache-2.0
"""Two tickets about one matter become one, and are taken apart again where that was a mistake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.customers.selectors import identities_of
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets import filling, indexing, running, telling, trail
from zuoxi.tickets.kinds import body_of
from zuoxi.tickets.models import OPEN_STATES, Assignment, State, Ticket, TicketLink
from zuoxi.tickets.refusing import Refused


@transaction.atomic
def merge(ticket: Ticket, into: Ticket, *, by: Staff, now: datetime) -> Ticket:
    """Let `ticket` go on in `into`: urgings are added up, the more urgent of the two counts, the earlier due time
    holds, its customer is answered with the other. Its own history stays. Raises Refused for another customer's."""
    if ticket.pk == into.pk:
        raise Refused(_("A ticket cannot be merged into itself."))
    _hold_both(ticket, into)
    here, main = trail.locked(ticket, "merge"), trail.locked(into, "edit")
    if here.customer_id and main.customer_id and main.customer_id not in identities_of(here.customer_id):
        raise Refused(_("They are of two customers. Link them instead."))
    if here.parts.filter(state__in=OPEN_STATES).exists():
        raise Refused(_("It has parts that are still open."))
    was: dict[str, Any] = {"urged": here.urged, "priority": main.priority}
    main.urged += here.urged
    main.priority = max(main.priority, here.priority)
    if main.customer_id is None and not filling.any_of(body_of(main).nameless_when, main.fields):
        main.customer_id, was["customer"] = here.customer_id, None
    was["clocks"] = _earlier_times(here, main)
    TicketLink.objects.create(ticket=here, other=main, kind=TicketLink.Kind.MERGED, at=now, by=by)
    Assignment.objects.filter(ticket=here, ended_at__isnull=True).update(ended_at=now)
    here.holds.filter(ended_at__isnull=True).update(ended_at=now)
    here.clocks.filter(stopped_at__isnull=True).update(stopped_at=now, next_at=None)
    here.due_at = None
    trail.moved(here, "merge", by, now, to=State.MERGED, number=main.number, before=was)
    trail.moved(main, "took_in", by, now, note=here.title, number=here.number)
    telling.tell(main, telling.workers(main), gettext_lazy("%(number)s took another ticket in: %(title)s"), but=by)
    indexing.index(here)
    return main


@transaction.atomic
def unmerge(ticket: Ticket, *, by: Staff, now: datetime) -> Ticket:
    """Take a merged ticket out again: it stands where it stood, in the same hands, its clocks have run on
    meanwhile. What it brought to the other one is taken back from there, as far as that is still open."""
    link = TicketLink.objects.filter(ticket=ticket, kind=TicketLink.Kind.MERGED).select_related("other").last()
    if link is None:
        raise Refused(_("It was not merged."))
    _hold_both(ticket, link.other)
    here = trail.locked(ticket, "unmerge")
    event = here.events.filter(verb="merge").order_by("-at", "-pk").first()
    before = event.detail.get("before", {}) if event else {}
    stood = event.from_state if event else State.NEW
    _reopen_work(here, link.at, stood)
    main = Ticket.objects.get(pk=link.other_id)
    if main.state in OPEN_STATES:
        _take_back(main, here, before)
    link.delete()
    trail.moved(here, "unmerge", by, now, to=stood, number=main.number)
    trail.moved(main, "let_out", by, now, note=here.title, number=here.number)
    telling.tell(here, telling.workers(here), gettext_lazy("%(number)s stands by itself again: %(title)s"), but=by)
    indexing.index(here)
    return here


def _hold_both(one: Ticket, other: Ticket) -> None:
    for pk in sorted((one.pk, other.pk)):  # always in the same order, so that two merges cannot wait for each other
        Ticket.objects.select_for_update().filter(pk=pk).first()


def _earlier_times(here: Ticket, main: Ticket) -> dict[str, Any]:
    """Let the clocks of the ticket that stays end no later than those of the one that goes; what they were, by code."""
    going = {row.code: row.due_at for row in here.clocks.filter(stopped_at__isnull=True)}
    were: dict[str, Any] = {}
    for row in main.clocks.filter(stopped_at__isnull=True):
        due = going.get(row.code)
        if due is not None and row.due_at is not None and due < row.due_at:
            were[row.code] = {"due": row.due_at.isoformat(), "by_hand": row.set_by_hand, "moved_to": due.isoformat()}
            row.due_at, row.set_by_hand = due, True
            running.set_next(row, site_handbook())
            row.save()
    running.refresh(main)
    return were


def _reopen_work(here: Ticket, merged_at: datetime, stood: str) -> None:
    """The hands, the hold and the clocks that ended with the merge go on."""
    Assignment.objects.filter(ticket=here, ended_at=merged_at).update(ended_at=None)
    here.holds.filter(ended_at=merged_at).update(ended_at=None)
    for row in here.clocks.filter(stopped_at=merged_at):
        row.stopped_at = None
        running.set_next(row, site_handbook())
        row.save()
    here.state, was = stood, here.state
    running.refresh(here)
    here.state = was


def _take_back(main: Ticket, here: Ticket, before: dict[str, Any]) -> None:
    """Urgings, rank, customer and times that `here` brought, where nobody has changed them since."""
    main.urged = max(main.urged - int(before.get("urged", 0)), 0)
    rank = before.get("priority", main.priority)
    if main.priority == max(rank, here.priority):
        main.priority = rank
    if "customer" in before and main.customer_id == here.customer_id:
        main.customer_id = before["customer"]
    for row in main.clocks.filter(stopped_at__isnull=True, code__in=before.get("clocks", {})):
        was = before["clocks"][row.code]
        if row.due_at == parse_datetime(was["moved_to"]):
            row.due_at, row.set_by_hand = parse_datetime(was["due"]), was["by_hand"]
            running.set_next(row, site_handbook())
            row.save()
    running.refresh(main)
