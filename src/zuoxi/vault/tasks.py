# SPDX-License-Identifier: Apache-2.0
"""The nightly look at the audit chain."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.vault import services


class ChainBroken(RuntimeError):
    """Rows of the audit chain were changed, put in or left out behind the program's back."""


@task("vault.check_chain", _("Check the audit chain"), attempts=1)
def check_chain(run: Run) -> dict[str, Any]:
    """Fails, and so stands red among the jobs, when the chain does not hold."""
    status = services.verify()
    if not status.whole:
        raise ChainBroken(f"row {status.broken_at}: {status.why}")
    return {"rows": status.rows, "head": status.head}


cron("vault.check_chain", "20 3 * * *", "vault.check_chain")
