# SPDX-License-Identifier: Apache-2.0
"""An import as it is begun, mapped and let run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from zuoxi.customers import importing
from zuoxi.customers.models import CustomerImport
from zuoxi.jobs.selectors import broken_off
from zuoxi.jobs.services import enqueue
from zuoxi.people.models import User
from zuoxi.vault import import_shelf
from zuoxi.vault import services as vault


def begin(content: bytes, *, name: str, policy: str, source: str, by: User, now: datetime) -> CustomerImport:
    """Keep the file sealed and look at its headings. Raises Unreadable."""
    table = importing.open_table(content, {})
    token = import_shelf.keep(content, by.pk)
    mapping = importing.remembered(table.head)
    return CustomerImport.objects.create(
        name=name[:160],
        token=token,
        heads=list(table.head),
        mapping=mapping,
        policy=policy,
        source=source,
        total=len(table.cells),
        by=by,
        at=now,
    )


def map_columns(batch: CustomerImport, mapping: dict[str, str], policy: str) -> None:
    """Say which heading is which column; it is remembered for the next file."""
    batch.mapping, batch.policy = mapping, policy
    batch.save(update_fields=["mapping", "policy"])
    importing.remember(mapping)


def as_they_stand(batches: Iterable[CustomerImport]) -> list[CustomerImport]:
    """Those lists; one whose work was stopped before it began, or fell silent for good, says so and can be gone on
    with. Nothing is saved."""
    found = list(batches)
    running = [one for one in found if one.state == CustomerImport.State.RUNNING]
    ended = broken_off(one.job for one in running)
    for one in running:
        one.state = ended.get(one.job or 0, one.state)
    return found


@transaction.atomic
def run(batch_id: int, *, by: User) -> bool:
    """Let it run in the background; False when it runs or ran already (two clicks at once)."""
    waits = Q(state__in=(CustomerImport.State.CHECKED, CustomerImport.State.CANCELLED, CustomerImport.State.FAILED))
    for gone in broken_off(CustomerImport.objects.filter(pk=batch_id).values_list("job", flat=True)):
        waits |= Q(state=CustomerImport.State.RUNNING, job=gone)
    if not CustomerImport.objects.filter(waits, pk=batch_id).update(state=CustomerImport.State.RUNNING, ended_at=None):
        return False
    job = enqueue("customers.import", key=f"customers.import:{batch_id}", by=by.pk, batch=batch_id)
    CustomerImport.objects.filter(pk=batch_id).update(job=job.pk)
    vault.record("customers.import.begun", who=by.get_username(), on=("customers.import", batch_id))
    return True
