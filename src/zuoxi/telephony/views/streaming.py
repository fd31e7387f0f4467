# SPDX-License-Identifier: Apache-2.0
"""Answers that flow piece by piece, under WSGI and ASGI alike."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})$")


async def _one_by_one(pieces: Iterable[Any]) -> AsyncIterator[Any]:
    iterator, nothing = iter(pieces), object()
    following = sync_to_async(lambda: next(iterator, nothing), thread_sensitive=True)
    while (piece := await following()) is not nothing:
        yield piece


def streamed(request: HttpRequest, pieces: Iterable[Any], **options: Any) -> StreamingHttpResponse:
    """Under ASGI a plain iterator would be read to its end before the first byte is sent."""
    flow = _one_by_one(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(flow, **options)


class Unsatisfiable(ValueError):
    """The range asked for lies outside the file."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """(begin, end) of a single range, end exclusive; None for the whole file (no range, several, or no sense)."""
    found = _RANGE.match(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        length = min(int(last), size)
        begin, end = size - length, size
    else:
        begin, end = int(first), size if last == "" else min(int(last) + 1, size)
        if last != "" and int(last) < begin:
            return None
    if begin >= end:
        raise Unsatisfiable(header)
    return begin, end
