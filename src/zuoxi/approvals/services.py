# SPDX-License-Identifier: Apache-2.0
"""The verbs of requests, for every package: hand in, decide, withdraw, stand in, add papers, tell people."""

from __future__ import annotations

from zuoxi.approvals.deciding import Decided, decide, decide_many
from zuoxi.approvals.delegations import delegate, revoke
from zuoxi.approvals.documents import add_document, waive
from zuoxi.approvals.filing import read_copy
from zuoxi.approvals.notices import Sentence, mark_read, notify
from zuoxi.approvals.refusals import NotDone, NotYours, Overtaken, Refused
from zuoxi.approvals.stepping import file_copy, owe
from zuoxi.approvals.submission import resubmit, submit, withdraw
from zuoxi.approvals.watching import lapse_papers, watch_steps

__all__ = [
    "Decided",
    "NotDone",
    "NotYours",
    "Overtaken",
    "Refused",
    "Sentence",
    "add_document",
    "decide",
    "decide_many",
    "delegate",
    "file_copy",
    "lapse_papers",
    "mark_read",
    "notify",
    "owe",
    "read_copy",
    "resubmit",
    "revoke",
    "submit",
    "waive",
    "watch_steps",
    "withdraw",
]
