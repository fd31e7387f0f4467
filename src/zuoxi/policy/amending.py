# SPDX-License-Identifier: Apache-2.0
"""Figures that a site changes: proposed with a reason, decided elsewhere, in force from a day on, never edited."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.policy import site
from zuoxi.policy.closing import closed_until
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.handbook import Handbook, as_text
from zuoxi.policy.models import Amendment
from zuoxi.policy.packs import check_role_words, value_of
from zuoxi.policy.vocabulary import Unit, are_choices, choice_named, figure_said, posts_named, role_words, units
from zuoxi.vault.services import record

_DAY = timedelta(days=1)


class Unfit(ValueError):
    """The proposal cannot be; `field` names what to change."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(message)


class Decided(Exception):
    """Somebody has decided it already; the amendment is as it stands."""

    def __init__(self, amendment: Amendment) -> None:
        self.amendment = amendment
        super().__init__(f"{amendment.number} is {amendment.state}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something: staff number or user name, and the name of then."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`value` as somebody types it: a number, a time of day, "yes" or "no", words by comma."""

    figure: str
    value: str
    since: date
    reason: str
    until: date | None = None
    announced_on: date | None = None


Submitter = Callable[[Amendment, int, datetime], str]
_submitter: list[Submitter] = []


def provide_submitter(submit: Submitter) -> None:
    """Who hands a proposal in for approval: (amendment, user id, now) → number of the request."""
    _submitter[:] = [submit]


_SEPARATORS = re.compile("->|[,;\uff0c\uff1b\u3001\u2192\r\n]")
"""Whatever a list is shown with, and what people type instead: commas and semicolons of both kinds, arrows, lines."""


def _code(unit: Unit, word: str) -> str:
    """The code of a role or post that somebody named in words; the word itself where it is none."""
    named = {code: one.title for code, one in role_words().items()} if unit.code.startswith("role") else posts_named()
    said = word.casefold()
    return next((code for code, title in named.items() if said == code.casefold() or title.says(word)), word)


def written(unit: Unit, text: str) -> Any:
    """What somebody typed as a pack would write it. Raises Unfit."""
    text = text.strip()
    raw: Any = text
    if unit.kind == "flag":
        if text.lower() not in ("yes", "no", "true", "false"):
            raise Unfit("value", _("Say yes or no."))
        raw = text.lower() in ("yes", "true")
    elif unit.kind == "words":
        raw = [word.strip() for word in _SEPARATORS.split(text) if word.strip()]
    if unit.code in ("role", "roles", "post", "posts"):
        raw = [_code(unit, word) for word in raw] if isinstance(raw, list) else _code(unit, raw)
    if raw in ("", []):
        raise Unfit("value", _("Say the new value."))
    try:
        check_role_words(unit, value_of(unit, raw))
    except ValueError as wrong:
        raise Unfit("value", _("Not a value in %(unit)s: %(why)s") % {"unit": unit.title, "why": wrong}) from wrong
    if unit.kind == "number" and value_of(unit, raw) < 0 and unit.code != "celsius":
        raise Unfit("value", _("A figure in %(unit)s is not negative.") % {"unit": unit.title})
    return raw


def _coded(handbook: Handbook, figure: str, raw: Any) -> Any:
    """Choices by their codes where somebody wrote them as pages name them; other words as they were written."""
    held = [value for _since, value in handbook.values_of(figure)]
    words = [word for value in held for word in (value if isinstance(value, tuple | list) else (value,))]
    if not are_choices(words):
        return raw
    return [choice_named(word) for word in raw] if isinstance(raw, list) else choice_named(raw)


def check(proposal: Proposal) -> Any:
    """The value to be kept. Raises Unfit where the proposal cannot be, with the remedy."""
    handbook = site.site_handbook()
    if not handbook.has("figures", proposal.figure):
        raise Unfit("figure", _("The handbook has no such figure."))
    unit = units()[handbook.entry(FIGURES, proposal.figure).unit]
    raw = _coded(handbook, proposal.figure, written(unit, proposal.value))
    if not proposal.reason.strip():
        raise Unfit("reason", _("Say why: whoever decides and whoever asks later reads it."))
    if proposal.until is not None and proposal.until <= proposal.since:
        raise Unfit("until", _("A trial ends after it begins."))
    check_open(proposal.since)
    held = [value for since, value in handbook.values_of(proposal.figure) if since <= proposal.since]
    if held and held[-1] == value_of(unit, raw):
        raise Unfit("value", _("That is the value already in force on that day."))
    return raw


def check_open(since: date) -> None:
    """Raises Unfit for a day in a closed month."""
    closed = closed_until()
    if closed is not None and since <= closed:
        raise Unfit(
            "since",
            _("Closed up to %(closed)s. Choose %(open)s or later; a closed month is put right by a correction entry.")
            % {"closed": closed, "open": closed + _DAY},
        )


def propose(proposal: Proposal, by: Person, now: datetime, *, user: int | None = None) -> Amendment:
    """Keep a proposal and hand it in for approval where somebody takes it. Raises Unfit."""
    raw = check(proposal)
    with transaction.atomic():
        made = Amendment.objects.create(
            pack=settings.PACK,
            figure=proposal.figure,
            value=raw,
            since=proposal.since,
            until=proposal.until,
            announced_on=proposal.announced_on,
            reason=proposal.reason.strip(),
            proposed_by=by.code,
            proposed_name=by.name,
            proposed_at=now,
        )
        record("policy.amendment.proposed", who=by.code, on=("amendment", made.pk), at=now, **_told(made))
        if _submitter and user is not None:
            Amendment.objects.filter(pk=made.pk).update(request=_submitter[0](made, user, now))
            made.refresh_from_db()
    return made


def _told(amendment: Amendment) -> dict[str, Any]:
    return {
        "figure": amendment.figure,
        "value": amendment.value,
        "since": amendment.since.isoformat(),
        "until": amendment.until.isoformat() if amendment.until else None,
    }


def approve(amendment: int, by: Person, now: datetime) -> Amendment:
    """Put it in force from its day on. Raises Decided when somebody was faster, Unfit when its month has closed or
    another amendment of the figure begins on the same day."""
    with transaction.atomic():
        made = _decide(amendment, Amendment.State.APPROVED, by, now)
        check_open(made.since)
        record("policy.amendment.approved", who=by.code, on=("amendment", made.pk), at=now, **_told(made))
        site.grown()
    return made


def close(amendment: int, by: Person, now: datetime, *, withdrawn: bool = False) -> Amendment:
    """End a proposal without effect. Raises Decided when somebody was faster."""
    state = Amendment.State.WITHDRAWN if withdrawn else Amendment.State.REFUSED
    with transaction.atomic():
        made = _decide(amendment, state, by, now)
        record(f"policy.amendment.{state.value}", who=by.code, on=("amendment", made.pk), at=now)
    return made


def _decide(amendment: int, state: Amendment.State, by: Person, now: datetime) -> Amendment:
    open_ones = Amendment.objects.filter(pk=amendment, state=Amendment.State.PROPOSED)
    try:
        with transaction.atomic():
            changed = open_ones.update(state=state, decided_by=by.code, decided_name=by.name, decided_at=now)
    except IntegrityError as twice:
        raise Unfit(
            "since", _("Another amendment of this figure begins on the same day; choose another day.")
        ) from twice
    found = Amendment.objects.get(pk=amendment)
    if not changed:
        raise Decided(found)
    return found


def value_text(figure: str, raw: Any) -> str:
    """A kept value as pages show it, in words; as it was kept where the handbook no longer has the figure."""
    handbook = site.site_handbook()
    if not handbook.has("figures", figure):
        return str(raw)
    unit = handbook.entry(FIGURES, figure).unit
    return figure_said(unit, as_text(value_of(units()[unit], raw)))[0]
