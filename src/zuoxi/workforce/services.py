# SPDX-License-Identifier: Apache-2.0
"""The verbs of rosters."""

from __future__ import annotations

from zuoxi.workforce.consent import NotDone, NotPossible, Wish, agree, ask_swap
from zuoxi.workforce.day_plan import move_break, plan_day, put_off
from zuoxi.workforce.demand.history import drop_history, keep_history
from zuoxi.workforce.demand.knowing import edit_forecast, keep_event, withdraw_edit, withdraw_event
from zuoxi.workforce.demand.making import NoHistory, make_forecasts
from zuoxi.workforce.editing import CellEdit, Edited, due_day, edit_cells
from zuoxi.workforce.feeds import make_feed, revoke_feed
from zuoxi.workforce.overtime import (
    OvertimeRefused,
    agree_to,
    announce,
    answer_overtime,
    cancel,
    make_list,
    may_agree,
)
from zuoxi.workforce.papers import dispatch, end_pair, hand_over, keep_pair, take_over
from zuoxi.workforce.publishing import (
    Refused,
    copy_week,
    file_roster,
    publish,
    read_rosters,
    undo_last,
)
from zuoxi.workforce.staffing_plan import make_plan
from zuoxi.workforce.swapping import decline, used
from zuoxi.workforce.today.deciding import Overtaken, apply, opened, take_back
from zuoxi.workforce.today.keeping import keep_outlook
from zuoxi.workforce.wishes import WishRefused, ask_wish, withdraw_wish

__all__ = [
    "CellEdit",
    "Edited",
    "NoHistory",
    "NotDone",
    "NotPossible",
    "Overtaken",
    "OvertimeRefused",
    "Refused",
    "Wish",
    "WishRefused",
    "agree",
    "agree_to",
    "announce",
    "answer_overtime",
    "apply",
    "ask_swap",
    "ask_wish",
    "cancel",
    "copy_week",
    "decline",
    "dispatch",
    "drop_history",
    "due_day",
    "edit_cells",
    "edit_forecast",
    "end_pair",
    "file_roster",
    "hand_over",
    "keep_event",
    "keep_history",
    "keep_outlook",
    "keep_pair",
    "make_feed",
    "make_forecasts",
    "make_list",
    "make_plan",
    "may_agree",
    "move_break",
    "opened",
    "plan_day",
    "publish",
    "put_off",
    "read_rosters",
    "revoke_feed",
    "take_back",
    "take_over",
    "undo_last",
    "used",
    "withdraw_edit",
    "withdraw_event",
    "withdraw_wish",
]
