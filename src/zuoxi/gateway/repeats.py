# SPDX-License-Identifier: Apache-2.0
"""A call that is sent twice with one idempotency key acts once, and is answered the same both times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zuoxi.gateway.models import Repeat
from zuoxi.web.problems import problem

KEPT: Final = timedelta(hours=24)
LONGEST_KEY: Final = 128
LONGEST_ANSWER: Final = 512 * 1024
ROUNDS: Final = 3


def once(
    request: HttpRequest, caller: str, key: str, now: datetime, act: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Act and keep the answer in one transaction, or answer as before.

    A twin that comes while the first is under way waits for it at the database. Only answers of success are kept:
    what was refused may be put right and sent again with the same key. Another body with the same key is a 409.
    """
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        return problem(400, "Bad Idempotency-Key", f"1 to {LONGEST_KEY} printable ASCII characters")
    digest = _digest(request)
    Repeat.objects.filter(caller=caller, key=key, at__lte=now - KEPT).delete()
    for _round in range(ROUNDS):
        kept = Repeat.objects.filter(caller=caller, key=key).first()
        if kept is not None:
            return _again(kept, digest)
        with transaction.atomic():
            row = _claimed(caller, key, digest, now)
            if row is not None:
                return _first(row, act)
    return problem(409, "The same call is under way", "Send it again in a moment with the same key.")


def _digest(request: HttpRequest) -> str:
    head = f"{request.method} {request.get_full_path()}\n{request.content_type}\n"
    return sha256(head.encode() + request.body).hexdigest()


def _claimed(caller: str, key: str, digest: str, now: datetime) -> Repeat | None:
    """None when a twin has come first and has ended."""
    try:
        with transaction.atomic():
            return Repeat.objects.create(caller=caller, key=key, digest=digest, at=now)
    except IntegrityError:
        return None


def _first(row: Repeat, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    answer = act()
    if answer.status_code >= 500:
        transaction.set_rollback(True)
    elif answer.status_code < 300 and isinstance(answer, HttpResponse) and len(answer.content) <= LONGEST_ANSWER:
        row.status, row.content_type = answer.status_code, answer.headers.get("Content-Type", "")[:80]
        row.answer = answer.content.decode()
        row.save()
    else:
        row.delete()
    return answer


def _again(kept: Repeat, digest: str) -> HttpResponse:
    if kept.digest != digest:
        return problem(
            409, "The key was used for another call", "Take a new Idempotency-Key for each call that is meant to act."
        )
    answer = HttpResponse(kept.answer or "", content_type=kept.content_type, status=kept.status)
    answer["Idempotency-Replayed"] = "true"
    return answer


def forget(now: datetime) -> int:
    """Forget answers that are no longer given; returns how many."""
    return Repeat.objects.filter(at__lte=now - KEPT).delete()[0]
