# SPDX-License-Identifier: Apache-2.0
"""What the demo's centre, its lines of business and its queues are called in each trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Name = tuple[str, str]
"""Chinese and English."""


@dataclass(frozen=True, slots=True)
class Trade:
    """`queues`: names of the simulator's queues; what it lacks keeps the simulator's own name."""

    project: Name
    queues: Mapping[str, Name] = field(default_factory=dict)


SHOP: Final = Trade(
    ("电视购物", "TV shopping"),
    {
        "sales": ("订购热线", "Orders"),
        "service": ("客户服务", "Customer service"),
        "aftersales": ("售后", "After-sales"),
        "vip": ("VIP", "VIP"),
    },
)
PLAIN: Final = Trade(
    ("服务热线", "Hotline"),
    {
        "sales": ("咨询热线", "Enquiries"),
        "service": ("业务受理", "Matters taken in"),
        "aftersales": ("进度与投诉", "Progress and complaints"),
        "vip": ("重点用户专线", "Priority line"),
    },
)
_TRADES: Final[Mapping[str, Trade]] = {
    **dict.fromkeys(("base", "tv_shopping", "telesales", "chengdu", "seat_rules"), SHOP),
    "heating": Trade(
        ("供暖服务热线", "Heating hotline"),
        {
            "sales": ("供暖报修", "Heating repairs"),
            "service": ("供暖咨询", "Heating enquiries"),
            "aftersales": ("回访与投诉", "Follow-ups and complaints"),
            "vip": ("重点用户专线", "Priority line"),
        },
    ),
    "property": Trade(
        ("物业服务热线", "Property hotline"),
        {
            "sales": ("物业报修", "Repairs"),
            "service": ("业主咨询", "Enquiries of owners"),
            "aftersales": ("回访与投诉", "Follow-ups and complaints"),
            "vip": ("租户专线", "Tenants' line"),
        },
    ),
    "power_95598": Trade(
        ("95598 供电服务", "Power utility 95598"),
        {
            "sales": ("故障报障", "Faults"),
            "service": ("咨询查询", "Enquiries"),
            "aftersales": ("投诉举报", "Complaints and reports"),
            "vip": ("用电报装", "New connections"),
        },
    ),
    "gov_window": Trade(
        ("政务服务中心", "Government service centre"),
        {
            "sales": ("办事咨询", "Enquiries"),
            "service": ("事项受理", "Acceptance"),
            "aftersales": ("进度与投诉", "Progress and complaints"),
            "vip": ("企业专线", "Companies' line"),
        },
    ),
    "hospital": Trade(
        ("医院客户服务中心", "Hospital service centre"),
        {
            "sales": ("导诊咨询", "Guidance"),
            "service": ("预约挂号", "Appointments"),
            "aftersales": ("出院随访与投诉", "After discharge, complaints"),
            "vip": ("体检中心", "Check-up centre"),
        },
    ),
}


def trade_of(pack: str) -> Trade:
    """How the trade calls things; a plain hotline for a trade that nothing is written of."""
    return _TRADES.get(pack, PLAIN)
