# SPDX-License-Identifier: Apache-2.0
"""What people call the parts that figures are made of."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEASURE_NAMES: Final[dict[str, str | Promise]] = {
    "offered": _("Offered"),
    "settled": _("offered, wait over"),
    "answered": _("Answered"),
    "answered_within": _("answered within the threshold"),
    "abandoned": _("Abandoned"),
    "abandoned_within": _("abandoned within the threshold"),
    "short_abandoned": _("Short abandoned"),
    "overflowed": _("Overflowed"),
    "unknown_visits": _("waits whose end is not known"),
    "doubted_visits": _("waits with contradictions"),
    "waited": _("wait of the answered"),
    "wait_known": _("answered, wait known"),
    "lost_waited": _("wait of the abandoned"),
    "lost_wait_known": _("abandoned, wait known"),
    "talked": _("talk including hold"),
    "talk_known": _("answered, talk known"),
    "held": _("time on hold"),
    "hold_known": _("answered, hold known"),
    "closed": _("Outside hours"),
    "outbound_dialled": _("Dialled"),
    "outbound_settled": _("dialled and over"),
    "outbound_connected": _("Connected outbound"),
    "outbound_talked": _("outbound talk"),
    "outbound_talk_known": _("connected outbound, talk known"),
    "queue_calls_answered": _("queue calls answered"),
    "surveyed": _("calls rated"),
    "survey_points": _("points given"),
    "survey_asked": _("calls asked by key"),
    "survey_satisfied": _("satisfied by key"),
    "survey_fairly": _("fairly satisfied by key"),
    "survey_said": _("answers that say how satisfied"),
    "transferred": _("Transfers"),
    "unanswered_rings": _("Rings not answered"),
    "wrapped": _("time in wrap-up"),
    "wraps": _("number of wrap-ups"),
    "successes": _("calls marked a success"),
    "judgements": _("calls marked either way"),
    "ready_time": _("Ready time"),
    "ringing_time": _("Ringing time"),
    "on_call_time": _("On call time"),
    "wrap_time": _("Wrap-up time"),
    "not_ready_time": _("Not ready time"),
    "break_time": _("Break time"),
    "meal_time": _("Meal time"),
    "training_time": _("Training time"),
    "unreachable_time": _("Unreachable time"),
    "unknown_time": _("Time in an unknown state"),
}


def measure_name(name: str) -> str | Promise:
    """The part's name in the reader's language; its id where it has none."""
    return MEASURE_NAMES.get(name, name)
