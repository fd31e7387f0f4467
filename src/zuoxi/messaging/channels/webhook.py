# SPDX-License-Identifier: Apache-2.0
"""A signed POST to somebody's own address, in the form of the Standard Webhooks specification.

`Letter.to` is the address. The receiver checks `webhook-signature`: `v1,` and the base64 of
HMAC-SHA256(secret, "<webhook-id>.<webhook-timestamp>.<body>").
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from zuoxi.messaging.channels.addresses import destination
from zuoxi.messaging.channels.letter import Letter, Proof, Refused, post, secret


def signature(key: bytes, identity: str, second: int, body: bytes) -> str:
    signed = f"{identity}.{second}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def carry(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    second = int(letter.at.timestamp())
    told = {"type": "message", "timestamp": letter.at.isoformat(), "subject": letter.subject, "text": letter.body}
    body = json.dumps(told, ensure_ascii=False).encode()
    there = destination(letter.to)
    headers = {
        "Host": there.host,
        "Content-Type": "application/json",
        "webhook-id": letter.id,
        "webhook-timestamp": str(second),
        "webhook-signature": signature(secret(secrets, "secret").encode(), letter.id, second, body),
    }
    name = there.host.rsplit("@", 1)[-1].split(":")[0]
    answer = post(there.url, content=body, headers=headers, extensions={"sni_hostname": name})
    if not answer.is_success:
        raise Refused(f"HTTP {answer.status_code}")
    return Proof(letter.id, {"status": answer.status_code})
