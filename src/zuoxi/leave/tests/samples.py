# SPDX-License-Identifier: Apache-2.0
"""One of each thing of leave, for the test that tries every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.leave.models import Contact
from zuoxi.leave.tests.making import granted


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All of them are about the sample agent."""
    agent, today = world["agent"], timezone.localdate()
    leave = granted(agent, today - timedelta(days=1), 5)
    contact = Contact.objects.create(leave=leave, due_on=today)
    found: dict[str, dict[str, Any]] = {f"leave:{name}": {"pk": leave.pk} for name in ("leave", "back", "truth")}
    found["leave:tried"] = {"pk": contact.pk}
    found |= {f"leave:{name}": {"code": agent.code} for name in ("statement_of", "adjust", "prove")}
    found["leave:drop_day"] = {"day": today.isoformat()}
    return found
