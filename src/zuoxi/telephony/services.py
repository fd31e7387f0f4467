# SPDX-License-Identifier: Apache-2.0
"""What people ask of a switch. A command is a wish: the listener sends it, and only events move anything."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from zuoxi.people.models import Staff
from zuoxi.telephony.models import Call, Command, NotReadyReason, Switch, WrapUp

VERBS: Final = {
    "sign_in": frozenset({"queues"}),
    "sign_out": frozenset({"queues"}),
    "ready": frozenset(),
    "pause": frozenset({"reason"}),
    "extend_wrap_up": frozenset(),
    "dial": frozenset({"number", "present", "machine"}),
    "answer": frozenset({"channel"}),
    "hang_up": frozenset({"channel"}),
    "hold": frozenset({"channel"}),
    "resume": frozenset({"channel"}),
    "transfer_blind": frozenset({"to", "channel"}),
    "transfer_attended": frozenset({"to", "channel"}),
    "conference": frozenset({"to", "channel"}),
    "listen": frozenset({"target"}),
    "whisper": frozenset({"target"}),
    "barge": frozenset({"target"}),
    "take_over": frozenset({"target"}),
    "reload": frozenset({"modules"}),
}
"""Each verb with the arguments it takes."""

PAUSES: Final = frozenset({"break", "meal", "training", "wrapup"})


class Refused(ValueError):
    """The wish cannot be sent; the message says why and what to do instead."""


def _checked(verb: str, arguments: dict[str, Any]) -> dict[str, Any]:
    allowed = VERBS.get(verb)
    if allowed is None:
        raise Refused(f"there is no command {verb!r}; known are {', '.join(sorted(VERBS))}")
    if not arguments.keys() <= allowed:
        raise Refused(f"{verb} takes {', '.join(sorted(allowed)) or 'no arguments'}")
    for name, value in arguments.items():
        if any(ord(sign) < 32 for sign in str(value)):
            raise Refused(f"{name} holds a control character")
    return arguments


def pause_reason(code: str) -> str:
    """The pause reason that the switch is told for a not-ready reason's code ("break", "nr:toilet")."""
    if code in PAUSES:
        return code
    if not NotReadyReason.objects.filter(code=code, active=True).exists():
        raise Refused(f"there is no not-ready reason {code!r}")
    return f"nr:{code}"


@transaction.atomic
def ask(switch: Switch, verb: str, agent: str, arguments: dict[str, Any], by: Staff | None = None) -> Command:
    """Put a wish in the listener's queue; raises Refused for an unknown verb or bad arguments."""
    return Command.objects.create(
        switch=switch,
        verb=verb,
        agent=agent,
        arguments=_checked(verb, dict(arguments)),
        asked_by=by,
        asked_at=timezone.now(),
    )


def withdraw(number: int, why: str) -> bool:
    """Take a wish back that the listener has not taken up yet; False when it is too late for that."""
    changed = Command.objects.filter(pk=number, status=Command.Status.PENDING).update(
        status=Command.Status.FAILED, answered_at=timezone.now(), message=why[:300]
    )
    return bool(changed)


def ask_switch(switch_id: int, verb: str, agent: str, arguments: dict[str, Any], by: Staff | None = None) -> Command:
    """The same as `ask`, for who knows a switch by its number alone. Raises Refused."""
    return ask(Switch.objects.get(pk=switch_id), verb, agent, arguments, by)


@transaction.atomic
def save_wrap_up(
    call: Call, agent: str, *, topic: str = "", result: str = "", success: bool | None = None, note: str = ""
) -> WrapUp:
    """Store what the agent wrote after the call; saving again replaces it."""
    wrap_up, _ = WrapUp.objects.update_or_create(
        call_id=call.pk,
        agent=agent,
        defaults={"topic": topic, "result": result, "success": success, "note": note, "saved_at": timezone.now()},
    )
    return wrap_up
