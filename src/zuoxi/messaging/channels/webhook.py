# SPDX-License-Identifier: Apache-2.0
"""A signed POST to somebody's own address, in the form of the Standard Webhooks specification.

`Letter.to` is the address. The receiver checks `webhook-signature`: `v1,` and the base64 of
HMAC-SHA256(secret, "<webhook-id>.<webhook-timestamp>.<body>").
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import httpx

from zuoxi.messaging.channels.addresses import destination
from zuoxi.messaging.channels.letter import Letter, Proof, Refused, Unreachable, knock, secret


def signature(key: bytes, identity: str, second: int, body: bytes) -> str:
    signed = f"{identity}.{second}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def knock_signed(url: str, body: bytes, identity: str, keys: Iterable[bytes], second: int) -> httpx.Response:
    """POST to the address that was looked at, signed with every key; any answer is an answer.

    Raises Refused for an address that no web hook may go to, Unreachable when no answer came.
    """
    there = destination(url)
    headers = {
        "Host": there.host,
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(signature(key, identity, second, body) for key in keys),
    }
    return knock(there.url, content=body, headers=headers, extensions={"sni_hostname": there.name})


def carry(letter: Letter, config: Mapping[str, Any], secrets: Mapping[str, str]) -> Proof:
    told = {"type": "message", "timestamp": letter.at.isoformat(), "subject": letter.subject, "text": letter.body}
    body = json.dumps(told, ensure_ascii=False).encode()
    keys = [secret(secrets, "secret").encode()]
    answer = knock_signed(letter.to, body, letter.id, keys, int(letter.at.timestamp()))
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise Unreachable(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise Refused(f"HTTP {answer.status_code}")
    return Proof(letter.id, {"status": answer.status_code})
