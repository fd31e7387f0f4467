# SPDX-License-Identifier: Apache-2.0
"""Making the read tables anew from the ledger, after the folds have learnt something."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from zuoxi.events import selectors as ledger
from zuoxi.events import sql
from zuoxi.telephony.projections import STATE_COLUMNS, CallProjection, interval_values
from zuoxi.telephony.states import fold_states

FOLDED = ("call", "queuevisit", "leg", "attempt", "stateinterval")
BATCH = 5000


def rebuild(report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Fold every event again into emptied tables, in one transaction; the number of events.

    What was found out about recordings' files is kept. Stop the listeners first: they wait for the write lock.
    """
    total = ledger.last_id()
    calls = CallProjection()
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in FOLDED:
                cursor.execute(f"DELETE FROM telephony_{table}")  # noqa: S608 - our own names
        position = 0
        while events := ledger.after(position, BATCH):
            calls.apply(events)
            position = events[-1].id
            report(position, total)
        for agent in ledger.parties():
            rows = [interval_values(interval) for interval in fold_states(agent, ledger.of_party(agent))]
            sql.write("telephony_stateinterval", STATE_COLUMNS, rows)
    return total
