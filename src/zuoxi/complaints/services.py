# SPDX-License-Identifier: Apache-2.0
"""The verbs of complaints and praise."""

from zuoxi.complaints.filters import drop as drop_filter
from zuoxi.complaints.filters import keep as keep_filter
from zuoxi.complaints.from_tickets import take_over
from zuoxi.complaints.handling import (
    Overtaken,
    answer,
    assign,
    close,
    escalate,
    handle,
    locate,
    pause,
    remark,
    reopen,
    respond,
    resume,
)
from zuoxi.complaints.indexing import catch_up
from zuoxi.complaints.opening import Refused, open_complaint, open_praise, record_both
from zuoxi.complaints.registers import (
    agree,
    forward,
    pass_on,
    reply,
    report,
    strike,
    suggest,
    take_points,
    write_plan,
)
from zuoxi.complaints.verifying import collect, follow_need, open_need, verify_complaint, verify_praise
from zuoxi.complaints.watching import tick

__all__ = [
    "Overtaken",
    "Refused",
    "agree",
    "answer",
    "assign",
    "catch_up",
    "close",
    "collect",
    "drop_filter",
    "escalate",
    "follow_need",
    "forward",
    "handle",
    "keep_filter",
    "locate",
    "open_complaint",
    "open_need",
    "open_praise",
    "pass_on",
    "pause",
    "record_both",
    "remark",
    "reopen",
    "reply",
    "report",
    "respond",
    "resume",
    "strike",
    "suggest",
    "take_over",
    "take_points",
    "tick",
    "verify_complaint",
    "verify_praise",
    "write_plan",
]
