# SPDX-License-Identifier: Apache-2.0
"""Calls in a customer's history; the floor tells them, because telephony and customers do not know each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.customers.numbers import ways_to_write
from zuoxi.customers.timeline import Entry, provide
from zuoxi.floor import linking
from zuoxi.people.selectors import names_of
from zuoxi.telephony.selectors import Talk, talks_with
from zuoxi.telephony.visibility import visible_calls
from zuoxi.telephony.wrap_up_words import topic_name
from zuoxi.web.measures import duration_text


def calls(
    user: Any, customers: tuple[int, ...], numbers: tuple[str, ...], before: datetime | None, limit: int
) -> list[Entry]:
    """Every call with him, whoever took it; opened by those who may hear it. Five queries."""
    spellings = {way for number in numbers for way in ways_to_write(number)}
    mine = talks_with(spellings, linking.uids_of(customers), before, limit, linking.of_nobody_else(customers))
    if not mine:
        return []
    names = names_of(one.agent for one in mine)
    seen = set(visible_calls(user, few=True).filter(pk__in=[one.call_id for one in mine]).values_list("pk", flat=True))
    return [_entry(one, names, one.call_id in seen) for one in mine]


def _entry(one: Talk, names: dict[str, str], may_open: bool) -> Entry:
    topic = topic_name(one.topic)
    if one.direction == "outbound":
        title, icon = _("We called"), "phone-out"
    else:
        title, icon = _("Customer called"), "phone-in"
    told = [str(topic), names.get(one.agent, one.agent)]
    if not one.over:
        told.append(_("under way"))
    else:
        told.append(duration_text(one.talk_seconds) if one.answered else _("not answered"))
    note = " · ".join(filter(None, told)) + (f"\n{one.note}" if one.note else "")
    url = reverse("telephony:call", args=[one.call_id]) if may_open else ""
    return Entry(one.at, "call", title, note, url, icon, "plain" if one.answered or not one.over else "warn")


provide("call", calls)
