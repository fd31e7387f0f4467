# SPDX-License-Identifier: Apache-2.0
"""The verbs of follow-ups and surveys."""

from __future__ import annotations

from zuoxi.followups.batches import collect, hand_out, return_overdue, sum_up, usual_deadline
from zuoxi.followups.calling import add, book, drop, relisten, submit, take, try_call
from zuoxi.followups.making import for_checkup, for_patient, make, make_by_hand
from zuoxi.followups.opinions import answer as answer_opinion
from zuoxi.followups.opinions import count_cards, pass_on, tell_customer, write_down
from zuoxi.followups.patients import (
    checkup_step,
    clinic_booked,
    clinic_came,
    discharge,
    quiet_spans,
    read_checkup,
    ward_visited,
)
from zuoxi.followups.planning import make_planned, remind_booked
from zuoxi.followups.refusing import Refused
from zuoxi.followups.scripts import BadAnswers
from zuoxi.followups.surveying import answer as answer_survey
from zuoxi.followups.surveying import close as close_survey
from zuoxi.followups.surveying import enter, invite, not_answered, open_survey, opened

__all__ = [
    "BadAnswers",
    "Refused",
    "add",
    "answer_opinion",
    "answer_survey",
    "book",
    "checkup_step",
    "clinic_booked",
    "clinic_came",
    "close_survey",
    "collect",
    "count_cards",
    "discharge",
    "drop",
    "enter",
    "for_checkup",
    "for_patient",
    "hand_out",
    "invite",
    "make",
    "make_by_hand",
    "make_planned",
    "not_answered",
    "open_survey",
    "opened",
    "pass_on",
    "quiet_spans",
    "read_checkup",
    "relisten",
    "remind_booked",
    "return_overdue",
    "submit",
    "sum_up",
    "take",
    "tell_customer",
    "try_call",
    "usual_deadline",
    "ward_visited",
    "write_down",
]
