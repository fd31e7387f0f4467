# SPDX-License-Identifier: Apache-2.0
"""What a carrier is handed and what it gives back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
WHOLE: Final = 20.0
LONGEST: Final = 256 * 1024


class Refused(Exception):
    """The carrier will not take it, now or later."""


class Unreachable(Exception):
    """It did not come through this time; another attempt may."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is the same in every attempt; carriers that dedupe are given it. `at` is now, for signatures."""

    id: str
    to: str
    subject: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """The carrier's own id of the message and its words."""

    provider_id: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


def post(
    url: str, *, content: bytes, headers: Mapping[str, str], extensions: Mapping[str, Any] | None = None
) -> httpx.Response:
    """POST without following redirects. Unreachable for no answer, 429 and 5xx; Refused for other refusals."""
    answer = knock(url, content=content, headers=headers, extensions=extensions)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.status_code >= 500:
        raise Unreachable(f"HTTP {answer.status_code}")
    return answer


def knock(
    url: str, *, content: bytes, headers: Mapping[str, str], extensions: Mapping[str, Any] | None = None
) -> httpx.Response:
    """POST without following redirects; any answer is an answer. Unreachable for none, for one that takes longer than
    WHOLE seconds from beginning to end, and for one longer than LONGEST bytes."""
    until = time.monotonic() + WHOLE
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST",
                url,
                content=content,
                headers={**headers, "Accept-Encoding": "identity"},
                extensions=dict(extensions or {}),
            ) as answer,
        ):
            said = b""
            for piece in answer.iter_raw():  # as it came: what is not unpacked does not swell
                said += piece
                if len(said) > LONGEST or time.monotonic() > until:
                    raise Unreachable(f"an answer above {LONGEST} bytes or {WHOLE} seconds")
            return httpx.Response(answer.status_code, content=said)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def told(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON object; Unreachable when it is none (a gateway's error page)."""
    try:
        content = answer.json()
    except ValueError as error:
        raise Unreachable(f"HTTP {answer.status_code} without JSON") from error
    if not isinstance(content, dict):
        raise Unreachable("the answer is no JSON object")
    return content


def secret(secrets: Mapping[str, str], name: str) -> str:
    """A secret that must be there."""
    if not secrets.get(name):
        raise Refused(f"the channel's secret {name!r} is not set")
    return secrets[name]
