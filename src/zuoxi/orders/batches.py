# SPDX-License-Identifier: Apache-2.0
"""A file of orders as it is begun, let run, and taken in pieces in the background.

What is in stays in: a run that was stopped or broke off goes on with the orders that are not there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from zuoxi.customers.services import Refused as NotAPerson
from zuoxi.orders import imports
from zuoxi.orders.import_models import OrderImport, OrderReject
from zuoxi.orders.services import NotDone
from zuoxi.people.models import Staff, User
from zuoxi.vault import file_runs, import_shelf
from zuoxi.web.tabular import Problem

PIECE: Final = 20
"""Orders of one transaction: calls that come in meanwhile wait for no longer than that takes."""


def begin(content: bytes, *, name: str, by: User, now: datetime) -> OrderImport:
    """Keep the file sealed and count what it holds. Raises Unreadable."""
    looked = imports.look(content)
    return OrderImport.objects.create(
        name=name[:160], token=import_shelf.keep(content, by.pk), total=len(looked.ready), known=len(looked.known),
        by=by, at=now,
    )  # fmt: skip


def run(batch_id: int, *, by: User) -> bool:
    """Let it run in the background; False when it runs or ran already (two clicks at once)."""
    return file_runs.let_run(OrderImport, batch_id, "orders.import", user=by.pk, who=by.get_username())


def take(
    batch: OrderImport, content: bytes, *, by: Staff | None, now: datetime, tell: Callable[[int, int], None]
) -> None:
    """Take what is not there yet, piece by piece. `tell(done, total)` may raise to stop. Raises Unreadable."""
    looked = imports.look(content)
    refused = set(batch.rejects.filter(column="").values_list("foreign", flat=True))
    ready = [one for one in looked.ready if one.foreign not in refused]
    _note_problems(batch, looked.problems)
    OrderImport.objects.filter(pk=batch.pk).update(total=F("done") + len(ready))
    batch.refresh_from_db()
    for start in range(0, len(ready), PIECE):
        _piece(batch, ready[start : start + PIECE], by, max(now, timezone.now()))
        tell(batch.done, batch.total)


def _note_problems(batch: OrderImport, problems: Sequence[Problem]) -> None:
    OrderReject.objects.bulk_create(
        [
            OrderReject(
                batch=batch, line=one.line, column=one.column[:80], why=str(one.wrong)[:300], todo=str(one.todo)[:200]
            )
            for one in problems
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _piece(batch: OrderImport, ready: Sequence[imports.Ready], by: Staff | None, now: datetime) -> None:
    made, refused = 0, []
    for one in ready:
        try:
            with transaction.atomic():
                imports.take_one(one, by=by, now=now)
        except NotDone as wrong:
            why, todo = str(wrong.message)[:300], str(wrong.remedy)[:200]
            refused.append(OrderReject(batch=batch, line=one.rows[0], foreign=one.foreign, why=why, todo=todo))
        except NotAPerson as wrong:
            why = str(wrong)[:300]
            refused.append(OrderReject(batch=batch, line=one.rows[0], foreign=one.foreign, why=why))
        else:
            made += 1
    OrderReject.objects.bulk_create(refused, ignore_conflicts=True)
    batch.done += len(ready)
    batch.made += made
    batch.save(update_fields=["done", "made"])
