# SPDX-License-Identifier: Apache-2.0
"""What may be done with a ticket in which state, and where it leads."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.tickets.ticket_models import OPEN_STATES, State

VERBS: Final[dict[str, tuple[State, ...]]] = {
    "assign": (State.NEW, State.ASSIGNED, State.WORKING),
    "accept": (State.NEW, State.ASSIGNED),
    "return": (State.ASSIGNED, State.WORKING),
    "contact": (State.NEW, State.ASSIGNED, State.WORKING, State.HELD),
    "hold": (State.NEW, State.ASSIGNED, State.WORKING),
    "resume": (State.HELD,),
    "finish": (State.NEW, State.WORKING),
    "check": (State.CHECKING,),
    "answer": OPEN_STATES,
    "close": (State.ANSWERING,),
    "reopen": (State.CLOSED,),
    "urge": (State.NEW, State.ASSIGNED, State.WORKING, State.HELD, State.CHECKING, State.ANSWERING),
    "merge": (State.NEW, State.ASSIGNED, State.WORKING, State.HELD),
    "unmerge": (State.MERGED,),
    "split": OPEN_STATES,
    "subtask": (State.NEW, State.ASSIGNED, State.WORKING, State.HELD),
    "reclassify": (State.NEW, State.ASSIGNED, State.WORKING, State.HELD),
    "edit": OPEN_STATES,
    "extend": (State.NEW, State.ASSIGNED, State.WORKING),
    "papers": (State.NEW, State.ASSIGNED, State.WORKING),
    "promise": (State.NEW, State.ASSIGNED, State.WORKING),
    "priority": OPEN_STATES,
    "read_back": OPEN_STATES,
}

VERB_LABELS: Final[dict[str, str | Promise]] = {
    "open": _("Opened"),
    "assign": _("Passed on"),
    "accept": _("Accepted"),
    "return": _("Returned"),
    "contact": _("Customer contacted"),
    "hold": pgettext_lazy("ticket", "Put on hold"),
    "resume": _("Taken up again"),
    "finish": _("Done"),
    "check": pgettext_lazy("ticket", "Checked"),
    "check_failed": _("Sent back by the check"),
    "answer": _("Customer answered"),
    "unreached": _("Customer not reached"),
    "close": _("Closed"),
    "reopen": _("Opened again"),
    "urge": _("Urged"),
    "merge": _("Merged"),
    "took_in": _("Took another in"),
    "unmerge": _("Merge undone"),
    "let_out": _("Gave one back"),
    "split": _("Split"),
    "subtask": _("Part opened"),
    "part_done": _("Part closed"),
    "reclassify": _("Classified anew"),
    "edit": _("Form changed"),
    "extend": _("Given more time"),
    "papers": _("Told what is missing"),
    "promise": _("Promised"),
    "priority": _("Priority changed"),
    "read_back": _("Read back"),
    "note": _("Note"),
    "attach": _("File added"),
    "unattach": _("File removed"),
    "link": _("Linked"),
    "warn": _("Nearly due"),
    "breach": _("Late, passed up"),
    "cover": _("Stood in for"),
    "uncover": _("Back with the first handler"),
    "recount": _("Time reckoned anew"),
    "told_leaders": _("Leaders told"),
    "handed_on": _("Handed to complaints"),
}


def may(verb: str, state: str) -> bool:
    """Whether the state allows the verb at all; who may do it is asked apart."""
    return state in VERBS[verb]


def verbs_in(state: str) -> frozenset[str]:
    return frozenset(verb for verb, states in VERBS.items() if state in states)


def after_finish(needs_check: bool) -> State:
    return State.CHECKING if needs_check else State.ANSWERING
