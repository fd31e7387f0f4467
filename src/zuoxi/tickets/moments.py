# SPDX-License-Identifier: Apache-2.0
"""What tickets tell the packages above, in the same transaction."""

from __future__ import annotations

from zuoxi.events.moments import Moment
from zuoxi.tickets.facts import TicketTold

OPENED: Moment[TicketTold] = Moment("tickets.opened")
URGED: Moment[TicketTold] = Moment("tickets.urged")
CLOSED: Moment[TicketTold] = Moment("tickets.closed")
