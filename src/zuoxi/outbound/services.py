# SPDX-License-Identifier: Apache-2.0
"""Verbs of outbound calls, as other packages use them."""

from zuoxi.outbound.promising import drop_promise, hand_over, keep_promise, move_promise, promise_callback
from zuoxi.outbound.refusing import Refused

__all__ = ["Refused", "drop_promise", "hand_over", "keep_promise", "move_promise", "promise_callback"]
