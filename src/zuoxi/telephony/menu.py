# SPDX-License-Identifier: Apache-2.0
"""Telephony's doors in the navigation and in the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.telephony import access
from zuoxi.vault.verbs import name_verbs
from zuoxi.web.navigation import Face, Group, Hit, NavItem, SearchProvider, register

name_verbs(
    {
        "telephony.calls.exported": _("took a call list out"),
        "telephony.number.revealed": _("looked at a customer's number"),
        "telephony.recording.played": _("listened to a recording"),
        "telephony.recording.downloaded": _("took a recording out"),
        "telephony.recording.held": _("kept a recording from deletion"),
        "telephony.recording.released": _("lifted the hold on a recording"),
        "telephony.recording.deleted": _("a recording was deleted after its time of keeping"),
        "telephony.switch.configured": _("wrote the switch's configuration"),
        "telephony.memberships.changed": _("changed members of queues"),
        **{
            f"telephony.{kind}.{done}": label
            for kind in ("queue", "number", "calendar", "extension", "reason", "switch")
            for done, label in (
                ("added", _("added to the telephony settings")),
                ("changed", _("changed the telephony settings")),
                ("removed", _("removed from the telephony settings")),
            )
        },
    }
)
register(NavItem(Face.MANAGE, _("Calls"), "telephony:calls", access.CALLS.code, "phone", 10, group=Group.CALLS))
register(
    NavItem(
        Face.MANAGE,
        _("Recordings"),
        "telephony:recordings",
        access.RECORDINGS.code,
        "record",
        12,
        home=48,
        group=Group.CALLS,
    )
)
register(NavItem(Face.MANAGE, _("State log"), "telephony:states", access.STATES.code, "history", 14, group=Group.CALLS))
register(
    NavItem(Face.MANAGE, _("Drift and gaps"), "telephony:drift", access.HEALTH.code, "signal", 900, group=Group.SYSTEM)
)
register(
    NavItem(
        Face.MANAGE,
        _("Telephony settings"),
        "telephony:settings",
        access.SETTINGS.code,
        "settings",
        910,
        group=Group.SYSTEM,
    )
)

SHORTEST_NUMBER = 7


def find_calls(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Calls of a whole telephone number; parts of one find nothing, so that masked digits cannot be guessed."""
    from zuoxi.telephony.call_lines import shown_number
    from zuoxi.telephony.call_search import CallQuery, matching, same_number
    from zuoxi.telephony.visibility import visible_calls

    ways = same_number(words)
    if not ways or min(len(way) for way in ways) < SHORTEST_NUMBER:
        return
    calls = matching(visible_calls(request.user, few=True), CallQuery(number=words)).order_by("-offered_at")[:10]
    for call in calls:
        at = timezone.localtime(call.offered_at)
        yield Hit(shown_number(call), reverse("telephony:call", args=[call.pk]), f"{at:%Y-%m-%d %H:%M}", "phone")


register(SearchProvider(_("Calls"), access.CALLS.code, find_calls, 20))
