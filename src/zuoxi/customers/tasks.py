# SPDX-License-Identifier: Apache-2.0
"""Background work of the customers: taking a list in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.customers import importing, indexing
from zuoxi.customers.models import CustomerImport
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Run
from zuoxi.people.selectors import staff_of
from zuoxi.vault import file_runs


@task("customers.import", _("Import customers"), lease=120, attempts=3)
def import_customers(run: Run, batch: int) -> dict[str, Any]:
    """Goes on behind the last piece that is in; stopped, what is in stays in and the rest can be taken later."""
    found = CustomerImport.objects.select_related("by").get(pk=batch)
    if found.state == CustomerImport.State.DONE:  # gone on with by hand while it was about to be tried again by itself
        return {"made": found.made, "filled": found.filled, "skipped": found.skipped, "refused": found.refused}
    with file_runs.under_way(CustomerImport, found) as content:
        table = importing.open_table(content, found.mapping)
        importing.take(found, table, timezone.now(), run.progress, staff_of(found.by))
    return {"made": found.made, "filled": found.filled, "skipped": found.skipped, "refused": found.refused}


@task("customers.index", _("Customers for the search"), lease=120)
def index_customers(run: Run) -> dict[str, Any]:
    return {"indexed": indexing.catch_up(timezone.now(), run.progress)}


cron("customers.index", "*/5 * * * *", "customers.index", at_start=True)
