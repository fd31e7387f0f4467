# SPDX-License-Identifier: Apache-2.0
"""What facts must be, whatever they are about; facts that cannot be raise `Impossible`. None is left alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from zuoxi.policy.rulebook import Impossible

_HALF = Decimal("0.5")


def must_not_be_negative(field: str, amount: Decimal | int | None) -> None:
    """A count or an amount is a number from nought up."""
    if amount is None:
        return
    if isinstance(amount, Decimal) and not amount.is_finite():
        raise Impossible(field, "must be a number")
    if amount < 0:
        raise Impossible(field, "must not be negative")


def must_be_positive(field: str, amount: Decimal | int | None) -> None:
    must_not_be_negative(field, amount)
    if amount is not None and amount == 0:
        raise Impossible(field, "must be more than nought")


def must_be_half_days(field: str, days: Decimal | None) -> None:
    """Days that are counted in halves."""
    must_not_be_negative(field, days)
    if days is not None and days % _HALF:
        raise Impossible(field, "is counted in half days")


def must_be_at_most(field: str, amount: Decimal | int | None, most: int) -> None:
    must_not_be_negative(field, amount)
    if amount is not None and amount > most:
        raise Impossible(field, f"cannot be more than {most}")


def must_not_precede(field: str, later: datetime | date | None, earlier: datetime | date | None, what: str) -> None:
    """`later` (the fact `field`) cannot lie before `earlier` (`what`, in words). Times without a zone are left to the
    judgement, which knows the site's."""
    if later is None or earlier is None:
        return
    if (
        isinstance(later, datetime)
        and isinstance(earlier, datetime)
        and (later.tzinfo is None) != (earlier.tzinfo is None)
    ):
        return
    if later < earlier:
        raise Impossible(field, f"cannot lie before {what}")
