# SPDX-License-Identifier: Apache-2.0
"""Tencent Cloud short messages, signed with TC3-HMAC-SHA256.

config: app_id, sign_name, template (whose only variable takes the text), region, endpoint.
secrets: secret_id, secret_key.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable, post, secret, told

ENDPOINT: Final = "https://sms.tencentcloudapi.com"
TYPE: Final = "application/json; charset=utf-8"
ACTION: Final = "SendSms"
LATER: Final = ("RequestLimitExceeded", "LimitExceeded", "InternalError", "FailedOperation.FailResolvePacket")
CHINA: Final = "+86"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()


def authorization(key_id: str, key: str, host: str, body: bytes, at: datetime) -> str:
    """The Authorization header for SendSms with this body at this time."""
    signed = "content-type;host;x-tc-action"
    lines = f"content-type:{TYPE}\nhost:{host}\nx-tc-action:{ACTION.lower()}\n"
    request = f"POST\n/\n\n{lines}\n{signed}\n{sha256(body).hexdigest()}"
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/sms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    signing = _hmac(_hmac(_hmac(f"TC3{key}".encode(), day), "sms"), "tc3_request")
    sign = hmac.new(signing, text.encode(), sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={sign}"


def carry(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    endpoint = str(config.get("endpoint") or ENDPOINT)
    host = urlsplit(endpoint).netloc
    wanted = {
        "PhoneNumberSet": [letter.to if letter.to.startswith("+") else CHINA + letter.to],
        "SmsSdkAppId": str(config.get("app_id", "")),
        "SignName": str(config.get("sign_name", "")),
        "TemplateId": str(config.get("template", "")),
        "TemplateParamSet": [letter.body],
        "SessionContext": letter.id,
    }
    body = json.dumps(wanted, ensure_ascii=False).encode()
    headers = {
        "Authorization": authorization(
            secret(secrets, "secret_id"), secret(secrets, "secret_key"), host, body, letter.at
        ),
        "Content-Type": TYPE,
        "Host": host,
        "X-TC-Action": ACTION,
        "X-TC-Version": "2021-01-11",
        "X-TC-Timestamp": str(int(letter.at.timestamp())),
        "X-TC-Region": str(config.get("region") or "ap-guangzhou"),
    }
    return _proof(told(post(f"{endpoint}/", content=body, headers=headers)))


def _proof(answer: dict[str, Any]) -> Proof:
    content = answer.get("Response") or {}
    fault = content.get("Error")
    if fault is None:
        (status,) = content.get("SendStatusSet") or [{}]
        if status.get("Code") == "Ok":
            return Proof(str(status.get("SerialNo", "")), status)
        fault = status
    words = f"{fault.get('Code', 'no answer')}: {fault.get('Message', '')}"
    raise Unreachable(words) if str(fault.get("Code", "")).startswith(LATER) else Refused(words)
