# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zuoxi.knowledge import access
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register


def _owed(request: HttpRequest) -> int:
    from zuoxi.knowledge.selectors import to_read
    from zuoxi.knowledge.visibility import roles_of
    from zuoxi.people.selectors import staff_of

    staff = staff_of(request.user)
    return len(to_read(staff, roles_of(request.user))) if staff else 0


def _waits(request: HttpRequest) -> int:
    from zuoxi.knowledge.visibility import waiting_for

    return waiting_for(request.user).count()


def found(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Articles as the knowledge itself would find them."""
    from zuoxi.knowledge.kinds import label_of
    from zuoxi.knowledge.selectors import looked_up

    if not words.strip():
        return []
    pieces, _count = looked_up(words, limit=8)
    return [
        Hit(one.title, reverse("knowledge:article", args=[one.article_id]), label_of(one.kind), "knowledge")
        for one in pieces
    ]


_K = Group.KNOWLEDGE
register(NavItem(Face.DESK, _("Knowledge"), "knowledge:home", access.VIEW.code, "knowledge", 36))
register(NavItem(Face.DESK, _("Scripts"), "knowledge:scripts", access.SCRIPTS.code, "script", 80, group=Group.MORE))
register(NavItem(Face.ME, _("To be read"), "knowledge:reading", access.VIEW.code, "knowledge", 25, count=_owed))
register(
    NavItem(
        Face.MANAGE, _("Drafts and reviews"), "knowledge:review", access.WRITE.code, "edit", 10, count=_waits, group=_K
    )
)
register(NavItem(Face.MANAGE, _("Due for review"), "knowledge:due", access.WRITE.code, "calendar", 11, group=_K))
register(NavItem(Face.MANAGE, _("Wishes of the desk"), "knowledge:asked", access.WRITE.code, "question", 12, group=_K))
register(NavItem(Face.MANAGE, _("Words not said"), "knowledge:taboo", access.SCRIPTS.code, "warning", 13, group=_K))
register(
    NavItem(Face.MANAGE, _("Experts' days off"), "knowledge:days_off", access.VIEW.code, "calendar-off", 14, group=_K)
)
register(
    NavItem(
        Face.MANAGE, _("Figures of the knowledge"), "knowledge:figures", access.FIGURES.code, "overview", 15, group=_K
    )
)
register(SearchProvider(_("Knowledge"), access.VIEW.code, found, 40))
