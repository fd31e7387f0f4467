# SPDX-License-Identifier: Apache-2.0
"""Leave as a type of request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import Kind, register
from zuoxi.approvals.models import Request
from zuoxi.leave.asking import CODE, picture_of, recheck, route_of
from zuoxi.leave.forms import LeaveForm
from zuoxi.leave.granting import grant, lapse, owed_for
from zuoxi.leave.kinds import kind_label
from zuoxi.leave.models import Channel, Part
from zuoxi.leave.wishes import Wish
from zuoxi.policy.handbook import as_text


def period(wish: Wish) -> str:
    """The days asked for, as people read them."""
    asked = wish.asked
    text = f"{asked.first_on}" if asked.first_on == asked.last_on else f"{asked.first_on} – {asked.last_on}"
    if asked.since is not None and asked.until is not None:
        return f"{text} {asked.since:%H:%M}–{asked.until:%H:%M}"
    parts = [str(Part(part).label) for part in dict.fromkeys((asked.first_part, asked.last_part)) if part != Part.WHOLE]
    return f"{text} ({' · '.join(parts)})" if parts else text


def summary(request: Request) -> list[tuple[Any, Any]]:
    """What the request asks for, in words."""
    wish = Wish.of(request.data)
    lines: list[tuple[Any, Any]] = [
        (_("Kind of leave"), kind_label(wish.kind)),
        (pgettext_lazy("leave", "Time"), period(wish)),
        (pgettext_lazy("leave", "Days"), as_text(wish.days) if wish.days is not None else None),
        (pgettext_lazy("leave", "Reason"), wish.reason),
    ]
    if wish.channel != Channel.SYSTEM:
        lines.append((_("Told by"), Channel(wish.channel).label))
    if wish.emergency:
        lines.append((_("Emergency"), _("Yes")))
    if wish.handover:
        lines.append((_("Handed over to whom, and what"), wish.handover))
    if wish.stand_in:
        lines.append((_("Stand-in"), wish.stand_in))
    return lines


def panel(_request: HttpRequest, request: Request) -> dict[str, Any]:
    """What the approver should see beside it: places, who is away, the balance."""
    if not request.open:
        return {}
    picture = picture_of(request.applicant, Wish.of(request.data), request.submitted_at, but=request)
    return {"picture": picture}


def title(request: Request) -> str:
    wish = Wish.of(request.data)
    return f"{kind_label(wish.kind)} {period(wish)}"


register(
    Kind(
        CODE,
        _("Leave"),
        LeaveForm,
        route_of,
        grant,
        summary=summary,
        clauses=("ATT-006", "ATT-007", "ATT-009", "ATT-010", "ATT-011", "ATT-014", "ATT-027", "ATT-032", "ATT-034"),
        on_lapsed=lapse,
        owes=owed_for,
        recheck=recheck,
        panel=panel,
        panel_template="leave/approver_panel.html",
        group=_("Attendance and shifts"),
        icon="calendar",
        order=10,
        title_of=title,
        lead=_("The page “My leave” shows balance and places while you write."),
    )
)
