# SPDX-License-Identifier: Apache-2.0
"""The verbs of tickets, for every package. Each is one transaction, asks its rule, and writes the history."""

from __future__ import annotations

from zuoxi.tickets.amending import (
    add_note,
    change_fields,
    extend,
    notify_papers,
    promise,
    reclassify,
    set_priority,
    tick_read_back,
)
from zuoxi.tickets.at_once import settle_at_once
from zuoxi.tickets.covering import end_cover, name_cover
from zuoxi.tickets.files import attach, remove
from zuoxi.tickets.handling import (
    accept,
    answer_customer,
    assign,
    check,
    close,
    contact,
    finish,
    hold,
    reopen,
    resume,
    return_back,
    urge,
)
from zuoxi.tickets.intake import department_named, open_ticket
from zuoxi.tickets.joining import add_subtask, hand_on, link, open_parts, split
from zuoxi.tickets.merging import merge, unmerge
from zuoxi.tickets.refusing import BadForm, Overtaken, Refused

__all__ = [
    "BadForm",
    "Overtaken",
    "Refused",
    "accept",
    "add_note",
    "add_subtask",
    "answer_customer",
    "assign",
    "attach",
    "change_fields",
    "check",
    "close",
    "contact",
    "department_named",
    "end_cover",
    "extend",
    "finish",
    "hand_on",
    "hold",
    "link",
    "merge",
    "name_cover",
    "notify_papers",
    "open_parts",
    "open_ticket",
    "promise",
    "reclassify",
    "remove",
    "reopen",
    "resume",
    "return_back",
    "set_priority",
    "settle_at_once",
    "split",
    "tick_read_back",
    "unmerge",
    "urge",
]
