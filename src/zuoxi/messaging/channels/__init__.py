# SPDX-License-Identifier: Apache-2.0
"""The carriers. Each is a function `(Letter, config, secrets) -> Proof`, raising Refused or Unreachable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zuoxi.messaging.channels import aliyun, bots, console, mail, tencent, webhook
from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable

Carrier = Callable[[Letter, Mapping[str, Any], Mapping[str, str]], Proof]
CARRIERS: dict[str, Carrier] = {
    "console": console.carry,
    "email": mail.carry,
    "webhook": webhook.carry,
    "aliyun": aliyun.carry,
    "tencent": tencent.carry,
    "wecom": bots.wecom,
    "dingtalk": bots.dingtalk,
    "feishu": bots.feishu,
}

__all__ = ["CARRIERS", "Carrier", "Letter", "Proof", "Refused", "Unreachable"]
