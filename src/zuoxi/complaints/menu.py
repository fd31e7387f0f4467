# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.complaints import access
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register


def _mine(request: HttpRequest) -> int:
    """Open ones that wait for this person."""
    from zuoxi.complaints import lists
    from zuoxi.complaints.visibility import visible_complaints

    return lists.narrowed(visible_complaints(request.user), {"mine": "1"}, request.user, timezone.now()).count()


def _to_verify(request: HttpRequest) -> int:
    from zuoxi.complaints.visibility import visible_verifications

    return visible_verifications(request.user).filter(verified_at__isnull=True).count()


def _find(request: HttpRequest, words: str) -> Iterable[Hit]:
    from zuoxi.complaints import lists
    from zuoxi.complaints.visibility import visible_complaints

    if len(words.strip()) < 2:
        return
    rows = lists.narrowed(visible_complaints(request.user), {"state": "all", "q": words}, request.user, timezone.now())
    for one in rows[:8]:
        url = reverse("complaints:complaint", args=[one.number])
        yield Hit(f"{one.number} {one.words[:40]}", url, one.get_state_display(), "complaint")


def _item(label: object, url: str, right: str, icon: str, order: int, **more: object) -> None:
    register(
        NavItem(Face.MANAGE, label, f"complaints:{url}", right, icon, order, group=Group.SERVICE, **more)  # type: ignore[arg-type]
    )


register(
    NavItem(Face.DESK, pgettext_lazy("menu", "Complaints"), "complaints:complaints", access.VIEW.code, "complaint", 34)
)
_item(_("Complaint board"), "board", access.HANDLE.code, "columns", 310, count=_mine)
_item(_("Verify complaints and praise"), "inbox", access.VERIFY.code, "check", 320, count=_to_verify, home=47)
_item(pgettext_lazy("menu", "Praise"), "praises", access.VIEW.code, "star", 330)
_item(_("Course of complaints"), "trend", access.TREND.code, "trend-up", 340)
_item(_("Findings about people"), "findings", access.FINDINGS.code, "file", 350)
_item(_("Training needs of complaints"), "needs", access.NEEDS.code, "school", 360)
_item(_("Suggestions of customers"), "suggestions", access.HANDLE.code, "bulb", 370)
_item(_("Inspection points"), "register", access.INSPECT.code, "table", 380)
register(SearchProvider(pgettext_lazy("menu", "Complaints"), access.VIEW.code, _find, 45))
