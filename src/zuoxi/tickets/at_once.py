# SPDX-License-Identifier: Apache-2.0
"""What is answered while the caller is still there: written, done, answered and closed in one step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.tickets import handling, intake
from zuoxi.tickets.handbook import TicketTypeBody
from zuoxi.tickets.models import Answer, Source, Ticket
from zuoxi.tickets.refusing import Refused

_HOW = {Source.WALK_IN: Answer.How.IN_PERSON, Source.VISIT: Answer.How.IN_PERSON, Source.LETTER: Answer.How.LETTER}


def may_settle(body: TicketTypeBody) -> bool:
    """Whether a matter of this kind may end where it begins: nobody has to check it and it goes to no several parts."""
    return not body.needs_check and not body.parts_from


@enforces("CUS-012", "KB-009")
@transaction.atomic
def settle_at_once(kind: str, *, told: str, source: str, by: Staff, now: datetime, **given: Any) -> Ticket:
    """Open a ticket that goes to no department, with what the customer was told; `given` as for `open_ticket`.

    Raises Refused for a kind whose results somebody else checks, and what opening raises.
    """
    opened = intake.open_ticket(kind, source=source, by=by, now=now, dispatched=False, **given)
    if opened.needs_check:
        raise Refused(_("Somebody else checks the result of this kind: write the ticket without settling it."))
    handling.finish(opened, result=told, by=by, now=now)
    if opened.needs_answer:
        how = _HOW.get(Source(source), Answer.How.PHONE)
        handling.answer_customer(opened, how=how, text=told, by=by, now=now)
    return handling.close(opened, by=by, now=now)
