# SPDX-License-Identifier: Apache-2.0
from typing import Any

from django.utils import timezone

from zuoxi.gateway import outbox, subscriptions
from zuoxi.gateway.models import Application
from zuoxi.gateway.services import issue


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Objects that exist, for whoever tries every door."""
    now, owner = timezone.now(), world["agent"]
    program = Application.objects.create(code="who", name="谁", purpose="", owner=owner, created_at=now)
    token, _text = issue(program.pk, days=9, by="", now=now)
    hook, _secret = subscriptions.subscribe(
        "谁", "https://8.8.8.8/", kinds=["ticket.closed"], owner=owner, by="", now=now
    )
    told = outbox.put_test(hook, None, now)
    one, two = {"pk": program.pk}, {"pk": program.pk, "token": token.pk}
    here = {"pk": hook.pk}
    return (
        {f"gateway:{name}": one for name in ("application", "change_application", "close_application", "issue")}
        | {f"gateway:{name}": two for name in ("rotate", "revoke")}
        | {
            f"gateway:{name}": here
            for name in ("webhook", "change_webhook", "renew_secret", "switch", "test", "send_dead_again")
        }
        | {f"gateway:{name}": {"pk": told.pk} for name in ("delivery", "send_again")}
    )
