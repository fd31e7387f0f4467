# SPDX-License-Identifier: Apache-2.0
"""What carriers tell later: that a message arrived, or did not. Believed only with the channel's own secret.

A gateway of one's own signs as the Standard Webhooks specification says (`webhook-id`, `webhook-timestamp`,
`webhook-signature`); the carriers that cannot sign carry the secret as `key` in the address they were given.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from zuoxi.messaging import services
from zuoxi.messaging.channels.webhook import signature
from zuoxi.messaging.models import Channel

SECRET: Final = "receipt"  # noqa: S105 - the name of the secret, not the secret
CANNOT_SIGN: Final = ("aliyun", "tencent")
OLDEST: Final = 300  # seconds that a signed receipt may have been under way


class NotBelieved(Exception):
    """The signature or key is missing or wrong, or the receipt is too old."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The carrier's id of a message; `error` "" when it arrived."""

    provider_id: str
    at: datetime
    error: str = ""


def believe(channel: Channel, headers: Mapping[str, str], key: str, body: bytes, now: datetime) -> None:
    """Raises NotBelieved."""
    secret = services.secrets_of(channel).get(SECRET, "")
    if not secret:
        raise NotBelieved("the channel has no receipt secret")
    if channel.kind in CANNOT_SIGN and key:
        if not hmac.compare_digest(key.encode(), secret.encode()):
            raise NotBelieved("wrong key")
        return
    identity, second = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not second.isdecimal() or abs(now.timestamp() - int(second)) > OLDEST:
        raise NotBelieved("no time, or too long ago")
    wanted = signature(secret.encode(), identity, int(second), body)
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given):
        raise NotBelieved("wrong signature")


def read(body: bytes, now: datetime) -> Iterator[Receipt]:
    """Receipts of one call, in the words of each carrier. Raises ValueError for what is none."""
    content = json.loads(body)
    for row in content if isinstance(content, list) else [content]:
        if not isinstance(row, dict):
            raise ValueError("a receipt is an object")
        yield _receipt(row, now)


def _receipt(row: Mapping[str, Any], now: datetime) -> Receipt:
    identity = str(row.get("biz_id") or row.get("sid") or row.get("id") or "")
    if not identity:
        raise ValueError("a receipt without the message's id")
    if "success" in row:
        arrived = row["success"] in (True, "true")
    elif "report_status" in row:
        arrived = row["report_status"] == "SUCCESS"
    else:
        arrived = not row.get("error")
    words = str(row.get("err_code") or row.get("errmsg") or row.get("error") or "not delivered")
    return Receipt(identity, _moment(row, now), "" if arrived else words)


def _moment(row: Mapping[str, Any], now: datetime) -> datetime:
    """When it arrived as the carrier says with a zone; else now."""
    try:
        at = datetime.fromisoformat(str(row.get("delivered_at", "")))
    except ValueError:
        return now
    return at.astimezone(UTC) if at.tzinfo and at <= now else now


def take(body: bytes, now: datetime) -> int:
    """Write down what the receipts say; returns how many changed something. The same receipt again changes nothing."""
    found = list(read(body, now))
    return sum(
        services.not_delivered(one.provider_id, one.error) if one.error else services.delivered(one.provider_id, one.at)
        for one in found
    )
