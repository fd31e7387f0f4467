# SPDX-License-Identifier: Apache-2.0
"""What whoever puts the house together asks of the gateway."""

from __future__ import annotations

from zuoxi.gateway.applications import NotDone, change, close, issue, revoke, rotate, set_up
from zuoxi.gateway.callers import Caller, TooMany, caller_for
from zuoxi.gateway.doors import Door
from zuoxi.gateway.doors import tell as tell_doors
from zuoxi.gateway.openapi import completed as completed_schema
from zuoxi.gateway.repeats import forget, once

__all__ = [
    "Caller",
    "Door",
    "NotDone",
    "TooMany",
    "caller_for",
    "change",
    "close",
    "completed_schema",
    "forget",
    "issue",
    "once",
    "revoke",
    "rotate",
    "set_up",
    "tell_doors",
]
