# SPDX-License-Identifier: Apache-2.0
"""What people call the groups: names for staff numbers, queues, teams and reasons; one query per kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zuoxi.people import selectors as people
from zuoxi.telephony import selectors as telephony


def names_of(key: str, codes: Iterable[str]) -> dict[str, str]:
    """Code → name for one grouping; codes without a name are absent."""
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    if key == "agent":
        return people.names_of(wanted)
    if key == "team":
        return dict(people.team_choices())
    if key == "queue":
        return telephony.queue_names(wanted)
    return telephony.reason_names(wanted) if key == "reason" else {}


def nobody(key: str) -> str:
    """What stands for a group without a code."""
    return {
        "agent": _("No agent"),
        "queue": _("No queue"),
        "team": _("No team"),
        "reason": _("No reason"),
    }.get(key, "—")


def label_of(key: str, code: str, known: Mapping[str, str]) -> str:
    """A group as people read it: 张三 1001, 订购专线, 11-20 09:30, 2026-11."""
    if key in ("interval", "hour"):
        at = parse_datetime(code)
        return f"{at:%m-%d %H:%M}" if at else code
    if not code:
        return nobody(key)
    name = known.get(code)
    return code if name is None else f"{name} {code}" if key == "agent" else name
