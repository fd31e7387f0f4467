# SPDX-License-Identifier: Apache-2.0
"""Lists of complaints and praise: what an address asks for, and the rows as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from zuoxi.complaints.choices import OPEN_STATES, Result, State
from zuoxi.complaints.handbook import kinds_of
from zuoxi.complaints.indexing import KIND
from zuoxi.complaints.models import Complaint, Praise
from zuoxi.complaints.visibility import knows_customer, of_a_known_customer
from zuoxi.people.selectors import staff_of
from zuoxi.policy.selectors import site_handbook
from zuoxi.search import selectors as search
from zuoxi.vault import masking
from zuoxi.web.listing import between

OPEN = "open"
ASKED: Final = (
    "state", "severity", "source", "kind", "due", "team", "staff", "from", "to", "q", "mine", "about", "result",
    "content", "again", "sort",
)  # fmt: skip


def ran_out(due: str, now: datetime) -> Q:
    """Whose time is over: clocks that stand ran out only if they had before they stood."""
    return Q(**{f"{due}__lt": now}) & (Q(paused_since__isnull=True) | Q(**{f"{due}__lte": F("paused_since")}))


def _due(rows: QuerySet[Complaint], word: str, now: datetime) -> QuerySet[Complaint]:
    done = Q(answered_at__isnull=False)
    known = {
        "late": (Q(state__in=OPEN_STATES) & ran_out("answer_due_at", now)) | Q(answered_at__gt=F("answer_due_at")),
        "in_time": Q(answered_at__lte=F("answer_due_at")),
        "due": done | ran_out("answer_due_at", now),
        "answered": done,
        "responded": Q(responded_at__lte=F("response_due_at")),
    }
    return rows.filter(known[word]) if word in known else rows


def narrowed(rows: QuerySet[Complaint], asked: Mapping[str, str], user: Any, now: datetime) -> QuerySet[Complaint]:
    """What the address asks; words that mean nothing narrow nothing. Without a state: those that are open."""
    state = asked.get("state") or OPEN
    if state == OPEN:
        rows = rows.filter(state__in=OPEN_STATES)
    elif state in State.values:
        rows = rows.filter(state=state)
    for name in ("severity", "source", "kind", "about", "content"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("team"):
        rows = rows.filter(about_team__code=asked["team"])
    if asked.get("staff"):
        rows = rows.filter(about_staff__code=asked["staff"])
    if asked.get("result") == "fault":
        rows = rows.filter(result__in=[Result.JUSTIFIED, Result.PARTLY])
    elif asked.get("result") == "verified":
        rows = rows.exclude(result="")
    elif asked.get("result") in Result.values:
        rows = rows.filter(result=asked["result"])
    if asked.get("again"):
        rows = rows.filter(reopened__gt=0)
    me = staff_of(user)
    if asked.get("mine") and me is not None:
        rows = rows.filter(Q(handler=me) | Q(responsible=me))
    rows = between(_due(rows, asked.get("due", ""), now), asked, "received_at")
    return _worded(rows, asked.get("q", "").strip())


def _worded(rows: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    """A number of a complaint, ticket, order or call; a staff number; or words of the customer."""
    if not text:
        return rows
    found = Q(number__icontains=text) | Q(ticket=text) | Q(order=text) | Q(call=text)
    found |= Q(about_staff__code=text) | Q(about_staff__name=text)
    return rows.filter(found | Q(pk__in=search.held_by(rows, KIND, text)))


def praise_narrowed(rows: QuerySet[Praise], asked: Mapping[str, str]) -> QuerySet[Praise]:
    for name, field in (("state", "state"), ("kind", "kind"), ("source", "source")):
        if asked.get(name) and asked[name] != "all":
            rows = rows.filter(**{field: asked[name]})
    if asked.get("team"):
        rows = rows.filter(team__code=asked["team"])
    if asked.get("staff"):
        rows = rows.filter(staff__code=asked["staff"])
    if asked.get("q", "").strip():
        text = asked["q"].strip()
        rows = rows.filter(Q(number__icontains=text) | Q(words__icontains=text) | Q(staff__name=text))
    return between(rows, asked, "received_at")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `who`: the customer as this reader may know him."""

    one: Complaint
    kind: str
    who: str
    late: bool
    soon: bool


def customer_words(user: Any, one: Complaint) -> str:
    """The customer's name for who may know it, a masked one else, and nothing of an anonymous one."""
    if one.customer is None or (one.anonymous and not knows_customer(user, one)):
        return ""
    return str(one.customer) if knows_customer(user, one) else masking.name(one.customer.name)


def rows_of(found: list[Complaint], user: Any, now: datetime, warn_minutes: int) -> list[Row]:
    kinds = kinds_of(site_handbook())
    rows = []
    for one in found:
        until = one.answered_at or one.paused_since or now
        seconds = (one.answer_due_at - now).total_seconds()
        rows.append(
            Row(
                one,
                str(kinds[one.kind].label) if one.kind in kinds else one.kind,
                customer_words(user, one),
                until > one.answer_due_at,
                one.open and one.paused_since is None and 0 <= seconds <= warn_minutes * 60,
            )
        )
    return rows


def open_of(user: Any, customers: tuple[int, ...], limit: int = 5) -> list[Complaint]:
    """Open complaints of a customer, the newest first, whoever is complained of: the agent must know while he talks.
    Not those whose customer wants to stay unnamed, but for whoever handles them."""
    if not user.may("complaints.view"):
        return []
    rows = of_a_known_customer(user, Complaint.objects.filter(customer_id__in=customers, state__in=OPEN_STATES))
    return list(rows[:limit])
