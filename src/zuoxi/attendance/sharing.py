# SPDX-License-Identifier: Apache-2.0
"""The far end of work that is shared out among processes; imports nothing that needs the program to be set up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime


def begin(database: str) -> None:
    """Set the program up in a new process, on the database that the caller uses."""
    import django

    django.setup()
    from django.db import connections

    connections["default"].settings_dict["NAME"] = database


def write_batch(month: date, staff_ids: Sequence[int], now: datetime) -> int:
    """One batch of people; how many shifts."""
    from zuoxi.attendance import recomputing

    return recomputing.write_batch(month, staff_ids, now)
