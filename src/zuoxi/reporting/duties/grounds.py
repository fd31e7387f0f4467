# SPDX-License-Identifier: Apache-2.0
"""Why something is owed, as pages show it: clauses, posts, deadline, and what is our default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.people import selectors as people
from zuoxi.policy.selectors import clause_titles
from zuoxi.policy.vocabulary import role_words
from zuoxi.reporting.handbook import MONTHS, SUPERIOR, DutyBody
from zuoxi.reporting.models import DutyItem
from zuoxi.web.listed import listed

OURS = {
    "due": gettext_lazy("deadline"),
    "earliest": gettext_lazy("earliest moment"),
    "to": gettext_lazy("receiver"),
    "channel": gettext_lazy("channel"),
    "when": gettext_lazy("rhythm"),
    "who": gettext_lazy("post"),
}
CHANNELS = {
    "sms": gettext_lazy("Short message"),
    "email": gettext_lazy("E-mail"),
    "app": gettext_lazy("In the program"),
    "paper": gettext_lazy("On paper"),
}


def post_names(words: Iterable[str], names: Mapping[str, str] | None = None) -> list[str]:
    """Positions and role words as people read them; `names` of positions where they are known already."""
    wanted = list(words)
    if names is None:
        names = people.position_names([word for word in wanted if word not in role_words()])
    found = []
    for word in wanted:
        role = role_words().get(word) if word not in names else None
        found.append(_("superior") if word == SUPERIOR else str(role.title) if role else names.get(word, word))
    return found


def clauses_of(ids: Iterable[str]) -> list[dict[str, str]]:
    """Id, title and address of each clause."""
    known = clause_titles()
    found = []
    for one in ids:
        try:
            url = reverse("policy:clause", args=[one])
        except NoReverseMatch:
            url = ""
        found.append({"id": one, "title": str(known[one]) if one in known else "", "url": url})
    return found


def ground_of(item: DutyItem) -> dict[str, Any]:
    """For the "why" of an item: clauses, and what of it is our default."""
    ours = [str(OURS[one]) for one in item.terms.get("ours", ()) if one in OURS]
    facts = []
    if ours:
        facts.append({"name": _("Our default, the documents are silent"), "value": listed(ours)})
    if item.terms.get("gap"):
        facts.append({"name": _("Rests on a decision between documents"), "value": item.terms["gap"]})
    if item.vacant:
        names = people.position_names([item.position])
        facts.append({"name": _("Vacant post"), "value": names.get(item.position, item.position)})
    return {"clauses": clauses_of(item.terms.get("clauses", ())), "facts": facts}


def rhythm(body: DutyBody) -> str:
    """When a duty comes round, in words."""
    when = body.when
    match when.every:
        case "day":
            return _("every day")
        case "working_day":
            return _("every working day")
        case "week":
            names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
            return _("every week, %s") % listed(names[one - 1] for one in when.weekdays)
        case "shift_start":
            return _("before each shift")
        case "shift_end":
            return _("after the last shift of the day") if when.once else _("after each shift")
        case "event":
            return _("when it happens")
    return _of_months(body)


def _of_months(body: DutyBody) -> str:
    when = body.when
    day = _("last day") if when.day == "last" else _("day %s") % when.day
    names = {
        "month": _("every month"),
        "quarter": _("every quarter"),
        "half_year": _("every half-year"),
        "year": _("every year"),
    }
    within = _(", month %s") % when.month if MONTHS[when.every] > 1 else ""
    moved = {"before": _(", before a day off"), "after": _(", after a day off"), "keep": ""}[when.rest_day]
    return f"{names[when.every]}{within} {day}{moved}"


def until(body: DutyBody) -> str:
    """The deadline in words."""
    due = body.due
    if due.minutes is not None:
        if due.minutes < 0:
            return _("%s min before") % -due.minutes
        if body.earliest is not None:
            return _("%(first)s to %(last)s min after") % {"first": body.earliest, "last": due.minutes}
        return _("within %s min") % due.minutes
    edge = _("before %s") if due.boundary == "exclusive" else _("by %s")
    after = ""
    if due.working_days:
        after = _(", working day +%s") % due.working_days
    elif due.days:
        after = _(", day +%s") % due.days
    return edge % due.at + after
