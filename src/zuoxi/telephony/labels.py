# SPDX-License-Identifier: Apache-2.0
"""What people call the codes of telephony, and the tone each is shown in."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.web.states import STATE_LABELS

Label = str | Promise

DIRECTIONS: Final[dict[str, Label]] = {
    "inbound": _("Inbound"),
    "outbound": _("Outbound"),
    "internal": _("Internal"),
}
OUTCOMES: Final[dict[str, Label]] = {
    "open": pgettext_lazy("call", "Still up"),
    "answered": _("Answered"),
    "abandoned": _("Abandoned"),
    "overflow": _("Overflow"),
    "closed": pgettext_lazy("call", "Out of hours"),
    "failed": _("Failed"),
    "unknown": _("Unknown"),
}
OUTCOME_TONES: Final[dict[str, str]] = {
    "open": "info",
    "answered": "good",
    "abandoned": "bad",
    "overflow": "warn",
    "closed": "plain",
    "failed": "bad",
    "unknown": "plain",
}
SURVEYED: Final[dict[str, Label]] = {
    "asked": _("Asked by key"),
    "answered": _("Rated by key"),
    "silent": _("Asked, no answer"),
    "satisfied": _("Satisfied"),
    "fairly_satisfied": _("Fairly satisfied"),
    "content": _("Satisfied or fairly satisfied"),
    "dissatisfied": _("Not satisfied"),
}
STATES: Final[dict[str, Label]] = {code: label for code, label in STATE_LABELS.items() if code != "alarm"}
CAUSES: Final[dict[str, Label]] = {
    "member.added": _("signed in to a queue"),
    "member.removed": _("signed out of the queue"),
    "member.paused": _("paused"),
    "member.unpaused": _("the pause was lifted"),
    "member.snapshot": _("comparison with the switch"),
    "device.reachable": _("the telephone came back"),
    "device.unreachable": _("the telephone was lost"),
    "agent.ringing": _("a call rang"),
    "agent.no_answer": _("the ringing was not answered"),
    "agent.connected": _("took a call from a queue"),
    "agent.completed": _("the call ended"),
    "call.started": _("began a call"),
    "call.dialled": _("dialled"),
    "call.answered": _("the call was answered"),
    "call.dial_ended": _("the dialling ended"),
    "call.transferred": _("the call was transferred"),
    "call.ended": _("the call ended"),
    "leg.joined": _("joined a call"),
    "leg.left": _("left a call"),
    "leg.ended": _("his telephone hung up"),
    "window.unknown": _("the switch was not heard"),
    "switch.lost": _("the connection with the switch was lost"),
    "switch.connected": _("the switch was heard again"),
}
LEG_KINDS: Final[dict[str, Label]] = {
    "answered": _("Answered"),
    "transferred": _("Transferred"),
    "consulted": _("Consulted"),
    "conferenced": _("In conference"),
}
ENDED_BY: Final[dict[str, Label]] = {
    "agent": pgettext_lazy("hung up by", "Agent"),
    "caller": pgettext_lazy("hung up by", "Customer"),
    "transfer": pgettext_lazy("hung up by", "Transfer"),
}
RECORDING_STATUSES: Final[dict[str, Label]] = {
    "complete": pgettext_lazy("recording", "Complete"),
    "short": pgettext_lazy("recording", "Short"),
    "missing": pgettext_lazy("recording", "Missing"),
    "repaired": pgettext_lazy("recording", "Repaired"),
    "expected": pgettext_lazy("recording", "Not checked yet"),
    "orphan": pgettext_lazy("recording", "Orphan"),
    "deleted": pgettext_lazy("recording", "Deleted by retention"),
}
RECORDING_TONES: Final[dict[str, str]] = {
    "complete": "good",
    "repaired": "info",
    "expected": "plain",
    "short": "warn",
    "missing": "bad",
    "orphan": "warn",
    "deleted": "plain",
}
DOUBTS: Final[dict[str, Label]] = {
    "clock": _("The switch's clock jumped: durations cannot be trusted."),
    "answered twice": _("Two agents are said to have answered; the first is believed."),
    "answered without wait": _("An answer was told, but no waiting before it."),
    "completed without answer": _("An end of talk was told, but no answer before it."),
    "end of wait unknown": _("The call ended, but how its wait ended was not seen."),
    "beginning missed": _("The beginning of the call was not seen."),
    "queue.abandoned without wait": _("Giving up was told, but no waiting before it."),
    "queue.exited without wait": _("Leaving the queue was told, but no waiting before it."),
}


def doubts_of(text: str) -> tuple[Label, ...]:
    """The doubts of a call row in words; one that is not known here is shown as it is written."""
    return tuple(DOUBTS.get(one, one) for one in text.split("; ") if one)


def state_label(state: str, reason: str = "", reasons: dict[str, str] | None = None) -> str:
    """The state in words, with its reason where there is one."""
    label = str(STATES.get(state, state))
    if reason and state == "not_ready":
        return f"{label}: {(reasons or {}).get(reason, reason)}"
    return label
