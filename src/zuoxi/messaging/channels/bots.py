# SPDX-License-Identifier: Apache-2.0
"""Group bots of WeCom, DingTalk and Feishu. `Letter.to` is only what people call the group; the key chooses it.

secrets: key (the part of the bot's address that is secret), sign (DingTalk's and Feishu's signing secret, if set).
config: endpoint, for a gateway of one's own.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, quote_plus

from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable, post, secret, told

WECOM: Final = "https://qyapi.weixin.qq.com"
DINGTALK: Final = "https://oapi.dingtalk.com"
FEISHU: Final = "https://open.feishu.cn"
TOO_OFTEN: Final = {45009, 130101, 660026, 11232, 9499, -1}


def _say(url: str, content: dict[str, Any], code_name: str) -> Proof:
    body = json.dumps(content, ensure_ascii=False).encode()
    answer = told(post(url, content=body, headers={"Content-Type": "application/json"}))
    code = answer.get(code_name, answer.get("StatusCode"))
    if code == 0:
        return Proof("", answer)
    words = f"{code}: {answer.get('errmsg') or answer.get('msg') or ''}"
    raise Unreachable(words) if code in TOO_OFTEN else Refused(words)


def wecom(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    key = quote(secret(secrets, "key"), safe="")
    url = f"{config.get('endpoint') or WECOM}/cgi-bin/webhook/send?key={key}"
    return _say(url, {"msgtype": "text", "text": {"content": letter.body}}, "errcode")


def dingtalk_sign(key: str, at: datetime) -> tuple[str, str]:
    """The millisecond and the signature that the address carries."""
    moment = str(int(at.timestamp() * 1000))
    sign = hmac.new(key.encode(), f"{moment}\n{key}".encode(), sha256).digest()
    return moment, quote_plus(base64.b64encode(sign))


def dingtalk(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    key = quote(secret(secrets, "key"), safe="")
    url = f"{config.get('endpoint') or DINGTALK}/robot/send?access_token={key}"
    if secrets.get("sign"):
        moment, sign = dingtalk_sign(secrets["sign"], letter.at)
        url += f"&timestamp={moment}&sign={sign}"
    return _say(url, {"msgtype": "text", "text": {"content": letter.body}}, "errcode")


def feishu_sign(key: str, at: datetime) -> tuple[str, str]:
    """The second and the signature that the body carries; the key of the HMAC is second and secret, its text empty."""
    moment = str(int(at.timestamp()))
    sign = hmac.new(f"{moment}\n{key}".encode(), b"", sha256).digest()
    return moment, base64.b64encode(sign).decode()


def feishu(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    key = quote(secret(secrets, "key"), safe="")
    content: dict[str, Any] = {"msg_type": "text", "content": {"text": letter.body}}
    if secrets.get("sign"):
        content["timestamp"], content["sign"] = feishu_sign(secrets["sign"], letter.at)
    return _say(f"{config.get('endpoint') or FEISHU}/open-apis/bot/v2/hook/{key}", content, "code")
