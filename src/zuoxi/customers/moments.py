# SPDX-License-Identifier: Apache-2.0
"""What customers tell the packages above."""

from __future__ import annotations

from zuoxi.customers.facts import CustomerTold
from zuoxi.events.moments import Moment

MADE: Moment[CustomerTold] = Moment("customers.made")
CHANGED: Moment[CustomerTold] = Moment("customers.changed")
MERGED: Moment[CustomerTold] = Moment("customers.merged")
