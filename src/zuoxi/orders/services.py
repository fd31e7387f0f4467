# SPDX-License-Identifier: Apache-2.0
"""The verbs of orders, for every package."""

from __future__ import annotations

from zuoxi.approvals.services import NotDone, Overtaken, Refused
from zuoxi.orders.carrier import carrier_news, parcel_arrived
from zuoxi.orders.cases import Asked, Some, open_exchange, open_reship, open_return
from zuoxi.orders.emergencies import close_emergency, note_emergency, take_emergency, tell_emergency
from zuoxi.orders.money_back import owe_back_missed
from zuoxi.orders.photos import add_photo, photo_bytes
from zuoxi.orders.placing import Delivery, Twice, Wanted, cancel_order, place_order, set_price, split_order
from zuoxi.orders.points import ask_points, expire_points
from zuoxi.orders.shipping import deliver, redeliver, refuse, ship_order, take_payment, tell_refusal_reason
from zuoxi.orders.stepping import (
    accept,
    approve,
    arrive,
    call_off,
    claim,
    collect,
    come_back,
    decline,
    deny,
    exempt,
    explain,
    inspect,
    no_stock,
    receive,
    refund,
    send,
    send_back,
    settle,
    tell,
)
from zuoxi.orders.stock import count_stock
from zuoxi.orders.suspicions import appeal_suspicion, audit_registrations, judge_appeal, judge_suspicion
from zuoxi.orders.verifying import (
    Corrections,
    confirm_order,
    drop_order,
    lapse_unreached,
    log_verify_call,
    take_verification,
)

__all__ = [
    "Asked",
    "Corrections",
    "Delivery",
    "NotDone",
    "Overtaken",
    "Refused",
    "Some",
    "Twice",
    "Wanted",
    "accept",
    "add_photo",
    "appeal_suspicion",
    "approve",
    "arrive",
    "ask_points",
    "audit_registrations",
    "call_off",
    "cancel_order",
    "carrier_news",
    "claim",
    "close_emergency",
    "collect",
    "come_back",
    "confirm_order",
    "count_stock",
    "decline",
    "deliver",
    "deny",
    "drop_order",
    "exempt",
    "expire_points",
    "explain",
    "inspect",
    "judge_appeal",
    "judge_suspicion",
    "lapse_unreached",
    "log_verify_call",
    "no_stock",
    "note_emergency",
    "open_exchange",
    "open_reship",
    "open_return",
    "owe_back_missed",
    "parcel_arrived",
    "photo_bytes",
    "place_order",
    "receive",
    "redeliver",
    "refund",
    "refuse",
    "send",
    "send_back",
    "set_price",
    "settle",
    "ship_order",
    "split_order",
    "take_emergency",
    "take_payment",
    "take_verification",
    "tell",
    "tell_emergency",
    "tell_refusal_reason",
]
