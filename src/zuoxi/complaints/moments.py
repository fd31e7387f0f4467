# SPDX-License-Identifier: Apache-2.0
"""What complaints tell the packages above them."""

from zuoxi.complaints.facts import ComplaintTold, PraiseTold
from zuoxi.events.moments import Moment

OPENED: Moment[ComplaintTold] = Moment("complaints.opened")
ANSWERED: Moment[ComplaintTold] = Moment("complaints.answered")
CLOSED: Moment[ComplaintTold] = Moment("complaints.closed")
PRAISED: Moment[PraiseTold] = Moment("complaints.praised")
