# SPDX-License-Identifier: Apache-2.0
"""What the rules of customers judge, and what selectors hand out. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MayCallFacts:
    """A number that is about to be called.

    `purpose`: service (the customer's own matter), offers or survey. `barred`: the reach of a standing do-not-call
    entry that covers the purpose (None: none stands). `consent`: given or withdrawn (None: nobody asked yet).
    """

    purpose: str
    called_on: datetime
    barred: str | None
    consent: str | None


@dataclass(frozen=True, slots=True)
class CustomerTold:
    """A customer as packages above are told of him; `kept_id` is whom he was merged into (None: nobody)."""

    customer_id: int
    at: datetime
    by_code: str = ""
    kept_id: int | None = None
