# SPDX-License-Identifier: Apache-2.0
"""One of each thing of tickets, for the test that tries every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.people.services import hire
from zuoxi.tickets import services
from zuoxi.tickets.models import Attachment, CannedReply, Cover


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A ticket of the sample agent, with a file; a reply for everybody; somebody who stands in."""
    agent, now = world["agent"], timezone.now()
    ticket = services.open_ticket(
        "transfer", customer=None, fields={"matter": "sample", "reason": "sample"}, source="call", by=agent, now=now
    )
    file = Attachment.objects.create(
        ticket=ticket, at=now, by=agent, name="sample.txt", media_type="text/plain", size=1, digest="0", stored="none"
    )
    reply = CannedReply.objects.create(title="sample", text="sample", made_by=agent, made_at=now)
    other = hire("9190", "sample", [], now.date())
    cover = Cover.objects.create(staff=agent, cover=other, starts_at=now, ends_at=now + timedelta(days=1))
    one = {"number": ticket.number}
    return {
        "tickets:ticket": one,
        "tickets:printed": one,
        "tickets:edit": one,
        "tickets:add_file": one,
        "tickets:reveal": one,
        "tickets:act": {**one, "verb": "note"},
        "tickets:new_of": {"kind": "transfer"},
        "tickets:file": {"pk": file.pk},
        "tickets:remove_file": {"pk": file.pk},
        "tickets:drop_reply": {"pk": reply.pk},
        "tickets:end_cover": {"pk": cover.pk},
        "tickets:members": {"code": "CENTRE"},
    }
