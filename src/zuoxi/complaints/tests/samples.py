# SPDX-License-Identifier: Apache-2.0
"""One of each thing of complaints, for the test that tries every door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from zuoxi.complaints import services
from zuoxi.complaints.filters import keep
from zuoxi.complaints.models import SavedFilter
from zuoxi.tickets import services as tickets


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All of them are about the sample agent; a grave one, so that it has a plan."""
    agent, now = world["agent"], timezone.now() - timedelta(minutes=5)
    one = services.open_complaint(
        source="media", customer=None, words="态度冷淡", kind="attitude", about_staff=agent, by=agent, now=now
    )
    made = services.suggest(words="增加查询渠道", customer=None, by=agent, now=now)
    mark = services.take_points(
        day=timezone.localdate(now), unit="保洁", item="走廊", points=Decimal(1), note="", by=agent, now=now
    )
    need = services.open_need(complaint=one, staff=agent, topic="manner", text="服务用语", by=agent, now=now)
    keep(agent, "我的", "state=all")
    number = {"number": one.number}
    found: dict[str, dict[str, Any]] = {
        f"complaints:{name}": number for name in ("complaint", "up", "note", "plan", "agree", "report")
    }
    found["complaints:act"] = number | {"verb": "respond"}
    found["complaints:verify"] = {"pk": one.verifications.get().pk}
    found["complaints:follow"] = {"pk": need.pk}
    found["complaints:forward"] = found["complaints:reply"] = {"pk": made.pk}
    found["complaints:strike"] = {"pk": mark.pk}
    ticket = tickets.open_ticket(
        "transfer", customer=None, fields={"matter": "样例", "reason": "样例"}, source="call", by=agent, now=now
    )
    found["complaints:from_ticket"] = {"number": ticket.number}
    found["complaints:drop_filter"] = {"pk": SavedFilter.objects.get().pk}
    return found
