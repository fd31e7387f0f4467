# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import task
from zuoxi.jobs.running import GiveUp, Run
from zuoxi.messaging import services
from zuoxi.messaging.channels import Refused, Unreachable

ATTEMPTS = 6


@task("messaging.carry", _("Send a message"), attempts=ATTEMPTS, pause=15)
def carry(run: Run, message: int) -> dict[str, Any]:
    """Six attempts over about eight minutes, then the message has failed."""
    try:
        sent = services.carry(message)
    except Refused as fault:
        services.give_up(message, str(fault))
        raise GiveUp(str(fault)) from fault
    except Unreachable as fault:
        if run.job.attempts >= ATTEMPTS:
            services.give_up(message, str(fault))
        raise
    return {"message": sent.pk, "state": sent.state}
