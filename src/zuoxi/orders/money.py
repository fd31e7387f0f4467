# SPDX-License-Identifier: Apache-2.0
"""Which amounts are money here: yuan and fen from nought up, as far as the columns reach."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from zuoxi.approvals.services import NotDone

_TOP: Final = Decimal(10) ** 10  # of columns with twelve digits, two of them behind the point


def is_money(amount: Decimal) -> bool:
    """Finite, not below nought, in whole fen, and storable; 1E+30 and 0.001 are none."""
    return amount.is_finite() and 0 <= amount < _TOP and amount == round(amount, 2)


def check_total(total: Decimal) -> None:
    """Raises NotDone for a sum that no column holds."""
    if not is_money(total):
        raise NotDone(_("The order comes to more than can be written down."), _("Look at prices and pieces again."))
