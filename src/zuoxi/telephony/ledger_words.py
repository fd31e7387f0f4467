# SPDX-License-Identifier: Apache-2.0
"""Ledger events in words, and their data without customers' numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from zuoxi.telephony.labels import Label
from zuoxi.vault import masking

NUMBERS: Final = frozenset({"caller", "called", "number", "to"})

KINDS: Final[dict[str, Label]] = {
    "call.started": _("The call began"),
    "call.diverted": _("The call was diverted"),
    "call.dialled": _("A number was dialled"),
    "call.answered": _("The called party answered"),
    "call.dial_ended": _("Dialling ended"),
    "call.held": _("Put on hold"),
    "call.resumed": _("Taken off hold"),
    "call.transferred": _("Transferred"),
    "call.ended": _("Hung up"),
    "call.imported": _("Imported"),
    "queue.joined": _("Joined the queue"),
    "queue.exited": _("Left the queue"),
    "queue.abandoned": _("Gave up waiting"),
    "agent.ringing": _("Rings at the agent"),
    "agent.no_answer": _("The agent did not answer"),
    "agent.connected": _("The agent answered"),
    "agent.completed": _("The agent's talk ended"),
    "leg.joined": _("Joined the talk"),
    "leg.left": _("Left the talk"),
    "recording.started": _("Recording began"),
    "recording.stopped": _("Recording ended"),
    "survey.answered": _("The survey was answered"),
    "member.added": _("Signed in to a queue"),
    "member.removed": _("Signed out of the queue"),
    "member.paused": _("Paused"),
    "member.unpaused": _("Pause lifted"),
    "member.snapshot": _("As the switch has it"),
    "device.reachable": _("Telephone reachable"),
    "device.unreachable": _("Telephone not reachable"),
    "switch.connected": _("Connected with the switch"),
    "switch.lost": _("Connection with the switch lost"),
    "switch.synced": _("Compared with the switch"),
    "window.unknown": _("A stretch that was not heard"),
}


def kind_label(kind: str) -> Label:
    return KINDS.get(kind, kind)


def masked_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The event's data with everything that may be a customer's number masked; extensions stay readable."""
    return {key: masking.phone(str(value)) if key in NUMBERS else value for key, value in data.items()}
