# SPDX-License-Identifier: Apache-2.0
"""An import as it is begun, mapped and let run."""

from __future__ import annotations

from datetime import datetime

from zuoxi.customers import importing
from zuoxi.customers.models import CustomerImport
from zuoxi.people.models import User
from zuoxi.vault import file_runs, import_shelf


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


def run(batch_id: int, *, by: User) -> bool:
    """Let it run in the background; False when it runs or ran already (two clicks at once)."""
    return file_runs.let_run(CustomerImport, batch_id, "customers.import", user=by.pk, who=by.get_username())
