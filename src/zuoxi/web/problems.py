# SPDX-License-Identifier: Apache-2.0
"""Errors for programs in one form: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from typing import Any, Final

from django.http import JsonResponse

CONTENT_TYPE: Final = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **more: Any) -> JsonResponse:
    """`title` is the same for all errors of a kind, `detail` says what to do in this one; `more` stands beside them."""
    body = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {}), **more}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
