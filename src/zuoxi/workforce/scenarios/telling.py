# SPDX-License-Identifier: Apache-2.0
"""What a course changes, in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.policy.entries import FIGURES
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.scenarios import changing
from zuoxi.workforce.scenarios.changing import Change


def told(data: Mapping[str, Any], queues: Mapping[str, str]) -> str:
    """ "Support: 3 people fewer, 10:00 to 14:00"."""
    one = Change.from_json(dict(data))
    if one.kind == changing.FIGURE:
        label = site_handbook().entry(FIGURES, one.key).label
        return f"{label} = {_plain(one.amount)}"
    queue = queues.get(one.queue, one.queue) if one.queue else _("Every queue")
    words = {"queue": queue, "what": f"{_what(one)}{_when(one)}"}
    return pgettext("change of a play", "%(queue)s: %(what)s") % words


def _what(one: Change) -> str:
    amount = _plain(abs(one.amount))
    more = one.amount >= 0
    if one.kind == changing.CALLS:
        return (_("calls %(n)s%% up") if more else _("calls %(n)s%% down")) % {"n": amount}
    if one.kind == changing.HANDLING:
        return (_("handling time %(n)s%% up") if more else _("handling time %(n)s%% down")) % {"n": amount}
    if one.kind == changing.RETRY:
        return _("%(n)s%% of those who give up call again") % {"n": amount}
    if one.kind == changing.CALLBACK:
        return _("%(n)s%% of those who give up are called back") % {"n": amount}
    if one.kind == changing.NEWCOMERS:
        return _("%(n)s new people, still learning") % {"n": amount}
    if one.kind == changing.CAMPAIGN:
        return _("a campaign with %(n)s calls a day") % {"n": amount}
    if one.kind == changing.MOVE:
        said = (
            _("shift of %(n)s people %(m)s minutes later")
            if one.minutes >= 0
            else _("shift of %(n)s people %(m)s minutes earlier")
        )
        return said % {"n": amount, "m": abs(one.minutes)}
    return (_("%(n)s people more") if more else _("%(n)s people fewer")) % {"n": amount}


def _when(one: Change) -> str:
    if one.first == one.last:
        return ""
    return pgettext("change of a play", ", %(first)s to %(last)s") % {
        "first": f"{one.first:%H:%M}",
        "last": f"{one.last:%H:%M}",
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
