# SPDX-License-Identifier: Apache-2.0
"""The verbs of the knowledge, for pages and for packages above."""

from __future__ import annotations

from zuoxi.knowledge.drafting import Overtaken, Refused, Text, hand_in, save_draft, take_back
from zuoxi.knowledge.publishing import publish, retire, send_back, turn, turn_article
from zuoxi.knowledge.reading import confirm, remind
from zuoxi.knowledge.saying import print_script, take_day_off_back, tell_day_off, tick
from zuoxi.knowledge.wishing import note_opened, note_search, settle, vote, wish

__all__ = [
    "Overtaken",
    "Refused",
    "Text",
    "confirm",
    "hand_in",
    "note_opened",
    "note_search",
    "print_script",
    "publish",
    "remind",
    "retire",
    "save_draft",
    "send_back",
    "settle",
    "take_back",
    "take_day_off_back",
    "tell_day_off",
    "tick",
    "turn",
    "turn_article",
    "vote",
    "wish",
]
