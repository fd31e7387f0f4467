# SPDX-License-Identifier: Apache-2.0
"""The history of a ticket in sentences."""

from __future__ import annotations

from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zuoxi.people import selectors as people
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.handbook import DEPARTMENTS
from zuoxi.tickets.kinds import kind_label
from zuoxi.tickets.models import Answer, Hold, Priority, Ticket, TicketEvent
from zuoxi.tickets.states import VERB_LABELS
from zuoxi.web.listed import listed
from zuoxi.web.measures import local_text

ICONS: Final = {
    "open": "plus", "assign": "send", "accept": "hand", "return": "return", "contact": "phone-out", "hold": "pause",
    "resume": "play", "finish": "check", "check": "approve", "check_failed": "reject", "answer": "phone-call",
    "unreached": "phone-x", "close": "success", "reopen": "undo", "urge": "bell", "merge": "merge", "took_in": "merge",
    "unmerge": "undo", "let_out": "undo",
    "split": "copy", "subtask": "list", "part_done": "check", "reclassify": "tag", "edit": "edit", "extend": "clock",
    "papers": "file", "promise": "calendar", "priority": "flag", "read_back": "listen", "note": "message",
    "attach": "upload", "unattach": "trash", "link": "link", "warn": "warning", "breach": "error", "cover": "swap",
    "uncover": "swap", "recount": "refresh", "told_leaders": "bell", "handed_on": "complaint",
}  # fmt: skip
TONES: Final = {
    "breach": "bad",
    "check_failed": "bad",
    "warn": "warn",
    "urge": "warn",
    "return": "warn",
    "handed_on": "warn",
    "close": "good",
}


def trail_of(ticket: Ticket) -> list[dict[str, Any]]:
    """Newest first, people by their names. Two queries."""
    rows = list(ticket.events.select_related("by").order_by("-at", "-pk"))
    names = people.names_of({code for one in rows for code in _codes(one)})
    for one in rows:
        one.detail = _named(one.detail, names)
    return [_line(one) for one in rows]


def _codes(event: TicketEvent) -> list[str]:
    return [code for code in (event.detail.get("staff", ""), *event.detail.get("whom", ())) if code]


def _named(detail: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The detail with names in the place of staff numbers; a number that nobody has stays."""
    found = dict(detail)
    if found.get("staff"):
        found["staff"] = names.get(found["staff"], found["staff"])
    if found.get("whom"):
        found["whom"] = [names.get(code, code) for code in found["whom"]]
    return found


def _line(event: TicketEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "who": event.by.name if event.by else _("The program"),
        "title": VERB_LABELS.get(event.verb, event.verb),
        "said": _said(event),
        "note": event.note,
        "icon": ICONS.get(event.verb, "dot"),
        "tone": "bad" if event.detail.get("breach") else TONES.get(event.verb, ""),
        "public": event.detail.get("public", False),
        "changes": [_change(one) for one in event.detail.get("changes", [])],
    }


def _said(event: TicketEvent) -> str:
    """What the detail adds to the verb."""
    detail, say = event.detail, _PARTS.get(event.verb)
    return say(detail) if say else ""


def _moment(text: str) -> str:
    found = parse_datetime(text) if text else None
    return local_text(found, "short") if found else ""


def _choice(choices: Any, value: Any) -> str:
    return str(dict(choices).get(value, value))


def _recounted(detail: dict[str, Any]) -> str:
    return "；".join(f"{_moment(one['before'])} → {_moment(one['after'])}" for one in detail.get("clocks", []))


def _reclassified(detail: dict[str, Any]) -> str:
    def word(one: dict[str, str]) -> str:
        return " / ".join(part for part in (kind_label(one.get("kind", "")), one.get("topic", "")) if part)

    return f"{word(detail.get('before', {}))} → {word(detail.get('after', {}))}"


def _department(detail: dict[str, Any]) -> str:
    """The department's name as the pack has it; its code for one of the site's own."""
    code = str(detail.get("department", ""))
    named = site_handbook().entries(DEPARTMENTS).get(code)
    return str(named.label) if named else code


def _why(detail: dict[str, Any]) -> str:
    why = detail.get("why", {})
    return str(why.get("en" if (get_language() or "").startswith("en") else "zh", ""))


_PARTS: Final[dict[str, Any]] = {
    "assign": lambda detail: " ".join(part for part in (_department(detail), detail.get("staff")) if part),
    "return": _department,
    "urge": lambda detail: _("the customer called again") if detail.get("by_customer") else "",
    "hold": lambda detail: " · ".join(
        part for part in (_choice(Hold.Reason.choices, detail.get("reason")), _moment(detail.get("until", ""))) if part
    ),
    "answer": lambda detail: _choice(Answer.How.choices, detail.get("how")),
    "unreached": lambda detail: _choice(Answer.How.choices, detail.get("how")),
    "extend": lambda detail: _("until %(due)s") % {"due": _moment(detail.get("due", ""))},
    "promise": lambda detail: _("until %(due)s") % {"due": _moment(detail.get("promised", ""))},
    "priority": lambda detail: _choice(Priority.choices, detail.get("after")),
    "subtask": lambda detail: detail.get("number", ""),
    "part_done": lambda detail: detail.get("number", ""),
    "split": lambda detail: detail.get("number", ""),
    "merge": lambda detail: detail.get("number", ""),
    "took_in": lambda detail: detail.get("number", ""),
    "unmerge": lambda detail: detail.get("number", ""),
    "let_out": lambda detail: detail.get("number", ""),
    "link": lambda detail: detail.get("number", ""),
    "handed_on": lambda detail: detail.get("number", ""),
    "cover": lambda detail: detail.get("staff", ""),
    "told_leaders": lambda detail: listed(detail.get("whom", [])),
    "warn": _why,
    "breach": _why,
    "recount": _recounted,
    "reclassify": _reclassified,
    "papers": lambda detail: _("notice %(turn)s") % {"turn": detail.get("turn")},
}


def _change(one: dict[str, Any]) -> tuple[str, str, str]:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return one["field"].get(language, ""), one.get("before", ""), one.get("after", "")
