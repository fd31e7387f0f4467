# SPDX-License-Identifier: Apache-2.0
"""Ledger events in words, and their data without customers' numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from zuoxi.telephony.labels import Label
from zuoxi.vault import masking

_LONG_NUMBER: Final = re.compile(r"(?<![0-9.])\+?[0-9]{7,15}(?![0-9.])")
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
    "call.clock_changed": _("The switch's clock was set"),
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
    "leg.ended": _("The agent's telephone hung up"),
    "recording.started": _("Recording began"),
    "recording.stopped": _("Recording ended"),
    "survey.asked": _("The caller was asked by key"),
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


def hide_numbers(text: str) -> str:
    """The text with every run of seven to fifteen digits masked; ids of channels (digits and dots) stay."""
    return _LONG_NUMBER.sub(lambda found: masking.phone(found.group()), text)


def masked_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """The event's data with everything that may be a customer's number masked; extensions stay readable."""
    return {key: _masked(key, value) for key, value in data.items()}


def _masked(key: str, value: Any) -> Any:
    if key in NUMBERS:
        return masking.phone(str(value))
    return hide_numbers(value) if isinstance(value, str) and key != "path" else value
