# SPDX-License-Identifier: Apache-2.0
"""What orders tell the packages above; each fact is an `orders.facts.OrderTold`."""

from __future__ import annotations

from typing import Final

from zuoxi.events.moments import Moment
from zuoxi.orders.facts import CaseTold, OrderTold

PLACED: Final = Moment[OrderTold]("orders.placed")
DELIVERED: Final = Moment[OrderTold]("orders.delivered")
REFUSED_BY_CUSTOMER: Final = Moment[OrderTold]("orders.refused_by_customer")
RETURNED: Final = Moment[OrderTold]("orders.returned")
CASE_OPENED: Final = Moment[CaseTold]("orders.case_opened")
CASE_CLOSED: Final = Moment[CaseTold]("orders.case_closed")
