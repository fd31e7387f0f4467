# SPDX-License-Identifier: Apache-2.0
"""What happened to a request, written once; and the audit chain's row where it is of consequence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zuoxi.approvals.models import Request, TrailEntry
from zuoxi.people.models import Staff, User
from zuoxi.vault import services as vault


def tell(
    request: Request, verb: str, now: datetime, *, who: Staff | None = None, note: str = "", **words: Any
) -> TrailEntry:
    """One more line of the request's history."""
    return TrailEntry.objects.create(request=request, at=now, who=who, verb=verb, note=note[:500], words=words)


def seal(request: Request, verb: str, by: User | None, **detail: Any) -> None:
    """A row of the audit chain about the request."""
    vault.record(verb, who=by.get_username() if by else "", on=("request", request.number), kind=request.kind, **detail)
