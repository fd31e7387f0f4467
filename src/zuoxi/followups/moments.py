# SPDX-License-Identifier: Apache-2.0
"""What follow-ups tell the packages above, in the same transaction."""

from __future__ import annotations

from typing import Final

from zuoxi.events.moments import Moment
from zuoxi.followups.facts import FollowUpTold

CLOSED: Final = Moment[FollowUpTold]("followups.closed")
