# SPDX-License-Identifier: Apache-2.0
"""Whether somebody who went into another's call is still in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from zuoxi.telephony.models import Command, Leg


def _over_since(agent: str, at: datetime) -> bool:
    """Whether the call that the agent was in at `at` has ended for him."""
    lately = at - timedelta(days=1)  # what is older and has no end was lost sight of
    return not Leg.objects.filter(agent=agent, from_at__gte=lately, from_at__lte=at, to_at=None).exists()


def heard_call_over(command: Command) -> bool:
    """Whether a listening, whispering, joining or taking over that succeeded has ended.

    The ledger knows nothing of who merely listens. So it is over when the call that was listened to is, or when the
    listener had it ended here, or went on to another; a handset that he puts down himself is not seen.
    """
    left = Command.objects.filter(agent=command.agent, asked_at__gt=command.asked_at, status=Command.Status.DONE)
    if left.filter(verb__in=("hang_up", "listen", "whisper", "barge", "take_over")).exists():
        return True
    at = command.answered_at or command.asked_at
    if command.verb == "take_over":  # his own leg begins a moment after the switch has answered
        return _over_since(command.agent, at + timedelta(seconds=5))
    return _over_since(str(command.arguments.get("target", "")), at)
