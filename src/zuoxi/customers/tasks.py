# SPDX-License-Identifier: Apache-2.0
"""Background work of the customers: taking a list in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.customers import importing, indexing
from zuoxi.customers.models import CustomerImport
from zuoxi.jobs.registry import cron, task
from zuoxi.jobs.running import Cancelled, GiveUp, LeaseLost, Run, Stopping
from zuoxi.people.selectors import staff_of
from zuoxi.vault import import_shelf


@task("customers.import", _("Import customers"), lease=120, attempts=3)
def import_customers(run: Run, batch: int) -> dict[str, Any]:
    """Goes on behind the last piece that is in; stopped, what is in stays in and the rest can be taken later."""
    found = CustomerImport.objects.select_related("by").get(pk=batch)
    if found.state == CustomerImport.State.DONE:  # gone on with by hand while it was about to be tried again by itself
        return {"made": found.made, "filled": found.filled, "skipped": found.skipped, "refused": found.refused}
    content = import_shelf.find(found.token, found.by_id)
    if content is None:
        _end(found, CustomerImport.State.FAILED)
        raise GiveUp("the file is no longer kept; choose it again, what was taken is skipped")
    CustomerImport.objects.filter(pk=batch).update(state=CustomerImport.State.RUNNING, ended_at=None)
    try:
        table = importing.open_table(content, found.mapping)
        importing.take(found, table, timezone.now(), run.progress, staff_of(found.by))
    except Cancelled:
        _end(found, CustomerImport.State.CANCELLED)
        raise
    except (Stopping, LeaseLost):  # another worker goes on with it
        raise
    except Exception:  # it is tried again by itself, and afterwards by hand; neither may find it "running" for ever
        _end(found, CustomerImport.State.FAILED)
        raise
    _end(found, CustomerImport.State.DONE)
    import_shelf.drop(found.token)
    return {"made": found.made, "filled": found.filled, "skipped": found.skipped, "refused": found.refused}


@task("customers.index", _("Customers for the search"), lease=120)
def index_customers(run: Run) -> dict[str, Any]:
    return {"indexed": indexing.catch_up(timezone.now(), run.progress)}


def _end(found: CustomerImport, state: str) -> None:
    CustomerImport.objects.filter(pk=found.pk).update(state=state, ended_at=timezone.now())


cron("customers.index", "*/5 * * * *", "customers.index", at_start=True)
