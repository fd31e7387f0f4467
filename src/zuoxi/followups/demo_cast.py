# SPDX-License-Identifier: Apache-2.0
"""Who plays in the demo's follow-ups, and answers that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings

from zuoxi.customers.models import Customer
from zuoxi.followups.handbook import REASONS, QuestionBody, ScriptBody
from zuoxi.followups.scripts import applies
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 60
_SHOP_SAID = (
    "发货再快一点就好了",
    "客服态度很好",
    "包装可以再结实些",
    "说明书字太小",
    "希望有夜间配送",
    "上门前能先打电话",
    "退款到账有点慢",
    "",
)
_PLAIN_SAID = (
    "处理再快一点就好了",
    "接电话的人态度很好",
    "办到哪一步能发个短信",
    "说明再清楚一些",
    "希望晚上也有人受理",
    "上门前能先打电话",
    "",
)
_SHOPS = ("base", "tv_shopping", "telesales", "chengdu", "seat_rules")
_REFUSED = (
    "别家便宜二十块",
    "收到时外箱已经破了",
    "等了六天才送到",
    "我没有订过",
    "家里人不同意买",
    "和电视上说的颜色不一样",
    "就是不想要了",
)


@dataclass(frozen=True, slots=True)
class Cast:
    handbook: Handbook
    agents: list[Staff]
    lead: Staff
    quality: Staff
    personnel: Staff
    customers: list[Customer]
    now: datetime
    dice: Random


def answers_of(cast: Cast, script: ScriptBody) -> tuple[dict[str, Any], str, int | None, str, str]:
    """Answers that hang together, most of them content."""
    dice = cast.dice
    mood = dice.choices(("satisfied", "fairly_satisfied", "dissatisfied"), (84, 11, 5))[0]
    kept: dict[str, Any] = {}
    score, words, reason, meant = None, "", "", ""
    for question in script.questions:
        if not applies(question, kept, {}):
            continue
        value = _value(cast, question, mood)
        if value is None:
            continue
        kept[question.key] = value
        if question.asks == "score":
            score = value
        elif question.asks in ("opinion", "quote"):
            words = value
        elif question.asks == "reason":
            reason = value
        elif question.asks == "satisfaction":
            meant = next((one.means for one in question.choices if one.key == value), "")
    return kept, meant, score, words, reason


def _value(cast: Cast, question: QuestionBody, mood: str) -> Any:
    dice = cast.dice
    if question.kind == "yes_no":
        return False if question.complaint else mood != "dissatisfied" if question.key == "a" else dice.random() < 0.3
    if question.kind == "choice":
        same = [one.key for one in question.choices if one.means == mood]
        return same[0] if same else dice.choice(question.choices).key
    if question.kind == "score":
        return {"satisfied": dice.randint(8, 10), "fairly_satisfied": dice.randint(6, 8)}.get(mood, dice.randint(1, 5))
    if question.kind == "reason":
        known = cast.handbook.entries(REASONS).get(question.reasons)
        return dice.choice(known.reasons).key if known else None
    if question.kind == "text":
        return (
            dice.choice(
                _REFUSED if question.asks == "quote" else (_SHOP_SAID if settings.PACK in _SHOPS else _PLAIN_SAID)
            )
            or None
        )
    return None
