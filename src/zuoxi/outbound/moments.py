# SPDX-License-Identifier: Apache-2.0
"""What outbound calls tell the packages above."""

from zuoxi.events.moments import Moment
from zuoxi.outbound.facts import AttemptTold

ATTEMPT_WRITTEN: Moment[AttemptTold] = Moment("outbound.attempt_written")
"""A result was written for an outbound call."""
