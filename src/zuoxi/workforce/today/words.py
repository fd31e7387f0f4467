# SPDX-License-Identifier: Apache-2.0
"""Proposals and decisions in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zuoxi.workforce.today.proposing import BREAKS, OVERTIME, RELEASE, RESERVE, TRAINING

ICONS = {BREAKS: "coffee", RESERVE: "people", TRAINING: "school", OVERTIME: "overtime", RELEASE: "sign-out"}
_NAMED = 4


def people_named(staff: list[int], names: Mapping[int, tuple[str, str]]) -> str:
    """Some names, and how many more."""
    said = [names[pk][1] for pk in staff[:_NAMED] if pk in names]
    more = len(staff) - len(said)
    text = pgettext("between people", ", ").join(said)
    return text if more <= 0 else _("%(names)s and %(count)s more") % {"names": text, "count": more}


def sentence(said: Mapping[str, Any], names: Mapping[int, tuple[str, str]]) -> str:
    """What would be done, or was."""
    since, until = (timezone.localtime(datetime.fromisoformat(said[key])) for key in ("since", "until"))
    words: dict[str, Any] = {
        "from": f"{since:%H:%M}",
        "to": f"{until:%H:%M}",
        "names": people_named(said["staff"], names),
        "count": len(said["staff"]),
    }
    kind = said["kind"]
    if kind == BREAKS:
        text = ngettext(
            "Move %(count)s break or meal out of %(from)s–%(to)s: %(names)s",
            "Move %(count)s breaks and meals out of %(from)s–%(to)s: %(names)s",
            len(said["items"]),
        )
        words["count"] = len(said["items"])
    elif kind == RESERVE:
        text = _("Call the reserve for %(from)s–%(to)s: %(names)s")
    elif kind == TRAINING:
        text = _("End the training early, to the telephone %(from)s–%(to)s: %(names)s")
    elif kind == OVERTIME:
        text = ngettext(
            "Ask %(count)s person to stay on %(from)s–%(to)s: %(names)s",
            "Ask %(count)s people to stay on %(from)s–%(to)s: %(names)s",
            words["count"],
        )
    else:
        text = ngettext(
            "Let %(count)s person go at %(from)s instead of %(to)s, if willing: %(names)s",
            "Let %(count)s people go at %(from)s instead of %(to)s, if willing: %(names)s",
            words["count"],
        )
    return text % words


__all__ = ["ICONS", "people_named", "sentence"]
