# SPDX-License-Identifier: Apache-2.0
"""One of each thing of outbound calls, for the test that tries every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.outbound.models import Attempt, Campaign, Handout, Lead, ListImport, Promise, QueueTurn, Stay


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All of them are about the sample agent."""
    agent, now = world["agent"], timezone.now()
    campaign = Campaign.objects.create(name="样", rule="ordinary", tree="sales", made_at=now, state="running")
    campaign.teams.add(world["team"])
    batch = ListImport.objects.create(campaign=campaign, name="样.csv", at=now)
    lead = Lead.objects.create(campaign=campaign, number="13800000001", changed_at=now, consent="样")
    attempt = Attempt.objects.create(
        campaign=campaign, lead=lead, staff=agent, number=lead.number, mode="preview", day=timezone.localdate(now),
        reserved_at=now, ended_at=now, state=Attempt.State.ANSWERED,
    )  # fmt: skip
    promise = Promise.objects.create(
        number="13800000002", owner=agent, due_at=now + timedelta(hours=1), reason="样", made_at=now
    )
    turn = QueueTurn.objects.create(queue="sales", number="13800000003", entered_at=now, asked_at=now, call=991)
    handout = Handout.objects.create(campaign=campaign, staff=agent, at=now, due_at=now + timedelta(hours=1), given=1)
    stay = Stay.objects.create(staff=agent, day=timezone.localdate(now), missing=1, begun_at=now)
    of_campaign = ("campaign", "edit", "start", "pause", "end", "hand_out", "leads", "list_import", "join")
    found: dict[str, dict[str, Any]] = {f"outbound:{name}": {"pk": campaign.pk} for name in of_campaign}
    found |= {f"outbound:{name}": {"pk": campaign.pk, "token": "abc"} for name in ("list_checked", "list_take")}
    found |= {f"outbound:{name}": {"pk": lead.pk} for name in ("call", "skip", "reveal")}
    found |= {f"outbound:{name}": {"pk": attempt.pk} for name in ("hang_up", "write")}
    found |= {f"outbound:callback_{name}": {"pk": promise.pk} for name in ("call", "keep", "drop", "move")}
    return found | {
        "outbound:rejects": {"pk": batch.pk},
        "outbound:collect": {"pk": handout.pk},
        "outbound:turn_drop": {"pk": turn.pk},
        "outbound:stay": {"code": agent.code},
        "outbound:stay_end": {"pk": stay.pk},
    }
