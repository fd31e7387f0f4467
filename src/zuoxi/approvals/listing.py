# SPDX-License-Identifier: Apache-2.0
"""Requests as lines of a list: a handful of queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zuoxi.approvals.explaining import role_name
from zuoxi.approvals.kinds import UnknownKind, kind_named
from zuoxi.approvals.models import Request, Signature

TONES = {"open": "info", "approved": "good", "refused": "bad", "returned": "warn", "lapsed": "bad"}
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a list; `at` is the step that waits, None when nothing does."""

    request: Request
    title: str
    icon: str
    reason: str
    at: Signature | None
    role: str
    tone: str

    @property
    def due_at(self) -> datetime | None:
        return self.at.due_at if self.at else None


def lines_of(requests: Sequence[Request]) -> list[Line]:
    """The requests with the step each waits at; one further query."""
    rows = Signature.objects.filter(
        request__in=[one.pk for one in requests], state=Signature.State.OPEN
    ).select_related("approver")
    waiting = {one.request_id: one for one in rows}
    return [_line(one, waiting.get(one.pk)) for one in requests]


def _line(request: Request, at: Signature | None) -> Line:
    try:
        kind = kind_named(request.kind)
        title = str(kind.title_of(request) if kind.title_of else kind.title)
        icon = kind.icon
    except UnknownKind:  # a pack took the type away; what was asked stays readable
        title, icon = request.kind, "file"
    reason = str(request.data.get("reason", ""))
    if len(reason) > _EXCERPT:
        reason = f"{reason[:_EXCERPT]}…"
    return Line(request, title, icon, reason, at, role_name(at.role) if at else "", TONES.get(request.state, "plain"))
