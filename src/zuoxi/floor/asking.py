# SPDX-License-Identifier: Apache-2.0
"""Asking the switch for something on behalf of a person at the floor or a desk."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.approvals.selectors import go_live_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.marks import enforces
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony import services
from zuoxi.telephony.models import Command, Extension, QueueMembership, Switch
from zuoxi.vault import services as vault

Refused = services.Refused
STEPPING_IN = ("whisper", "barge", "take_over")
MONITORING = ("listen", *STEPPING_IN)
INSIDE: dict[str, str | Promise] = {
    "listen": gettext_lazy("You hear the call; nobody hears you."),
    "whisper": gettext_lazy("The agent hears you, the customer does not."),
    "barge": gettext_lazy("Agent and customer hear you."),
    "take_over": gettext_lazy("The customer talks with you now."),
}
"""What it is like to be in somebody's call."""

VERB_LABELS: dict[str, str | Promise] = {
    "sign_in": pgettext_lazy("agent", "Sign in"),
    "sign_out": pgettext_lazy("agent", "Sign out"),
    "ready": gettext_lazy("Ready"),
    "pause": gettext_lazy("Not ready"),
    "extend_wrap_up": gettext_lazy("More time"),
    "dial": gettext_lazy("Dial"),
    "answer": gettext_lazy("Answer"),
    "hang_up": gettext_lazy("Hang up"),
    "hold": gettext_lazy("Hold"),
    "resume": pgettext_lazy("call", "Take back"),
    "transfer_blind": gettext_lazy("Transfer"),
    "transfer_attended": gettext_lazy("Ask first"),
    "conference": gettext_lazy("Three-way"),
    "listen": gettext_lazy("Listen"),
    "whisper": gettext_lazy("Whisper"),
    "barge": gettext_lazy("Join"),
    "take_over": gettext_lazy("Take over"),
}


def switch_of(agent: str) -> Switch:
    """The switch of the agent's telephone, else the centre's; raises Refused without any."""
    extension = Extension.objects.select_related("switch").filter(staff__code=agent).first()
    switch = extension.switch if extension else telephony.default_switch()
    if switch is None:
        raise Refused(_("No switch is set up yet. Ask IT to add one."))
    return switch


def queues_of(agent: str) -> list[str]:
    """The queues that the agent signs in to."""
    rows = QueueMembership.objects.filter(staff__code=agent).order_by("queue__code")
    return list(rows.values_list("queue__code", flat=True))


@enforces("ORG-036")
def _cleared(agent: str) -> None:
    """Nobody signs in to calls before the gates that the pack names (ORG-036); raises Refused with what is missing."""
    staff = staff_by_code(agent)
    finding = go_live_of(staff, timezone.localdate()) if staff else None
    if finding is not None and finding.outcome != "cleared":
        raise Refused(_("This staff number may not take calls yet: %(why)s") % {"why": finding.why})


def ask(verb: str, agent: str, arguments: dict[str, Any], by: Staff | None) -> Command:
    """Put the wish to the agent's switch; raises Refused with the reason in words."""
    if verb == "sign_in":
        _cleared(agent)
    if verb in ("sign_in", "sign_out") and "queues" not in arguments:
        queues = queues_of(agent)
        if not queues:
            raise Refused(_("No queue is assigned to this staff number. Ask the team leader."))
        arguments = {**arguments, "queues": queues}
    return services.ask(switch_of(agent), verb, agent, arguments, by)


@transaction.atomic
def go_into(verb: str, target: str, by: Staff) -> Command:
    """Ring the telephone of `by`, to listen to the call of `target`, speak in it or take it over; in the audit chain
    whenever the switch is asked, and only then. Refused with the reason in words.
    """
    command = ask(verb, by.code, {"target": target}, by)
    vault.record(f"floor.{verb}", who=by.code, on=("agent", target))
    return command


@transaction.atomic
def force(verb: str, agent: str, arguments: dict[str, Any], by: Staff | None) -> Command:
    """Change an agent's state for him; asked and written down together, as `go_into`."""
    command = ask(verb, agent, arguments, by)
    vault.record(f"floor.force.{verb}", who=by.code if by else "", on=("agent", agent))
    return command
